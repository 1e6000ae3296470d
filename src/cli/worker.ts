import cluster from 'node:cluster';
import type { Config } from '../config.ts';
import type { Peers } from '../service/peers.ts';
import { type Failure, failureOf, type Outcome } from './output.ts';
import { runServer, type StopSignal } from './server.ts';

/** What a server process says to the one that coordinates. */
export type FromWorker =
  | { readonly kind: 'begun'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'tell'; readonly topic: string; readonly message: unknown }
  | { readonly kind: 'ask'; readonly question: number; readonly topic: string }
  | { readonly kind: 'answer'; readonly question: number; readonly answer: unknown };

/** What the process that coordinates says. Questions of one server process have another number at the others. */
export type ToWorker =
  | { readonly kind: 'stop'; readonly signal: StopSignal }
  | { readonly kind: 'told'; readonly topic: string; readonly message: unknown }
  | { readonly kind: 'asked'; readonly question: number; readonly topic: string }
  | { readonly kind: 'answers'; readonly question: number; readonly answers: readonly unknown[] };

/** A whole line that is no longer reaches a pipe in one piece, whoever else writes into it (PIPE_BUF of Linux). */
const WHOLE_WRITE = 4096;

/** Runs the server as one of several processes, until the one that coordinates them says so or is no more. */
export async function serveAsWorker(config: Config, asJson: boolean): Promise<void> {
  // a terminal or a service manager signals all processes: what counts is what the first one says
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  const { stopped, peers } = openChannel();
  try {
    await runServer(config, {
      destination: { dest: asJson ? 2 : 1, sync: false, maxWrite: WHOLE_WRITE },
      logBase: { pid: process.pid },
      peers,
      untilStopped: () => stopped,
      begun: (outcome) => send({ kind: 'begun', outcome }),
    });
  } catch (error) {
    send({ kind: 'failed', failure: failureOf(error) });
    process.exitCode = 1;
  } finally {
    // without its channel the process ends when it has nothing left to do
    cluster.worker?.disconnect();
  }
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

function openChannel(): { readonly stopped: Promise<StopSignal>; readonly peers: Peers } {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<StopSignal>();
  const heard = new Map<string, (message: unknown) => void>();
  const answered = new Map<string, () => Promise<unknown>>();
  const asking = new Map<number, (answers: readonly unknown[]) => void>();
  let questions = 0;

  async function answer(topic: string, question: number): Promise<void> {
    const give = answered.get(topic);
    if (give !== undefined) send({ kind: 'answer', question, answer: await give() });
  }

  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop(message.signal);
    else if (message.kind === 'told') heard.get(message.topic)?.(message.message);
    // who asks goes on without an answer
    else if (message.kind === 'asked') answer(message.topic, message.question).catch(() => {});
    else asking.get(message.question)?.(message.answers);
  });

  const peers: Peers = {
    tell: (topic, message) => send({ kind: 'tell', topic, message }),
    hear: (topic, take) => heard.set(topic, take),
    async ask(topic) {
      const question = questions++;
      const { promise, resolve } = Promise.withResolvers<readonly unknown[]>();
      asking.set(question, resolve);
      send({ kind: 'ask', question, topic });
      const answers = await promise;
      asking.delete(question);
      return answers;
    },
    answer: (topic, give) => answered.set(topic, give),
  };
  return { stopped, peers };
}
