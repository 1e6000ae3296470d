import Database from 'better-sqlite3';
import { Unavailable } from '../../core/error.ts';
import { type Executor, ReferenceViolation, type SqlValue, UniqueViolation } from './engine.ts';

/** Statement texts kept prepared per connection; filters make many texts, the hot ones stay. */
const MAX_STATEMENTS = 500;

/** How long another process may hold the database, which it does as a whole while it makes or recovers it. */
export const BUSY_LIMIT_MS = 5000;

/** One connection to a SQLite file with its prepared statements. All calls are synchronous. */
export class SqliteConnection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  /**
   * @param mode `log` writes without waiting for the disk: the newest commits may go when the power fails
   * @param cacheKib page cache of this connection in KiB
   */
  constructor(path: string, mode: 'write' | 'log' | 'read', cacheKib: number) {
    this.#database = new Database(path, { timeout: BUSY_LIMIT_MS });
    if (mode !== 'read') {
      this.#database.pragma('journal_mode = WAL');
      // better-sqlite3 is compiled to use NORMAL with WAL, which may lose the newest commits when the power fails
      this.#database.pragma(`synchronous = ${mode === 'write' ? 'FULL' : 'NORMAL'}`);
      // a savepoint keeps the pages it changes, dozens for one user: they need no file to do so
      this.#database.pragma('temp_store = MEMORY');
      // 64 MiB: index pages that many writes touch are copied into the database once, not for each thousand of them
      this.#database.pragma('wal_autocheckpoint = 16000');
      // who waits for the lock to write does so without holding up the process
      this.#database.pragma('busy_timeout = 0');
    } else {
      this.#database.pragma('query_only = ON');
    }
    this.#database.pragma('foreign_keys = ON');
    this.#database.pragma(`cache_size = -${cacheKib}`);
  }

  get<Row>(sql: string, params: readonly SqlValue[]): Row | undefined {
    return translated(() => this.#prepare(sql).get(...params) as Row | undefined);
  }

  all<Row>(sql: string, params: readonly SqlValue[]): Row[] {
    return translated(() => this.#prepare(sql).all(...params) as Row[]);
  }

  run(sql: string, params: readonly SqlValue[]): number {
    return translated(() => this.#prepare(sql).run(...params).changes);
  }

  /** Whether a transaction is open: some failures end one without being told to. */
  get isInTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) {
      const [oldest] = this.#statements.keys();
      this.#statements.delete(oldest as string);
    }
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The connection as an Executor: what it does is done when the promise is made. */
export function executorOf(connection: SqliteConnection): Executor {
  return {
    get: async (sql, params) => connection.get(sql, params),
    all: async (sql, params) => connection.all(sql, params),
    run: async (sql, params) => connection.run(sql, params),
  };
}

function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translateError(error);
  }
}

const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/;

/** The driver's error in the words that the storage knows; what is no fault of data or machine stays as it is. */
function translateError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return new UniqueViolation(error.message.replace(/^UNIQUE constraint failed: /, ''));
  if (error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return new ReferenceViolation(error.message);
  if (UNAVAILABLE.test(error.code)) return new Unavailable(`SQLite: ${error.code}`);
  return error;
}
