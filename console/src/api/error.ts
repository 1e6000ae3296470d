import type { Problem } from '../../../src/http/admin/contract/admin-api.ts';

/** What a server, or a proxy before it, says when it refuses. */
export type Refusal = Partial<Problem>;

/** What is wrong with one field of what was sent; `path` is a dot path, as forms name their fields. */
export type FieldError = NonNullable<Problem['fields']>[number];

/** Sent when the operator has to prove again who is there. */
export const REAUTHENTICATE = 'urn:roster:reauthenticate';

/** An answer of the admin API that is none of success, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly fields: readonly FieldError[];
  readonly requestId: string | undefined;
  readonly scimType: string | undefined;
  /** Where in a filter reading stopped, from 1. */
  readonly position: number | undefined;

  constructor(status: number, problem: Refusal = {}) {
    const title =
      problem.title ?? (status === 0 ? 'Roster can’t be reached' : `The server answered ${status}`);
    super(problem.detail ?? title);
    this.name = 'ApiError';
    this.status = status;
    this.type = problem.type ?? 'about:blank';
    this.title = title;
    this.fields = problem.fields ?? [];
    this.requestId = problem.requestId;
    this.scimType = problem.scimType;
    this.position = problem.position;
  }
}

/** Thrown by a call when the person has chosen not to prove who is there: nothing to complain of. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'Cancelled';
  }
}

/** A failure in words for people. */
export const messageOf = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'The console itself failed. Reloading the page may help.';
