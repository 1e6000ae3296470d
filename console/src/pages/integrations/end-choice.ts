const DAY_MS = 86_400_000;

/** A time that is chosen in a form: so many days from now, a date, or a word of its own. */
export interface EndChoice {
  readonly value: string;
  readonly label: string;
  /** Days from now; undefined: no end, or the end of the day that is given beside. */
  readonly days?: number;
}

export const DATE = 'date';

/** @param date `YYYY-MM-DD`, of which the end counts, in the zone of the browser. @returns ISO 8601; undefined: never */
export function endOf(choices: readonly EndChoice[], value: string, date: string): string | undefined {
  if (value === DATE) return new Date(`${date}T23:59:59`).toISOString();
  const days = choices.find((choice) => choice.value === value)?.days;
  return days === undefined ? undefined : new Date(Date.now() + days * DAY_MS).toISOString();
}

/** What is wrong with a date that is given; null: nothing. */
export function dateFault(value: string, date: string): string | null {
  if (value !== DATE) return null;
  const time = Date.parse(`${date}T23:59:59`);
  if (Number.isNaN(time)) return 'Give a date.';
  return time <= Date.now() ? 'Give a date that is still to come.' : null;
}

/** When a new credential ends. */
export const EXPIRIES: readonly EndChoice[] = [
  { value: 'never', label: 'Never, until it is revoked' },
  { value: '365', label: 'In a year', days: 365 },
  { value: '90', label: 'In 90 days', days: 90 },
  { value: DATE, label: 'On a date' },
];

/** When the old credential ends that a new one replaces. */
export const OVERLAPS: readonly EndChoice[] = [
  { value: '7', label: 'For 7 more days', days: 7 },
  { value: '1', label: 'For 1 more day', days: 1 },
  { value: 'now', label: 'No more, from now on' },
  { value: DATE, label: 'Until a date' },
];
