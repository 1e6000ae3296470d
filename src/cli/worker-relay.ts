import cluster, { type Worker as Process } from 'node:cluster';
import type { FromWorker, ToWorker } from './worker.ts';

/** How long a process that asks the others waits for those that do not answer. */
const ANSWER_LIMIT_MS = 1000;

/** What one process wants to know of the others. */
interface Question {
  readonly waitingFor: Set<number>;
  readonly answers: unknown[];
  readonly end: () => void;
}

/**
 * Passes on what server processes tell and ask each other.
 *
 * @param serving the processes that serve now
 */
export function relayMessages(serving: () => readonly Process[]): void {
  const open = new Map<number, Question>();
  let questions = 0;
  const othersThan = (worker: Process): Process[] => serving().filter(({ id }) => id !== worker.id);

  function ask(worker: Process, itsNumber: number, topic: string): void {
    const others = othersThan(worker);
    const number = questions++;
    const answers: unknown[] = [];
    const end = (): void => {
      clearTimeout(limit);
      open.delete(number);
      send(worker, { kind: 'answers', question: itsNumber, answers });
    };
    const limit = setTimeout(end, ANSWER_LIMIT_MS);
    open.set(number, { waitingFor: new Set(others.map(({ id }) => id)), answers, end });
    if (others.length === 0) end();
    for (const other of others) send(other, { kind: 'asked', question: number, topic });
  }

  /** @param isAnswer false: the process has ended without one */
  function settle(question: Question, { id }: Process, answer: unknown, isAnswer: boolean): void {
    if (!question.waitingFor.delete(id)) return;
    if (isAnswer) question.answers.push(answer);
    if (question.waitingFor.size === 0) question.end();
  }

  cluster.on('message', (worker, message: FromWorker) => {
    if (message.kind === 'tell') {
      const { topic, message: told } = message;
      for (const other of othersThan(worker)) send(other, { kind: 'told', topic, message: told });
    } else if (message.kind === 'ask') ask(worker, message.question, message.topic);
    else if (message.kind === 'answer') {
      const question = open.get(message.question);
      if (question !== undefined) settle(question, worker, message.answer, true);
    }
  });
  cluster.on('exit', (worker) => {
    for (const question of open.values()) settle(question, worker, undefined, false);
  });
}

function send(worker: Process, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}
