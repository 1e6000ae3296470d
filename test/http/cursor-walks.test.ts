import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { arbitraryFilter, arbitraryResource } from '../core/generators.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, membersOf } from './messages.ts';

const USERS = 40;
const GROUPS = 12;

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ requirePrimaryEmail: false });
  const users = [];
  for (const user of fc.sample(arbitraryResource(USER_TYPE), USERS))
    users.push(await createUser(client, { ...user, userName: `${user.userName}-${users.length}` }));
  for (const [index, group] of fc.sample(arbitraryResource(GROUP_TYPE), GROUPS).entries())
    await createGroup(client, {
      ...group,
      members: membersOf(...users.filter((_, at) => at % 3 === index % 3)),
    });
});
afterAll(() => server.close());

const FILTERS = {
  '/Users': arbitraryFilter(USER_TYPE, { membership: true, server: true }),
  '/Groups': arbitraryFilter(GROUP_TYPE, { membership: true, server: true }),
  '': fc.oneof(arbitraryFilter(USER_TYPE), arbitraryFilter(GROUP_TYPE)),
};

const SORTS = [
  undefined,
  undefined,
  'id',
  'displayName',
  'userName',
  'active',
  'emails.value',
  'name.familyName',
  'meta.lastModified',
  `${ENTERPRISE_USER_SCHEMA}:department`,
];

const query = fc
  .constantFrom('/Users' as const, '/Users' as const, '/Groups' as const, '' as const)
  .chain((endpoint) =>
    fc.record({
      endpoint: fc.constant(endpoint),
      filter: fc.option(FILTERS[endpoint], { nil: undefined, freq: 2 }),
      sortBy: fc.constantFrom(...SORTS),
      sortOrder: fc.constantFrom(undefined, 'ascending', 'descending'),
      count: fc.integer({ min: 1, max: 15 }),
    }),
  );

type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

const search = ({ endpoint, ...parameters }: Query, more: object): Promise<Answer> =>
  client.request('POST', `${endpoint}/.search`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    ...parameters,
    ...more,
  });

async function page(asked: Query, cursor: string) {
  const { status, text, json } = await search(asked, { cursor });
  expect(status, text).toBe(200);
  const ids: string[] = json.Resources.map(({ id }: { id: string }) => id);
  expect(json.itemsPerPage).toBe(ids.length);
  return { ids, total: json.totalResults, next: json.nextCursor, previous: json.previousCursor };
}

it('RFC 9865 2: a walk by cursor is the whole list, forwards and backwards', async () => {
  let walked = 0;
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const whole = await search(asked, { count: 1000, startIndex: 1 });
      if (whole.status !== 200) {
        // what cannot be listed cannot be walked either
        const { status, json } = await search(asked, { cursor: '' });
        expect([status, json.scimType]).toEqual([400, whole.json.scimType]);
        return;
      }
      const wanted: string[] = whole.json.Resources.map(({ id }: { id: string }) => id);
      expect(new Set(wanted).size).toBe(wanted.length);
      const pages = [await page(asked, '')];
      for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
        pages.push(await page(asked, next));
      expect(pages.flatMap(({ ids }) => ids)).toEqual(wanted);
      for (const { total } of pages) expect(total).toBe(wanted.length);
      for (const { ids } of pages.slice(0, -1)) expect(ids).toHaveLength(asked.count);
      const back = [];
      for (let before = pages.at(-1)?.previous; before !== undefined; before = back[0]?.previous)
        back.unshift(await page(asked, before));
      expect(back.map(({ ids }) => ids)).toEqual(pages.slice(0, -1).map(({ ids }) => ids));
      if (pages.length > 1) walked++;
    }),
    { numRuns: 120 },
  );
  expect(walked).toBeGreaterThan(30);
});
