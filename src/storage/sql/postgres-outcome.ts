import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { Unavailable } from '../../core/error.ts';
import { send, type TransactionForm, withConnection } from './postgres-connection.ts';

// Whether a transaction was committed whose COMMIT nobody has answered. PostgreSQL knows by the number of the transaction,
// but gives numbers again that were lost in a crash: so the number counts only as long as the server has not crashed.

/** By what it is found out later whether a transaction was committed. */
export interface CommitWitness {
  readonly transaction: string;
  /** The server, from one crash or start to the next. */
  readonly server: string;
}

/** How long to look for the outcome. */
const LIMIT_MS = 3000;
const PAUSE_MS = 50;

/** The statistics of the server begin anew with a crash. They can also be reset by hand, after which nobody knows. */
const SERVER = `concat(pg_postmaster_start_time(), ' ', (SELECT stats_reset FROM pg_stat_wal))`;

/** Engines that keep their rows elsewhere have numbers of transactions too, which say nothing of those rows. */
const FIND_SERVER = `SELECT CASE WHEN version() LIKE '%-YB-%' OR EXISTS
    (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN NULL ELSE ${SERVER} END AS server`;

const FIND_OUTCOME = `SELECT pg_xact_status(CAST($1 AS xid8)) AS status, pg_is_in_recovery() AS "isStandby",
    ${SERVER} AS server`;

interface OutcomeRow {
  readonly status: 'in progress' | 'committed' | 'aborted' | null;
  readonly isStandby: boolean;
  readonly server: string;
}

const servers = new WeakMap<PoolClient, string | null>();

/** Begins a transaction. @returns undefined where the engine has no such numbers */
export async function beginWitnessed(
  client: PoolClient,
  { begin, answerMs }: TransactionForm,
): Promise<CommitWitness | undefined> {
  const known = servers.get(client);
  const server = known === undefined ? await findServer(client, answerMs) : known;
  servers.set(client, server);
  if (server === null) {
    await send(client, begin, [], answerMs);
    return undefined;
  }
  const answer: unknown = await send(
    client,
    `${begin}; SELECT pg_current_xact_id() AS transaction`,
    [],
    answerMs,
  );
  // one result for each statement
  const [row] = (answer as QueryResult<{ transaction: string }>[]).at(-1)?.rows ?? [];
  return row && { transaction: row.transaction, server };
}

/** @returns null where the engine is none that could tell */
async function findServer(client: PoolClient, answerMs: number): Promise<string | null> {
  try {
    const { rows } = await send(client, FIND_SERVER, [], answerMs);
    return (rows[0] as { server: string | null }).server;
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return null;
  }
}

/** What became of a transaction whose connection is lost: the server may not have noticed yet, or not be back yet. */
export async function outcomeOf(
  pool: Pool,
  witness: CommitWitness,
): Promise<'committed' | 'aborted' | 'unknown'> {
  const deadline = performance.now() + LIMIT_MS;
  while (performance.now() < deadline) {
    const row = await ask(pool, witness);
    if (row !== undefined) {
      const { status, isStandby, server } = row;
      if (isStandby || status === null) return 'unknown';
      if (status === 'aborted') return 'aborted';
      // the number may be that of another transaction
      if (server !== witness.server) return 'unknown';
      if (status === 'committed') return 'committed';
    }
    await sleep(PAUSE_MS);
  }
  return 'unknown';
}

/** @returns undefined when the database can't be reached */
async function ask(pool: Pool, { transaction }: CommitWitness): Promise<OutcomeRow | undefined> {
  try {
    const { rows } = await withConnection(pool, (client) =>
      send(client, FIND_OUTCOME, [transaction], LIMIT_MS),
    );
    return rows[0] as OutcomeRow;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    // after a crash there may be no transaction of that number yet
    return { status: null, isStandby: false, server: '' };
  }
}
