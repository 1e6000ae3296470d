import { Unavailable } from '../../core/error.ts';
import { type Access, type Engine, type Executor, ReferenceViolation } from './engine.ts';
import { TransactionConflict } from './postgres-connection.ts';

/** How long the transaction may last, which other writers may wait for. */
const TRANSACTION_LIMIT_MS = 2000;

/** How long all of it may take, what comes before the first write included. */
const LIMIT_MS = 5000;

/** How often a part is tried when another transaction is in its way. */
const MAX_TRIES = 3;

/** Ends the transaction around everything. */
class Undone extends Error {
  override readonly name = 'Undone';
}

/**
 * Runs `work` on an engine whose transactions for a tenant are parts of one that is undone at the end. That one begins with the
 * first write, so that nobody waits for what is done before, such as the hashing of passwords; until then reads go
 * where they always do. Behind the end no statement reaches the database.
 *
 * @throws Unavailable when it takes too long
 */
export async function onDryEngine<T>(
  engine: Engine,
  tenantId: string,
  work: (dry: Engine) => Promise<T>,
): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const ended = Promise.withResolvers<void>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    ended.resolve();
  };
  const giveUp = (): void => {
    end();
    reject(new Unavailable('The dry run took too long.'));
  };
  const timers = [setTimeout(giveUp, LIMIT_MS)];
  let enclosing = Promise.resolve();
  let begun: Promise<Executor> | undefined;
  const guarded = (executor: Executor): Executor => ({
    get: async (sql, params) => executor.get(requireTime(sql), params),
    all: async (sql, params) => executor.all(requireTime(sql), params),
    run: async (sql, params) => executor.run(requireTime(sql), params),
  });
  const requireTime = (sql: string): string => {
    if (isOver) throw new Unavailable('The dry run is over.');
    return sql;
  };

  const begin = (): Promise<Executor> => {
    begun ??= new Promise((resolve, refuse) => {
      const transaction = engine.of(tenantId).transaction(async (executor) => {
        timers.push(setTimeout(giveUp, TRANSACTION_LIMIT_MS));
        resolve(guarded(executor));
        await ended.promise;
        throw new Undone();
      });
      enclosing = transaction.catch((error: unknown) => {
        if (!(error instanceof Undone)) refuse(error);
      });
    });
    return begun;
  };

  /** An executor that is the transaction once there is one. */
  const reading = (before: Executor): Executor => {
    const real = guarded(before);
    const now = async (): Promise<Executor> => (begun === undefined ? real : await begun);
    return {
      get: async (sql, params) => (await now()).get(sql, params),
      all: async (sql, params) => (await now()).all(sql, params),
      run: async (sql, params) => (await now()).run(sql, params),
    };
  };
  const transaction = oneByOne(begin);
  const accessLike = ({ dialect, reader, scanner }: Access): Access => ({
    dialect,
    reader: reading(reader),
    scanner: reading({ ...reader, all: (sql, params) => scanner.all(sql, params) }),
    transaction,
  });

  const dry: Engine = {
    dialect: engine.dialect,
    words: engine.words,
    of: (id) => (id === tenantId ? accessLike(engine.of(id)) : readOnly(engine.of(id))),
    shared: accessLike(engine.shared),
    snapshot: () => Promise.reject(new Error('A dry run has no snapshots.')),
    migration: () => Promise.reject(new Error('A dry run has no migrations.')),
    analyze: async () => {},
    close: async () => {},
  };
  try {
    return await Promise.race([work(dry), tooLate]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    end();
    await enclosing;
  }
}

/** Transactions as parts of one, one after the other; each can fail by itself. */
function oneByOne(begin: () => Promise<Executor>): Access['transaction'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const part = last.then(async () => attempted(await begin(), work));
    last = part.catch(() => {});
    return part;
  };
}

async function attempted<T>(tx: Executor, work: (executor: Executor) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    await tx.run('SAVEPOINT part', []);
    try {
      return await work(tx);
    } catch (error) {
      await tx.run('ROLLBACK TO part', []);
      if (!(error instanceof TransactionConflict || error instanceof ReferenceViolation)) throw error;
      if (tries === MAX_TRIES) throw new Unavailable(error.message);
    } finally {
      await tx.run('RELEASE part', []);
    }
  }
}

const readOnly = (access: Access): Access => ({
  ...access,
  transaction: () => Promise.reject(new Error('A dry run writes for one tenant.')),
});
