import { ConfigError } from '../config.ts';
import { ScimError } from '../core/error.ts';
import { type Problem, ServiceError } from '../service/service-error.ts';

/** What a command answers: one document for programs, and the same for people. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  /** The exit code when it is not 0 although the command came to its end. */
  readonly exitCode?: number;
}

export const EXIT_CODES = { done: 0, failed: 1, usage: 2, notFound: 3, conflict: 4 } as const;

export const EXIT_CODE_HELP = `
Exit codes:
  0  done
  1  failed
  2  wrong usage or settings
  3  what was named does not exist
  4  conflict: it exists already, or its state forbids it

Settings are read from ROSTER_… variables; "roster serve --help" lists them.`;

/** Writes what a command answers: with `json` the document and nothing else. */
export function writeOutcome({ json, text }: Outcome, asJson: boolean): void {
  process.stdout.write(asJson ? `${JSON.stringify(json)}\n` : `${text}\n`);
}

/**
 * Writes an error, one line for each problem: to stderr, or as a document to stdout.
 *
 * @returns the exit code
 */
export function writeError(error: unknown, asJson: boolean): number {
  const { code, problems, exitCode } = failureOf(error);
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ error: { code, message: problems.join('\n') } })}\n`);
  } else {
    process.stderr.write(problems.map((problem) => `roster: ${problem}\n`).join(''));
  }
  return exitCode;
}

/** Tells about the progress of something long, to people only. */
export function reportProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

/** Why a command failed, in the words that its caller gets. */
export interface Failure {
  readonly code: string;
  readonly problems: readonly string[];
  readonly exitCode: number;
}

/** A failure that another process has reported. */
export class ReportedFailure extends Error {
  override readonly name = 'ReportedFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.problems.join('\n'));
    this.failure = failure;
  }
}

const EXIT_CODE_OF: Readonly<Record<Problem, number>> = {
  invalid: EXIT_CODES.usage,
  notFound: EXIT_CODES.notFound,
  conflict: EXIT_CODES.conflict,
  failed: EXIT_CODES.failed,
  forbidden: EXIT_CODES.failed,
  unauthenticated: EXIT_CODES.failed,
  reauthenticate: EXIT_CODES.failed,
  gone: EXIT_CODES.notFound,
  tooMany: EXIT_CODES.failed,
};

const PROBLEM_OF_STATUS: ReadonlyMap<number, Problem> = new Map([
  [400, 'invalid'],
  [404, 'notFound'],
  [409, 'conflict'],
]);

export function failureOf(error: unknown): Failure {
  if (error instanceof ReportedFailure) return error.failure;
  if (error instanceof ConfigError) {
    return { code: 'settings', problems: error.problems, exitCode: EXIT_CODES.usage };
  }
  const problem =
    error instanceof ServiceError
      ? error.problem
      : error instanceof ScimError
        ? (PROBLEM_OF_STATUS.get(error.status) ?? 'failed')
        : 'failed';
  const message = error instanceof Error ? error.message : String(error);
  return { code: problem, problems: [message.replaceAll('\n', ' ')], exitCode: EXIT_CODE_OF[problem] };
}

/**
 * Rows under a heading, with the columns below each other.
 *
 * @param none what is said in place of it when there are no rows
 */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  if (rows.length === 0) return none;
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one a line. */
export function fields(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${value}`).join('\n');
}
