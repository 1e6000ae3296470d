import type { Executor, SqlDialect } from './engine.ts';

// Writes of resources hold the row of their tenant together; what they are made by, its user stores and definitions, is
// changed by who holds it alone. Where one transaction writes at a time there is nothing to hold.

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
  if (ending !== '') await tx.get(`SELECT id FROM tenant WHERE id = ?${ending}`, [tenantId]);
}
