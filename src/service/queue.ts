/** Runs tasks in the order they come. @throws what `refuse` gives when too many wait */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * @param atOnce tasks that run at the same time
 * @param waiting how many more may wait before one is refused
 */
export function createQueue(atOnce: number, waiting: number, refuse: () => Error): Queue {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw refuse();
      await new Promise<void>((turn) => queue.push(turn));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
