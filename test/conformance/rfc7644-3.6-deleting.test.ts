import { describe, expect, test } from 'vitest';
import {
  createGroup,
  createUser,
  expectError,
  idsOf,
  membersOf,
  patchBody,
  read,
  userBody,
} from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 section 3.6', () => {
  test('RFC 7644 3.6 [7644-3.6-5] a successful DELETE is 204 without a body', async () => {
    const { path } = await createUser(provider.client);
    const { status, text } = await provider.client.request('DELETE', path);
    expect([status, text]).toEqual([204, '']);
  });

  test('RFC 7644 3.6 [7644-3.6-2] every operation on what was deleted is 404', async () => {
    const { client } = provider;
    for (const { path, json } of [await createUser(client), await createGroup(client)]) {
      expect((await client.request('DELETE', path)).status).toBe(204);
      expectError(await client.request('GET', path), 404);
      expectError(await client.request('PUT', path, json), 404);
      const patch = patchBody({ op: 'replace', path: 'displayName', value: 'N' });
      expectError(await client.request('PATCH', path, patch), 404);
      expectError(await client.request('DELETE', path), 404);
    }
  });

  test('RFC 7644 3.6 [7644-3.6-3] lists and groups no longer have what was deleted', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const group = await createGroup(client, { members: membersOf(user) });
    const before = (await read(client, '/Users?count=0')).totalResults;
    await client.request('DELETE', user.path);
    expect((await read(client, '/Users?count=0')).totalResults).toBe(before - 1);
    expect(await idsOf(client, '/Users', `userName eq "${user.json.userName}"`)).toEqual([]);
    expect((await read(client, group.path)).members).toEqual([]);
    expect(await idsOf(client, '/Groups', `members.value eq "${user.id}"`)).toEqual([]);
  });

  test('RFC 7644 3.6 [7644-3.6-4] the userName of a deleted user is free', async () => {
    const { client } = provider;
    const body = userBody();
    const first = await client.request('POST', '/Users', body);
    await client.request('DELETE', `/Users/${first.json.id}`);
    const second = await client.request('POST', '/Users', body);
    expect(second.status).toBe(201);
    expect(second.json.id).not.toBe(first.json.id);
  });
});
