/** Runs tasks in the order they come. */
export interface Queue {
  /** @throws what `refuse` gives when too many wait */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Throws as `run` would now. */
  requireRoom(): void;
}

/**
 * @param atOnce tasks that run at the same time
 * @param waiting how many more may wait before one is refused
 */
export function createQueue(atOnce: number, waiting: number, refuse: () => Error): Queue {
  const queue: (() => void)[] = [];
  let running = 0;
  const requireRoom = (): void => {
    if (running >= atOnce && queue.length >= waiting) throw refuse();
  };
  return {
    requireRoom,
    async run(task) {
      requireRoom();
      if (running >= atOnce) await new Promise<void>((turn) => queue.push(turn));
      else running += 1;
      try {
        return await task();
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
