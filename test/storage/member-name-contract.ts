import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GROUP_TYPE } from '../../src/core/registry.ts';
import { type Accounts, createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import type { ReadResource, RelationQuery, Storage, Transaction } from '../../src/storage/storage.ts';
import { storeOf, tenantOf } from './directory-contract.ts';

const NAMES: RelationQuery = { kind: 'members', parts: ['value', 'display'], references: [] };

/** What every storage must tell of the names of members and groups. */
export function describeMemberNames(open: () => Promise<{ storage: Storage; close: () => Promise<void> }>) {
  describe('names of members', () => {
    let storage: Storage;
    let close: () => Promise<void>;
    let tenant: Tenant;
    let accounts: Accounts;

    beforeAll(async () => {
      ({ storage, close } = await open());
      tenant = tenantOf('a.example');
      await storage.directory.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
      await storage.directory.createUserStore(storeOf(tenant.id, 'EU'));
      const services = createServices({ storage, key: createSecretKey(randomBytes(32)), now: Date.now });
      accounts = createAccounts(services, 'http://roster.test');
    });
    afterAll(() => close());

    const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
      storage.transaction(tenant.id, work);

    async function shown({ relation }: ReadResource): Promise<{ value: string; display: string }[]> {
      const pieces: Uint8Array[] = [];
      if (typeof relation === 'string') pieces.push(Buffer.from(relation));
      else for await (const piece of relation ?? []) pieces.push(piece);
      return JSON.parse(`[${Buffer.concat(pieces).toString()}]`);
    }

    async function membersOf(id: string) {
      const read = await storage.getResource(tenant.id, 'Group', id, NAMES);
      if (read === undefined) throw new Error('no such group');
      const listed = await storage.listResources(tenant.id, {
        parts: [{ type: GROUP_TYPE, filter: undefined, sort: undefined, relation: NAMES }],
        page: { startIndex: 1, count: 100 },
      });
      const inList = listed.resources.find((each) => each.id === id) as ReadResource;
      const members = await shown(read);
      expect(await shown(inList)).toEqual(members);
      return members;
    }

    test('are shown with each, userNames of users and displayNames of groups', async () => {
      const user = await accounts.createUser(tenant, 'eu/a"\\ü');
      const inner = await accounts.createGroup(tenant, 'Inner', []);
      const group = await accounts.createGroup(tenant, 'Outer', [user, inner]);
      expect(await membersOf(group)).toEqual([
        { value: user, display: 'EU/a"\\ü' },
        { value: inner, display: 'Inner' },
      ]);
    });

    test('are shown in large groups too', async () => {
      const users: string[] = [];
      for (let index = 0; index < 120; index++) users.push(await accounts.createUser(tenant, `u${index}`));
      const group = await accounts.createGroup(tenant, 'Large', users);
      expect(await membersOf(group)).toEqual(
        users
          .map((value, index) => ({ value, display: `u${index}` }))
          .sort((a, b) => (a.value < b.value ? -1 : 1)),
      );
    });

    test('are what resources are known by', async () => {
      const user = await accounts.createUser(tenant, 'EU/Known');
      const group = await accounts.createGroup(tenant, 'internal/Known', []);
      const ask = (types: string[]) =>
        inTransaction((tx) => tx.identitiesOf(tenant.id, types, [user, group, 'nobody']));
      const known = { type: 'User', store: 'eu', nameKey: 'eu/known' };
      expect(await ask(['User'])).toEqual(new Map([[user, known]]));
      expect(await ask(['User', 'Group'])).toEqual(
        new Map([
          [user, known],
          [group, { type: 'Group', store: 'internal', nameKey: 'internal/known' }],
        ]),
      );
    });

    test('are taken by others of the type, not by the resource itself', async () => {
      const group = await accounts.createGroup(tenant, 'Taken', []);
      const isTaken = (type: string, id: string, key: string) =>
        inTransaction((tx) => tx.isNameTaken(tenant.id, type, id, key));
      expect(await isTaken('Group', 'other', 'taken')).toBe(true);
      expect(await isTaken('Group', 'other', 'taken')).toBe(true);
      expect(await isTaken('Group', group, 'taken')).toBe(false);
      expect(await isTaken('Group', 'other', 'free')).toBe(false);
      expect(await isTaken('User', 'other', 'taken')).toBe(false);
    });
  });
}
