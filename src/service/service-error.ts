/** What kind of problem it is, for callers that answer with a code. */
export type Problem = 'invalid' | 'notFound' | 'conflict' | 'failed';

/** A problem that the person who gave the command can solve: the message says what happened and what to do. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly problem: Problem;

  constructor(problem: Problem, message: string) {
    super(message);
    this.problem = problem;
  }
}
