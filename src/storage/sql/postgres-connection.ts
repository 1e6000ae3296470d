import { DatabaseError, Pool, type PoolClient, type QueryResult, types } from 'pg';
import { Unavailable } from '../../core/error.ts';
import { type Executor, ReferenceViolation, type SqlValue, UniqueViolation } from './engine.ts';

/** Statement texts whose translation is kept. */
const MAX_TEXTS = 2000;

/** int8, which counts are, and numeric, which sums of them are: none here is beyond what a number holds. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 1700]);

/** Two transactions were in each other's way: the whole of this one may succeed when it is run again. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict';
}

/** @param waitMs how long a request waits for a connection before it is refused */
export function openPool(url: string, size: number, waitMs: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: waitMs,
    application_name: 'roster',
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) => (NUMBER_TYPES.has(oid) ? Number : types.getTypeParser(oid, format)),
    },
  });
  // a connection that is lost while nobody uses it is replaced; one that is in use fails its statement
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Statements on a connection or a pool. They have no names, so that a pooler may give each transaction another
 * connection of the server.
 */
export function executorOf(target: Pool | PoolClient): Executor {
  const query = (sql: string, params: readonly SqlValue[]): Promise<QueryResult> =>
    translated(() => target.query(numbered(sql), params as SqlValue[]));
  const all = async <Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]> =>
    params.some(hasNul) ? [] : ((await query(sql, params)).rows as Row[]);
  return {
    all,
    get: async <Row>(sql: string, params: readonly SqlValue[]) => (await all<Row>(sql, params))[0],
    run: async (sql, params) => (await query(sql, params)).rowCount ?? 0,
  };
}

/** PostgreSQL has no text with a NUL in it and takes none to compare with: what is looked for by one is not there. */
const hasNul = (value: SqlValue): boolean => typeof value === 'string' && value.includes('\0');

/**
 * Runs statements on one connection between `begin` and COMMIT.
 *
 * @throws TransactionConflict when it may be run again; Unavailable when the database can't be reached
 */
export async function inTransaction<T>(
  pool: Pool,
  begin: string,
  work: (executor: Executor) => Promise<T>,
): Promise<T> {
  const client = await translated(() => pool.connect());
  let isBroken = false;
  try {
    await translated(() => client.query(begin));
    const result = await work(executorOf(client));
    const { command } = await translated(() => client.query('COMMIT'));
    // after a statement has failed there is nothing left to commit, and COMMIT says so by another name only
    if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed before.');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      isBroken = true;
    });
    throw error;
  } finally {
    client.release(isBroken);
  }
}

const texts = new Map<string, string>();

/** The text with `$1`, `$2` and so on for each `?` that stands in no string. */
export function numbered(sql: string): string {
  const known = texts.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const text = sql.replace(/'(?:[^']|'')*'|\?/g, (match) => (match === '?' ? `$${++count}` : match));
  if (texts.size >= MAX_TEXTS) {
    const [oldest] = texts.keys();
    texts.delete(oldest as string);
  }
  texts.set(sql, text);
  return text;
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateError(error);
  }
}

// lost connections, lack of resources, a server that stops or is a standby, a time-out of a statement or a lock; and a user
// who may not sign in, or may not do what Roster does
const UNAVAILABLE = /^(08|53|57P|57014|25006|55P03|28|3D000|42501)/;

/** The driver's error in the words that the storage knows; what is no fault of data or machine stays as it is. */
function translateError(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    const { code = '', constraint } = error;
    // what another server of a cluster refuses comes with the name in its message alone
    if (code === '23505') return new UniqueViolation(constraint || error.message);
    if (code === '23503') return new ReferenceViolation(error.message);
    if (code === '40001' || code === '40P01') return new TransactionConflict(error.message);
    return UNAVAILABLE.test(code) ? new Unavailable(`PostgreSQL: ${code} ${error.message}`) : error;
  }
  // what the driver reports by itself is about the connection, or about waiting for one
  const isOwn = error instanceof Error && !(error instanceof TypeError);
  return isOwn
    ? new Unavailable(`PostgreSQL: ${error.message || String(Reflect.get(error, 'code'))}`)
    : error;
}
