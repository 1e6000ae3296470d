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
});
