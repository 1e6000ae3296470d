import { type Dialect, TOLERANCE_NAMES, type ToleranceOverrides } from '../core/tolerance.ts';
import type { IntegrationSettings } from '../storage/directory.ts';
import { ServiceError } from './service-error.ts';

/** What to change of the settings of an integration; what is absent stays. */
export interface SettingsChange {
  readonly dialect?: Dialect;
  readonly requirePrimaryEmail?: boolean;
  /** By the names of tolerances: on, off, or again as the dialect says. */
  readonly tolerances?: Readonly<Record<string, boolean | 'byDialect'>>;
  /** Requests per second on average, at least 25; `default`: again as the server is set. */
  readonly rateLimit?: number | 'off' | 'default';
  /** Most requests in one second, at least 25 and no fewer than the average. */
  readonly rateBurst?: number | 'default';
}

/** Identity providers send as many: fewer would delay what they provision. */
const LEAST_RATE = 25;
const MOST_RATE = 9_999_999;

/** @throws ServiceError when a setting is wrong */
export function changeSettings(before: IntegrationSettings, change: SettingsChange): IntegrationSettings {
  const { tolerances: tolerancesBefore, rateLimit: limitBefore, rateBurst: burstBefore, ...rest } = before;
  const tolerances = changeTolerances(tolerancesBefore ?? {}, change.tolerances ?? {});
  const rateLimit = changed(limitBefore, change.rateLimit);
  const rateBurst = changed(burstBefore, change.rateBurst);
  if (rateLimit !== undefined && rateLimit !== 'off') checkRate('rateLimit', 'rate limit', rateLimit);
  if (rateBurst !== undefined) checkRate('rateBurst', 'burst', rateBurst);
  if (typeof rateLimit === 'number' && rateBurst !== undefined && rateBurst < rateLimit)
    throw new ServiceError(
      'invalid',
      `The burst (${rateBurst} requests in one second) can't be less than the rate limit (${rateLimit} per second).`,
      { field: 'rateBurst' },
    );
  return {
    ...rest,
    dialect: change.dialect ?? rest.dialect,
    requirePrimaryEmail: change.requirePrimaryEmail ?? rest.requirePrimaryEmail,
    ...(Object.keys(tolerances).length > 0 && { tolerances }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(rateBurst !== undefined && { rateBurst }),
  };
}

/** How many times the average may come in one second, unless the settings say. */
const BURST_FACTOR = 5;

/**
 * The rate that an integration may have.
 *
 * @param byDefault requests per second on average, where the settings say nothing
 * @returns undefined when it has no limit
 */
export function rateLimitOf(
  { rateLimit, rateBurst }: IntegrationSettings,
  byDefault: number,
): { readonly perSecond: number; readonly burst: number } | undefined {
  if (rateLimit === 'off') return undefined;
  const perSecond = rateLimit ?? byDefault;
  return { perSecond, burst: Math.max(perSecond, rateBurst ?? perSecond * BURST_FACTOR) };
}

const changed = <T>(before: T | undefined, wanted: T | 'default' | undefined): T | undefined =>
  wanted === 'default' ? undefined : (wanted ?? before);

/** What an earlier version has stored under a name that is no row any more is dropped. */
function changeTolerances(
  before: ToleranceOverrides,
  change: Readonly<Record<string, boolean | 'byDialect'>>,
): ToleranceOverrides {
  const names: readonly string[] = TOLERANCE_NAMES;
  const unknown = Object.keys(change).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new ServiceError(
      'invalid',
      `There is no tolerance ${unknown.join(', ')}. The names are ${names.join(', ')}.`,
      { field: 'tolerances' },
    );
  const entries = TOLERANCE_NAMES.map((name) => [name, change[name] ?? before[name]] as const);
  return Object.fromEntries(entries.filter(([, state]) => typeof state === 'boolean'));
}

function checkRate(field: 'rateLimit' | 'rateBurst', what: string, requests: number): void {
  if (!Number.isSafeInteger(requests) || requests < LEAST_RATE || requests > MOST_RATE)
    throw new ServiceError(
      'invalid',
      `The ${what} is a whole number of requests from ${LEAST_RATE} to ${MOST_RATE}, not ${requests}.`,
      { field },
    );
}
