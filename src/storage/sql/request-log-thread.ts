import { Worker } from 'node:worker_threads';
import { Unavailable } from '../../core/error.ts';
import type {
  RequestLogCall,
  RequestLogPlace,
  RequestLogReply,
  RequestLogTask,
} from './request-log-worker.ts';

/** Rows live as long as a batch: a small nursery keeps the memory of the thread small. */
const YOUNG_GENERATION_MIB = 16;

/** After a thread has ended by itself the next one begins no earlier. */
const RESTART_MS = 1000;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that writes the request log. It begins with the first task, and again after it has ended. */
export interface RequestLogThread {
  /** @throws Unavailable when the thread can't do it, or has ended meanwhile */
  run<T>(task: RequestLogTask): Promise<T>;
  /** Lets it finish what it has. */
  close(): Promise<void>;
}

/** @param onStart gets each thread that begins */
export function createRequestLogThread(
  place: RequestLogPlace,
  onStart: (worker: Worker) => void = () => {},
): RequestLogThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let numbers = 0;
  let lostAt = Number.NEGATIVE_INFINITY;

  function start(): Worker {
    // the compiled package has JavaScript where a checkout has TypeScript
    const file = import.meta.url.endsWith('.ts') ? './request-log-worker.ts' : './request-log-worker.js';
    const started = new Worker(new URL(file, import.meta.url), {
      workerData: place,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    started.on('message', settle);
    started.on('error', () => lose(started));
    started.on('exit', () => lose(started));
    onStart(started);
    return started;
  }

  function settle(reply: RequestLogReply): void {
    const call = waiting.get(reply.number);
    waiting.delete(reply.number);
    // a process that has nothing else to do may end
    if (waiting.size === 0) worker?.unref();
    if ('error' in reply) call?.reject(new Unavailable(`The request log: ${reply.error}`));
    else call?.resolve(reply.result as never);
  }

  function lose(lost: Worker): void {
    if (worker !== lost) return;
    worker = undefined;
    lostAt = performance.now();
    const calls = [...waiting.values()];
    waiting.clear();
    for (const { reject } of calls) reject(new Unavailable('The thread of the request log has ended.'));
  }

  function run<T>(task: RequestLogTask): Promise<T> {
    if (worker === undefined && performance.now() - lostAt < RESTART_MS)
      return Promise.reject(new Unavailable('The thread of the request log has ended.'));
    worker ??= start();
    worker.ref();
    const number = numbers++;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    waiting.set(number, { resolve: resolve as never, reject });
    worker.postMessage({ number, task } satisfies RequestLogCall);
    return promise;
  }

  return {
    run,
    async close() {
      const closing = worker;
      if (closing === undefined) return;
      await run({ kind: 'close' }).catch(() => undefined);
      worker = undefined;
      await closing.terminate();
    },
  };
}
