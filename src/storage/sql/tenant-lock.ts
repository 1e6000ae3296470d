import { PRIMARY_STORE_KEY } from '../../core/store-name.ts';
import type { Executor, SqlDialect } from './engine.ts';

// Writes of resources hold their tenant together; what they are made by, its user stores and definitions, is changed by who
// holds it alone. Where one transaction writes at a time there is nothing to hold. What is held is the row of the user store
// PRIMARY, which every tenant has as long as there is the tenant: an engine that spreads tenants over servers locks a row
// of the table `tenant`, of which every server has a copy, by locking all of it.

/** Keeps the user stores and definitions of a tenant as they are while a transaction runs. */
export const holdTenant = (dialect: SqlDialect, tx: Executor, tenantId: string): Promise<void> =>
  lock(tx, tenantId, dialect.locks.hold);

/** Lets the transactions that change a tenant, its integrations or its credentials go one after the other. */
export const holdTenantForChange = (dialect: SqlDialect, tx: Executor, tenantId: string): Promise<void> =>
  lock(tx, tenantId, dialect.locks.change);

/** Waits until no transaction holds the tenant, and holds it alone. */
export const holdTenantAlone = (dialect: SqlDialect, tx: Executor, tenantId: string): Promise<void> =>
  lock(tx, tenantId, dialect.locks.alone);

async function lock(tx: Executor, tenantId: string, ending: string): Promise<void> {
  if (ending === '') return;
  const text = `SELECT name_key FROM user_store WHERE tenant_id = ? AND name_key = ?${ending}`;
  await tx.get(text, [tenantId, PRIMARY_STORE_KEY]);
}
