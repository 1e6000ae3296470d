const STEPS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/**
 * A time in relation to another, such as `3 hours ago`.
 *
 * @param time ISO 8601
 * @param now milliseconds since 1970
 * @param locale by default the reader's
 */
export function relativeTime(time: string, now: number, locale?: string): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const [unit, length] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / length), unit);
}
