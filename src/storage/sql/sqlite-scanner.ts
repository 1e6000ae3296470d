import { Worker } from 'node:worker_threads';
import { Unavailable } from '../../core/error.ts';
import type { SqlValue } from './engine.ts';
import type { ScanAnswer, ScanRequest, ScanWorkerData } from './sqlite-worker.ts';

interface Waiting {
  readonly request: ScanRequest;
  readonly resolve: (rows: never[]) => void;
  readonly reject: (error: Error) => void;
}

/** Rows live as long as a query in these threads: a small nursery keeps their memory small. */
const YOUNG_GENERATION_MIB = 8;

/** Most queries that wait for a worker before further ones are refused. */
const MAX_WAITING = 1000;

/** Runs queries in worker threads with connections of their own, so that a long one delays no other request. */
export class SqliteScanner {
  readonly #data: ScanWorkerData;
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #waiting: Waiting[] = [];
  #nextId = 0;
  #closed = false;

  /** @param size number of threads; each starts when it is first needed */
  constructor(data: ScanWorkerData, size: number) {
    this.#data = data;
    this.#size = size;
  }

  all<Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]> {
    if (this.#closed || this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new Unavailable('Too many queries are waiting.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request: { id: this.#nextId++, sql, params }, resolve: resolve as never, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()));
  }

  #assign(): void {
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? (this.#busy.size < this.#size ? this.#start() : undefined);
    if (worker === undefined) return;
    const next = this.#waiting.shift() as Waiting;
    this.#busy.set(worker, next);
    worker.ref();
    worker.postMessage(next.request);
  }

  #start(): Worker {
    // the compiled package has JavaScript where a checkout has TypeScript
    const file = import.meta.url.endsWith('.ts') ? './sqlite-worker.ts' : './sqlite-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    worker.on('message', (answer: ScanAnswer) => this.#settle(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error as Error));
    worker.on('exit', () => this.#lose(worker, new Error('A query thread ended.')));
    return worker;
  }

  #settle(worker: Worker, answer: ScanAnswer): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    // a server that has nothing else to do may end
    worker.unref();
    if (job !== undefined) {
      if ('rows' in answer) job.resolve(answer.rows as never[]);
      else job.reject(answer.unavailable ? new Unavailable(answer.error) : new Error(answer.error));
    }
    this.#assign();
  }

  #lose(worker: Worker, error: Error): void {
    const job = this.#busy.get(worker);
    this.#busy.delete(worker);
    const index = this.#idle.indexOf(worker);
    if (index >= 0) this.#idle.splice(index, 1);
    job?.reject(this.#closed ? new Unavailable('The server is stopping.') : error);
    if (!this.#closed) this.#assign();
  }
}
