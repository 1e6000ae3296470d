import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../core/error.ts';
import type { Executor } from './engine.ts';
import { BUSY_LIMIT_MS, type SqliteConnection } from './sqlite-connection.ts';

interface Job {
  readonly work: (executor: Executor) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Most transactions that share one commit. */
const MAX_BATCH = 64;

/**
 * Group commit: transactions that arrive in the same turn of the event loop share one commit, hence one fsync, with a
 * savepoint each so that one that fails undoes its own changes only. Each is answered after the commit.
 */
export class GroupCommit {
  readonly #connection: SqliteConnection;
  readonly #executor: Executor;
  #queue: Job[] = [];
  #draining: Promise<void> | undefined;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#executor = executorInTransaction(connection);
  }

  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as never, reject });
      this.#draining ??= new Promise((drained) => {
        setImmediate(() => this.#drain().finally(drained));
      });
    });
  }

  /** Resolves when everything that was asked for so far is committed. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, MAX_BATCH);
      try {
        await this.#begin();
        const outcomes = await this.#runAll(batch);
        requireTransaction(this.#connection).run('COMMIT', []);
        settle(batch, outcomes);
      } catch (error) {
        this.#rollBack();
        for (const job of batch) job.reject(error);
      }
    }
    this.#draining = undefined;
  }

  async #begin(): Promise<void> {
    const deadline = performance.now() + BUSY_LIMIT_MS;
    for (;;) {
      try {
        this.#connection.run('BEGIN IMMEDIATE', []);
        return;
      } catch (error) {
        if (!(error instanceof Unavailable) || performance.now() > deadline) throw error;
        await sleep(5 + Math.random() * 20);
      }
    }
  }

  async #runAll(batch: readonly Job[]): Promise<Outcome[]> {
    if (batch.length === 1) return [{ value: await (batch[0] as Job).work(this.#executor) }];
    const outcomes: Outcome[] = [];
    for (const job of batch) {
      this.#connection.run('SAVEPOINT job', []);
      try {
        outcomes.push({ value: await job.work(this.#executor) });
      } catch (error) {
        requireTransaction(this.#connection).run('ROLLBACK TO job', []);
        outcomes.push({ error });
      }
      this.#connection.run('RELEASE job', []);
    }
    return outcomes;
  }

  #rollBack(): void {
    try {
      this.#connection.run('ROLLBACK', []);
    } catch {
      // some failures have ended the transaction already; the first error is the one to tell
    }
  }
}

/**
 * A full disk can make SQLite undo the whole transaction at any statement. What the work went on to write then would be
 * committed statement by statement.
 *
 * @throws Unavailable when the transaction is no more
 */
function requireTransaction(connection: SqliteConnection): SqliteConnection {
  if (connection.isInTransaction) return connection;
  throw new Unavailable('SQLite has undone the transaction.');
}

const executorInTransaction = (connection: SqliteConnection): Executor => ({
  get: async (sql, params) => requireTransaction(connection).get(sql, params),
  all: async (sql, params) => requireTransaction(connection).all(sql, params),
  run: async (sql, params) => requireTransaction(connection).run(sql, params),
});

function settle(batch: readonly Job[], outcomes: readonly Outcome[]): void {
  batch.forEach((job, index) => {
    const outcome = outcomes[index] as Outcome;
    if ('error' in outcome) job.reject(outcome.error);
    else job.resolve(outcome.value as never);
  });
}
