import type { DatabaseName } from './place.ts';

/** What became of the requests of an experiment; the lists say what went wrong, one line each. */
export interface Outcome {
  rounds: number;
  /** Writes that were answered with success. */
  acknowledged: number;
  /** Answers 503 with Retry-After; clients sent the request again where the experiment goes on with it. */
  refused: number;
  /** Acknowledged writes that the store does not have, or has otherwise. */
  readonly lost: string[];
  /** What is in the store in part only, or does not fit together. */
  readonly halfDone: string[];
  /** Answers that the fault does not excuse, a 500 above all. */
  readonly badAnswers: string[];
  /** From the start of the server, or the end of the fault, to the first success. */
  readonly recoveryMs: number[];
  /** What else was measured, in words. */
  readonly figures: string[];
}

/** A fault, made again and again under load. */
export interface Experiment {
  readonly name: string;
  /** The databases that the fault can happen to. */
  readonly databases: readonly DatabaseName[];
  /** How often `npm run test:faults` makes the fault when it is not told. */
  readonly rounds: number;
  /** How often `npm test` does; 0: it takes too long for that. */
  readonly fewRounds: number;
  /** Whether the fault can be made on this machine; absent: on any. */
  isPossible?(): boolean;
  run(rounds: number, database: DatabaseName): Promise<Outcome>;
}

export const newOutcome = (): Outcome => ({
  rounds: 0,
  acknowledged: 0,
  refused: 0,
  lost: [],
  halfDone: [],
  badAnswers: [],
  recoveryMs: [],
  figures: [],
});

/** In words: how long 99 of 100 took at most, and the longest. */
export function slowest(what: string, milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const [p99 = 0, most = 0] = [sorted[Math.floor(sorted.length * 0.99)], sorted.at(-1)].map((ms) =>
    Math.round(ms ?? 0),
  );
  return `${what}: p99 ${p99} ms, most ${most} ms`;
}

/** Runs tasks side by side that each know their number. */
export const sideBySide = <T>(count: number, task: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => task(number)));

export const randomBelow = (limit: number): number => Math.floor(Math.random() * limit);

/** Asks again and again until the answer is yes. @throws Error after 60 s */
export async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
