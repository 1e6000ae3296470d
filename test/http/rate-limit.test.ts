import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ rateLimit: 2 });
});

afterAll(() => server.close());

test('RFC 6585 section 4: past its rate an integration gets 429 with Retry-After, and another one does not', async () => {
  const busy = await server.connect();
  const quiet = await server.connect();
  const statuses: number[] = [];
  // the window is ten seconds long: twenty requests pass
  for (let sent = 0; sent < 20; sent++) statuses.push((await busy.request('GET', '/Users?count=0')).status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refused = await busy.request('POST', '/Users', '{ this is never read');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '429',
  });
  expect((await quiet.request('GET', '/Users?count=0')).status).toBe(200);
});
