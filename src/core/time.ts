import { dateTimeKey } from './compare.ts';

/** A point in time as resources carry it: the comparison key of its UTC form, to the millisecond. */
export const timeKey = (epochMs: number): string => dateTimeKey(new Date(epochMs).toISOString()) as string;

/** The time of a change: now, but always later than the change before it, whatever the clock did meanwhile. */
export function laterTime(previous: string, now: string): string {
  return now > previous ? now : timeKey(Date.parse(`${previous}Z`) + 1);
}
