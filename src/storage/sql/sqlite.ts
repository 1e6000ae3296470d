import { availableParallelism } from 'node:os';
import type { Access, Engine, Snapshot, SqlDialect } from './engine.ts';
import type { TypeWords } from './migrations/migrations.ts';
import { insertOfValues } from './row-insert.ts';
import { executorOf, SqliteConnection } from './sqlite-connection.ts';
import { GroupCommit } from './sqlite-group-commit.ts';
import { SqliteScanner } from './sqlite-scanner.ts';

/** Page caches in KiB; the operating system caches the file anyway, so that these stay small. */
export const CACHE_KIB = { writer: 16_384, reader: 16_384, scanner: 8192 } as const;

const SQLITE_WORDS: TypeWords = { BYTES: 'BLOB', TEXT_KEY: 'TEXT', KEYED: ' WITHOUT ROWID' };

export const SQLITE_DIALECT: SqlDialect = {
  name: 'sqlite',
  unindexed: (column) => `+${column}`,
  position: (haystack, needle) => `instr(${haystack}, ${needle})`,
  ending: (text, like) => `substr(${text}, length(${text}) - length(${like}) + 1)`,
  joined: (text, orderBy) => `group_concat(${text}, ',' ORDER BY ${orderBy})`,
  jsonMember: (doc, attribute) => `(${doc} -> '$.${attribute}')`,
  eachWith: (table, alias, condition) => `CROSS JOIN ${table} ${alias} WHERE ${condition}`,
  bytes: (text) => `CAST(${text} AS BLOB)`,
  locks: { change: '', hold: '', alone: '' },
  grantsKeptMs: 0,
  // where the second row can fail, SQLite keeps every page that the first has changed, to take it back
  rowsPerInsert: ({ canConflict }) => (canConflict ? 1 : 16),
  insertOf: (table, tenantId, rows) =>
    insertOfValues(table, tenantId, rows, table.canConflict ? '' : ' ON CONFLICT DO NOTHING'),
  countShards: 1,
};

/**
 * Opens a SQLite file: one connection writes, one reads by key on the event loop, and queries that may be long run in
 * worker threads.
 *
 * @param path the database file, made when absent
 * @param mode `log`: commits may be lost when the power fails
 */
export function openSqlite(path: string, mode: 'write' | 'log' = 'write'): Engine {
  const writer = new SqliteConnection(path, mode, CACHE_KIB.writer);
  const reader = new SqliteConnection(path, 'read', CACHE_KIB.reader);
  const commits = new GroupCommit(writer);
  const threads = Math.min(Math.max(availableParallelism() - 1, 1), 4);
  const scanner = new SqliteScanner({ path, cacheKib: CACHE_KIB.scanner }, threads);
  const access: Access = {
    dialect: SQLITE_DIALECT,
    reader: executorOf(reader),
    scanner,
    transaction: (work) => commits.transaction(work),
  };
  return {
    dialect: SQLITE_DIALECT,
    words: SQLITE_WORDS,
    of: () => access,
    shared: access,
    snapshot: (work) => onSnapshot(path, work),
    // plans by the statement alone
    analyze: async () => {},
    migration: access.transaction,
    async close() {
      await commits.settled();
      await scanner.close();
      reader.close();
      writer.close();
    },
  };
}

/** With a connection of its own, since a transaction holds one as long as it lasts. */
async function onSnapshot<T>(path: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const connection = new SqliteConnection(path, 'read', CACHE_KIB.scanner);
  try {
    connection.run('BEGIN', []);
    const executor = executorOf(connection);
    return await work({ of: () => executor, shared: executor });
  } finally {
    connection.close();
  }
}
