import { foldText } from '../core/compare.ts';
import { PRIMARY_STORE, PRIMARY_STORE_KEY } from '../core/store-name.ts';
import type { Actor } from '../storage/audit.ts';
import type { Tenant, UserStore } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import { ServiceError } from './service-error.ts';

/** The name spaces of users inside tenants. */
export interface UserStores {
  /**
   * @param name letters, digits, `.`, `_` and `-`; kept in upper case
   * @throws ServiceError when the name can't be one
   * @throws ScimError 409 uniqueness when the tenant has a store of that name, or names that would be in it
   */
  create(tenant: Tenant, name: string): Promise<UserStore>;
  list(tenant: Tenant): Promise<UserStore[]>;
  /** Keys of the names of those that nothing is in, but for `PRIMARY`. */
  listEmpty(tenant: Tenant): Promise<string[]>;
  /** @throws ServiceError when there is no such store, it is not empty, or it is `PRIMARY` */
  remove(tenant: Tenant, name: string): Promise<UserStore>;
}

export function createUserStores({
  storage,
  now,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'directory' | 'audit'>;
  readonly now: Clock;
  readonly actor?: Actor;
}): UserStores {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);
  const note = (action: string, { tenantId, nameKey, name }: UserStore): Promise<void> =>
    append(tenantId, { action, target: { type: 'UserStore', id: nameKey, name } });
  return {
    async create(tenant, name) {
      requireName(name);
      const store = userStore(tenant.id, name.toUpperCase(), timestamp(now()));
      await directory.createUserStore(store);
      await note('userStore.create', store);
      return store;
    },

    list: (tenant) => directory.listUserStores(tenant.id),
    listEmpty: (tenant) => directory.emptyUserStores(tenant.id),

    async remove(tenant, name) {
      const nameKey = foldText(name);
      if (nameKey === PRIMARY_STORE_KEY) {
        throw new ServiceError(
          'conflict',
          `Every tenant has the user store ${PRIMARY_STORE}: it can't be deleted.`,
        );
      }
      const stores = await directory.listUserStores(tenant.id);
      const store = stores.find((known) => known.nameKey === nameKey);
      if (store === undefined) {
        throw new ServiceError(
          'notFound',
          `There is no user store ${name} in tenant ${tenant.domain}; "roster store list" shows them.`,
        );
      }
      if (!(await directory.deleteUserStore(tenant.id, nameKey))) {
        throw new ServiceError(
          'conflict',
          `The user store ${store.name} still holds users or groups: delete them first.`,
        );
      }
      await note('userStore.delete', store);
      return store;
    },
  };
}

/** A user store that is not stored yet. */
export const userStore = (tenantId: string, name: string, created: string): UserStore => ({
  tenantId,
  nameKey: foldText(name),
  name,
  created,
});

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** Name spaces of roles that are in no user store. */
const RESERVED = ['internal', 'application', 'workflow'];

function requireName(name: string): void {
  if (!NAME.test(name)) {
    throw new ServiceError(
      'invalid',
      `A user store can't be named ${JSON.stringify(name)}: use 1 to 64 letters, digits, ".", "_" and "-".`,
      { field: 'name' },
    );
  }
  if (RESERVED.includes(foldText(name))) {
    throw new ServiceError(
      'invalid',
      `A user store can't be named ${name}: groups outside of all stores have that prefix.`,
      { field: 'name' },
    );
  }
}
