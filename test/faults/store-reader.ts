import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { DatabaseName } from './place.ts';

/** What the check of the store asks of a database, all of it of one snapshot. */
export interface StoreReader {
  readonly database: DatabaseName;
  all<Row>(sql: string): Promise<Row[]>;
  /** What the database itself finds wrong with its files, one line each. */
  ownProblems(): Promise<string[]>;
}

/** Reads a database past the server. @param source a file of SQLite, or the URL of a PostgreSQL database */
export const readSource = <T>(source: string, read: (reader: StoreReader) => Promise<T>): Promise<T> =>
  source.startsWith('postgres') ? readPostgres(source, read) : readSqlite(source, read);

async function readSqlite<T>(file: string, read: (reader: StoreReader) => Promise<T>): Promise<T> {
  const database = new Database(file, { readonly: true, timeout: 10_000 });
  try {
    database.exec('BEGIN');
    return await read({
      database: 'sqlite',
      all: async <Row>(sql: string) => database.prepare<[], Row>(sql).all(),
      async ownProblems() {
        const checked = database.pragma('integrity_check') as { integrity_check: string }[];
        const keys = database.pragma('foreign_key_check') as object[];
        return [
          ...checked.map((row) => row.integrity_check).filter((line) => line !== 'ok'),
          ...keys.map((row) => `foreign key: ${JSON.stringify(row)}`),
        ];
      },
    });
  } finally {
    database.close();
  }
}

async function readPostgres<T>(url: string, read: (reader: StoreReader) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  const all = async <Row>(sql: string): Promise<Row[]> => (await client.query(sql)).rows;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await read({
      database: 'postgres',
      all,
      ownProblems: async () => [...(await checkedIndexes(url)), ...(await brokenKeys(all))],
    });
  } finally {
    await client.end();
  }
}

/** Compares each index with its table, where the module for it is installed. */
async function checkedIndexes(url: string): Promise<string[]> {
  const client = new Client(url);
  await client.connect();
  const problems: string[] = [];
  try {
    await client.query(
      'CREATE SCHEMA IF NOT EXISTS faults; CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA faults',
    );
    const { rows } = await client.query<{ name: string }>(INDEXES);
    for (const { name } of rows)
      await client
        .query('SELECT faults.bt_index_check($1::regclass, true)', [name])
        .catch((error: Error) => problems.push(error.message));
  } catch (error) {
    if (!WITHOUT_MODULE.has((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  return problems;
}

const INDEXES = `SELECT i.indexrelid::regclass::text AS name FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
  WHERE c.relnamespace = 'public'::regnamespace AND a.amname = 'btree'`;

/** The module is not on the machine, or this user may not use it. */
const WITHOUT_MODULE: ReadonlySet<string> = new Set(['58P01', '0A000', '42501']);

interface Key {
  readonly child: string;
  readonly parent: string;
  readonly joined: string;
}

/** Rows that point to nothing: PostgreSQL looks when they are written and never again. */
async function brokenKeys(all: StoreReader['all']): Promise<string[]> {
  const keys = await all<Key>(`
    SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent,
      (SELECT string_agg(format('c.%I = p.%I', a.attname, b.attname), ' AND ')
       FROM unnest(conkey, confkey) AS k (child, parent)
       JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.child
       JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = k.parent) AS joined
    FROM pg_constraint WHERE contype = 'f'`);
  const problems: string[] = [];
  for (const { child, parent, joined } of keys)
    for (const row of await all<object>(
      `SELECT c.* FROM ${child} c WHERE NOT EXISTS (SELECT 1 FROM ${parent} p WHERE ${joined})`,
    ))
      problems.push(`foreign key: ${JSON.stringify(row)}`);
  return problems;
}
