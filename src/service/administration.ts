import type { KeyObject } from 'node:crypto';
import type { Actor } from '../storage/audit.ts';
import { createAccounts } from './accounts.ts';
import { type Administrators, createAdministrators } from './administrator.ts';
import type { Services } from './context.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { createTenantDefinitions, type TenantDefinitions } from './definitions.ts';
import { createIntegrations, type Integrations } from './integrations.ts';
import { createPermissions, type Permissions } from './permissions.ts';
import type { RequestLog } from './request-log.ts';
import { createTenants, type Tenants } from './tenants.ts';
import { createUserStores, type UserStores } from './user-stores.ts';

/** The services that the command line and the admin API administer a server with. */
export interface Administration {
  readonly tenants: Tenants;
  readonly userStores: UserStores;
  readonly integrations: Integrations;
  readonly credentials: Credentials;
  readonly administrators: Administrators;
  readonly definitions: TenantDefinitions;
  readonly permissions: Permissions;
}

/**
 * The services that administer, on behalf of one actor: what they change is put down to that one. They keep nothing, and can
 * be made for each request.
 *
 * @param key the server's secret key
 * @param scimUrl the root of SCIM 2.0 as clients address it
 */
export function createAdministration({
  services,
  key,
  scimUrl,
  requestLog,
  actor,
}: {
  readonly services: Services;
  readonly key: KeyObject;
  readonly scimUrl: string;
  readonly requestLog: Pick<RequestLog, 'forgetTenant'>;
  readonly actor: Actor;
}): Administration {
  const { storage, now, passwords } = services;
  const common = { storage, now, actor };
  const accounts = createAccounts(services, scimUrl, actor);
  return {
    tenants: createTenants({ ...common, requestLog }),
    userStores: createUserStores(common),
    integrations: createIntegrations({ ...common, key }),
    credentials: createCredentials({ ...common, key }),
    administrators: createAdministrators({ ...common, passwords, accounts }),
    definitions: createTenantDefinitions(common),
    permissions: createPermissions(common),
  };
}
