import cluster, { type Worker as Process } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { type Failure, type Outcome, ReportedFailure, writeOutcome } from './output.ts';
import { requireFreePort, STOP_LIMIT_MS, type StopSignal, untilSignalled } from './server.ts';
import type { FromWorker, ToWorker } from './worker.ts';
import { relayMessages } from './worker-relay.ts';

/** A server process. */
interface Worker {
  readonly process: Process;
  /** What it says when it serves. @throws ReportedFailure when it ends before that */
  readonly begun: Promise<Outcome>;
  /** How it has ended, in words; undefined: as it was told to. */
  readonly ended: Promise<string | undefined>;
  readonly isServing: () => boolean;
}

/** A process that lived for so long did not end by what it met when it began. */
const SETTLED_MS = 30_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * Runs several server processes on one port until a signal ends them. This one coordinates: it takes the connections
 * and deals them out, and opens no database. The first server process makes what a new server begins with; the
 * others begin when it serves, and each that ends gets a successor.
 *
 * @throws ReportedFailure when the first one can't begin
 */
export async function serveByWorkers(config: Config, asJson: boolean): Promise<void> {
  await requireFreePort(config);
  const destination = pino.destination({ dest: asJson ? 2 : 1, sync: true });
  const log = pino({ level: config.logLevel, base: { pid: process.pid } }, destination);
  const stopping = new AbortController();
  const signalled = untilSignalled().finally(() => stopping.abort());
  cluster.setupPrimary({ serialization: 'advanced' });
  const workers = new Set<Worker>();
  relayMessages(() => [...workers].filter(({ isServing }) => isServing()).map((worker) => worker.process));

  const start = (): Worker => {
    const worker = startWorker();
    workers.add(worker);
    return worker;
  };

  /** Keeps a server process running, with longer and longer pauses when each ends soon. */
  async function keep(worker: Worker): Promise<void> {
    const { signal: stop } = stopping;
    let pause = SHORTEST_PAUSE_MS;
    for (let current = worker; ; current = start()) {
      const since = performance.now();
      const reason = await current.ended;
      if (stop.aborted) return;
      workers.delete(current);
      log.error({ ended: current.process.process.pid, reason }, 'a server process has ended');
      pause =
        performance.now() - since > SETTLED_MS ? SHORTEST_PAUSE_MS : Math.min(2 * pause, LONGEST_PAUSE_MS);
      await sleep(pause, undefined, { signal: stop }).catch(() => {});
      if (stop.aborted) return;
    }
  }

  const first = start();
  const outcome = await Promise.race([first.begun, signalled.then(() => undefined)]);
  if (outcome !== undefined) {
    writeOutcome(outcome, asJson);
    void keep(first);
    for (let count = 1; count < config.workers; count++) void keep(start());
  }
  const signal = await signalled;
  const delayMs = signal === 'SIGTERM' ? config.stopDelay * 1000 : 0;
  await stopAll(workers, signal, STOP_LIMIT_MS + delayMs, log);
}

function startWorker(): Worker {
  const worker = cluster.fork();
  const { promise: begun, resolve, reject } = Promise.withResolvers<Outcome>();
  let isServing = false;
  let failure: Failure | undefined;
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'begun') {
      isServing = true;
      resolve(message.outcome);
    } else if (message.kind === 'failed') failure = message.failure;
  });
  const ended = endOf(worker).then((end) => {
    isServing = false;
    const how = failure?.problems.join(' ') ?? end;
    reject(new ReportedFailure(failure ?? failureOfEnd(how)));
    return end === AS_TOLD ? undefined : how;
  });
  // only the first one is waited for
  begun.catch(() => {});
  return { process: worker, begun, ended, isServing: () => isServing };
}

const AS_TOLD = 'as it was told to';

/** How a process ends, in words. */
function endOf(worker: Process): Promise<string> {
  return new Promise((resolve) => {
    worker.once('exit', (code, signal) => {
      const isAsTold = code === 0 && worker.exitedAfterDisconnect;
      resolve(isAsTold ? AS_TOLD : signal ? `signal ${signal}` : `exit code ${code}`);
    });
    worker.on('error', (error) => {
      // the system lacks something to start it with; other errors are about messages to a process that is gone
      if (worker.process.pid === undefined) resolve(error.message);
    });
  });
}

const failureOfEnd = (how: string): Failure => ({
  code: 'failed',
  problems: [`A server process ended before it could serve: ${how}.`],
  exitCode: 1,
});

/** Lets all of them finish their requests. */
async function stopAll(
  workers: ReadonlySet<Worker>,
  signal: StopSignal,
  limitMs: number,
  log: Logger,
): Promise<void> {
  const stop: ToWorker = { kind: 'stop', signal };
  for (const worker of workers) {
    if (worker.isServing()) worker.process.send(stop);
    // it has acknowledged nothing yet
    else worker.process.process.kill('SIGKILL');
  }
  // each has a limit of its own, which it may be too busy to keep
  const limit = setTimeout(() => {
    log.error('server processes did not end');
    for (const { process } of workers) process.process.kill('SIGKILL');
  }, limitMs + 1000);
  const serving = [...workers].filter(({ isServing }) => isServing());
  const reasons = await Promise.all(serving.map(({ ended }) => ended));
  await Promise.all([...workers].map(({ ended }) => ended));
  clearTimeout(limit);
  if (reasons.some((reason) => reason !== undefined)) process.exitCode = 1;
}
