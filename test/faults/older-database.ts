import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { stepsOf } from '../../src/storage/sql/migrate.ts';
import { MIGRATIONS } from '../../src/storage/sql/migrations/migrations.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import { readSource, type StoreReader } from './store-reader.ts';

/** The first version that had resources. */
const OLDEST = 2;

/** How many older versions there are to come from. */
export const OLDER_VERSIONS = MIGRATIONS.length - OLDEST;

type Row = Record<string, string | number | null | Uint8Array>;

/** Where an older database is made. */
interface Target {
  /** As the check of the store reads it: a file, or the URL of a superuser. */
  readonly source: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Makes the tables as an older version did, and fills them with what another database has in them.
 *
 * @param from what the rows are read from
 * @param version from 0 to OLDER_VERSIONS - 1
 * @returns the names of the tables
 */
export async function makeOlder(from: string, target: Target, version: number): Promise<string[]> {
  const url = target.settings.ROSTER_DATABASE_URL;
  if (url === undefined) mkdirSync(dirname(target.source), { recursive: true, mode: 0o700 });
  const engine = url === undefined ? openSqlite(target.source) : openPostgres(url);
  try {
    await makeTables(engine, version + OLDEST);
  } finally {
    await engine.close();
  }
  const columns = await readSource(target.source, columnsOf);
  columns.delete('migration_step');
  for (const [table, names] of columns) {
    const rows = await readSource(from, (reader) => reader.all<Row>(`SELECT ${names} FROM ${table}`));
    await (url === undefined ? putIntoSqlite : putIntoPostgres)(target.source, table, rows);
  }
  return [...columns.keys()];
}

async function makeTables(engine: Engine, migrations: number): Promise<void> {
  const run = (sql: string, params: string[] = []): Promise<number> =>
    engine.migration((tx) => tx.run(sql, params));
  const key = engine.words.TEXT_KEY;
  await run(`CREATE TABLE migration_step (name ${key} NOT NULL PRIMARY KEY, applied TEXT NOT NULL)`);
  for (const { name, sql } of MIGRATIONS.slice(0, migrations).flatMap((each) => stepsOf(each, engine))) {
    await run(sql);
    await run('INSERT INTO migration_step (name, applied) VALUES (?, ?)', [name, '2026-01-01T00:00:00.000Z']);
  }
}

const COLUMNS = {
  sqlite: `SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t, pragma_table_info(t.name) c
    WHERE t.type = 'table' ORDER BY t.name, c.cid`,
  postgres: `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
};

/** The names of the columns of each table, with commas between them. */
async function columnsOf(reader: StoreReader): Promise<Map<string, string>> {
  const rows = await reader.all<{ table: string; column: string }>(COLUMNS[reader.database]);
  const tables = Map.groupBy(rows, ({ table }) => table);
  return new Map([...tables].map(([name, of]) => [name, of.map(({ column }) => column).join(', ')]));
}

async function putIntoSqlite(file: string, table: string, rows: readonly Row[]): Promise<void> {
  const database = new Database(file);
  database.pragma('foreign_keys = OFF');
  for (const row of rows) database.prepare(insertInto(table, row, () => '?')).run(Object.values(row));
  database.close();
}

async function putIntoPostgres(url: string, table: string, rows: readonly Row[]): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    // no look whether rows point to something
    await client.query('SET session_replication_role = replica');
    for (const row of rows)
      await client.query(
        insertInto(table, row, (index) => `$${index + 1}`),
        Object.values(row),
      );
  } finally {
    await client.end();
  }
}

function insertInto(table: string, row: Row, placeholder: (index: number) => string): string {
  const names = Object.keys(row);
  return `INSERT INTO ${table} (${names}) VALUES (${names.map((_, index) => placeholder(index))})`;
}

const SCHEMA = {
  sqlite: "SELECT type || ' ' || name || ': ' || sql AS line FROM sqlite_master WHERE sql IS NOT NULL",
  postgres: `SELECT format('column %s.%s: %s %s %s %s', table_name, column_name, data_type, is_nullable,
      column_default, collation_name) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT format('policy %s on %s: %s %s', policyname, tablename, qual, with_check) FROM pg_policies
      WHERE schemaname = 'public'
    UNION ALL SELECT format('%s: security %s %s', relname, relrowsecurity, relforcerowsecurity) FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
};

/** Everything that migrations make, one line each. */
export const readSchema = (source: string): Promise<string[]> =>
  readSource(source, async (reader) => {
    const steps = await reader.all<{ line: string }>('SELECT name AS line FROM migration_step');
    const rows = await reader.all<{ line: string }>(SCHEMA[reader.database]);
    // SQLite keeps the texts of statements as they were written
    return [...steps, ...rows].map(({ line }) => line.replace(/\s+/g, '')).sort();
  });

/** Tables that a start may write to. */
const OF_STARTS: ReadonlySet<string> = new Set(['setting', 'migration_step']);

/** How many rows there are, by table. @param tables absent: all */
export const countRows = (source: string, tables?: readonly string[]): Promise<Record<string, number>> =>
  readSource(source, async (reader) => {
    const counts: Record<string, number> = {};
    for (const table of tables ?? (await columnsOf(reader)).keys()) {
      if (OF_STARTS.has(table)) continue;
      const [row] = await reader.all<{ n: string | number }>(`SELECT count(*) AS n FROM ${table}`);
      counts[table] = Number(row?.n);
    }
    return counts;
  });
