/** What kind of problem it is, for callers that answer with a code. */
export type Problem =
  | 'invalid'
  | 'notFound'
  | 'conflict'
  | 'failed'
  /** Whoever asks may not. */
  | 'forbidden'
  /** Nobody knows who asks. */
  | 'unauthenticated'
  /** Whoever asks is to confirm who it is first. */
  | 'reauthenticate'
  /** What was asked for was there once. */
  | 'gone'
  /** Too many have asked. */
  | 'tooMany';

interface Details {
  /** The value that is wrong, by the names on the way to it joined with dots. */
  readonly field?: string;
  /** Seconds after which it may go well. */
  readonly retryAfter?: number;
}

/** A problem that the person who gave the command can solve: the message says what happened and what to do. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly problem: Problem;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, message: string, { field, retryAfter }: Details = {}) {
    super(message);
    this.problem = problem;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}
