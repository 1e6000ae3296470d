import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { CURSOR_TIMEOUT_S } from '../../src/core/list.ts';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  definitionsOn,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, expectError } from './messages.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

let server: TestServer;
let client: Client;
let clock = 0;
const names = ['anna', 'berta', 'carl', 'dora', 'emil', 'fritz', 'gina'];

beforeAll(async () => {
  server = await startServer({ now: () => Date.now() + clock });
  client = await server.connect({ dialect: 'strict' });
  for (const [index, userName] of names.entries())
    await createUser(client, { userName, ...(index % 3 > 0 && { nickName: `n${index % 2}` }) });
  for (const displayName of ['one', 'two']) await createGroup(client, { displayName });
});
afterAll(() => server.close());

interface Page {
  Resources: { id: string; userName?: string; displayName?: string }[];
  totalResults: number;
  itemsPerPage: number;
  startIndex?: number;
  nextCursor?: string;
  previousCursor?: string;
}

async function page(path: string, cursor = '', by = client): Promise<Page> {
  const answer = await by.request('GET', `${path}&cursor=${cursor}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

/** The pages of a list from its first to its last. */
async function walk(path: string): Promise<Page[]> {
  const pages = [await page(path)];
  for (let next = pages[0]?.nextCursor; next !== undefined; next = pages.at(-1)?.nextCursor)
    pages.push(await page(path, next));
  return pages;
}

const idsOf = (pages: Page[]): string[] => pages.flatMap(({ Resources }) => Resources.map(({ id }) => id));

const LISTS = [
  '/Users?count=2',
  '/Users?count=7',
  '/Users?count=1&sortBy=userName',
  '/Users?count=2&sortBy=userName&sortOrder=descending',
  '/Users?count=3&sortBy=nickName',
  '/Users?count=2&sortBy=nickName&sortOrder=descending',
  '/Users?count=1&sortBy=emails.value',
  '/Users?count=2&filter=nickName%20pr&sortBy=meta.created',
  '/Users?count=2&filter=not%20(userName%20sw%20%22c%22)',
  '/?count=2',
  '/?count=2&sortBy=displayName',
  '/?count=1&sortBy=id&sortOrder=descending',
  '/?count=3&filter=displayName%20pr%20or%20nickName%20pr&sortBy=displayName',
];

describe('RFC 9865 2: a list is walked by cursor', () => {
  test.each(LISTS)('%s: forwards it is the whole list', async (path) => {
    const whole = (await client.request('GET', path.replace(/count=\d/, 'count=1000'))).json;
    const pages = await walk(path);
    expect(idsOf(pages)).toEqual(whole.Resources.map(({ id }: { id: string }) => id));
    const count = Number(/count=(\d)/.exec(path)?.[1]);
    for (const [index, each] of pages.entries()) {
      expect(each.totalResults).toBe(whole.totalResults);
      expect(each.itemsPerPage).toBe(each.Resources.length);
      expect(each.startIndex).toBeUndefined();
      expect(each.Resources.length <= count).toBe(true);
      expect(each.previousCursor === undefined).toBe(index === 0);
      expect(each.nextCursor ?? '').toMatch(/^[A-Za-z0-9._~-]*$/);
    }
  });

  test.each(LISTS)('%s: backwards it is the same pages', async (path) => {
    const pages = await walk(path);
    let last = pages.at(-1) as Page;
    for (const earlier of pages.slice(0, -1).reverse()) {
      last = await page(path, last.previousCursor);
      expect(idsOf([last])).toEqual(idsOf([earlier]));
      expect(last.nextCursor).toBeDefined();
    }
    expect(last.previousCursor).toBeUndefined();
  });

  it('works by POST .search', async () => {
    const body = { schemas: [SEARCH], sortBy: 'userName', count: 4, cursor: '' };
    const first = await client.request('POST', '/Users/.search', body);
    expect(first.json.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(
      names.slice(0, 4),
    );
    const second = await client.request('POST', '/Users/.search', { ...body, cursor: first.json.nextCursor });
    expect(second.json.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(
      names.slice(4),
    );
    expect(second.json.nextCursor).toBeUndefined();
  });

  it('yields everyone who was there throughout exactly once, while others come and go', async () => {
    const path = '/Users?count=2&filter=userName%20sw%20%22walk-%22';
    const stays: string[] = [];
    const goes: string[] = [];
    for (let index = 0; index < 12; index++)
      (index % 3 === 0 ? goes : stays).push((await createUser(client, { userName: `walk-${index}` })).id);
    const pages = [await page(path)];
    for (let next = pages[0]?.nextCursor; next !== undefined; next = pages.at(-1)?.nextCursor) {
      const gone = goes.pop();
      if (gone !== undefined) await client.request('DELETE', `/Users/${gone}`);
      if (pages.length < 6) await createUser(client, { userName: `walk-new-${pages.length}` });
      pages.push(await page(path, next));
    }
    const seen = idsOf(pages);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => stays.includes(id))).toEqual(stays);
  });

  it('goes on behind a resource that has been deleted since, in a sorted list too', async () => {
    const path = '/Users?count=1&sortBy=nickName&filter=userName%20sw%20%22gap-%22';
    const ids: string[] = [];
    for (const nickName of ['a', 'b', 'c'])
      ids.push((await createUser(client, { userName: `gap-${nickName}`, nickName })).id);
    const first = await page(path);
    await client.request('DELETE', `/Users/${ids[0]}`);
    const second = await page(path, first.nextCursor);
    expect(idsOf([second])).toEqual([ids[1]]);
    const before = await page(path, second.previousCursor);
    expect(idsOf([before])).toEqual([ids[1]]);
    expect(before.previousCursor).toBeUndefined();
  });

  it('count=0 asks for the total alone, and a negative count is 0', async () => {
    for (const count of ['0', '-3']) {
      const { totalResults, Resources, nextCursor } = await page(
        `/Users?count=${count}&filter=userName%20eq%20%22anna%22`,
      );
      expect([totalResults, Resources, nextCursor]).toEqual([1, [], undefined]);
    }
  });

  it('without the parameter a list is paged by index', async () => {
    const { json } = await client.request('GET', '/Users?count=2');
    expect([json.startIndex, json.nextCursor]).toEqual([1, undefined]);
  });
});

describe('RFC 9865 2.1: a cursor that cannot be used', () => {
  const path = '/Users?count=2&sortBy=userName';
  const refuse = async (
    url: string,
    scimType: 'invalidCursor' | 'expiredCursor' | 'invalidCount',
    by = client,
  ) => expectError(await by.request('GET', url), 400, scimType);

  test.each(['x', '%00', 'a'.repeat(60), '../..', '{}', 'null'])('%s', async (cursor) => {
    await refuse(`${path}&cursor=${cursor}`, 'invalidCursor');
  });

  it('one that is far too long', () => refuse(`${path}&cursor=${'a'.repeat(5000)}`, 'invalidCursor'));

  it('one that was changed in any place', async () => {
    const { nextCursor = '' } = await page(path);
    for (let at = 0; at < nextCursor.length; at += 7) {
      const other = nextCursor[at] === 'A' ? 'B' : 'A';
      await refuse(
        `${path}&cursor=${nextCursor.slice(0, at)}${other}${nextCursor.slice(at + 1)}`,
        'invalidCursor',
      );
    }
    await refuse(`${path}&cursor=${nextCursor.slice(0, -2)}`, 'invalidCursor');
    await refuse(`${path}&cursor=${nextCursor}AAAA`, 'invalidCursor');
  });

  it('one of another query, type, credential or tenant', async () => {
    const { nextCursor } = await page(path);
    for (const other of [
      '/Users?count=2',
      '/Users?count=2&sortBy=userName&sortOrder=descending',
      '/Users?count=2&sortBy=userName&filter=userName%20pr',
      '/Groups?count=2&sortBy=displayName',
      '/?count=2&sortBy=userName',
    ])
      await refuse(`${other}&cursor=${nextCursor}`, 'invalidCursor');
    const sameTenant = await server.connect({ dialect: 'strict' });
    await refuse(`${path}&cursor=${nextCursor}`, 'invalidCursor', sameTenant);
    const tenant = await server.tenants.create('other.example');
    const otherTenant = await server.connect({ dialect: 'strict' }, tenant);
    await refuse(`${path}&cursor=${nextCursor}`, 'invalidCursor', otherTenant);
  });

  it('one from before a change of the schemas', async () => {
    const tenant = await server.tenants.create('changing.example');
    const by = await server.connect({ dialect: 'strict' }, tenant);
    for (const userName of names) await createUser(by, { userName });
    const definitions = definitionsOn(server);
    await definitions.addSchema(tenant, LEASE_DEFINITION, undefined);
    for (const list of [path, '/?count=2', '/?count=2&sortBy=displayName']) {
      const { nextCursor } = await page(list, '', by);
      await page(list, nextCursor, by);
      await definitions.addSchema(tenant, DEVICE_DEFINITION, undefined);
      await definitions.addResourceType(tenant, DEVICE_TYPE_DEFINITION);
      await refuse(`${list}&cursor=${nextCursor}`, 'invalidCursor', by);
      await page(list, (await page(list, '', by)).nextCursor, by);
      await definitions.removeResourceType(tenant, 'Device');
      await definitions.removeSchema(tenant, DEVICE);
      await refuse(`${list}&cursor=${nextCursor}`, 'invalidCursor', by);
    }
  });

  it('one with another count, and a count that is no integer', async () => {
    const { nextCursor } = await page(path);
    await refuse(`/Users?count=3&sortBy=userName&cursor=${nextCursor}`, 'invalidCount');
    await refuse(`/Users?count=x&sortBy=userName&cursor=`, 'invalidCount');
    await refuse(`/Users?count=1.5&sortBy=userName&cursor=${nextCursor}`, 'invalidCount');
  });

  it('one that has expired', async () => {
    const { nextCursor } = await page(path);
    clock = (CURSOR_TIMEOUT_S - 60) * 1000;
    await page(path, nextCursor);
    clock = (CURSOR_TIMEOUT_S + 60) * 1000;
    await refuse(`${path}&cursor=${nextCursor}`, 'expiredCursor');
    clock = 0;
  });

  it('tells nothing of the data it stands for', async () => {
    const { nextCursor = '' } = await page(path);
    expect(Buffer.from(nextCursor, 'base64url').toString('latin1')).not.toMatch(/berta|userName/i);
  });
});
