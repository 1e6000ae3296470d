import type {
  AuthorizationType,
  Credential,
  Integration,
  IntegrationSettings,
  Tenant,
  UserStore,
} from '../directory.ts';
import type { Executor } from './engine.ts';
import type { Tables } from './tables.ts';

// Rows of the tables and what they say, in both directions.

export type TenantRow = Omit<Tables['tenant'], 'revision' | 'definition_revision'>;

export const tenantRow = ({ id, domain, name, isSuper, active, created }: Tenant): TenantRow => ({
  id,
  domain,
  name,
  is_super: Number(isSuper),
  active: Number(active),
  created,
});

export const tenantOf = ({ id, domain, name, is_super, active, created }: TenantRow): Tenant => ({
  id,
  domain,
  name,
  isSuper: is_super !== 0,
  active: active !== 0,
  created,
});

export const userStoreRow = ({ tenantId, nameKey, name, created }: UserStore): Tables['user_store'] => ({
  tenant_id: tenantId,
  name_key: nameKey,
  name,
  created,
});

const userStoreOf = ({ tenant_id, name_key, name, created }: Tables['user_store']): UserStore => ({
  tenantId: tenant_id,
  nameKey: name_key,
  name,
  created,
});

export async function readUserStores(executor: Executor, tenantId: string): Promise<UserStore[]> {
  const rows = await executor.all<Tables['user_store']>(
    'SELECT tenant_id, name_key, name, created FROM user_store WHERE tenant_id = ? ORDER BY name_key',
    [tenantId],
  );
  return rows.map(userStoreOf);
}

export const integrationRow = ({ tenantId, settings, ...rest }: Integration): Tables['integration'] => ({
  tenant_id: tenantId,
  settings: JSON.stringify(settings),
  ...rest,
});

export const integrationOf = ({
  tenant_id,
  auth,
  settings,
  ...rest
}: Tables['integration']): Integration => ({
  tenantId: tenant_id,
  auth: auth as AuthorizationType,
  settings: JSON.parse(settings) as IntegrationSettings,
  ...rest,
});

export const credentialRow = (credential: Credential): Tables['credential'] => ({
  tenant_id: credential.tenantId,
  id: credential.id,
  integration_id: credential.integrationId,
  digest: credential.digest,
  suffix: credential.suffix,
  created: credential.created,
  last_used: credential.lastUsed ?? null,
  expires: credential.expires ?? null,
});

export const credentialOf = (row: Tables['credential']): Credential => ({
  tenantId: row.tenant_id,
  id: row.id,
  integrationId: row.integration_id,
  digest: row.digest,
  suffix: row.suffix,
  created: row.created,
  lastUsed: row.last_used ?? undefined,
  expires: row.expires ?? undefined,
});
