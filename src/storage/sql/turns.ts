import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../core/error.ts';

/** Runs a task when those before it that want the same are done. */
export type Turns = <T>(wanted: string, task: () => Promise<T>) => Promise<T>;

/**
 * Lets tasks of this process that want the same go one after the other, in the order in which they came. Transactions that
 * change one resource would wait for each other in the database anyway, each with a connection that others could use.
 *
 * @param limitMs how long a task waits for those before it, in milliseconds; then it is refused with Unavailable
 */
export function createTurns(limitMs: number): Turns {
  const last = new Map<string, Promise<void>>();
  return async (wanted, task) => {
    const before = last.get(wanted);
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    // one that waits no longer does not let those behind it pass the ones before
    const both = before === undefined ? done : before.then(() => done);
    last.set(wanted, both);
    both.then(() => {
      if (last.get(wanted) === both) last.delete(wanted);
    });
    try {
      if (before !== undefined && !(await isDoneWithin(before, limitMs)))
        throw new Unavailable('Other changes of the same resource take too long.');
      return await task();
    } finally {
      end();
    }
  };
}

async function isDoneWithin(task: Promise<void>, limitMs: number): Promise<boolean> {
  const timer = new AbortController();
  const timeOut = sleep(limitMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([task.then(() => true), timeOut]);
  } finally {
    timer.abort();
  }
}
