import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIntegrations } from '../../src/service/integrations.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { createUser, expectError, filtered, patchBody, userBody } from './messages.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const rename = patchBody({ op: 'Replace', path: 'title', value: 'T' });

function integrations() {
  const { storage, now } = server.services;
  return createIntegrations({ storage, now, key: createSecretKey(randomBytes(32)) });
}

describe('the tolerances of an integration', () => {
  it('are its own, whatever its dialect', async () => {
    const name = 'operation-name-case';
    const strict = await server.connect({ dialect: 'strict', tolerances: { [name]: true } });
    const standard = await server.connect({ tolerances: { [name]: false } });
    const user = await createUser(strict);
    expect((await strict.request('PATCH', user.path, rename)).status).toBe(200);
    expectError(await standard.request('PATCH', user.path, rename), 400, 'invalidSyntax');
    expectError(await strict.request('GET', filtered('/Users', 'userName eq x')), 400, 'invalidFilter');
    expect((await standard.request('GET', filtered('/Users', 'userName eq x'))).status).toBe(200);
  });

  it('count from the next request on when they are changed', async () => {
    const client = await server.connect({ name: 'changing' });
    const user = await createUser(client);
    expect((await client.request('PATCH', user.path, rename)).status).toBe(200);
    const found = await integrations().find(server.superTenant, 'changing');
    await integrations().update(found, { tolerances: { 'operation-name-case': false } });
    expectError(await client.request('PATCH', user.path, rename), 400, 'invalidSyntax');
    await integrations().update(found, { tolerances: { 'operation-name-case': 'byDialect' } });
    expect((await client.request('PATCH', user.path, rename)).status).toBe(200);
    await integrations().update(found, { dialect: 'strict' });
    expectError(await client.request('PATCH', user.path, rename), 400, 'invalidSyntax');
  });
});

describe('the log line of a request', () => {
  const last = () => JSON.parse(server.logLines.at(-1) ?? '{}');

  it('names the tolerances that it needed, each once', async () => {
    const client = await server.connect();
    const user = await createUser(client);
    expect(last()).toMatchObject({ route: '/scim/v2/Users', status: 201 });
    expect(last().tolerances).toBeUndefined();
    await client.request('PATCH', user.path, {
      Operations: [
        { op: 'Replace', path: 'active', value: 'False' },
        { op: 'Replace', path: 'title', value: ['T'] },
      ],
    });
    expect(last()).toMatchObject({ method: 'PATCH', status: 200 });
    expect(last().tolerances.toSorted()).toEqual([
      'boolean-as-string',
      'message-schema-missing',
      'operation-name-case',
      'single-element-array',
    ]);
    await client.request('GET', filtered('/Users', 'userName eq nobody'));
    expect(last()).toMatchObject({ status: 200, tolerances: ['unquoted-filter-value'] });
    await client.request('POST', '/Users', userBody({ schemas: ['urn:scim:schemas:core:1.0'] }));
    expect(last()).toMatchObject({ status: 201, tolerances: ['foreign-schema-urn'] });
  });

  it('names them when the request failed for another reason too', async () => {
    const client = await server.connect();
    const operation = { op: 'Replace', path: 'nothing', value: 1 };
    expectError(await client.request('PATCH', '/Users/x', patchBody(operation)), 400, 'invalidPath');
    expect(last()).toMatchObject({ status: 400, tolerances: ['operation-name-case'] });
  });

  it('has the scimType of a refusal, and nothing that the client has sent', async () => {
    const client = await server.connect({ dialect: 'strict', requirePrimaryEmail: false });
    const user = await createUser(client);
    for (const [method, path, body, status, scimType] of [
      ['GET', filtered('/Users', 'topSecret eq "hush"'), undefined, 400, 'invalidFilter'],
      ['GET', '/Users?sortBy=topSecret', undefined, 400, 'invalidPath'],
      ['GET', '/Users?cursor=topSecret', undefined, 400, 'invalidCursor'],
      ['POST', '/Users', { ...userBody(), active: 'topSecret' }, 400, 'invalidValue'],
      ['POST', '/Users', { ...userBody(), userName: user.json.userName }, 409, 'uniqueness'],
      ['PATCH', user.path, patchBody({ op: 'topSecret' }), 400, 'invalidSyntax'],
      ['PATCH', user.path, patchBody({ op: 'add', path: 'topSecret', value: 'x' }), 400, 'invalidPath'],
      ['POST', '/Users', '{"topSecret', 400, 'invalidSyntax'],
      ['GET', '/Users/topSecret', undefined, 404, undefined],
    ] as const) {
      expectError(await client.request(method, path, body), status, scimType);
      expect([last().status, last().scimType], path).toEqual([status, scimType]);
      expect(last().reason).toBeUndefined();
      expect(server.logLines.at(-1)).not.toMatch(/topSecret|hush|@example\.com/);
    }
    await client.request('GET', user.path);
    expect(last()).not.toHaveProperty('scimType');
  });

  it('says what is wrong with credentials, which the client is not told', async () => {
    const client = await server.connect();
    await server.tenants.create('elsewhere.example');
    const at = async (path: string, authorization?: string) => {
      const answer = await server.send('GET', path, authorization === undefined ? {} : { authorization });
      expectError(answer, 401);
      return [last().reason, answer.json.detail];
    };
    const answers = [
      await at('/scim/v2/Users'),
      await at('/scim/v2/Users', `${client.authorization}x`),
      await at('/scim/v2/Users', 'Basic YTpi'),
      await at('/t/elsewhere.example/scim/v2/Users', client.authorization),
    ];
    expect(answers.map(([reason]) => reason)).toEqual([
      'no credentials',
      ...['credentials unknown or ended', 'credentials unknown or ended'],
      'credentials of another tenant',
    ]);
    expect(new Set(answers.map(([, detail]) => detail)).size).toBe(1);
  });
});
