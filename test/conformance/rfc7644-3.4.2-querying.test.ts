import { describe, expect, test } from 'vitest';
import { createUser, filtered, newName, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

/** Three users that only `filter` finds, in the order of their making. */
async function threeUsers() {
  const title = newName('title');
  const users = [];
  for (const nickName of ['a', 'b', 'c']) users.push(await createUser(provider.client, { title, nickName }));
  return { users, filter: `title eq "${title}"` };
}

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

describe('RFC 7644 section 3.4.2', () => {
  test('RFC 7644 3.4.2 [7644-3.4.2-1] one resource and an endpoint take the parameters of a query', async () => {
    const { client } = provider;
    const { users, filter } = await threeUsers();
    const [user] = users;
    const { Resources } = await read(client, `${filtered('/Users', filter)}&attributes=nickName`);
    expect(Resources.map(({ nickName }: { nickName: string }) => nickName).toSorted()).toEqual([
      'a',
      'b',
      'c',
    ]);
    const one = await read(client, `/Users/${user?.id}?attributes=nickName`);
    expect(one).toEqual({ schemas: user?.json.schemas, id: user?.id, nickName: 'a' });
  });

  test('RFC 7644 3.4.2 [7644-3.4.2-3] unknown parameters change nothing', async () => {
    const { client } = provider;
    const { users, filter } = await threeUsers();
    const plain = await read(client, filtered('/Users', filter));
    expect(plain.totalResults).toBe(users.length);
    expect(await read(client, `${filtered('/Users', filter)}&colour=blue&x&$top=1`)).toEqual(plain);
    expect(await read(client, `/Users/${users[0]?.id}?colour=blue`)).toEqual(users[0]?.json);
  });

  test('RFC 7644 3.4.2 [7644-3.4.2-4] [7644-3.4.2-5] [7644-3.4.2-6] the answer is a ListResponse', async () => {
    const { users, filter } = await threeUsers();
    const { status, json } = await provider.client.request('GET', filtered('/Users', filter));
    expect(status).toBe(200);
    expect(json.schemas).toEqual([LIST_RESPONSE]);
    expect(json.totalResults).toBe(3);
    expect(json.Resources).toEqual(expect.arrayContaining(users.map((user) => user.json)));
    expect(json.Resources).toHaveLength(3);
  });

  test('RFC 7644 3.4.2 [7644-3.4.2-7] [7644-3.4.2-8] [7644-3.4.2-9] a page says where it is in the result', async () => {
    const { filter } = await threeUsers();
    const url = filtered('/Users', filter);
    const first = await read(provider.client, `${url}&count=2`);
    expect(first).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 2 });
    const second = await read(provider.client, `${url}&count=2&startIndex=3`);
    expect(second).toMatchObject({ totalResults: 3, startIndex: 3, itemsPerPage: 1 });
    const whole = await read(provider.client, url);
    expect([...first.Resources, ...second.Resources]).toEqual(whole.Resources);
  });

  test('RFC 7644 3.4.2 [7644-3.4.2-10] no match is 200 with totalResults 0', async () => {
    for (const endpoint of ['/Users', '/Groups']) {
      const { status, json } = await provider.client.request(
        'GET',
        filtered(endpoint, 'displayName eq "none"'),
      );
      expect([status, json.schemas, json.totalResults]).toEqual([200, [LIST_RESPONSE], 0]);
      expect(json.Resources ?? []).toEqual([]);
    }
  });
});

describe('RFC 7644 section 3.4.2.4', () => {
  test('RFC 7644 3.4.2.4 [7644-3.4.2.4-1] a page has other resources when some are gone', async () => {
    const { client } = provider;
    const { filter } = await threeUsers();
    const page = `${filtered('/Users', filter)}&startIndex=1&count=2`;
    const before = await read(client, page);
    await client.request('DELETE', `/Users/${before.Resources[0].id}`);
    const after = await read(client, page);
    expect(after.totalResults).toBe(2);
    expect(after.Resources[0]).toEqual(before.Resources[1]);
  });

  test('RFC 7644 3.4.2.4 [7644-3.4.2.4-2] a startIndex below 1 is 1', async () => {
    const { filter } = await threeUsers();
    const url = filtered('/Users', filter);
    const plain = await read(provider.client, url);
    for (const startIndex of ['0', '-1', '-99999999999'])
      expect(await read(provider.client, `${url}&startIndex=${startIndex}`)).toEqual(plain);
  });

  test('RFC 7644 3.4.2.4 [7644-3.4.2.4-3] [7644-3.4.2.4-4] count is the most that a page has', async () => {
    const { filter } = await threeUsers();
    for (const [count, sent] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [100, 3],
      [1_000_000, 3],
    ]) {
      const list = await read(provider.client, `${filtered('/Users', filter)}&count=${count}`);
      expect([list.Resources.length, list.itemsPerPage, list.totalResults]).toEqual([sent, sent, 3]);
    }
  });

  test('RFC 7644 3.4.2.4 [7644-3.4.2.4-5] a negative count is 0, which asks for the total alone', async () => {
    const { filter } = await threeUsers();
    for (const count of [0, -1, -500]) {
      const list = await read(provider.client, `${filtered('/Users', filter)}&count=${count}`);
      expect([list.totalResults, list.Resources ?? []]).toEqual([3, []]);
    }
  });
});
