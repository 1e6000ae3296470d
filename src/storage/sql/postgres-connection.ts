import {
  DatabaseError,
  Pool,
  type PoolClient,
  type QueryConfig,
  type QueryResult,
  type Submittable,
  types,
} from 'pg';
import { Unavailable } from '../../core/error.ts';
import {
  type Executor,
  ReferenceViolation,
  type SqlValue,
  UniqueViolation,
  UnsupportedStatement,
} from './engine.ts';
import { nameOf, noteServer } from './postgres-names.ts';

/** Statement texts whose translation is kept. */
const MAX_TEXTS = 2000;

/** int8, which counts are, and numeric, which sums of them are: none here is beyond what a number holds. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 1700]);

/** Two transactions were in each other's way: the whole of this one may succeed when it is run again. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict';
}

/** The connection broke: what the server has done of the statement is not known. */
export class LostConnection extends Unavailable {}

/** A way in which a transaction can begin. */
export interface TransactionForm {
  /** The statements that it begins with. */
  readonly begin: string;
  /** How long a statement may be without an answer, in milliseconds: longer than the server takes to give it up itself. */
  readonly answerMs: number;
}

/** @param waitMs how long a request waits for a connection before it is refused */
export function openPool(url: string, size: number, waitMs: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: waitMs,
    application_name: 'roster',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // several statements can be on their way at once; they are carried out one after the other all the same
    pipeline: true,
    types: {
      getTypeParser: (oid, format) => (NUMBER_TYPES.has(oid) ? Number : types.getTypeParser(oid, format)),
    },
  });
  // a connection that is lost while nobody uses it is replaced; one that is in use fails its statement
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    noteServer(client);
  });
  return pool;
}

/**
 * Lends a connection for as long as `work` runs.
 *
 * @throws Unavailable when there is none in time
 */
export async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    const translated = translateError(error);
    // nothing was sent yet
    throw translated instanceof LostConnection ? new Unavailable(String(translated.cause)) : translated;
  });
  let isLost = false;
  try {
    return await work(client);
  } catch (error) {
    isLost = error instanceof LostConnection;
    throw error;
  } finally {
    client.release(isLost);
  }
}

/**
 * Sends a statement. It has a name where it comes more than once and the connection leads to the server itself.
 *
 * @param limitMs how long the server may take to answer before the connection is given up
 */
export async function send(
  client: PoolClient,
  text: string,
  params: readonly SqlValue[],
  limitMs: number,
): Promise<QueryResult> {
  // what has no values may be several statements, which can have no name
  const name = params.length === 0 ? undefined : nameOf(client, text);
  const query: QueryConfig & { query_timeout: number } = {
    ...(name !== undefined && { name }),
    text,
    values: params as SqlValue[],
    query_timeout: limitMs,
  };
  try {
    return await client.query(query);
  } catch (error) {
    throw translateError(error);
  }
}

/** Sends a query of the driver's own kind. */
export async function sendQuery(
  client: PoolClient,
  query: { callback: (error: Error | undefined, result: QueryResult) => void },
): Promise<QueryResult> {
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult>();
  query.callback = (error, result) => (error ? reject(translateError(error)) : resolve(result));
  client.query(query as unknown as Submittable);
  return promise;
}

/** Sends statements in one piece. @throws what the first of those that fail throws, when all are answered */
export async function sendTogether(
  { connection: { stream } }: PoolClient,
  statements: () => readonly Promise<QueryResult>[],
): Promise<QueryResult[]> {
  stream.cork();
  let sent: readonly Promise<QueryResult>[];
  try {
    sent = statements();
  } finally {
    stream.uncork();
  }
  const outcomes = await Promise.allSettled(sent);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Statements on one connection, in a transaction that has begun. */
export const executorOn = (client: PoolClient, { answerMs }: TransactionForm): Executor =>
  executorBy((text, params) => send(client, text, params, answerMs));

/** Statements by whatever sends one. */
export function executorBy(
  query: (text: string, params: readonly SqlValue[]) => Promise<QueryResult>,
): Executor {
  const all = async <Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]> =>
    params.some(hasNul) ? [] : ((await query(numbered(sql), params)).rows as Row[]);
  return {
    all,
    get: async <Row>(sql: string, params: readonly SqlValue[]) => (await all<Row>(sql, params))[0],
    run: async (sql, params) => (await query(numbered(sql), params)).rowCount ?? 0,
  };
}

/** PostgreSQL has no text with a NUL in it and takes none to compare with: what is looked for by one is not there. */
const hasNul = (value: SqlValue): boolean => typeof value === 'string' && value.includes('\0');

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

// the server ends the connection, or does not know how the statement ended
const LOST = /^(08|57P0[123]|40003)/;

// lack of resources, a server that is a standby, a time-out of a statement, a lock or a transaction; and a user who may not
// sign in, or may not do what Roster does
const UNAVAILABLE = /^(53|57P|57014|25006|25P03|55P03|28|3D000|42501)/;

/** No such feature, or no such syntax. */
const UNSUPPORTED = /^(0A000|42601)/;

/** The driver's error in the words that the storage knows; what is no fault of data or machine stays as it is. */
function translateError(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    const { code = '', constraint } = error;
    // what another server of a cluster refuses comes with the name in its message alone
    if (code === '23505') return new UniqueViolation(constraint || error.message);
    if (code === '23503') return new ReferenceViolation(error.message);
    if (code === '40001' || code === '40P01') return new TransactionConflict(error.message);
    if (UNSUPPORTED.test(code)) return new UnsupportedStatement(error.message);
    const reason = `PostgreSQL: ${code} ${error.message}`;
    if (LOST.test(code)) return new LostConnection(reason);
    return UNAVAILABLE.test(code) ? new Unavailable(reason) : error;
  }
  // what the driver reports by itself is about the connection, or about waiting for one
  const isOwn = error instanceof Error && !(error instanceof TypeError);
  return isOwn
    ? new LostConnection(`PostgreSQL: ${error.message || String(Reflect.get(error, 'code'))}`)
    : error;
}
