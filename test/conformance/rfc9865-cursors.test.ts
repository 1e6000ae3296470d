import { beforeAll, describe, expect, test } from 'vitest';
import { createUser, expectError, filtered, newName, read } from '../http/messages.ts';
import type { Answer, Client } from '../support/server.ts';
import { startProvider } from './provider.ts';

let hoursLater = 0;
const provider = startProvider({ now: () => Date.now() + hoursLater * 3_600_000 });

const TITLE = newName('title');
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const LIST = `${filtered('/Users', `title eq "${TITLE}"`)}&sortBy=nickName`;
const PAGED = `${LIST}&count=2`;

beforeAll(async () => {
  for (const nickName of NAMES) await createUser(provider.client, { title: TITLE, nickName });
});

const get = (url: string, cursor: string, client: Client = provider.client): Promise<Answer> =>
  client.request('GET', `${url}&cursor=${cursor}`);

async function page(url: string, cursor = '') {
  const { status, text, json } = await get(url, cursor);
  expect(status, text).toBe(200);
  return json;
}

const namesOn = ({ Resources }: { Resources: { nickName: string }[] }): string =>
  Resources.map(({ nickName }) => nickName).join('');

/** The pages of a list from the first to the last. */
async function walk(url: string) {
  const pages = [await page(url)];
  for (let next = pages[0].nextCursor; next !== undefined; next = pages.at(-1).nextCursor)
    pages.push(await page(url, next));
  return pages;
}

describe('RFC 9865 section 2', () => {
  test('RFC 9865 2 [9865-2-1] an empty cursor asks for the first page', async () => {
    for (const url of [`${PAGED}&cursor`, `${PAGED}&cursor=`]) {
      const first = await read(provider.client, url);
      expect(first).toMatchObject({ totalResults: 5, itemsPerPage: 2, nextCursor: expect.any(String) });
      expect(namesOn(first)).toBe('ab');
    }
  });

  test('RFC 9865 2 [9865-2-2] a negative count is 0, which asks for the total alone', async () => {
    for (const count of [0, -1, -7]) {
      const { totalResults, Resources } = await page(`${LIST}&count=${count}`);
      expect([totalResults, Resources]).toEqual([5, []]);
    }
  });

  test('RFC 9865 2 [9865-2-3] [9865-2-4] count is the most that a page has', async () => {
    for (const [count, pages] of [
      [1, ['a', 'b', 'c', 'd', 'e']],
      [2, ['ab', 'cd', 'e']],
      [5, ['abcde']],
      [100, ['abcde']],
    ] as const)
      expect((await walk(`${LIST}&count=${count}`)).map(namesOn)).toEqual(pages);
  });

  test('RFC 9865 2 [9865-2-5] [9865-2-6] [9865-2-7] nextCursor leads on to the last page, which has none', async () => {
    const pages = await walk(PAGED);
    expect(pages.map(namesOn).join('')).toBe(NAMES.join(''));
    for (const { nextCursor } of pages.slice(0, -1)) expect(nextCursor).toMatch(/^[A-Za-z0-9._~-]+$/);
    expect(pages.at(-1)).not.toHaveProperty('nextCursor');
    expect(await page(`${LIST}&count=5`)).not.toHaveProperty('nextCursor');
  });

  test('RFC 9865 2 [9865-2-8] [9865-2-9] [9865-2-10] previousCursor leads back to the first page, which has none', async () => {
    const pages = await walk(PAGED);
    let last = pages.at(-1);
    const back = [namesOn(last)];
    while (last.previousCursor !== undefined) {
      last = await page(PAGED, last.previousCursor);
      back.push(namesOn(last));
    }
    expect(back).toEqual(['e', 'cd', 'ab']);
    expect(pages[0]).not.toHaveProperty('previousCursor');
  });

  test('RFC 9865 2 [9865-2-11] a cursor fits only the query that it is from', async () => {
    const { nextCursor } = await page(PAGED);
    for (const url of [
      `${filtered('/Users', 'title pr')}&sortBy=nickName&count=2`,
      `${PAGED}&sortOrder=descending`,
      `${filtered('/Users', `title eq "${TITLE}"`)}&count=2`,
      PAGED.replace('/Users', '/'),
    ])
      expectError(await get(url, nextCursor), 400, 'invalidCursor');
    expectError(await get(`${LIST}&count=3`, nextCursor), 400, 'invalidCount');
    expect(namesOn(await page(PAGED, nextCursor))).toBe('cd');
  });
});

describe('RFC 9865 section 2.1', () => {
  test('RFC 9865 2.1 [9865-2.1-1] parameters that cannot be used are 400', async () => {
    expectError(await get(`${LIST}&count=many`, ''), 400, 'invalidCount');
    const { nextCursor } = await page(PAGED);
    hoursLater = 24;
    const expired = await get(PAGED, nextCursor);
    hoursLater = 0;
    expectError(expired, 400, 'expiredCursor');
  });

  test('RFC 9865 2.1 [9865-2.1-2] a cursor that the server did not give is invalidCursor', async () => {
    const { nextCursor } = await page(PAGED);
    const changed = nextCursor.slice(0, -1) + (nextCursor.endsWith('A') ? 'Q' : 'A');
    for (const cursor of ['x', '0', 'a'.repeat(nextCursor.length), changed, nextCursor.slice(1), '%22%7B'])
      expectError(await get(PAGED, cursor), 400, 'invalidCursor');
  });
});

describe('RFC 9865 sections 2.4 and 4', () => {
  test('RFC 9865 2.4 [9865-2.4-1] without a parameter a list is paged by index, as it is announced', async () => {
    const { client } = provider;
    expect((await read(client, '/ServiceProviderConfig')).pagination.defaultPaginationMethod).toBe('index');
    const list = await read(client, PAGED);
    expect(list.startIndex).toBe(1);
    expect(list).not.toHaveProperty('nextCursor');
    expect(namesOn(await read(client, `${PAGED}&startIndex=3`))).toBe('cd');
  });

  test('RFC 9865 4 [9865-4-1] [9865-4-2] [9865-4-3] [9865-4-4] ServiceProviderConfig has pagination', async () => {
    const { pagination } = await read(provider.client, '/ServiceProviderConfig');
    expect(pagination).toMatchObject({ cursor: true, index: true });
  });

  test('RFC 9865 4 [9865-4-5] [9865-4-6] [9865-4-7] [9865-4-8] and what it says is so', async () => {
    const { client } = provider;
    const { pagination, filter } = await read(client, '/ServiceProviderConfig');
    expect(pagination).toMatchObject({
      defaultPaginationMethod: 'index',
      defaultPageSize: filter.maxResults,
      maxPageSize: filter.maxResults,
      cursorTimeout: 3600,
    });
    const { nextCursor } = await page(PAGED);
    hoursLater = 0.9;
    const inTime = await get(PAGED, nextCursor);
    hoursLater = 1.1;
    const late = await get(PAGED, nextCursor);
    hoursLater = 0;
    expect(inTime.status).toBe(200);
    expectError(late, 400, 'expiredCursor');
  });
});

describe('RFC 9865 section 5.2', () => {
  test('RFC 9865 5.2 [9865-5.2-1] [9865-5.2-4] the cursor of another client or tenant is answered like a forged one', async () => {
    const { nextCursor } = await page(PAGED);
    const forged = await get(PAGED, 'a'.repeat(nextCursor.length));
    const colleague = await provider.connect();
    const stranger = await provider.connect(await provider.server.tenants.create('stranger.example'));
    for (const client of [colleague, stranger]) {
      const answer = await get(PAGED, nextCursor, client);
      expectError(answer, 400, 'invalidCursor');
      expect(answer.json).toEqual(forged.json);
    }
    for (const name of NAMES)
      expect(Buffer.from(nextCursor, 'base64url').toString('latin1')).not.toContain(`"${name}"`);
  });

  test('RFC 9865 5.2 [9865-5.2-2] [9865-5.2-3] every page needs a credential that is good at that time', async () => {
    const { server } = provider;
    const client = await provider.connect();
    const first = await get(PAGED, '', client);
    const next = `/scim/v2${PAGED}&cursor=${first.json.nextCursor}`;
    expectError(await server.send('GET', next, {}), 401);
    expect((await server.send('GET', next, { authorization: client.authorization })).status).toBe(200);
    const [, , credential = ''] = client.authorization.split('_');
    const { directory } = server.services.storage;
    await directory.endCredential(server.superTenant.id, credential, '2026-01-01T00:00:00.000Z');
    expectError(await server.send('GET', next, { authorization: client.authorization }), 401);
  });
});
