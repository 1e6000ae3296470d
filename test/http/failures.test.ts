import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { type Created, createUser, expectError, filtered, read, userBody } from './messages.ts';

let server: TestServer;
let client: Client;
let user: Created;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  user = await createUser(client);
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => server.close());

/** Makes everything that a request asks of the database fail. */
function breakStorage(error: unknown): void {
  const { storage } = server.services;
  for (const name of ['getResource', 'listResources', 'transaction'] as const)
    vi.spyOn(storage, name).mockRejectedValue(error);
}

const REQUESTS = [
  ['GET', () => '/Users', undefined],
  ['GET', () => user.path, undefined],
  ['POST', () => '/Users', userBody()],
  ['PUT', () => user.path, userBody()],
  ['PATCH', () => user.path, { Operations: [{ op: 'replace', path: 'active', value: false }] }],
  ['DELETE', () => user.path, undefined],
] as const;

describe('a failure of the server', () => {
  it('RFC 7644 3.12: is answered with 500 that tells nothing of it, and logged with its cause', async () => {
    breakStorage(new Error('no such table: resource at /var/lib/roster/roster.db'));
    for (const [method, path, body] of REQUESTS) {
      const answer = await client.request(method, path(), body);
      expectError(answer, 500);
      expect(answer.json.detail).toBe('The server failed on this request.');
      const failure = server.logLines.map((line) => JSON.parse(line)).findLast(({ level }) => level >= 50);
      expect(failure).toMatchObject({ err: { message: expect.stringContaining('no such table') } });
      expect(failure.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    vi.restoreAllMocks();
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it.each([
    [
      'an error that claims to be a mistake of the client',
      Object.assign(new Error('secret detail'), { statusCode: 400 }),
      400,
    ],
    [
      'an error with a status of its own kind',
      Object.assign(new Error('secret detail'), { statusCode: 700 }),
      500,
    ],
    ['a text', 'secret detail', 500],
  ])('does not show the message of %s', async (_, error, status) => {
    breakStorage(error);
    const answer = await client.request('GET', user.path);
    expectError(answer, status);
    expect(answer.text).not.toContain('secret');
  });

  it('is 503 with Retry-After when the database gives no answer now, and over when it does', async () => {
    breakStorage(new Unavailable('SQLite: SQLITE_FULL'));
    for (const [method, path, body] of REQUESTS) {
      const answer = await client.request(method, path(), body);
      expectError(answer, 503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.text).not.toContain('SQLITE');
    }
    vi.restoreAllMocks();
    expect((await client.request('PUT', user.path, user.json)).status).toBe(200);
  });

  it('is not that of a change that is made, when only its answer could not be read at once', async () => {
    const body = { ...userBody(), title: 'changed' };
    const { id, path } = await createUser(client);
    const operation = { op: 'replace', path: 'title', value: 'changed again' };
    for (const [method, sent, title] of [
      ['PUT', body, 'changed'],
      ['PATCH', { Operations: [operation] }, 'changed again'],
    ] as const) {
      vi.spyOn(server.services.storage, 'getResource').mockRejectedValueOnce(
        new Unavailable('no connection'),
      );
      const answer = await client.request(method, path, sent);
      expect([answer.status, answer.json.id, answer.json.title]).toEqual([200, id, title]);
    }
  });

  it.each([
    ['before the first operation', false, undefined, 60],
    ['behind the last operation', true, undefined, 60],
    ['where failOnErrors ends it', false, 5, 5],
  ])(
    'RFC 7644 3.7.3: in Bulk is told of every operation that it undid: %s',
    async (_, atEnd, failOnErrors, told) => {
      const { storage } = server.services;
      const original = storage.transaction.bind(storage);
      vi.spyOn(storage, 'transaction').mockImplementationOnce((tenantId, work) =>
        original(tenantId, async (tx) => {
          if (atEnd) await work(tx);
          throw new Unavailable('SQLite: SQLITE_FULL');
        }),
      );
      const bodies = Array.from({ length: 60 }, () => userBody());
      const answer = await client.request('POST', '/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        ...(failOnErrors !== undefined && { failOnErrors }),
        Operations: bodies.map((data, index) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `b${index}`,
          data,
        })),
      });
      expect(answer.status, answer.text).toBe(200);
      const operations: { bulkId: string; status: string }[] = answer.json.Operations;
      expect(operations).toHaveLength(told);
      for (const [index, { status }] of operations.entries()) {
        expect(status).toBe(index < 50 ? '503' : '201');
        const { totalResults } = await read(
          client,
          filtered('/Users', `userName eq "${bodies[index]?.userName}"`),
        );
        expect(totalResults).toBe(index < 50 ? 0 : 1);
      }
    },
  );

  it('makes the server not ready, but leaves it alive', async () => {
    vi.spyOn(server.services.storage.directory, 'superTenant').mockRejectedValue(new Unavailable('gone'));
    expect((await server.send('GET', '/readyz', {})).status).toBe(503);
    expect((await server.send('GET', '/healthz', {})).status).toBe(200);
  });

  it('to find a credential is no refusal of it', async () => {
    const { directory } = server.services.storage;
    vi.spyOn(directory, 'findCredential').mockRejectedValue(new Unavailable('busy'));
    expectError(await client.request('GET', user.path), 503);
    vi.restoreAllMocks();
    expect((await client.request('GET', user.path)).status).toBe(200);
  });

  it('to note the use of a credential does not touch the request', async () => {
    const { directory } = server.services.storage;
    const noted = vi.spyOn(directory, 'noteCredentialUse').mockRejectedValue(new Error('busy'));
    const other = await server.connect();
    expect((await other.request('GET', user.path)).status).toBe(200);
    expect(noted).toHaveBeenCalled();
  });
});
