import type { Engine, Executor, SqlDialect } from './engine.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { REQUEST_LOG_MIGRATIONS } from './migrations/request-log.ts';

/** Tables that have been spread over the servers of Citus. */
export interface Distribution {
  /** Their rows are on the server that has the tenant. */
  readonly byTenant: readonly string[];
  /** Every server has all of their rows. */
  readonly everywhere: readonly string[];
}

const tableMadeBy = (statement: string): string | undefined => /^CREATE TABLE (\w+)/.exec(statement)?.[1];

/** In the order in which they are made, so that each comes after those that its foreign keys point to. */
const TABLES: readonly string[] = [
  'migration_step',
  'lease',
  ...[...MIGRATIONS, ...REQUEST_LOG_MIGRATIONS].flatMap(({ statements }) =>
    statements.flatMap((text) => tableMadeBy(text) ?? []),
  ),
];

interface TableState {
  readonly name: string;
  readonly isOfTenants: boolean;
  readonly isSpread: boolean;
  readonly isFenced: boolean;
}

const TABLE_STATES = `SELECT c.relname AS name, p.logicalrelid IS NOT NULL AS "isSpread",
    c.relrowsecurity AS "isFenced",
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS "isOfTenants"
  FROM pg_class c LEFT JOIN pg_dist_partition p ON p.logicalrelid = c.oid
  WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace)`;

/**
 * Spreads the tables over the servers of a Citus cluster: those with `tenant_id` by it, so that all rows of a tenant are on
 * one server, the others as a copy on each. What they hold moves with them. All tables are spread or none; those that are
 * already stay as they are.
 *
 * @param engine the database on the coordinator, its tables up to date
 * @returns what was spread now; undefined when the database has no extension `citus`
 */
export const distribute = ({ dialect, migration }: Engine): Promise<Distribution | undefined> =>
  migration(async (tx) => {
    if (!(await hasCitus(dialect, tx))) return undefined;
    return spread(tx, await readTables(tx));
  });

/** Spreads tables that a migration has just made, where the others are spread. */
export async function distributeNewTables(dialect: SqlDialect, tx: Executor): Promise<void> {
  if (!(await hasCitus(dialect, tx))) return;
  const tables = await readTables(tx);
  if (tables.some(({ isSpread }) => isSpread)) await spread(tx, tables);
}

async function hasCitus({ name }: SqlDialect, tx: Executor): Promise<boolean> {
  if (name !== 'postgres') return false;
  return (await tx.get("SELECT 1 AS found FROM pg_extension WHERE extname = 'citus'", [])) !== undefined;
}

async function readTables(tx: Executor): Promise<TableState[]> {
  const states = await tx.all<TableState>(TABLE_STATES, []);
  const byName = new Map(states.map((state) => [state.name, state]));
  return TABLES.flatMap((name) => byName.get(name) ?? []);
}

async function spread(tx: Executor, tables: readonly TableState[]): Promise<Distribution> {
  let together = tables.find(({ isOfTenants, isSpread }) => isOfTenants && isSpread)?.name ?? 'none';
  // the other servers are not told whose rows there are for a transaction, and the copying would find no rows
  for (const { name, isFenced } of tables)
    if (isFenced) await tx.run(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`, []);
  const done = tables.filter(({ isSpread }) => !isSpread);
  for (const { name, isOfTenants } of done) {
    if (!isOfTenants) {
      await tx.get('SELECT create_reference_table(CAST(? AS regclass))', [name]);
      continue;
    }
    const text = `SELECT create_distributed_table(CAST(? AS regclass), 'tenant_id', colocate_with => ?)`;
    await tx.get(text, [name, together]);
    if (together === 'none') together = name;
  }
  // the rows have been copied: those of before still take up room, and nobody would ever delete them
  for (const { name } of done)
    await tx.get('SELECT truncate_local_data_after_distributing_table(CAST(? AS regclass))', [name]);
  const names = (isOfTenants: boolean): string[] =>
    done.filter((table) => table.isOfTenants === isOfTenants).map(({ name }) => name);
  return { byTenant: names(true), everywhere: names(false) };
}
