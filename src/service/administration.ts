import type { KeyObject } from 'node:crypto';
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
 * @param key the server's secret key
 * @param scimUrl the root of SCIM 2.0 as clients address it
 */
export function createAdministration(
  services: Services,
  key: KeyObject,
  scimUrl: string,
  requestLog: Pick<RequestLog, 'forgetTenant'>,
): Administration {
  const { storage, now, passwords } = services;
  const accounts = createAccounts(services, scimUrl);
  return {
    tenants: createTenants({ storage, now, requestLog }),
    userStores: createUserStores({ storage, now }),
    integrations: createIntegrations({ storage, now, key }),
    credentials: createCredentials({ storage, now, key }),
    administrators: createAdministrators({ storage, now, passwords, accounts }),
    definitions: createTenantDefinitions({ storage, now }),
    permissions: createPermissions({ storage }),
  };
}
