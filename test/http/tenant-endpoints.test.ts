import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredDefinition } from '../../src/storage/directory.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { expectError, UNKNOWN_ID } from './messages.ts';

const DEVICE = 'urn:example:schemas:2.0:Device';

let server: TestServer;
let client: Client;
let stranger: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  stranger = await server.connect({}, await server.tenants.create('other.example'));
  const row = (kind: StoredDefinition['kind'], name: string, content: object): StoredDefinition => ({
    kind,
    name,
    content: JSON.stringify(content),
    created: server.superTenant.created,
  });
  const schema = { id: DEVICE, name: 'Device', description: '', attributes: [{ name: 'serial' }] };
  const type = { name: 'Device', endpoint: '/Devices', description: '', schema: DEVICE, extensions: [] };
  await server.services.storage.directory.changeDefinitions(server.superTenant.id, {
    revision: 0,
    added: [row('schema', DEVICE.toLowerCase(), schema), row('resourceType', 'Device', type)],
    removed: [],
    unused: [],
  });
});
afterAll(() => server.close());

test('an endpoint counts from the next request of clients that were there before', async () => {
  const { status, json } = await client.request('POST', '/Devices', { schemas: [DEVICE], serial: 'A1' });
  expect(status).toBe(201);
  expect(json).toMatchObject({ schemas: [DEVICE], serial: 'A1', meta: { resourceType: 'Device' } });
  expect(json.meta.location).toMatch(new RegExp(`/scim/v2/Devices/${json.id}$`));
  expect((await client.request('GET', `/Devices/${json.id}`)).json).toEqual(json);
});

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s: no endpoint of another tenant is there',
  async (method) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : '{"no JSON';
    for (const path of ['/Devices', `/Devices/${UNKNOWN_ID}`, '/devices', '/constructor'])
      expectError(await stranger.request(method, path, body), 404);
  },
);

test('RFC 7644 3.1: a method that an endpoint does not have is 405 and names those it has, before a body is read', async () => {
  for (const [path, allow, methods] of [
    ['/Devices', 'GET, POST', ['PUT', 'PATCH', 'DELETE']],
    [`/Devices/${UNKNOWN_ID}`, 'GET, PUT, PATCH, DELETE', ['POST']],
  ] as const)
    for (const method of methods) {
      const answer = await client.request(method, path, '{"no JSON');
      expectError(answer, 405);
      expect(answer.headers.allow).toBe(allow);
    }
});

test('bodies of more than 1 MiB are refused', async () => {
  const serial = 'x'.repeat(1024 * 1024);
  expectError(await client.request('POST', '/Devices', { schemas: [DEVICE], serial }), 413);
});

test('without credentials nothing is told apart', async () => {
  for (const path of ['/Devices', '/Nothing'])
    expectError(await server.send('GET', `/scim/v2${path}`, {}), 401);
});
