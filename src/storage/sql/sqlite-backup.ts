import Database from 'better-sqlite3';
import type { ReadAccess } from './engine.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

/** Pages copied between two turns of the event loop: 4 MiB. */
const PAGES_AT_ONCE = 1024;

/**
 * Copies a database as it is at one moment, while others go on writing, into one file that needs no other beside it.
 *
 * @param target an empty file
 * @param onProgress told how many of all pages are done
 */
export async function backUpSqlite(
  path: string,
  target: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const source = new Database(path, { readonly: true, fileMustExist: true });
  try {
    // without a transaction the copy would begin anew with every commit of somebody else
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_master').get();
    await source.backup(target, {
      progress({ totalPages, remainingPages }) {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_AT_ONCE;
      },
    });
  } finally {
    source.close();
  }
  const copy = new Database(target);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/** A database that nobody else can open until it is let go; undefined: it is damaged, or none. */
export type Hold = (() => void) | undefined;

/** Somebody else has the database open. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';
}

/**
 * Keeps everybody else out of a database, and leaves nothing of it in other files.
 *
 * @throws DatabaseInUse
 */
export function holdSqlite(path: string): Hold {
  const database = new Database(path, { timeout: 500 });
  try {
    // only who is alone can leave WAL mode
    if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw new DatabaseInUse();
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof DatabaseInUse || (error as { code?: string }).code?.startsWith('SQLITE_BUSY'))
      throw new DatabaseInUse();
    return undefined;
  }
}

/** What is wrong with a SQLite database as a file; nothing: it is intact. */
export async function findFaults(access: Pick<ReadAccess, 'reader'>): Promise<string[]> {
  const rows = await access.reader.all<{ integrity_check: string }>('PRAGMA integrity_check', []);
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}

/** Whether the database is one of Roster, and of no newer version than this. */
export async function isKnownSchema(access: Pick<ReadAccess, 'reader'>): Promise<boolean> {
  const tables = await access.reader.all("SELECT name FROM sqlite_master WHERE name = 'migration_step'", []);
  if (tables.length === 0) return false;
  const known = new Set(MIGRATIONS.map(({ name }) => name));
  const steps = await access.reader.all<{ name: string }>('SELECT name FROM migration_step', []);
  return steps.length > 0 && steps.every(({ name }) => known.has(name.replace(/-\d\d$/, '')));
}
