import type { Engine } from './engine.ts';
import { REQUEST_LOG_TABLES } from './migrations/request-log.ts';
import { deleteOperatorsOf } from './operator-store.ts';
import { holdTenantAlone } from './tenant-lock.ts';

/**
 * The tables with rows of a tenant and their primary keys behind tenant_id, in an order that foreign keys allow. `user_store`
 * is not among them: it has the row that the tenant is held by to the end.
 */
const TENANT_TABLES: readonly (readonly [table: string, key: string])[] = [
  ['credential', 'id'],
  ['integration', 'id'],
  ['member', 'group_id, member_id'],
  ['unique_value', 'type, path, value'],
  ['attribute_value', 'type, path, value, resource_id, element'],
  ['user_password', 'user_id'],
  ['group_permission', 'group_id, permission'],
  ['resource', 'type, id'],
  ['resource_count', 'type, shard'],
  ['definition', 'kind, name'],
  ['audit_record', 'id'],
];

/** With SQLite the request log is no part of the database. */
const tablesOf = ({ dialect }: Engine): typeof TENANT_TABLES =>
  dialect.name === 'sqlite' ? TENANT_TABLES : [...REQUEST_LOG_TABLES, ...TENANT_TABLES];

const ROWS_AT_ONCE = 2000;

/**
 * Deletes a tenant and everything in it. First nobody can sign in to it any more, then its rows go a few at a time, so
 * that a big tenant does not hold up the writes of the others; the last transaction takes what came in meanwhile, and the
 * tenant. When it is interrupted, the tenant is left deactivated and can be deleted again.
 */
export async function deleteTenantRows(engine: Engine, tenantId: string): Promise<void> {
  const { transaction } = engine.of(tenantId);
  await transaction((executor) =>
    executor.run('UPDATE tenant SET active = 0, revision = revision + 1 WHERE id = ?', [tenantId]),
  );
  for (const [table, key] of tablesOf(engine)) {
    const some = `DELETE FROM ${table} WHERE tenant_id = ? AND (${key}) IN
      (SELECT ${key} FROM ${table} WHERE tenant_id = ? LIMIT ${ROWS_AT_ONCE})`;
    let deleted: number;
    do {
      deleted = await transaction((executor) => executor.run(some, [tenantId, tenantId]));
    } while (deleted > 0);
  }
  await transaction(async (executor) => {
    await holdTenantAlone(engine.dialect, executor, tenantId);
    for (const [table] of tablesOf(engine)) {
      await executor.run(`DELETE FROM ${table} WHERE tenant_id = ?`, [tenantId]);
    }
    await executor.run('DELETE FROM user_store WHERE tenant_id = ?', [tenantId]);
    await deleteOperatorsOf(executor, tenantId);
    await executor.run('DELETE FROM tenant WHERE id = ?', [tenantId]);
  });
}
