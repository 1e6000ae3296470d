import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScimError } from '../../src/core/error.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { emptyObject, type JsonValue } from '../../src/core/json.ts';
import { matches } from '../../src/core/match.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { Resource } from '../../src/core/resource.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { compareBySort, readSort, type Sort } from '../../src/core/sort.ts';
import { docText, metaOf } from '../../src/core/stored.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { arbitraryFilter, arbitraryResource } from '../core/generators.ts';
import { temporaryDatabase } from '../support/postgres.ts';
import { isOnPostgres, storageInPostgres, temporaryStorage } from '../support/server.ts';

const TENANT = 'tenantaaaaaa';
const OTHER_TENANT = 'tenantbbbbbb';
const USERS = 60;
const GROUPS = 11;

/** A collation that orders other than by code points, and takes no two texts for equal that are not. */
const GERMAN = "LOCALE_PROVIDER icu ICU_LOCALE 'de' ENCODING 'UTF8'";

const databases = [
  { name: 'a database', open: temporaryStorage },
  ...(isOnPostgres
    ? [
        {
          name: 'a database with a collation of its own',
          open: async () => storageInPostgres(await temporaryDatabase(GERMAN)),
        },
      ]
    : []),
];

describe.each(databases)('in $name', ({ open }) => {
  /** What the reference matcher sees of each stored resource, by id. */
  const users = new Map<string, Resource>();
  const groups = new Map<string, Resource>();
  let storage: Storage;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ storage, close } = await open());
    const random = { seed: 20261121 };
    const drawnUsers = fc.sample(arbitraryResource(USER_TYPE), { ...random, numRuns: USERS });
    const drawnGroups = fc.sample(arbitraryResource(GROUP_TYPE), { ...random, numRuns: GROUPS });
    for (const [index, user] of drawnUsers.entries()) {
      // names must be unique; the ids are those that the filters ask for, and some more
      user.userName = `${user.userName}${index === 0 ? '' : index}`;
      const id = ['id-1', 'id-2', 'ID-1'][index] ?? `user-${index}`;
      await store(USER_TYPE, id, user, users, index);
    }
    for (const [index, group] of drawnGroups.entries())
      await store(GROUP_TYPE, `group-${index}`, group, groups, index);
    await connect();
    // a sample without optional values would agree with anything
    for (const attribute of ['emails', 'title', 'name', 'active'])
      expect([...users.values()].filter((user) => user[attribute] !== undefined).length).toBeGreaterThan(
        USERS / 4,
      );
  });

  afterAll(() => close());

  async function store(
    type: ResourceType,
    id: string,
    resource: Resource,
    into: Map<string, Resource>,
    index: number,
  ) {
    const time = `2026-0${(index % 9) + 1}-01T00:00:00${index % 2 ? '' : '.5'}`;
    const stored = { id, doc: docText(type, id, resource), version: 1, created: time, lastModified: time };
    const write = { type: type.name, stored, store: 'primary', values: indexValues(type, resource) };
    await storage.transaction(TENANT, (tx) => tx.insertResource(TENANT, write));
    await storage.transaction(OTHER_TENANT, (tx) => tx.insertResource(OTHER_TENANT, write));
    const seen: Resource = Object.assign(emptyObject(), resource, { id });
    seen.meta = metaOf(type, stored, 'https://example.com/x');
    into.set(id, seen);
  }

  /** Groups in groups: a chain of three, a circle of three with a tail, and a group in itself; of some, users are members. */
  const NESTED: readonly (readonly [outer: number, inner: number])[] = [
    [1, 0],
    [2, 1],
    [3, 0],
    [4, 5],
    [5, 6],
    [6, 4],
    [2, 5],
    [8, 8],
    [8, 3],
    [9, 2],
  ];

  /** Makes every third user a member of each group but the last ones, and nests groups. */
  async function connect() {
    const direct = new Map<string, Set<string>>();
    for (const [index, [groupId, group]] of [...groups].entries()) {
      const members = [...users.keys()]
        .filter((_, user) => user % 6 < 4 && user % 3 === index % 3)
        .map((value) => ({ value, type: 'User' }));
      if (index >= GROUPS - 3) members.length = 0;
      for (const [outer, inner] of NESTED)
        if (outer === index) members.push({ value: `group-${inner}`, type: 'Group' });
      direct.set(groupId, new Set(members.map(({ value }) => value)));
      await storage.transaction(TENANT, (tx) => tx.addMembers(TENANT, groupId, members));
      if (members.length > 0)
        group.members = members.map((member) => ({ ...member, $ref: 'https://example.com/m' }));
    }
    for (const [userId, user] of users) {
      const seen = groupsAround(userId, direct).map(([value, type]) => ({
        value,
        $ref: 'https://example.com/g',
        display: groups.get(value)?.displayName as JsonValue,
        type,
      }));
      if (seen.length > 0) user.groups = seen;
    }
  }

  /** The groups of a user by a walk along the edges. */
  function groupsAround(
    userId: string,
    members: ReadonlyMap<string, ReadonlySet<string>>,
  ): [id: string, type: string][] {
    const outerOf = (id: string) => [...members.keys()].filter((group) => members.get(group)?.has(id));
    const reached = new Set(outerOf(userId));
    for (const group of reached) for (const outer of outerOf(group)) reached.add(outer);
    return [...reached].map((id) => [id, members.get(id)?.has(userId) ? 'direct' : 'indirect']);
  }

  async function foundBySql(type: ResourceType, text: string): Promise<{ ids: string[]; total: number }> {
    const filter = readFilter(type, text, toleranceOf('standard'));
    const part = { type, filter, sort: undefined, relation: undefined };
    const read = (startIndex: number, count: number) =>
      storage.listResources(TENANT, { parts: [part], page: { startIndex, count } });
    const page = await read(1, 1000);
    // the same page without the short cut for few results, and the total that is counted apart
    const paged = await read(2, 1000);
    const counted = await read(1, 0);
    const ids = page.resources.map(({ id }) => id);
    expect(paged.resources.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(counted.totalResults).toBe(page.totalResults);
    expect(paged.totalResults).toBe(page.totalResults);
    return { ids, total: page.totalResults };
  }

  function foundByMatcher(type: ResourceType, text: string, resources: Map<string, Resource>): string[] {
    const filter = readFilter(type, text, toleranceOf('standard'));
    return [...resources.keys()].filter((id) => matches(filter, resources.get(id) as Resource)).sort();
  }

  /** Filters that storage refuses by rule, such as `meta.location`, are not compared. */
  async function compare(
    type: ResourceType,
    text: string,
    resources: Map<string, Resource>,
  ): Promise<boolean> {
    try {
      const { ids, total } = await foundBySql(type, text);
      expect([...ids].sort(), text).toEqual(foundByMatcher(type, text, resources));
      expect(total).toBe(ids.length);
      return true;
    } catch (error) {
      if (error instanceof ScimError && error.scimType === 'invalidFilter') return false;
      throw error;
    }
  }

  describe('the SQL of a filter finds what the reference matcher finds', () => {
    const kinds: [string, ResourceType, Map<string, Resource>][] = [
      ['users', USER_TYPE, users],
      ['groups', GROUP_TYPE, groups],
    ];
    test.each(kinds)('for random filters over %s', async (_, type, resources) => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(arbitraryFilter(type, { membership: true, server: true }), async (text) => {
          if (await compare(type, text, resources)) compared++;
        }),
        { numRuns: 600 },
      );
      expect(compared).toBeGreaterThan(400);
    });

    test.each([
      'emails[type eq "work" and value sw "A"]',
      'emails[type eq "work" or primary eq true]',
      'emails[not (type eq "work")]',
      'emails[type ne "work" and value pr]',
      'emails[not (value co "n" and type pr)]',
      'emails[value gt "b" and display lt "z" and primary ne true]',
      'not (emails[type eq "work"])',
      'emails.type eq "work" and not (emails.primary pr)',
      'emails pr and not (phoneNumbers pr)',
      'name pr or urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager pr',
      'schemas eq "urn:ietf:params:scim:schemas:core:2.0:User"',
      'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
      'not (schemas co "enterprise")',
      'schemas[value ew ":User" and value co "sap"]',
      'groups.value eq "group-1"',
      'groups[value eq "group-1" and type eq "direct"]',
      'groups.display pr',
      'groups.value eq "group-2"',
      'groups.value ne "group-2"',
      'groups eq "group-9"',
      'groups.value eq "group-8" and not (groups.value eq "group-3")',
      'groups.value eq "group-9" or groups.value eq "group-8"',
      'groups.type eq "direct"',
      'groups.type eq "Indirect"',
      'groups.type ne "indirect"',
      'groups.type sw "in"',
      'groups[type eq "indirect" and value eq "group-2"]',
      'groups[type eq "indirect" and not (value eq "group-2")]',
      'groups[type ne "direct" and (value eq "group-9" or value eq "group-4")]',
      'groups[not (type eq "direct") and display pr]',
      'groups[type eq "direct" and value eq "group-1" or type eq "indirect" and value eq "group-3"]',
      'groups[type eq "indirect" or value eq "group-4"]',
      'groups[type eq "direct" or value eq "group-9"]',
      'not (groups[type eq "indirect"])',
      'groups[value sw "group-" and not (value ge "group-3")]',
      'groups[$ref pr and type eq "indirect"]',
      'userName pr and groups[type eq "indirect" and value ne "group-1"]',
      'groups.type eq "x"',
      'not (groups pr)',
      'userName ew ""',
      'nickName eq null',
      'title ne null and active ne true',
      'active ne true',
      'meta.lastModified gt "2026-03-01T00:00:00.4999Z"',
      'meta.resourceType eq "User" and id eq "id-1"',
      'displayName sw "\u{10ffff}" or displayName co "_" or displayName ew "%n"',
    ])('for %s', async (text) => {
      expect(await compare(USER_TYPE, text, users)).toBe(true);
    });

    test.each([
      'members.value eq "id-1"',
      'members eq "id-1" and id eq "group-0"',
      'members[value eq "group-0" and type eq "Group"]',
      'members[type eq "group" or value sw "id-"]',
      'members[not (type eq "User")]',
      'not (members pr)',
      'members.type eq "Group"',
      'members.type ne "group"',
      'members[type eq "Group" and value eq "group-8"] and id eq "group-8"',
      'members[value sw "group" and not (value eq "group-0")]',
      'members.$ref pr',
    ])('for %s of groups', async (text) => {
      expect(await compare(GROUP_TYPE, text, groups)).toBe(true);
    });

    test('for the names of groups, direct and indirect', async () => {
      for (const { displayName } of groups.values()) {
        const name = String(displayName);
        const [start] = name;
        for (const text of [
          `groups.display eq ${JSON.stringify(name)}`,
          `groups[type eq "indirect" and display sw ${JSON.stringify(start)}]`,
          `groups[type eq "direct" and display ne ${JSON.stringify(name)}]`,
          `not (groups.display co ${JSON.stringify(start)})`,
        ])
          expect(await compare(USER_TYPE, text, users), text).toBe(true);
      }
    });

    test('long values compare beyond what an index entry holds', async () => {
      const long = 'x'.repeat(255);
      const values = [
        long,
        `${long}x`,
        `${long}xa`,
        `${long}xb`,
        `${long}${'\u{1f600}'}y`,
        `${long.slice(1)}\u{1f600}`,
      ];
      for (const [index, title] of values.entries()) {
        const user: Resource = Object.assign(emptyObject(), { userName: `long-${index}`, title });
        await store(USER_TYPE, `long-${index}`, user, users, index);
      }
      for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
        for (const title of values)
          await compare(USER_TYPE, `title ${operator} ${JSON.stringify(title)}`, users);
    });
  });

  describe('the SQL of an order gives the reference order', () => {
    const attributes = [
      'userName',
      'id',
      'displayName',
      'name.familyName',
      'name.givenName',
      'active',
      'emails',
      'emails.value',
      'emails.type',
      'emails.primary',
      'addresses.locality',
      'x509Certificates.value',
      'meta.created',
      'meta.lastModified',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
    ];

    async function walk(text: string | undefined, sort: Sort, pageSize: number): Promise<string[]> {
      const filter = text === undefined ? undefined : readFilter(USER_TYPE, text, toleranceOf('standard'));
      const ids: string[] = [];
      for (;;) {
        const page = await storage.listResources(TENANT, {
          parts: [{ type: USER_TYPE, filter, sort, relation: undefined }],
          page: { startIndex: ids.length + 1, count: pageSize },
        });
        ids.push(...page.resources.map(({ id }) => id));
        if (page.resources.length < pageSize) {
          expect(page.totalResults).toBe(ids.length);
          return ids;
        }
      }
    }

    const filters = [
      undefined,
      'active eq true',
      'emails pr',
      'userName sw "a"',
      'not (title pr)',
      'userName eq "Ann"',
    ];
    const cases = attributes.flatMap((sortBy) =>
      ['ascending', 'descending'].map((order) => [sortBy, order] as const),
    );
    test.each(cases)('by %s, %s', async (sortBy, order) => {
      const sort = readSort(USER_TYPE, sortBy, order) as Sort;
      for (const text of filters) {
        const filter = text === undefined ? undefined : readFilter(USER_TYPE, text, toleranceOf('standard'));
        const wanted = [...users.values()]
          .filter((user) => filter === undefined || matches(filter, user))
          .sort((a, b) => compareBySort(sort, a, b))
          .map(({ id }) => id);
        for (const pageSize of [7, 1000]) expect(await walk(text, sort, pageSize), text).toEqual(wanted);
      }
    });
  });
});
