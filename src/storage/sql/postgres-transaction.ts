import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { Unavailable } from '../../core/error.ts';
import { type Executor, ReferenceViolation } from './engine.ts';
import {
  executorOn,
  LostConnection,
  send,
  TransactionConflict,
  type TransactionForm,
  withConnection,
} from './postgres-connection.ts';
import { beginWitnessed, type CommitWitness, outcomeOf } from './postgres-outcome.ts';

const MAX_TRIES = 5;
const RETRY_LIMIT_MS = 2000;

/** Runs `work` on one connection between `begin` and COMMIT. */
export function inTransaction<T>(
  pool: Pool,
  form: TransactionForm,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return withConnection(pool, async (client) => {
    const result = await undoneByFailure(client, form, async () => {
      await send(client, form.begin, [], form.answerMs);
      return work(client);
    });
    await commit(client, form);
    return result;
  });
}

/**
 * Runs statements between `begin` and COMMIT, again when another transaction was in the way. When the connection breaks
 * while the COMMIT is under way, the server is asked what became of it.
 *
 * @throws Unavailable when the database can't be reached, or can't tell
 */
export function inWriteTransaction<T>(
  pool: Pool,
  form: TransactionForm,
  work: (executor: Executor) => Promise<T>,
): Promise<T> {
  return repeated(async () => {
    try {
      return await withConnection(pool, (client) => writeOn(client, form, work));
    } catch (error) {
      if (!(error instanceof UnknownCommit)) throw error;
      const outcome = await outcomeOf(pool, error.witness);
      if (outcome === 'committed') return error.result as T;
      throw outcome === 'aborted' ? new TransactionConflict('The connection was lost before COMMIT.') : error;
    }
  });
}

/** The connection broke while a COMMIT was under way. */
class UnknownCommit extends LostConnection {
  readonly witness: CommitWitness;
  /** What the transaction gives if it was committed. */
  readonly result: unknown;

  constructor(lost: LostConnection, witness: CommitWitness, result: unknown) {
    super(String(lost.cause));
    this.witness = witness;
    this.result = result;
  }
}

async function writeOn<T>(
  client: PoolClient,
  form: TransactionForm,
  work: (executor: Executor) => Promise<T>,
): Promise<T> {
  let witness: CommitWitness | undefined;
  const result = await undoneByFailure(client, form, async () => {
    witness = await beginWitnessed(client, form);
    return work(executorOn(client, form));
  });
  try {
    await commit(client, form);
  } catch (error) {
    if (witness === undefined || !(error instanceof LostConnection)) throw error;
    throw new UnknownCommit(error, witness, result);
  }
  return result;
}

/** Undoes a transaction in which `work` throws. */
async function undoneByFailure<T>(
  client: PoolClient,
  { answerMs }: TransactionForm,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LostConnection) throw error;
    // a connection that can't even do that is given up, and the transaction with it
    await send(client, 'ROLLBACK', [], answerMs);
    throw error;
  }
}

async function commit(client: PoolClient, { answerMs }: TransactionForm): Promise<void> {
  const { command } = await send(client, 'COMMIT', [], answerMs);
  // after a statement has failed there is nothing left to commit, and COMMIT says so by another name only
  if (command !== 'COMMIT') throw new Error('A statement of the transaction had failed before.');
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
