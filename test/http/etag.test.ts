import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let client: Client;
let unique = 0;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ requirePrimaryEmail: false });
});

afterAll(() => server.close());

async function createUser(): Promise<{ path: string; userName: string }> {
  const userName = `etag-${unique++}`;
  const { json } = await client.request('POST', '/Users', { userName, nickName: 'N' });
  return { path: `/Users/${json.id}`, userName };
}

const PATCH = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'nickName', value: 'M' }],
};

describe('RFC 7644 3.14: versions', () => {
  test('the ETag of every answer is the version in meta', async () => {
    const userName = `etag-${unique++}`;
    const created = await client.request('POST', '/Users', { userName });
    expect(created.headers.etag).toBe('W/"1"');
    expect(created.json.meta.version).toBe('W/"1"');
    const patched = await client.request('PATCH', `/Users/${created.json.id}`, PATCH);
    expect([patched.headers.etag, patched.json.meta.version]).toEqual(['W/"2"', 'W/"2"']);
    const again = await client.request('PATCH', `/Users/${created.json.id}`, PATCH);
    expect(again.headers.etag).toBe('W/"2"');
    expect(again.json.meta.lastModified).toBe(patched.json.meta.lastModified);
  });

  test('GET with the version that the client has is 304 without a body', async () => {
    const { path } = await createUser();
    for (const known of ['W/"1"', '"1"', 'W/"7", W/"1"', '*']) {
      const answer = await client.request('GET', path, undefined, { 'if-none-match': known });
      expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', 'W/"1"']);
    }
    const other = await client.request('GET', path, undefined, { 'if-none-match': 'W/"2"' });
    expect([other.status, other.json.nickName]).toEqual([200, 'N']);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'GET'])(
    '%s with a stale If-Match is 412 and changes nothing',
    async (method) => {
      const { path, userName } = await createUser();
      const body = { PUT: { userName }, PATCH }[method];
      const stale = await client.request(method, path, body, { 'if-match': 'W/"7"' });
      expect([stale.status, stale.json.status]).toEqual([412, '412']);
      expect((await client.request('GET', path)).json).toMatchObject({
        nickName: 'N',
        meta: { version: 'W/"1"' },
      });
    },
  );

  test.each(['PUT', 'PATCH', 'DELETE', 'GET'])(
    '%s with the version or with * is carried out',
    async (method) => {
      for (const current of ['W/"1"', '*', 'W/"5", "1"']) {
        const { path, userName } = await createUser();
        const body = { PUT: { userName, nickName: 'M' }, PATCH }[method];
        const answer = await client.request(method, path, body, { 'if-match': current });
        expect(answer.status).toBe(method === 'DELETE' ? 204 : 200);
      }
    },
  );

  test('SAP sends If-Match: * with every request', async () => {
    const headers = { 'if-match': '*' };
    const created = await client.request('POST', '/Users', { userName: `etag-${unique++}` }, headers);
    expect(created.status).toBe(201);
    expect((await client.request('GET', '/Users?count=1', undefined, headers)).status).toBe(200);
    expect((await client.request('PATCH', '/Users/nobody', PATCH, headers)).status).toBe(404);
  });

  test('a malformed header is 400 invalidSyntax', async () => {
    const { path } = await createUser();
    const answer = await client.request('PATCH', path, PATCH, { 'if-match': 'seven' });
    expect([answer.status, answer.json.scimType]).toEqual([400, 'invalidSyntax']);
  });

  test('of writers that start from one version one succeeds, so that versions are successes and one more', async () => {
    const { path } = await createUser();
    let successes = 0;
    for (let round = 0; round < 10; round++) {
      const version = (await client.request('GET', path)).json.meta.version as string;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, writer) =>
          client.request(
            'PATCH',
            path,
            { ...PATCH, Operations: [{ op: 'replace', path: 'nickName', value: `${round}-${writer}` }] },
            { 'if-match': version },
          ),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
      successes++;
    }
    expect((await client.request('GET', path)).json.meta.version).toBe(`W/"${successes + 1}"`);
  });
});
