import { statSync } from 'node:fs';
import { Unavailable } from '../core/error.ts';

type Status = 'ok' | 'warning' | 'failed';

/** What `roster doctor` has found out about one thing. */
export interface Check {
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
}

export const check = (name: string, status: Status, detail: string): Check => ({ name, status, detail });

/** A check that can't be carried out has failed. */
export async function attempt(name: string, work: () => Promise<Check>): Promise<Check> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Unavailable ? String(error.cause) : (error as Error).message;
    return check(name, 'failed', reason);
  }
}

/** Windows has no such bits: whatever it reports there is not about others. */
export const isOpenToOthers = (path: string, bits = 0o077): boolean =>
  process.platform !== 'win32' && (statSync(path).mode & bits) !== 0;
