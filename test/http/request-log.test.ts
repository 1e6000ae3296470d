import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestFilter, RequestRecord, RequestSummary } from '../../src/storage/request-log.ts';
import { NO_TENANT } from '../../src/storage/request-log.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, filtered, membersOf, newName, patchBody, userBody } from './messages.ts';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer({ requestLogDays: 7 });
  client = await server.connect({ name: 'payroll' });
});
afterAll(() => server.close());

async function listed(
  filter: RequestFilter = {},
  tenantId = server.superTenant.id,
): Promise<RequestSummary[]> {
  await server.requestLog.flush();
  return [...(await server.requestLog.list(tenantId, { filter, limit: 100 })).requests];
}

/** The newest request, with all that is kept of it. */
async function newest(filter: RequestFilter = {}, tenantId = server.superTenant.id): Promise<RequestRecord> {
  const [first] = await listed(filter, tenantId);
  const record = first && (await server.requestLog.get(tenantId, first.id));
  if (record === undefined) throw new Error('There is no such request.');
  return record;
}

describe('a request', () => {
  it('is kept with who made it, what it said and what came back', async () => {
    const body = userBody();
    const answer = await client.request('POST', '/Users', body, { 'user-agent': 'Okta SCIM Client 1.0.0' });
    const record = await newest();
    expect(record).toMatchObject({
      tenantId: server.superTenant.id,
      credentialSuffix: client.authorization.slice(-4),
      provider: 'okta',
      protocol: '2.0',
      method: 'POST',
      path: '/scim/v2/Users',
      route: '/scim/v2/Users',
      status: 201,
      resourceId: answer.json.id,
      requestBytes: JSON.stringify(body).length,
      responseBytes: answer.text.length,
      responseBody: answer.text,
      removed: 0,
      isReplayable: true,
      contentType: 'application/scim+json',
    });
    expect(JSON.parse(record.requestBody ?? '')).toEqual(body);
    expect(record.changes).toMatchObject([{ type: 'User', id: answer.json.id, name: body.userName }]);
    expect(JSON.parse(record.changes[0]?.after ?? '')).toMatchObject({ userName: body.userName });
    expect(record.changes[0]?.before).toBeUndefined();
  });

  it('is kept with what it changed, before and after', async () => {
    const user = await createUser(client, { nickName: 'old' });
    const { path } = user;
    await client.request('PATCH', path, patchBody({ op: 'Replace', path: 'nickName', value: 'new' }));
    const { changes, tolerances, provider, status } = await newest();
    expect([status, tolerances, provider]).toEqual([200, ['operation-name-case'], 'entra']);
    const [change] = changes;
    expect(JSON.parse(change?.before ?? '').nickName).toBe('old');
    expect(JSON.parse(change?.after ?? '').nickName).toBe('new');
  });

  it('is found by everything that people look for', async () => {
    const other = await server.connect({ name: 'other' });
    const user = await createUser(other);
    const group = await createGroup(other);
    await other.request(
      'PATCH',
      group.path,
      patchBody({ op: 'Add', path: 'members', value: membersOf(user) }),
    );
    await other.request('GET', '/Users/nobody');
    await other.request('DELETE', user.path);
    const [last] = await listed();
    const { integrationId } = last as RequestSummary;
    const methodsOf = async (filter: RequestFilter) =>
      (await listed({ integrationId, ...filter })).map(({ method }) => method);
    expect(await methodsOf({})).toEqual(['DELETE', 'GET', 'PATCH', 'POST', 'POST']);
    expect(await methodsOf({ method: 'post' })).toEqual(['POST', 'POST']);
    expect(await methodsOf({ status: 404 })).toEqual(['GET']);
    expect(await methodsOf({ status: 4 })).toEqual(['GET']);
    expect(await methodsOf({ status: 2 })).toEqual(['DELETE', 'PATCH', 'POST', 'POST']);
    expect(await methodsOf({ path: '/scim/v2/Groups' })).toEqual(['PATCH', 'POST']);
    expect(await methodsOf({ path: '/scim/v2/Users/:id' })).toEqual(['DELETE', 'GET']);
    expect(await methodsOf({ tolerance: 'operation-name-case' })).toEqual(['PATCH']);
    expect(await methodsOf({ provider: 'entra' })).toHaveLength(1);
    expect(await methodsOf({ resourceId: user.id })).toEqual(['DELETE', 'PATCH', 'POST']);
    expect(await methodsOf({ resourceId: group.id })).toContain('POST');
    expect(await methodsOf({ requestId: last?.requestId as string })).toEqual(['DELETE']);
    expect(await methodsOf({ until: Date.parse(last?.time ?? '') - 60_000 })).toEqual([]);
    expect(await methodsOf({ since: Date.parse(last?.time ?? '') })).toContain('DELETE');
    expect(await methodsOf({ since: Date.parse(last?.time ?? '') + 60_000 })).toEqual([]);
  });

  it('is kept when it fails, with the error', async () => {
    await client.request('GET', filtered('/Users', 'userName zz "x"'));
    expect(await newest()).toMatchObject({ status: 400, scimType: 'invalidFilter' });
    await client.request('POST', '/Users', userBody(), { 'content-type': 'text/plain' });
    expect(await newest()).toMatchObject({ status: 415, requestBody: undefined, isReplayable: false });
    await client.request('DELETE', '/Users');
    expect(await newest()).toMatchObject({ status: 405 });
    await client.request('POST', '/Users', `"${'x'.repeat(1024 * 1024)}"`);
    expect(await newest()).toMatchObject({
      status: 413,
      requestBody: undefined,
      requestBytes: 1024 * 1024 + 2,
    });
  });

  it('that is no JSON is kept as its size and the place of the fault', async () => {
    const text = '{"userName":"x","password":"sesame-1",}';
    await client.request('POST', '/Users', text);
    const record = await newest();
    expect(record).toMatchObject({ status: 400, scimType: 'invalidSyntax', requestBytes: text.length });
    expect([record.requestBody, record.malformedAt]).toEqual([undefined, text.length - 1]);
  });

  it('with large bodies is kept without them', async () => {
    const nickName = 'x'.repeat(70_000);
    const { status } = await client.request('POST', '/Groups', {
      ...userBody(),
      displayName: newName(),
      nickName,
    });
    expect(status).toBe(201);
    expect(await newest()).toMatchObject({ requestBody: undefined, isReplayable: false });
  });

  it('of SCIM 1.1 is kept as such', async () => {
    const { authorization } = client;
    await server.send('GET', '/wso2/scim/Users/nobody', { authorization });
    expect(await newest()).toMatchObject({ protocol: '1.1', route: '/wso2/scim/Users/:id', status: 404 });
  });
});

describe('the log', () => {
  it('counts by the hour, and knows when an integration was last heard of', async () => {
    const other = await server.connect();
    await createUser(other);
    await other.request('GET', '/Users/nobody');
    const [last] = await listed();
    const { integrationId } = last as RequestSummary;
    const hours = await server.requestLog.listHours(server.superTenant.id, Date.now() - 3_600_000);
    const own = hours.filter((hour) => hour.integrationId === integrationId);
    expect(own.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
    expect(own.reduce((sum, { refused }) => sum + refused, 0)).toBe(1);
    const activity = await server.requestLog.listActivity(server.superTenant.id);
    expect(activity.find((each) => each.integrationId === integrationId)).toMatchObject({
      lastRequest: last?.time,
      lastError: last?.time,
      lastErrorId: last?.id,
      lastErrorStatus: 404,
      lastSuccess: expect.stringMatching(/Z$/),
    });
    await server.requestLog.noteTotals();
    const [totals] = await server.requestLog.listTotals(server.superTenant.id, Date.now() - 3_600_000);
    expect(totals?.users).toBeGreaterThan(0);
  });

  it('is followed as requests come', async () => {
    const next = server.requestLog.follow(server.superTenant.id, { method: 'DELETE' });
    expect(await next()).toEqual([]);
    const [a, b] = [await createUser(client), await createUser(client)];
    await client.request('DELETE', a.path);
    await client.request('DELETE', b.path);
    await server.requestLog.flush();
    expect((await next()).map(({ resourceId }) => resourceId)).toEqual([a.id, b.id]);
    expect(await next()).toEqual([]);
  });

  it('pages through what there is, each request once', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await server.requestLog.list(server.superTenant.id, {
        filter: { status: 2 },
        before,
        limit: 3,
      });
      seen.push(...page.requests.map(({ id }) => id));
      before = page.next;
    } while (before !== undefined);
    expect(seen).toEqual((await listed({ status: 2 })).map(({ id }) => id));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('a request without right credentials', () => {
  const last = (header: string): string => header.slice(0, -1) + (header.endsWith('A') ? 'B' : 'A');
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const send = (authorization: string | undefined, url = '/scim/v2/Users') =>
    server.send('GET', url, authorization === undefined ? {} : { authorization });

  it('is nobody’s when it names nobody', async () => {
    await send(undefined);
    expect(await newest({}, NO_TENANT)).toMatchObject({ status: 401, reason: 'no credentials' });
    await send('Bearer eyJhbGciOi');
    expect(await newest({}, NO_TENANT)).toMatchObject({ status: 401, reason: 'token of somebody else' });
  });

  it.each<[reason: string, spoil: (token: string) => string]>([
    ['secret cut off', (token) => `Bearer ${token.slice(0, -5)}`],
    ['secret too long', (token) => `Bearer ${token}x`],
    ['secret unknown or ended', (token) => `Bearer ${last(token)}`],
    ['Bearer twice', (token) => `Bearer Bearer ${token}`],
    ['no Bearer before the token', (token) => token],
    ['integration uses Bearer', (token) => `Basic ${base64(`x:${token}`)}`],
  ])('tells the owner of the bearer token: %s', async (reason, spoil) => {
    const own = await server.connect();
    await own.request('GET', '/Users/nobody');
    const { integrationId } = (await listed())[0] as RequestSummary;
    expect((await send(spoil(own.authorization.slice('Bearer '.length)))).status).toBe(401);
    expect(await newest({ integrationId })).toMatchObject({ status: 401, reason, isReplayable: false });
  });

  it.each<[reason: string, spoil: (user: string, password: string) => string]>([
    ['secret cut off', (user, password) => `Basic ${base64(`${user}:${password.slice(0, -5)}`)}`],
    ['secret unknown or ended', (user, password) => `Basic ${base64(`${user}:${last(password)}`)}`],
    [
      'user name and password in the wrong order',
      (user, password) => `Basic ${base64(`${password}:${user}`)}`,
    ],
    ['user name and password not in base64', (user, password) => `Basic ${user}:${password}`],
    ['integration uses Basic', (user, password) => `Bearer ${base64(`${user}:${password}`)}`],
  ])('tells the owner of a user name and password: %s', async (reason, spoil) => {
    const own = await server.connect({ auth: 'basic' });
    await own.request('GET', '/Users/nobody');
    const { integrationId } = (await listed())[0] as RequestSummary;
    const [user = '', password = ''] = Buffer.from(own.authorization.slice(6), 'base64')
      .toString()
      .split(':');
    expect((await send(spoil(user, password))).status).toBe(401);
    expect(await newest({ integrationId })).toMatchObject({ status: 401, reason });
    expect((await server.stored()).includes(password)).toBe(false);
  });

  it('is that of the tenant whose credential it has, whatever the URL says', async () => {
    await server.tenants.create('elsewhere.example');
    await send(client.authorization, '/t/elsewhere.example/scim/v2/Users');
    expect(await newest()).toMatchObject({ status: 401, reason: 'credential of another tenant' });
  });

  it('is that of the tenant in the URL when nothing else tells', async () => {
    const tenant = await server.tenants.create('named.example');
    await send(undefined, '/t/named.example/scim/v2/Users');
    expect(await newest({}, tenant.id)).toMatchObject({ status: 401, reason: 'no credentials' });
  });

  it('is seen by the owner of a credential that is used at a wrong URL', async () => {
    await send(client.authorization, '/scim/Users');
    expect(await newest()).toMatchObject({ status: 404, path: '/scim/Users', reason: 'no SCIM at this URL' });
    await send(client.authorization, '/scim/v2/%zz');
    expect(await newest()).toMatchObject({ status: 400, reason: 'no SCIM at this URL' });
  });
});

it('what a tenant had is gone with it', async () => {
  const tenant = await server.tenants.create('gone.example');
  const own = await server.connect({}, tenant);
  await createUser(own);
  expect(await listed({}, tenant.id)).toHaveLength(1);
  await server.tenants.remove('gone.example');
  expect(await listed({}, tenant.id)).toEqual([]);
  expect(await server.requestLog.listActivity(tenant.id)).toEqual([]);
  expect((await server.stored()).includes(BASE_URL)).toBe(true);
});
