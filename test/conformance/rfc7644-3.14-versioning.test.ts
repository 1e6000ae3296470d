import { describe, expect, test } from 'vitest';
import { createGroup, createUser, expectError, patchBody, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const rename = (value: string) => patchBody({ op: 'replace', path: 'displayName', value });

describe('RFC 7644 section 3.14', () => {
  test('RFC 7644 3.14 [7644-3.14-1] [7644-3.14-2] [7644-3.14-3] the weak ETag is a header and meta.version', async () => {
    const { client } = provider;
    expect((await read(client, '/ServiceProviderConfig')).etag.supported).toBe(true);
    for (const { path, json } of [await createUser(client), await createGroup(client)]) {
      const answers = [
        await client.request('GET', path),
        await client.request('PUT', path, { ...json, displayName: 'A' }),
        await client.request('PATCH', path, rename('B')),
      ];
      const etags = answers.map(({ headers }) => headers.etag);
      expect(etags).toEqual(answers.map((answer) => answer.json.meta.version));
      expect(new Set(etags).size).toBe(3);
      for (const etag of etags) expect(etag).toMatch(/^W\/"[^"]+"$/);
    }
  });

  test('RFC 7644 3.14 [7644-3.14-4] a resource that has not changed is 304 without a body', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const known = { 'if-none-match': json.meta.version };
    for (const url of [path, `${path}?attributes=displayName`]) {
      const { status, text, headers } = await client.request('GET', url, undefined, known);
      expect([status, text, headers.etag]).toEqual([304, '', json.meta.version]);
    }
    await client.request('PATCH', path, rename('A'));
    const changed = await client.request('GET', path, undefined, known);
    expect([changed.status, changed.json.displayName]).toEqual([200, 'A']);
  });

  test('RFC 7644 3.14 [7644-3.14-5] a change with If-Match succeeds for the latest version only', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const first = { 'if-match': json.meta.version };
    const patched = await client.request('PATCH', path, rename('A'), first);
    expect([patched.status, patched.json.displayName]).toEqual([200, 'A']);
    expectError(await client.request('PATCH', path, rename('B'), first), 412);
    expectError(await client.request('PUT', path, { ...json, displayName: 'C' }, first), 412);
    expect(await read(client, path)).toEqual(patched.json);
    const latest = { 'if-match': patched.json.meta.version };
    const put = await client.request('PUT', path, { ...json, displayName: 'C' }, latest);
    expect([put.status, put.json.displayName]).toEqual([200, 'C']);
  });
});
