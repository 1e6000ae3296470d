import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { requirePermission } from '../../src/service/permissions.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createInstallation, type TestInstallation } from './installation.ts';

let at: TestInstallation;
let tenant: Tenant;
let user: string;

beforeEach(async () => {
  at = await createInstallation();
  tenant = await at.tenants.ensureSuper();
  user = await at.accounts.createUser(tenant, 'ann');
});
afterEach(() => at.close());

async function permissionsOf(id: string, { id: tenantId }: Tenant = tenant): Promise<string[]> {
  const permitted: string[] = [];
  for (const permission of ['login', 'provision'])
    if (await at.storage.directory.permits(tenantId, id, permission)) permitted.push(permission);
  return permitted;
}

const remove = (type: string, id: string) =>
  at.storage.transaction(tenant.id, async (tx) => {
    const stored = await tx.getResource(tenant.id, type, id, undefined);
    if (stored === undefined) throw new Error('nothing to delete');
    await tx.deleteResource(tenant.id, { type, stored, values: [] });
  });

describe('permissions of a group', () => {
  it('are those of its members, and of the members of groups in it', async () => {
    const inner = await at.accounts.createGroup(tenant, 'inner', [user]);
    const middle = await at.accounts.createGroup(tenant, 'middle', [inner]);
    await at.accounts.createGroup(tenant, 'outer', [middle]);
    const other = await at.accounts.createUser(tenant, 'bob');
    expect(await permissionsOf(user)).toEqual([]);
    await at.permissions.grant(tenant, 'outer', 'provision');
    await at.permissions.grant(tenant, 'inner', 'login');
    await at.permissions.grant(tenant, 'middle', 'login');
    expect(await permissionsOf(user)).toEqual(['login', 'provision']);
    expect(await permissionsOf(inner)).toEqual(['login', 'provision']);
    expect(await permissionsOf(other)).toEqual([]);
    await at.permissions.revoke(tenant, 'outer', 'provision');
    expect(await permissionsOf(user)).toEqual(['login']);
  });

  it('are found in groups that hold each other', async () => {
    const one = await at.accounts.createGroup(tenant, 'one', [user]);
    const two = await at.accounts.createGroup(tenant, 'two', [one]);
    await at.storage.transaction(tenant.id, (tx) =>
      tx.addMembers(tenant.id, one, [{ value: two, type: 'Group' }]),
    );
    await at.permissions.grant(tenant, two, 'login');
    expect(await permissionsOf(user)).toEqual(['login']);
  });

  it('end with the membership and with the group', async () => {
    const group = await at.accounts.createGroup(tenant, 'staff', [user]);
    await at.permissions.grant(tenant, group, 'login');
    await at.storage.transaction(tenant.id, (tx) => tx.removeMembers(tenant.id, group, [user]));
    expect(await permissionsOf(user)).toEqual([]);
    await at.storage.transaction(tenant.id, (tx) =>
      tx.addMembers(tenant.id, group, [{ value: user, type: 'User' }]),
    );
    expect(await permissionsOf(user)).toEqual(['login']);
    await remove('Group', group);
    expect(await permissionsOf(user)).toEqual([]);
    expect(await at.storage.directory.listPermissions(tenant.id)).toEqual(new Map());
    expect(await at.storage.directory.grantPermission(tenant.id, group, 'login')).toBe(false);
  });

  it('are those of one tenant', async () => {
    const other = await at.tenants.create('other.example');
    const group = await at.accounts.createGroup(tenant, 'staff', [user]);
    await at.permissions.grant(tenant, group, 'login');
    expect(await permissionsOf(user, other)).toEqual([]);
    expect(await at.permissions.list(other)).toEqual([]);
    await expect(at.permissions.grant(other, group, 'login')).rejects.toMatchObject({ problem: 'notFound' });
    expect(await at.storage.directory.grantPermission(other.id, group, 'login')).toBe(false);
  });

  it('are given by id, by name, or by name with the user store', async () => {
    const group = await at.accounts.createGroup(tenant, 'staff', []);
    await at.userStores.create(tenant, 'EU');
    const inStore = await at.accounts.createGroup(tenant, 'eu/staff', []);
    const staff = { id: group, name: 'PRIMARY/staff', permissions: ['login'] };
    for (const name of [group, 'Staff', 'primary/STAFF'])
      expect(await at.permissions.grant(tenant, name, 'login')).toEqual(staff);
    expect(await at.permissions.find(tenant, 'EU/staff')).toEqual({
      id: inStore,
      name: 'EU/staff',
      permissions: [],
    });
    expect(await at.permissions.list(tenant)).toEqual([staff]);
  });

  test.each([
    ['nobody', 'login', 'notFound'],
    ['ann', 'login', 'notFound'],
    ['staff', 'everything', 'invalid'],
    ['twice', 'login', 'conflict'],
  ])('of %s can not be changed by %s: %s', async (name, permission, problem) => {
    for (const displayName of ['staff', 'twice', 'Twice'])
      await at.accounts.createGroup(tenant, displayName, [user]);
    for (const change of [at.permissions.grant, at.permissions.revoke])
      await expect(change(tenant, name, permission)).rejects.toMatchObject({ problem });
    expect(await permissionsOf(user)).toEqual([]);
  });

  it('are asked for by name, and 403 where they are missing', async () => {
    const group = await at.accounts.createGroup(tenant, 'staff', [user]);
    await at.permissions.grant(tenant, group, 'login');
    const who = { tenantId: tenant.id, userId: user };
    await requirePermission(at.storage, who, 'login');
    await expect(requirePermission(at.storage, who, 'provision')).rejects.toMatchObject({ status: 403 });
  });
});

describe('PRIMARY/admin', () => {
  it('has all permissions, with and without the user admin', async () => {
    await at.administrators.createGroup(tenant);
    const other = await at.tenants.create('other.example');
    await at.administrators.create(other, 'secret');
    for (const each of [tenant, other])
      expect(await at.permissions.find(each, 'PRIMARY/admin')).toMatchObject({
        name: 'PRIMARY/admin',
        permissions: ['login', 'provision'],
      });
    const admin = (await at.accounts.findUser(other, 'admin')) ?? '';
    expect(await permissionsOf(admin, other)).toEqual(['login', 'provision']);
  });

  it('has them again when an interrupted call is repeated', async () => {
    await at.accounts.createGroup(tenant, 'admin', []);
    await at.administrators.create(tenant, 'secret');
    expect((await at.permissions.find(tenant, 'admin')).permissions).toEqual(['login', 'provision']);
  });
});
