import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createUser, expectError } from './messages.ts';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

const read = (remoteAddress: string) => server.app.inject({ method: 'GET', url: '/metrics', remoteAddress });

it('counts requests by method, route and status, with how long they took', async () => {
  const user = await createUser(client);
  await client.request('GET', user.path);
  await client.request('GET', '/Users/nobody');
  const { statusCode, headers, body } = await read('127.0.0.1');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const countOf = (labels: string) =>
    new RegExp(`roster_http_request_duration_seconds_count\\{${labels}\\} (\\d+)`).exec(body)?.[1];
  expect(countOf('method="POST",route="/scim/v2/Users",status="201"')).toBe('1');
  expect(countOf('method="GET",route="/scim/v2/Users/:id",status="200"')).toBe('1');
  expect(countOf('method="GET",route="/scim/v2/Users/:id",status="404"')).toBe('1');
  expect(body).toContain('process_resident_memory_bytes');
});

it('names nobody', async () => {
  const { id, json } = await createUser(client);
  const { body } = await read('::1');
  for (const name of [id, json.userName, server.superTenant.domain, server.superTenant.id])
    expect(body).not.toContain(name);
});

it('is not there for clients on other machines', async () => {
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', '0.0.0.0']) {
    const { statusCode, body } = await read(address);
    expect([statusCode, body.includes('roster_http')]).toEqual([404, false]);
  }
  expect((await read('::ffff:127.0.0.1')).statusCode).toBe(200);
  expectError(await server.send('POST', '/metrics', {}), 404);
});
