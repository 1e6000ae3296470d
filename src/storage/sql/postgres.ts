import type { Pool, PoolClient, QueryResult } from 'pg';
import type { Access, Engine, Snapshot, SqlDialect } from './engine.ts';
import type { TypeWords } from './migrations/migrations.ts';
import {
  executorBy,
  openPool,
  send,
  sendTogether,
  type TransactionForm,
  withConnection,
} from './postgres-connection.ts';
import { type ReadForm, readOnce } from './postgres-read.ts';
import { inTransaction, inWriteTransaction } from './postgres-transaction.ts';
import { insertInto, insertOfValues } from './row-insert.ts';

/** Connections of one process. */
export const CONNECTIONS = 10;

/** How long a request waits for one of them. */
const WAIT_MS = 1000;

/** The limits of the server hold for one transaction, so that they work through a pooler, which keeps no settings of a session. */
const WRITE: TransactionForm = {
  begin: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 2000;
    SET LOCAL idle_in_transaction_session_timeout = 10000`,
  answerMs: 7000,
};

/** Reads of a few rows by a key. */
const READ: ReadForm = {
  settings: { transaction_read_only: 'on', statement_timeout: '5000' },
  isPlannedOnce: true,
  answerMs: 7000,
};

/**
 * Reads of many rows find them by an index, whatever the planner thinks how many there are: the rows of a tenant are few
 * in the table, and those that are far apart in it are still more of the work. Compiling a query takes longer than nearly
 * all of them do.
 */
const SCAN: ReadForm = {
  settings: { ...READ.settings, jit: 'off', enable_seqscan: 'off', enable_bitmapscan: 'off' },
  isPlannedOnce: false,
  answerMs: 7000,
};

/** Long reads of one state: an export lasts as long as it takes its reader. */
const SNAPSHOT: TransactionForm = {
  begin: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 60000;
    SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL jit = off`,
  answerMs: 70_000,
};

/** An index of a large table takes its time. */
const MIGRATION: TransactionForm = {
  begin: `${WRITE.begin}; SET LOCAL statement_timeout = 0`,
  answerMs: 24 * 60 * 60 * 1000,
};

const POSTGRES_WORDS: TypeWords = { BYTES: 'bytea', TEXT_KEY: 'text COLLATE "C"', KEYED: '' };

/**
 * Rows of one resource, which an engine that is spread over servers sends to that of the tenant as they are. Many together
 * cost a third less as one text, and this process a fifth.
 */
const FEW_ROWS = 100;

/** A short name for a column: a to z, aa, ab and so on. */
const columnLetter = (index: number): string =>
  (index < 26 ? '' : columnLetter(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));

const POSTGRES_DIALECT: SqlDialect = {
  name: 'postgres',
  unindexed: (column) => `(${column} || '')`,
  position: (haystack, needle) => `strpos(${haystack}, ${needle})`,
  ending: (text, like) => `right(${text}, length(${like}))`,
  joined: (text, orderBy) => `string_agg(${text}, ',' ORDER BY ${orderBy})`,
  jsonMember: (doc, attribute) => `CAST(CAST(${doc} AS json) -> '${attribute}' AS text)`,
  // OFFSET keeps the planner from joining in another order
  eachWith: (table, alias, condition) =>
    `CROSS JOIN LATERAL (SELECT * FROM ${table} ${alias} WHERE ${condition} OFFSET 0) ${alias} WHERE TRUE`,
  bytes: (text) => `convert_to(${text}, 'UTF8')`,
  // a foreign key takes what `hold` does: a group can become a member while it gets members itself
  locks: { change: ' FOR NO KEY UPDATE', hold: ' FOR KEY SHARE', alone: ' FOR UPDATE' },
  // a round trip to the database less for each request
  grantsKeptMs: 1000,
  rowsPerInsert: () => 1000,
  insertOf(table, tenantId, rows) {
    if (rows.length <= FEW_ROWS) return insertOfValues(table, tenantId, rows);
    const types = table.columns.map(([, type], index) => `${columnLetter(index)} ${type}`);
    const objects = rows.map((row) =>
      Object.fromEntries(row.map((value, index) => [columnLetter(index), value])),
    );
    return {
      text: `${insertInto(table)} SELECT ?, x.* FROM json_to_recordset(CAST(? AS json)) AS x (${types.join(', ')})`,
      values: [tenantId, JSON.stringify(objects)],
    };
  },
  countShards: 16,
};

/**
 * Opens a PostgreSQL database. Transactions are READ COMMITTED: what they decide by is locked, or held by a constraint.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param waitMs how long a request waits for a connection before it is refused
 * @param connections that are made at most
 */
export function openPostgres(url: string, waitMs = WAIT_MS, connections = CONNECTIONS): Engine {
  const pool = openPool(url, connections, waitMs);
  return {
    dialect: POSTGRES_DIALECT,
    words: POSTGRES_WORDS,
    of: (tenantId) => accessTo(pool, tenantId),
    shared: {
      dialect: POSTGRES_DIALECT,
      reader: executorBy((text, params) =>
        withConnection(pool, (client) => send(client, text, params, READ.answerMs)),
      ),
      scanner: executorBy((text, params) => readOnce(pool, SCAN, '', text, params)),
      transaction: (work) => inWriteTransaction(pool, WRITE, work),
    },
    snapshot: (work) => inTransaction(pool, SNAPSHOT, (client) => work(snapshotOn(client))),
    migration: (work) => inWriteTransaction(pool, MIGRATION, work),
    analyze: () =>
      inTransaction(pool, MIGRATION, async (client) => {
        await send(client, 'ANALYZE resource, attribute_value, member', [], MIGRATION.answerMs);
      }),
    close: () => pool.end(),
  };
}

function accessTo(pool: Pool, tenantId: string): Access {
  const form = { ...WRITE, begin: `${WRITE.begin}; ${tenantSetting(tenantId)}` };
  return {
    dialect: POSTGRES_DIALECT,
    reader: executorBy((text, params) => readOnce(pool, READ, tenantId, text, params)),
    scanner: executorBy((text, params) => readOnce(pool, SCAN, tenantId, text, params)),
    transaction: (work) => inWriteTransaction(pool, form, work),
  };
}

function snapshotOn(client: PoolClient): Snapshot {
  const { answerMs } = SNAPSHOT;
  return {
    shared: executorBy((text, params) => send(client, text, params, answerMs)),
    of(tenantId) {
      const tenant = tenantSetting(tenantId);
      return executorBy(async (text, params) => {
        const statements = () => [send(client, tenant, [], answerMs), send(client, text, params, answerMs)];
        const [, result] = await sendTogether(client, statements);
        return result as QueryResult;
      });
    },
  };
}

/**
 * Says whose rows there are for a transaction, where the tables have row-level security.
 *
 * @throws TypeError when it is no id of a tenant, since it becomes part of the statement
 */
function tenantSetting(tenantId: string): string {
  if (!/^[a-z0-9]+$/.test(tenantId)) throw new TypeError(`Not the id of a tenant: ${tenantId}`);
  return `SET LOCAL roster.tenant = '${tenantId}'`;
}
