import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../core/error.ts';
import { type Access, type Engine, ReferenceViolation, type SqlDialect } from './engine.ts';
import type { TypeWords } from './migrations/migrations.ts';
import { executorOf, inTransaction, openPool, TransactionConflict } from './postgres-connection.ts';

/** Connections of one process. */
export const CONNECTIONS = 10;

/** How long a request waits for one of them. */
const WAIT_MS = 1000;

const MAX_TRIES = 5;
const RETRY_LIMIT_MS = 2000;

/** The limits hold for one transaction, so that they work through a pooler, which keeps no settings of a session. */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED;
  SET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 2000;
  SET LOCAL idle_in_transaction_session_timeout = 10000`;

/** Compiling a query takes longer than nearly all of them do. */
const BEGIN_SCAN = `BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;
  SET LOCAL statement_timeout = 5000; SET LOCAL jit = off`;

/** Long reads of one state: an export lasts as long as it takes its reader. */
const BEGIN_SNAPSHOT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL statement_timeout = 60000; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off`;

const POSTGRES_WORDS: TypeWords = { BYTES: 'bytea', TEXT_KEY: 'text COLLATE "C"', KEYED: '' };

const POSTGRES_DIALECT: SqlDialect = {
  name: 'postgres',
  unindexed: (column) => `(${column} || '')`,
  position: (haystack, needle) => `strpos(${haystack}, ${needle})`,
  ending: (text, like) => `right(${text}, length(${like}))`,
  joined: (text, orderBy) => `string_agg(${text}, ',' ORDER BY ${orderBy})`,
  jsonMember: (doc, attribute) => `CAST(CAST(${doc} AS json) -> '${attribute}' AS text)`,
  bytes: (text) => `convert_to(${text}, 'UTF8')`,
  // a foreign key takes what `hold` does: a group can become a member while it gets members itself
  locks: { change: ' FOR NO KEY UPDATE', hold: ' FOR KEY SHARE', alone: ' FOR UPDATE' },
  // a round trip to the database less for each request
  grantsKeptMs: 1000,
  countShards: 16,
  // an index of a large table takes its time
  beforeMigration: ['SET LOCAL statement_timeout = 0'],
};

/**
 * Opens a PostgreSQL database. Transactions are READ COMMITTED: what they decide by is locked, or held by a constraint.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param waitMs how long a request waits for a connection before it is refused
 */
export function openPostgres(url: string, waitMs = WAIT_MS): Engine {
  const pool = openPool(url, CONNECTIONS, waitMs);
  const access: Access = {
    dialect: POSTGRES_DIALECT,
    reader: executorOf(pool),
    scanner: { all: (sql, params) => inTransaction(pool, BEGIN_SCAN, (tx) => tx.all(sql, params)) },
    transaction: (work) => repeated(() => inTransaction(pool, BEGIN, work)),
  };
  return {
    dialect: POSTGRES_DIALECT,
    words: POSTGRES_WORDS,
    of: () => access,
    shared: access,
    snapshot: (work) => inTransaction(pool, BEGIN_SNAPSHOT, work),
    close: () => pool.end(),
  };
}

/** Runs a transaction again when another one was in its way. */
async function repeated<T>(transaction: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + RETRY_LIMIT_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      // what a row points to can have gone since it was looked for: the next try sees that it has
      if (!(error instanceof TransactionConflict || error instanceof ReferenceViolation)) throw error;
      if (tries === MAX_TRIES || performance.now() > deadline) throw finalError(error);
      await sleep(10 + Math.random() * Math.min(190, 20 * 2 ** tries));
    }
  }
}

const finalError = (error: TransactionConflict | ReferenceViolation): Error =>
  error instanceof ReferenceViolation ? error : new Unavailable(`PostgreSQL: ${error.message}`);
