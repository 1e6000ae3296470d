import { ServiceError } from '../service/service-error.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const DATE_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** How times are given, for usage texts. */
export const TIME_FORMS =
  'a date (2030-01-31), a time with its zone (2030-01-31T12:00Z), or from now on (30d, 12h, 45m)';

/** The same for times that are past. */
export const PAST_TIME_FORMS =
  'a date (2030-01-31), a time with its zone (2030-01-31T12:00Z), or that long ago (30d, 12h, 45m)';

/**
 * Reads a time given on the command line.
 *
 * @param now milliseconds since 1970
 * @param direction whether a length of time counts from now on, or back
 * @returns milliseconds since 1970
 * @throws ServiceError when it is none
 */
export function parseTime(text: string, now: number, direction: 'on' | 'back' = 'on'): number {
  const [, count, unit = ''] = /^(\d{1,6})([dhm])$/.exec(text) ?? [];
  if (count !== undefined)
    return now + (direction === 'on' ? 1 : -1) * Number(count) * (UNITS[unit] as number);
  const time = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new ServiceError(
      'invalid',
      `${JSON.stringify(text)} is not a time: give ${direction === 'on' ? TIME_FORMS : PAST_TIME_FORMS}.`,
    );
  }
  return time;
}
