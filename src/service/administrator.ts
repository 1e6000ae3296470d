import type { Actor } from '../storage/audit.ts';
import type { Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import type { Accounts } from './accounts.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import { type Passwords, requirePassword } from './passwords.ts';
import { PERMISSIONS } from './permissions.ts';

/** The name of the first user of a tenant and of the group whose members may do everything. */
export const ADMINISTRATOR = 'admin';

/** Creates what a tenant is administered with. What is there already stays, so that an interrupted call can be repeated. */
export interface Administrators {
  /**
   * Creates the user `admin` and the group `PRIMARY/admin` with that user as its member and with all permissions.
   *
   * @throws ServiceError when the password can't be one
   */
  create(tenant: Tenant, password: string): Promise<void>;
  /** Creates the group `PRIMARY/admin` with all permissions and without members. */
  createGroup(tenant: Tenant): Promise<void>;
}

export function createAdministrators({
  storage,
  now,
  passwords,
  accounts,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'transaction' | 'directory' | 'audit'>;
  readonly now: Clock;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly accounts: Accounts;
  readonly actor?: Actor;
}): Administrators {
  const append = auditBy({ storage, now }, actor);
  async function ensureGroup(tenant: Tenant, userIds: readonly string[]): Promise<void> {
    const groupId =
      (await accounts.findGroup(tenant, ADMINISTRATOR)) ??
      (await accounts.createGroup(tenant, ADMINISTRATOR, userIds));
    for (const permission of PERMISSIONS)
      await storage.directory.grantPermission(tenant.id, groupId, permission);
    await append(tenant.id, {
      ...{ action: 'permission.grant', target: { type: 'Group', id: groupId, name: ADMINISTRATOR } },
      detail: { attributes: PERMISSIONS },
    });
  }

  return {
    async create(tenant, password) {
      requirePassword(password);
      const hash = await passwords.hash(password);
      const userId =
        (await accounts.findUser(tenant, ADMINISTRATOR)) ??
        (await accounts.createUser(tenant, ADMINISTRATOR));
      await storage.transaction(tenant.id, (tx) => tx.setPassword(tenant.id, userId, hash, timestamp(now())));
      await append(tenant.id, {
        ...{ action: 'user.setPassword', target: { type: 'User', id: userId, name: ADMINISTRATOR } },
        detail: { attributes: ['password'] },
      });
      await ensureGroup(tenant, [userId]);
    },

    createGroup: (tenant) => ensureGroup(tenant, []),
  };
}
