import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCredentials } from '../../src/service/credentials.ts';
import { createIntegrations } from '../../src/service/integrations.ts';
import { parseToken } from '../../src/service/secrets.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, expectError, groupBody, patchBody, read, userBody } from './messages.ts';

let server: TestServer;
let acme: Tenant;
beforeAll(async () => {
  // a fake clock has to be there before the server takes it
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  server = await startServer();
  acme = await server.tenants.create('acme.com');
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
});

function expectRefused(answer: Answer): void {
  expectError(answer, 401);
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="\w+", Basic realm="\w+"$/);
}

const tokenOf = ({ authorization }: Client): string => authorization.slice('Bearer '.length);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The status of one request with a value of the Authorization header. */
const statusOf = async (authorization: string): Promise<number> =>
  (await server.send('GET', '/scim/v2/Users?count=0', { authorization })).status;

/** The services that end credentials; they need no secret key for that. */
function administration() {
  const { storage, now } = server.services;
  const settings = { storage, now, key: createSecretKey(randomBytes(32)) };
  return { credentials: createCredentials(settings), integrations: createIntegrations(settings) };
}

const credentialIdOf = (client: Client): string => parseToken(tokenOf(client))?.credentialId as string;

describe('credentials', () => {
  it('RFC 6750 2.1: let a bearer integration in, and the scheme may be in any case', async () => {
    const token = tokenOf(await server.connect());
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`])
      expect(await statusOf(authorization)).toBe(200);
  });

  it('RFC 7617 2: let a basic integration in', async () => {
    const { authorization } = await server.connect({ auth: 'basic' });
    expect(authorization).toMatch(/^Basic /);
    expect(await statusOf(authorization)).toBe(200);
    expect(await statusOf(authorization.replace('Basic', 'basic'))).toBe(200);
  });

  it('RFC 7644 2, RFC 9110 11.6.1: are refused with 401, WWW-Authenticate and a SCIM error when they are none', async () => {
    const bearer = await server.connect();
    const basic = await server.connect({ auth: 'basic' });
    const token = tokenOf(bearer);
    const userPass = Buffer.from(basic.authorization.slice(6), 'base64').toString();
    const [username = '', password = ''] = userPass.split(':');
    const refused = [
      '',
      ' ',
      'Bearer',
      'Bearer ',
      'Basic',
      'Basic ',
      'Bearer undefined',
      'Bearer null',
      'Basic undefined',
      'undefined',
      token,
      `Token ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token} ${token}`,
      `Bearer "${token}"`,
      `Bearer ${token.toUpperCase()}`,
      `Bearer ${base64(userPass)}`,
      `Bearer ${password}`,
      `Basic ${base64(token)}`,
      `Basic ${base64(`${username}:`)}`,
      `Basic ${base64(`:${password}`)}`,
      `Basic ${base64(`${username}:undefined`)}`,
      `Basic ${base64(`${username}:${password}x`)}`,
      `Basic ${base64('admin:admin')}`,
      'Basic %%%',
      `Bearer ${"' OR 1=1 --".repeat(20)}`,
      `Digest username="${username}"`,
    ];
    for (const authorization of refused)
      expectRefused(await server.send('GET', '/scim/v2/Users', { authorization }));
    expectRefused(await server.send('GET', '/scim/v2/Users', {}));
    expect(await statusOf(bearer.authorization)).toBe(200);
    expect(await statusOf(basic.authorization)).toBe(200);
  });

  it('RFC 6750 2.3, 5.3: are not read from the URL, a body, a cookie or another header', async () => {
    const token = tokenOf(await server.connect());
    for (const name of ['access_token', 'token', 'authorization', 'Authorization'])
      expectRefused(await server.send('GET', `/scim/v2/Users?${name}=${token}`, {}));
    for (const name of [
      'x-authorization',
      'proxy-authorization',
      'x-api-key',
      'cookie',
      'x-user',
      'x-forwarded-user',
    ])
      expectRefused(await server.send('GET', '/scim/v2/Users', { [name]: `Bearer ${token}` }));
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expectRefused(await server.send('POST', '/scim/v2/Users', form, `access_token=${token}`));
    expect(server.logLines.join()).not.toContain(token.slice(33));
  });
});

describe('what ends', () => {
  it('a credential, at once when it is revoked, while a second one goes on', async () => {
    const { credentials } = administration();
    const [client, other] = [await server.connect(), await server.connect()];
    expect(await statusOf(client.authorization)).toBe(200);
    await credentials.revoke(server.superTenant, credentialIdOf(client));
    vi.setSystemTime(Date.now() + 1);
    expectRefused(await client.request('GET', '/Users'));
    expect(await statusOf(other.authorization)).toBe(200);
  });

  it('a credential, when its time is over', async () => {
    const { credentials } = administration();
    const client = await server.connect();
    const end = Date.now() + 7 * 24 * 3_600_000;
    await credentials.revoke(server.superTenant, credentialIdOf(client), end);
    expect(await statusOf(client.authorization)).toBe(200);
    vi.setSystemTime(end - 1);
    expect(await statusOf(client.authorization)).toBe(200);
    vi.setSystemTime(end);
    expectRefused(await client.request('GET', '/Users'));
  });

  it('an integration, at once when it is deleted', async () => {
    const { integrations } = administration();
    const client = await server.connect({ name: 'doomed' }, acme);
    expect(await statusOf(client.authorization)).toBe(200);
    await integrations.remove(await integrations.find(acme, 'doomed'));
    expectRefused(await client.request('GET', '/Users'));
  });

  it('a tenant, at once when it is deactivated, until it is activated again', async () => {
    const tenant = await server.tenants.create('paused.example');
    const client = await server.connect({}, tenant);
    const user = await createUser(client);
    await server.tenants.setActive('paused.example', false);
    expectRefused(await client.request('GET', user.path));
    expectRefused(await client.request('DELETE', user.path));
    await server.tenants.setActive('paused.example', true);
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it('a tenant, with all its credentials when it is deleted', async () => {
    const tenant = await server.tenants.create('gone.example');
    const client = await server.connect({}, tenant);
    await createGroup(client, { members: [{ value: (await createUser(client)).id }] });
    await server.tenants.remove('gone.example');
    expectRefused(await client.request('GET', '/Users'));
  });
});

describe('the URL of a tenant', () => {
  it('takes the credentials of this tenant only, and its locations name it', async () => {
    const client = await server.connect({}, acme);
    const user = await createUser(client);
    const { authorization } = client;
    for (const domain of ['acme.com', 'ACME.com', '%61cme.com']) {
      const { status, json } = await server.send('GET', `/t/${domain}/scim/v2${user.path}`, {
        authorization,
      });
      expect([status, json.meta.location]).toEqual([
        200,
        `http://roster.test/t/acme.com/scim/v2${user.path}`,
      ]);
    }
  });

  it('answers 401 for the credentials of another tenant and for a tenant that is not there, alike', async () => {
    const client = await server.connect();
    const { authorization } = client;
    const texts = new Set<string>();
    for (const domain of ['acme.com', 'nobody.example', 'carbon.super.acme.com', '%00', '*', 'a'.repeat(90)])
      for (const path of ['/Users', '/Nothing', '/Schemas']) {
        const answer = await server.send('GET', `/t/${domain}/scim/v2${path}`, { authorization });
        expectRefused(answer);
        texts.add(answer.text);
      }
    expect(texts.size).toBe(1);
    expect((await server.send('GET', '/t/carbon.super/scim/v2/Users', { authorization })).status).toBe(200);
  });
});

describe('an integration that may only read', () => {
  it('RFC 7644 3.12: reads everything, and gets 403 for what would change something', async () => {
    const writer = await server.connect();
    const reader = await server.connect({ readOnly: true });
    const [user, group] = [await createUser(writer), await createGroup(writer)];
    for (const path of ['/Users', user.path, '/Groups', group.path, '/Schemas', '/ServiceProviderConfig'])
      expect((await reader.request('GET', path)).status).toBe(200);
    const patch = patchBody({ op: 'replace', path: 'displayName', value: 'x' });
    for (const [method, path, body] of [
      ['POST', '/Users', userBody()],
      ['POST', '/Groups', groupBody()],
      ['PUT', user.path, userBody()],
      ['PUT', group.path, groupBody()],
      ['PATCH', user.path, patch],
      ['PATCH', group.path, patch],
      ['DELETE', user.path, undefined],
      ['DELETE', group.path, undefined],
      ['POST', '/Users', '{ not JSON'],
      ['DELETE', '/Users/unknown', undefined],
    ] as const)
      expectError(await reader.request(method, path, body), 403);
    expect(await read(writer, user.path)).toEqual(user.json);
    expect(await read(writer, group.path)).toEqual(group.json);
  });
});

describe('without credentials', () => {
  const bodies = ['{ not JSON', '\u0000', 'x'.repeat(20 * 1024 * 1024)];

  it.each([
    ['GET', '/Users'],
    ['HEAD', '/Users/x'],
    ['POST', '/Users'],
    ['PUT', '/Users/x'],
    ['PATCH', '/Groups/x'],
    ['DELETE', '/Groups/x'],
    ['OPTIONS', '/Users'],
    ['PUT', '/Schemas'],
    ['POST', '/ServiceProviderConfig'],
    ['DELETE', '/ResourceTypes/User'],
    ['GET', '/Schemas/x/y'],
    ['POST', '/Nothing'],
    ['GET', '/Users/x/y/z'],
    ['POST', '/Users/.search'],
    ['POST', '/Bulk'],
    ['GET', '/Me'],
    ['GET', ''],
    ['GET', '/'],
  ])('%s %s is 401 before a body is read or a path is known', async (method, path) => {
    for (const prefix of ['/scim/v2', '/t/acme.com/scim/v2']) {
      const type = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
      const answers = [await server.send(method, prefix + path, {})];
      if (!['GET', 'HEAD'].includes(method))
        for (const body of bodies) answers.push(await server.send(method, prefix + path, type, body));
      for (const answer of answers) {
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
        if (method !== 'HEAD') expectRefused(answer);
      }
    }
  });

  it('nothing outside of the SCIM roots is told either', async () => {
    for (const url of [
      '/scim',
      '/Users',
      '/scim/v3/Users',
      '/t/acme.com',
      '/.env',
      '/SCIM/V2/Users',
      '/scim/v2x',
    ])
      expectError(await server.send('GET', url, {}), 404);
  });
});

describe('the log', () => {
  it('names tenant, integration and the end of the credential, but no secret', async () => {
    const client = await server.connect({ name: 'Entra ID' }, acme);
    const basic = await server.connect({ auth: 'basic' });
    await client.request('GET', '/Users');
    await basic.request('GET', '/Users');
    const lines = server.logLines.map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        method: 'GET',
        route: '/scim/v2/Users',
        status: 200,
        tenant: 'acme.com',
        integration: 'Entra ID',
        credential: tokenOf(client).slice(-4),
      }),
    );
    const log = server.logLines.join();
    expect(log).not.toContain(tokenOf(client).slice(33));
    const [, password = 'none'] = Buffer.from(basic.authorization.slice(6), 'base64').toString().split(':');
    expect(log).not.toContain(password);
    expect(log).not.toContain(basic.authorization.slice(6));
  });
});
