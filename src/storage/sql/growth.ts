import type { Transaction } from '../storage.ts';
import type { Engine } from './engine.ts';

/** Resources after which the statistics are made for the first time; each time after that there are four times as many. */
const FIRST = 500;
const FACTOR = 4;

type Insertion = Pick<Transaction, 'insertResource' | 'insertResources'>;

/**
 * Has the database look at its tables again while this process fills them. A database does so by itself, but after a
 * minute, in which it would take the tables of a new installation for empty.
 */
export function createGrowth(engine: Pick<Engine, 'analyze'>): {
  /** The writes of a transaction, counted. */
  counting<T extends Insertion>(tx: T): T;
  /** To be called when a transaction is committed. */
  committed(): void;
} {
  let written = 0;
  let next = FIRST;
  return {
    counting: (tx) => ({
      ...tx,
      async insertResource(tenantId, write) {
        await tx.insertResource(tenantId, write);
        written += 1;
      },
      async insertResources(tenantId, writes) {
        await tx.insertResources(tenantId, writes);
        written += writes.length;
      },
    }),
    committed() {
      if (written < next) return;
      next = FACTOR * written;
      // without it some searches are slow, and the database does so later
      engine.analyze().catch(() => {});
    },
  };
}
