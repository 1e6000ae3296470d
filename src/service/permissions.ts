import { ScimError } from '../core/error.ts';
import { readFilter } from '../core/filter-binding.ts';
import { GROUP_TYPE } from '../core/registry.ts';
import type { Attribute } from '../core/schema.ts';
import { PRIMARY_STORE, readStoreName } from '../core/store-name.ts';
import { readDoc } from '../core/stored.ts';
import { toleranceOf } from '../core/tolerance.ts';
import type { Actor } from '../storage/audit.ts';
import type { Directory, Tenant } from '../storage/directory.ts';
import type { ListedResource, Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import type { Clock } from './clock.ts';
import { ServiceError } from './service-error.ts';

/** What a group can give its members: to read themselves over SCIM 1.1, and everything else there. */
export const PERMISSIONS = ['login', 'provision'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A group with what its members may do. */
export interface GroupPermissions {
  readonly id: string;
  /** With the name of its user store, PRIMARY too. */
  readonly name: string;
  readonly permissions: readonly string[];
}

/** What groups permit. */
export interface Permissions {
  /**
   * @param group its id, or its displayName with or without `PRIMARY/`
   * @returns the group with what it has then
   * @throws ServiceError when there is no such group or no such permission, or several groups have that name
   */
  grant(tenant: Tenant, group: string, permission: string): Promise<GroupPermissions>;
  /** @throws ServiceError as `grant` does */
  revoke(tenant: Tenant, group: string, permission: string): Promise<GroupPermissions>;
  /**
   * Makes the permissions of a group those that are named, each in turn.
   *
   * @throws ServiceError as `grant` does
   */
  replace(tenant: Tenant, group: string, permissions: readonly string[]): Promise<GroupPermissions>;
  /** @throws ServiceError when there is no such group, or several have that name */
  find(tenant: Tenant, group: string): Promise<GroupPermissions>;
  /** The groups that have any. */
  list(tenant: Tenant): Promise<GroupPermissions[]>;
}

type PermissionStorage = Pick<Storage, 'getResource' | 'listResources' | 'directory' | 'audit'>;

export function createPermissions({
  storage,
  now,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: PermissionStorage;
  readonly now: Clock;
  readonly actor?: Actor;
}): Permissions {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);

  async function withPermissions(tenant: Tenant, { id, doc }: Found): Promise<GroupPermissions> {
    const permissions = (await directory.listPermissions(tenant.id)).get(id) ?? [];
    return { id, name: await shownName(directory, tenant, doc), permissions };
  }

  async function noted(
    { id: tenantId }: Tenant,
    action: string,
    permission: string,
    group: GroupPermissions,
  ): Promise<GroupPermissions> {
    const target = { type: GROUP_TYPE.name, id: group.id, name: group.name };
    await append(tenantId, { action, target, detail: { attributes: [permission] } });
    return group;
  }

  const permissions: Permissions = {
    async grant(tenant, group, permission) {
      requireKnown(permission);
      const found = await findGroup(storage, tenant, group);
      if (!(await directory.grantPermission(tenant.id, found.id, permission))) throw noGroup(tenant, group);
      return noted(tenant, 'permission.grant', permission, await withPermissions(tenant, found));
    },

    async revoke(tenant, group, permission) {
      requireKnown(permission);
      const found = await findGroup(storage, tenant, group);
      const hadIt = await directory.revokePermission(tenant.id, found.id, permission);
      const after = await withPermissions(tenant, found);
      return hadIt ? noted(tenant, 'permission.revoke', permission, after) : after;
    },

    async replace(tenant, group, wanted) {
      wanted.forEach(requireKnown);
      const before = await permissions.find(tenant, group);
      const added = wanted.filter((each) => !before.permissions.includes(each));
      const gone = before.permissions.filter((each) => !wanted.includes(each));
      for (const each of added) await permissions.grant(tenant, before.id, each);
      for (const each of gone) await permissions.revoke(tenant, before.id, each);
      return permissions.find(tenant, before.id);
    },

    find: async (tenant, group) => withPermissions(tenant, await findGroup(storage, tenant, group)),

    async list(tenant) {
      const groups: GroupPermissions[] = [];
      for (const [id, permissions] of await directory.listPermissions(tenant.id)) {
        const group = await storage.getResource(tenant.id, GROUP_TYPE.name, id, undefined);
        if (group !== undefined)
          groups.push({ id, name: await shownName(directory, tenant, group.doc), permissions });
      }
      return groups;
    },
  };
  return permissions;
}

/**
 * Checks that a user is in a group that permits something, directly or through nested groups.
 *
 * @throws ScimError 403
 */
export async function requirePermission(
  { directory }: { readonly directory: Pick<Directory, 'permits'> },
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
  permission: Permission,
): Promise<void> {
  if (await directory.permits(tenantId, userId, permission)) return;
  throw new ScimError(403, `The user is in no group with the permission ${permission}.`);
}

function requireKnown(permission: string): void {
  if (!PERMISSIONS.some((known) => known === permission))
    throw new ServiceError(
      'invalid',
      `There is no permission ${JSON.stringify(permission)}. The names are ${PERMISSIONS.join(', ')}.`,
    );
}

type Found = Pick<ListedResource, 'id' | 'doc'>;

const storeAttribute = GROUP_TYPE.storeAttribute as Attribute;

async function findGroup(storage: PermissionStorage, tenant: Tenant, idOrName: string): Promise<Found> {
  const byId = await storage.getResource(tenant.id, GROUP_TYPE.name, idOrName, undefined);
  if (byId !== undefined) return byId;
  const stores = await storage.directory.listUserStores(tenant.id);
  const { name } = readStoreName(storeAttribute, idOrName, stores);
  const text = `${storeAttribute.name} eq ${JSON.stringify(name)}`;
  const filter = readFilter(GROUP_TYPE, text, toleranceOf('strict'));
  const part = { type: GROUP_TYPE, filter, sort: undefined, relation: undefined };
  const { resources } = await storage.listResources(tenant.id, {
    parts: [part],
    page: { startIndex: 1, count: 2 },
  });
  const [first, second] = resources;
  if (first === undefined) throw noGroup(tenant, idOrName);
  if (second !== undefined)
    throw new ServiceError('conflict', `Several groups are called ${name}: say which by its id.`);
  return first;
}

const noGroup = (tenant: Tenant, group: string): ServiceError =>
  new ServiceError('notFound', `There is no group ${group} in tenant ${tenant.domain}.`);

async function shownName(directory: Directory, tenant: Tenant, doc: string): Promise<string> {
  const text = String(readDoc(doc)[storeAttribute.name]);
  const { name, prefix } = readStoreName(storeAttribute, text, await directory.listUserStores(tenant.id));
  return prefix === undefined ? `${PRIMARY_STORE}/${name}` : name;
}
