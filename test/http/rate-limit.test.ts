import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SettingsChange } from '../../src/service/integration-settings.ts';
import { createIntegrations } from '../../src/service/integrations.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { expectError, userBody } from './messages.ts';

let server: TestServer;
beforeAll(async () => {
  // the clock stands still, so that a window ends when a test says so
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
  server = await startServer({ rateLimit: 50 });
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
});

const wait = (seconds: number): unknown => vi.advanceTimersByTime(seconds * 1000);

/** Sends a request so often; gives the last answer, after all before it have had the status. */
async function send(client: Client, times: number, status = 200): Promise<Answer> {
  const sent: Answer[] = [];
  for (let count = 0; count < times; count++) sent.push(await client.request('GET', '/Users?count=0'));
  expect(new Set(sent.slice(0, -1).map((answer) => answer.status))).toEqual(new Set([status]));
  return sent.at(-1) as Answer;
}

async function change(name: string, settings: SettingsChange): Promise<void> {
  const { storage, now } = server.services;
  const integrations = createIntegrations({ storage, now, key: createSecretKey(randomBytes(32)) });
  await integrations.update(await integrations.find(server.superTenant, name), settings);
}

describe('an integration', () => {
  it('RFC 6585 4: past its burst gets 429 with Retry-After, until the second is over', async () => {
    const client = await server.connect({ rateBurst: 60 });
    expect((await send(client, 60)).status).toBe(200);
    const refused = await client.request('GET', '/Users?count=0');
    expectError(refused, 429);
    expect(refused.headers['retry-after']).toBe('1');
    wait(1);
    expect((await client.request('GET', '/Users?count=0')).status).toBe(200);
  });

  it('past its rate gets 429 until the ten seconds are over, however evenly it sends', async () => {
    const client = await server.connect({ rateLimit: 25 });
    for (let second = 0; second < 5; second++) {
      expect((await send(client, 50)).status).toBe(200);
      wait(1);
    }
    const refused = await client.request('GET', '/Users?count=0');
    expectError(refused, 429);
    expect(refused.headers['retry-after']).toBe('5');
    wait(5);
    expect((await client.request('GET', '/Users?count=0')).status).toBe(200);
  });

  it('may send five times its rate in one second when nothing else is said', async () => {
    const client = await server.connect();
    expect((await send(client, 250)).status).toBe(200);
    expectError(await client.request('GET', '/Users'), 429);
  });

  it('is refused before a body is read, on every method and path, and nothing is done', async () => {
    const client = await server.connect({ rateBurst: 50, readOnly: true });
    await send(client, 50);
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PATCH', '/Users/x'],
      ['DELETE', '/Groups/x'],
      ['POST', '/Schemas'],
      ['GET', '/Schemas'],
      ['GET', '/Nothing'],
    ] as const) {
      const bodies = method === 'GET' ? [undefined] : ['{ this is never read', 'x'.repeat(20_000_000)];
      for (const body of bodies)
        expectError(await client.request(method, path, body, { 'content-type': 'text/plain' }), 429);
    }
  });

  it('draft-ietf-httpapi-ratelimit-headers 3 and 4: is told its policies, and what is left of them', async () => {
    const client = await server.connect({ rateLimit: 40, rateBurst: 50 });
    const policies = '"burst";q=50;w=1, "sustained";q=400;w=10';
    const created = await client.request('POST', '/Users', userBody());
    expect([created.status, created.headers['ratelimit-policy'], created.headers.ratelimit]).toEqual([
      201,
      policies,
      '"burst";r=49;t=1, "sustained";r=399;t=10',
    ]);
    const last = await send(client, 49);
    expect(last.headers.ratelimit).toBe('"burst";r=0;t=1, "sustained";r=350;t=10');
    const refused = await client.request('GET', '/Users');
    expect([refused.status, refused.headers['ratelimit-policy'], refused.headers.ratelimit]).toEqual([
      429,
      '"burst";q=50;w=1',
      '"burst";r=0;t=1',
    ]);
    wait(1);
    // what was refused has taken nothing from the ten seconds
    expect((await client.request('GET', '/Users?count=0')).headers.ratelimit).toBe(
      '"burst";r=49;t=1, "sustained";r=349;t=9',
    );
  });

  it('has a rate of its own, whatever others send', async () => {
    const busy = await server.connect({ rateBurst: 50 });
    const quiet = await server.connect();
    await send(busy, 51);
    expectError(await busy.request('GET', '/Users'), 429);
    expect((await quiet.request('GET', '/Users?count=0')).status).toBe(200);
  });

  it('is served by changed settings from its next request on', async () => {
    const client = await server.connect({ name: 'changing', rateBurst: 50 });
    await send(client, 50);
    expectError(await client.request('GET', '/Users'), 429);
    await change('changing', { rateBurst: 60 });
    expect((await client.request('GET', '/Users?count=0')).status).toBe(200);
    await change('changing', { rateBurst: 50 });
    expectError(await client.request('GET', '/Users'), 429);
    await change('changing', { rateLimit: 'off' });
    const free = await send(client, 600);
    expect([free.status, free.headers.ratelimit]).toEqual([200, undefined]);
    await change('changing', { rateLimit: 'default', rateBurst: 'default' });
    expect((await client.request('GET', '/Users?count=0')).status).toBe(200);
  });
});

describe('clients without right credentials', () => {
  const from = (remoteAddress: string, url = '/scim/v2/Schemas', headers: Record<string, string> = {}) =>
    server.app.inject({ method: 'GET', url, remoteAddress, headers });

  beforeEach(() => wait(10));
  afterEach(() => wait(10));

  it.each([
    ['discovery', '/scim/v2/ServiceProviderConfig', undefined, 200],
    ['requests without credentials', '/scim/v2/Users', undefined, 401],
    ['guesses', '/scim/v2/Users', 'Bearer guess', 401],
    [
      'guesses of passwords',
      '/t/acme.com/scim/v2/Users',
      'Basic YWFhYWFhYWFhYWFhLWJiYmJiYmJiYmJiYjpndWVzcw==',
      401,
    ],
  ])('get 429 for %s after 500 in ten seconds', async (_, url, authorization, status) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const statuses = new Set<number>();
    for (let sent = 0; sent < 500; sent++) statuses.add((await from('192.0.2.1', url, headers)).statusCode);
    expect(statuses).toEqual(new Set([status]));
    const refused = await from('192.0.2.1', url, headers);
    expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toEqual([
      429,
      '10',
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '429',
        detail: expect.stringMatching(/^Too many requests/),
      },
    ]);
    expect([refused.headers['ratelimit-policy'], refused.headers.ratelimit]).toEqual([
      '"address";q=500;w=10',
      '"address";r=0;t=10',
    ]);
    expect((await from('192.0.2.2', url, headers)).statusCode).toBe(status);
    wait(10);
    expect((await from('192.0.2.1', url, headers)).statusCode).toBe(status);
  });

  it('do not keep those with right ones at the same address from anything', async () => {
    const { authorization } = await server.connect();
    for (let sent = 0; sent < 501; sent++) await from('192.0.2.3', '/scim/v2/Users');
    expect((await from('192.0.2.3', '/scim/v2/Users')).statusCode).toBe(429);
    expect((await from('192.0.2.3', '/scim/v2/Users', { authorization })).statusCode).toBe(200);
    expect((await from('192.0.2.3', '/healthz')).statusCode).toBe(200);
  });

  it('can not change their address by a header, unless a proxy is there', async () => {
    const forwarded = (address: string) => ({ 'x-forwarded-for': address });
    for (let sent = 0; sent < 501; sent++)
      await from('192.0.2.4', '/scim/v2/Users', forwarded(`198.51.100.${sent % 250}`));
    expect((await from('192.0.2.4', '/scim/v2/Users', forwarded('203.0.113.1'))).statusCode).toBe(429);
  });
});

it('behind a proxy, addresses are those that the proxy has seen', async () => {
  wait(10);
  const behind = await startServer({ rateLimit: 50, trustProxy: true });
  const ask = (forwarded: string) =>
    behind.app.inject({ url: '/scim/v2/Users', headers: { 'x-forwarded-for': forwarded } });
  // what a client writes stands before what the proxy adds
  for (let sent = 0; sent < 501; sent++) await ask(`198.51.100.${sent % 250}, 192.0.2.5`);
  expect((await ask('203.0.113.1, 192.0.2.5')).statusCode).toBe(429);
  expect((await ask('192.0.2.5, 192.0.2.6')).statusCode).toBe(401);
  await behind.close();
});

it('nothing is limited when limits are off, whatever an integration says', async () => {
  const free = await startServer();
  const client = await free.connect({ rateLimit: 25, rateBurst: 25 });
  const last = await send(client, 30);
  expect([last.status, last.headers.ratelimit]).toEqual([200, undefined]);
  for (let sent = 0; sent < 501; sent++) await free.app.inject({ url: '/scim/v2/Users' });
  expect((await free.app.inject({ url: '/scim/v2/Users' })).statusCode).toBe(401);
  await free.close();
});
