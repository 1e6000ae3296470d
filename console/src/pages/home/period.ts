const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back charts go. */
export const PERIODS = {
  day: { label: '24 hours', step: 'hour', ms: DAY_MS },
  week: { label: '7 days', step: 'hour', ms: 7 * DAY_MS },
  quarter: { label: '90 days', step: 'day', ms: 90 * DAY_MS },
} as const;

export type PeriodName = keyof typeof PERIODS;

/** What statistics are asked for; the same within an hour, so that what was read is used again. */
export function periodQuery(name: PeriodName): { readonly since: string; readonly step: 'hour' | 'day' } {
  const { step, ms } = PERIODS[name];
  const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  return { since: new Date(thisHour - ms + HOUR_MS).toISOString(), step };
}
