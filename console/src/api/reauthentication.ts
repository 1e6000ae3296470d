/** A question that waits for an answer: who is there? */
export interface Question {
  readonly answer: (proved: boolean) => void;
}

let question: Question | undefined;
let asked: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

function setQuestion(next: Question | undefined): void {
  question = next;
  for (const listener of listeners) listener();
}

/**
 * Asks the person to prove who is there; calls that need it at the same time share one question.
 *
 * @returns whether the server has been given the proof
 */
export function proveAgain(): Promise<boolean> {
  asked ??= new Promise<boolean>((resolve) => setQuestion({ answer: resolve })).finally(() => {
    asked = undefined;
    setQuestion(undefined);
  });
  return asked;
}

/** For React's useSyncExternalStore. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const currentQuestion = (): Question | undefined => question;
