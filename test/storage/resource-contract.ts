import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScimError } from '../../src/core/error.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { emptyObject, type JsonObject } from '../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { docText } from '../../src/core/stored.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import { newResourceId } from '../../src/service/ids.ts';
import type {
  ListPart,
  PageByIndex,
  ReadResource,
  RelationQuery,
  ResourceWrite,
  Storage,
  Transaction,
} from '../../src/storage/storage.ts';

const TENANT = 'aaaaaaaaaaaa';
const OTHER = 'bbbbbbbbbbbb';
const NOW = '2026-01-01T00:00:00';
const MEMBERS: RelationQuery = {
  kind: 'members',
  parts: ['value', '$ref', 'type'],
  references: [
    { type: 'User', base: 'https://x/Users/' },
    { type: 'Group', base: 'https://x/Groups/' },
  ],
};
const GROUPS: RelationQuery = { ...MEMBERS, kind: 'memberOf', parts: ['value', '$ref', 'display', 'type'] };

function write(type: ResourceType, id: string, attributes: JsonObject, version = 1): ResourceWrite {
  const resource = Object.assign(emptyObject(), attributes);
  return {
    type: type.name,
    stored: { id, doc: docText(type, id, resource), version, created: NOW, lastModified: NOW },
    store: 'primary',
    values: indexValues(type, resource),
  };
}

const user = (name: string, more: JsonObject = {}): ResourceWrite =>
  write(USER_TYPE, newResourceId(Date.now()), { userName: name, ...more });

const group = (name: string): ResourceWrite =>
  write(GROUP_TYPE, newResourceId(Date.now()), { displayName: name });

/** What every storage must do with resources and members, whatever database is below it. */
export function describeResources(open: () => Promise<{ storage: Storage; close: () => Promise<void> }>) {
  describe('resources', () => {
    let storage: Storage;
    let close: () => Promise<void>;
    let unique = 0;

    beforeAll(async () => {
      ({ storage, close } = await open());
    });
    afterAll(() => close());
    beforeEach(() => {
      unique++;
    });

    const fresh = (text: string): string => `${text}-${unique}`;

    async function insert(...writes: ResourceWrite[]): Promise<string[]> {
      await storage.transaction(TENANT, async (tx) => {
        for (const each of writes) await tx.insertResource(TENANT, each);
      });
      return writes.map(({ stored }) => stored.id);
    }

    const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
      storage.transaction(TENANT, work);

    const list = (tenantId: string, type: ResourceType, filter: ListPart['filter'], page: PageByIndex) =>
      storage.listResources(tenantId, {
        parts: [{ type, filter, sort: undefined, relation: undefined }],
        page,
      });

    async function find(type: ResourceType, filter: string, tenantId = TENANT): Promise<string[]> {
      const bound = readFilter(type, filter, toleranceOf('strict'));
      const { resources } = await list(tenantId, type, bound, { startIndex: 1, count: 2000 });
      return resources.map(({ id }) => id);
    }

    const count = async (type: ResourceType, tenantId = TENANT): Promise<number> => {
      return (await list(tenantId, type, undefined, { startIndex: 1, count: 0 })).totalResults;
    };

    const uniqueness = expect.objectContaining({ status: 409, scimType: 'uniqueness' });

    describe('unique values', () => {
      const badge = (userName: string, ...keys: string[]): ResourceWrite => ({
        ...user(fresh(userName)),
        unique: keys.map((key) => ({ path: 'x:number', name: 'number', key: fresh(key) })),
      });

      test('belong to one resource of a type in a tenant', async () => {
        await insert(badge('a', '1', '2'));
        await expect(insert(badge('b', '3', '2'))).rejects.toMatchObject({
          status: 409,
          message: 'Another User has this number already.',
        });
        await insert(badge('b', '3'));
        await insert({
          ...group(fresh('g')),
          unique: [{ path: 'x:number', name: 'number', key: fresh('1') }],
        });
        await storage.transaction(OTHER, (tx) => tx.insertResource(OTHER, badge('a', '1')));
      });

      test('of many resources at once are checked too', async () => {
        const many = [badge('a', '1'), badge('b', '2'), badge('c', '1')];
        await expect(inTransaction((tx) => tx.insertResources(TENANT, many))).rejects.toEqual(uniqueness);
        await inTransaction((tx) => tx.insertResources(TENANT, many.slice(0, 2)));
      });

      test('go to one of those that ask for them at the same time', async () => {
        const asked = ['a', 'b', 'c', 'd'].map((name) => insert(badge(name, '1')));
        const outcomes = await Promise.allSettled(asked);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toEqual(uniqueness);
      });

      test('are free again after a change and after a deletion', async () => {
        const before = badge('a', '1', '2');
        await insert(before, badge('b', '9'));
        const after = {
          ...before,
          stored: { ...before.stored, version: 2 },
          unique: badge('a', '2', '3').unique ?? [],
        };
        const taken = { ...after, unique: badge('a', '9').unique ?? [] };
        await expect(inTransaction((tx) => tx.updateResource(TENANT, before, taken))).rejects.toEqual(
          uniqueness,
        );
        expect(await inTransaction((tx) => tx.updateResource(TENANT, before, after))).toBe(true);
        await insert(badge('c', '1'));
        await expect(insert(badge('d', '3'))).rejects.toEqual(uniqueness);
        await inTransaction((tx) => tx.deleteResource(TENANT, after));
        await insert(badge('d', '2', '3'));
      });
    });

    test('what is hidden is read in a transaction only', async () => {
      const ann = { ...user(fresh('ann')), hidden: '{"pin":"1"}' };
      const bob = user(fresh('bob'));
      await insert(ann, bob);
      const hiddenOf = ({ stored }: ResourceWrite, tenantId = TENANT) =>
        storage.transaction(tenantId, (tx) => tx.getHidden(tenantId, 'User', stored.id));
      expect(await hiddenOf(ann)).toBe('{"pin":"1"}');
      expect(await hiddenOf(ann, OTHER)).toBeUndefined();
      expect(await hiddenOf(bob)).toBeUndefined();
      expect(
        JSON.stringify(await storage.getResource(TENANT, 'User', ann.stored.id, undefined)),
      ).not.toContain('pin');
      const changed = { ...ann, stored: { ...ann.stored, version: 2 }, hidden: undefined };
      await inTransaction((tx) => tx.updateResource(TENANT, ann, changed));
      expect(await hiddenOf(ann)).toBeUndefined();
    });

    test('what was inserted is read back, and only by its tenant and type', async () => {
      const ann = user(fresh('ann'));
      await insert(ann);
      const { id } = ann.stored;
      expect(await storage.getResource(TENANT, 'User', id, undefined)).toMatchObject(ann.stored);
      expect(await storage.getResource(OTHER, 'User', id, undefined)).toBeUndefined();
      expect(await storage.getResource(TENANT, 'Group', id, undefined)).toBeUndefined();
      expect(await find(USER_TYPE, `userName eq "${fresh('ann')}"`, OTHER)).toEqual([]);
    });

    test('a userName is unique in its tenant, without regard to case, and free in another', async () => {
      await insert(user(fresh('Ünal')));
      await expect(insert(user(fresh('ÜNAL')))).rejects.toEqual(uniqueness);
      const abroad = user(fresh('Ünal'));
      await storage.transaction(OTHER, (tx) => tx.insertResource(OTHER, abroad));
      expect(await find(USER_TYPE, `userName eq "${fresh('ünal')}"`, OTHER)).toEqual([abroad.stored.id]);
    });

    test('of many that take one name at the same time, one gets it', async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => insert(user(fresh('one')))));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toEqual(uniqueness);
      expect(await find(USER_TYPE, `userName eq "${fresh('one')}"`)).toHaveLength(1);
    });

    test('a transaction that throws leaves nothing, and those beside it are not touched', async () => {
      const before = await count(USER_TYPE);
      const failing = inTransaction(async (tx) => {
        await tx.insertResource(TENANT, user(fresh('lost'), { title: fresh('lost title') }));
        throw new Error('on purpose');
      });
      const [lost, kept] = await Promise.allSettled([failing, insert(user(fresh('kept')))]);
      expect([lost.status, kept.status]).toEqual(['rejected', 'fulfilled']);
      expect(
        await find(USER_TYPE, `userName eq "${fresh('lost')}" or title eq "${fresh('lost title')}"`),
      ).toEqual([]);
      expect(await count(USER_TYPE)).toBe(before + 1);
    });

    test('an update replaces document and index values, and needs the version it was made from', async () => {
      const before = user(fresh('bob'), { title: fresh('old'), nickName: fresh('same') });
      const { id } = before.stored;
      await insert(before);
      const after = write(
        USER_TYPE,
        id,
        { userName: fresh('rob'), title: fresh('new'), nickName: fresh('same') },
        2,
      );
      expect(await inTransaction((tx) => tx.updateResource(TENANT, before, after))).toBe(true);
      expect(await find(USER_TYPE, `title eq "${fresh('old')}" or userName eq "${fresh('bob')}"`)).toEqual(
        [],
      );
      expect(await find(USER_TYPE, `title eq "${fresh('new')}" and nickName eq "${fresh('same')}"`)).toEqual([
        id,
      ]);
      expect(await inTransaction((tx) => tx.updateResource(TENANT, before, after))).toBe(false);
      expect((await storage.getResource(TENANT, 'User', id, undefined))?.doc).toBe(after.stored.doc);
    });

    test('an update cannot take the userName of another resource', async () => {
      const [first, second] = [user(fresh('first')), user(fresh('second'))];
      await insert(first, second);
      const taken = write(USER_TYPE, second.stored.id, { userName: fresh('FIRST') }, 2);
      await expect(inTransaction((tx) => tx.updateResource(TENANT, second, taken))).rejects.toEqual(
        uniqueness,
      );
      expect((await storage.getResource(TENANT, 'User', second.stored.id, undefined))?.version).toBe(1);
    });

    test('a deleted resource is gone with its values and memberships, and its name is free', async () => {
      const [ann, club] = [user(fresh('ann'), { title: fresh('t') }), group(fresh('club'))];
      await insert(ann, club);
      await inTransaction((tx) =>
        tx.addMembers(TENANT, club.stored.id, [{ value: ann.stored.id, type: 'User' }]),
      );
      const before = await count(USER_TYPE);
      await inTransaction((tx) => tx.deleteResource(TENANT, ann));
      expect(await storage.getResource(TENANT, 'User', ann.stored.id, undefined)).toBeUndefined();
      expect(await find(USER_TYPE, `title eq "${fresh('t')}"`)).toEqual([]);
      expect(await storage.listMembers(TENANT, club.stored.id, undefined, 10)).toEqual([]);
      expect(await count(USER_TYPE)).toBe(before - 1);
      await insert(user(fresh('ann')));
    });

    test('many are inserted at once, or none', async () => {
      const before = await count(USER_TYPE);
      // more than one statement takes, on either database
      const many = Array.from({ length: 1100 }, (_, index) =>
        user(fresh(`many-${index}`), { title: fresh('many') }),
      );
      await inTransaction((tx) => tx.insertResources(TENANT, many));
      expect(await find(USER_TYPE, `title eq "${fresh('many')}"`)).toEqual(
        many.map(({ stored }) => stored.id),
      );
      expect(await count(USER_TYPE)).toBe(before + 1100);
      const doubled = [user(fresh('new')), user(fresh('many-7'))];
      await expect(inTransaction((tx) => tx.insertResources(TENANT, doubled))).rejects.toBeInstanceOf(
        ScimError,
      );
      expect(await count(USER_TYPE)).toBe(before + 1100);
    });

    test('one value that is twice in an element is indexed once', async () => {
      const labels = { type: null, primary: null };
      const twice = { path: 'x:tags', key: fresh('twice'), element: 0, labels };
      const before = { ...user(fresh('doubled')), values: [twice, twice, { ...twice, element: 1 }] };
      await insert(before);
      const stored = { ...before.stored, version: 2 };
      const after = { ...before, stored, values: [twice, { ...twice, key: fresh('other') }, twice] };
      expect(await inTransaction((tx) => tx.updateResource(TENANT, before, after))).toBe(true);
      await inTransaction((tx) => tx.deleteResource(TENANT, after));
    });

    test('members come and go by rows, and each change tells whom it was about', async () => {
      const club = group(fresh('club'));
      const people = Array.from({ length: 600 }, (_, index) => user(fresh(`p${index}`)));
      const ids = people.map(({ stored }) => stored.id);
      await inTransaction((tx) => tx.insertResources(TENANT, [club, ...people]));
      const { id } = club.stored;
      const add = (list: readonly string[]) =>
        inTransaction((tx) =>
          tx.addMembers(
            TENANT,
            id,
            list.map((value) => ({ value, type: 'User' })),
          ),
        );
      expect((await add(ids)).toSorted()).toEqual(ids);
      expect(await add(ids.slice(0, 3))).toEqual([]);
      expect(await storage.countMembers(TENANT, id, 1000)).toBe(600);
      expect(await storage.countMembers(TENANT, id, 7)).toBe(7);
      expect(await storage.countMembers(OTHER, id, 7)).toBe(0);
      const page = await storage.listMembers(TENANT, id, ids[9], 2);
      expect(page.map(({ value }) => value)).toEqual(ids.slice(10, 12));
      const gone = await inTransaction((tx) => tx.removeMembers(TENANT, id, [...ids.slice(0, 5), 'nobody']));
      expect(gone.toSorted()).toEqual(ids.slice(0, 5));
      expect(await inTransaction((tx) => tx.groupsOf(TENANT, 'User', ids[7] as string))).toEqual([id]);
      expect((await inTransaction((tx) => tx.clearMembers(TENANT, id))).toSorted()).toEqual(ids.slice(5));
      expect(await inTransaction((tx) => tx.groupsOf(TENANT, 'User', ids[7] as string))).toEqual([]);
    });

    test('membership is read as JSON text from both sides, a large one in pieces', async () => {
      const [inner, outer] = [group(fresh('In"ner\\')), group(fresh('outer'))];
      const people = Array.from({ length: 150 }, (_, index) => user(fresh(`m${index}`)));
      await inTransaction((tx) => tx.insertResources(TENANT, [inner, outer, ...people]));
      const [first] = people as [ResourceWrite];
      const edges = people.map(({ stored }) => ({ value: stored.id, type: 'User' }));
      await inTransaction((tx) => tx.addMembers(TENANT, inner.stored.id, edges));
      await inTransaction((tx) =>
        tx.addMembers(TENANT, outer.stored.id, [{ value: inner.stored.id, type: 'Group' }]),
      );

      const small = await storage.getResource(TENANT, 'Group', outer.stored.id, MEMBERS);
      expect(small?.relation).toBe(
        `{"value":"${inner.stored.id}","$ref":"https://x/Groups/${inner.stored.id}","type":"Group"}`,
      );
      const large = await storage.getResource(TENANT, 'Group', inner.stored.id, MEMBERS);
      const pieces: Uint8Array[] = [];
      const { relation } = large as ReadResource;
      for await (const piece of relation as AsyncIterable<Uint8Array>) pieces.push(piece);
      const members = JSON.parse(`[${Buffer.concat(pieces).toString()}]`);
      expect(members).toHaveLength(150);
      expect(members[0]).toEqual({
        value: first.stored.id,
        $ref: `https://x/Users/${first.stored.id}`,
        type: 'User',
      });

      const member = await storage.getResource(TENANT, 'User', first.stored.id, GROUPS);
      const seen = (each: ResourceWrite, display: string, type: string) => ({
        value: each.stored.id,
        $ref: `https://x/Groups/${each.stored.id}`,
        display: fresh(display),
        type,
      });
      const groups = [seen(inner, 'In"ner\\', 'direct'), seen(outer, 'outer', 'indirect')];
      expect(JSON.parse(`[${member?.relation}]`)).toEqual(groups);
      const values = await storage.getResource(TENANT, 'User', first.stored.id, {
        ...GROUPS,
        parts: ['value'],
      });
      expect(JSON.parse(`[${values?.relation}]`)).toEqual(groups.map(({ value }) => ({ value })));
      const none = await storage.getResource(TENANT, 'Group', outer.stored.id, undefined);
      expect(none?.relation).toBeUndefined();
    });

    test('the types of ids that exist are found among the types asked for', async () => {
      const [ann, club] = [user(fresh('ann')), group(fresh('club'))];
      await insert(ann, club);
      const ids = [ann.stored.id, club.stored.id, 'nobody'];
      const ask = (types: string[]) => inTransaction((tx) => tx.resourceTypesOf(TENANT, types, ids));
      expect(await ask(['User', 'Group'])).toEqual(
        new Map([
          [ann.stored.id, 'User'],
          [club.stored.id, 'Group'],
        ]),
      );
      expect(await ask(['Group'])).toEqual(new Map([[club.stored.id, 'Group']]));
      expect(await storage.transaction(OTHER, (tx) => tx.resourceTypesOf(OTHER, ['User'], ids))).toEqual(
        new Map(),
      );
    });

    test('a touched resource has a later version and time, even when the clock went back', async () => {
      const club = group(fresh('club'));
      await insert(club);
      const { id } = club.stored;
      await inTransaction((tx) => tx.touchResource(TENANT, 'Group', id, '2026-01-02T00:00:00'));
      await inTransaction((tx) => tx.touchResource(TENANT, 'Group', id, '2025-01-01T00:00:00'));
      expect(await storage.getResource(TENANT, 'Group', id, undefined)).toMatchObject({
        version: 3,
        lastModified: '2026-01-02T00:00:00.001',
      });
    });

    test('pages follow each other in a fixed order, with the total on each', async () => {
      const club = fresh('page');
      const people = Array.from({ length: 45 }, (_, index) =>
        user(fresh(`page${index}`), { nickName: club }),
      );
      await inTransaction((tx) => tx.insertResources(TENANT, people));
      const filter = readFilter(USER_TYPE, `nickName eq "${club}"`, toleranceOf('strict'));
      const seen: string[] = [];
      for (let startIndex = 1; startIndex <= 51; startIndex += 10) {
        const page = await list(TENANT, USER_TYPE, filter, { startIndex, count: 10 });
        expect(page.totalResults).toBe(45);
        seen.push(...page.resources.map(({ id }) => id));
      }
      expect(seen).toEqual(people.map(({ stored }) => stored.id));
    });
  });
}
