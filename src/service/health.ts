import type { Credential, Integration, Tenant } from '../storage/directory.ts';
import type { IntegrationActivity, RequestHour } from '../storage/request-log.ts';
import { isLiveAt } from './credentials.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Identity providers that only send what changes may be quiet over a long weekend. */
const SILENT_AFTER_DAYS = 7;
/** Once when there is time to plan, once when there is not. */
export const EXPIRY_WARNING_DAYS = [30, 7] as const;

/** Refusals belong to the daily business of some providers, which ask for users that may not be there. */
const FAILING_SHARE = 0.5;
/** Fewer requests say nothing by their share. */
const FEW_REQUESTS = 10;
/** How long an integration that gets nothing but refusals counts as trying something. */
const PATIENCE_MS = HOUR_MS;
const ENDED_LATELY_MS = 30 * DAY_MS;

/** How an integration does, in one word and in words. */
export interface Health {
  readonly state: 'waiting' | 'healthy' | 'failing' | 'silent' | 'ended';
  readonly detail: string;
  readonly lastRequest: string | undefined;
  readonly lastFailure: string | undefined;
  /** The id of the request that failed last, in the request log. */
  readonly lastFailureRequest: string | undefined;
}

/** What is known of an integration. */
export interface IntegrationState {
  readonly integration: Integration;
  readonly credentials: readonly Credential[];
  readonly health: Health;
  /** Requests of the last 24 hours, and how many of them were answered with an error. */
  readonly requests: number;
  readonly errors: number;
}

/** Something that a person should look at. */
export interface Attention {
  readonly kind: 'silent' | 'failing' | 'expiring' | 'ended';
  readonly tenant: Tenant;
  readonly integration: Integration;
  readonly detail: string;
  /** Since when; of what expires: when. */
  readonly since: string | undefined;
}

/** What the health of an integration follows from. */
export interface Signs {
  readonly isTenantActive: boolean;
  readonly credentials: readonly Credential[];
  readonly activity: IntegrationActivity | undefined;
  /** Of the last 24 hours. */
  readonly hours: readonly RequestHour[];
}

/** @param now milliseconds since 1970 */
export function healthOf({ isTenantActive, credentials, activity, hours }: Signs, now: number): Health {
  const common = {
    lastRequest: activity?.lastRequest,
    lastFailure: activity?.lastError,
    lastFailureRequest: activity?.lastErrorId,
  };
  const state = (name: Health['state'], detail: string): Health => ({ state: name, detail, ...common });
  if (!isTenantActive) return state('ended', 'The tenant is deactivated, so its requests get 401.');
  if (!credentials.some((credential) => isLiveAt(credential, now)))
    return state('ended', 'It has no live credential, so its requests get 401.');
  if (activity === undefined) {
    const used = credentials.some(({ lastUsed }) => lastUsed !== undefined);
    return used
      ? state('healthy', 'It was in use; of its requests none is kept.')
      : state('waiting', 'No request has come yet.');
  }
  const failure = failureOf(activity, hours, now);
  if (failure !== undefined) return state('failing', failure);
  const days = Math.floor((now - Date.parse(activity.lastRequest)) / DAY_MS);
  if (days >= SILENT_AFTER_DAYS) return state('silent', `No request has come for ${days} days.`);
  return state('healthy', 'Requests come and are answered.');
}

function failureOf(
  { lastSuccess, lastError, lastErrorStatus }: IntegrationActivity,
  hours: readonly RequestHour[],
  now: number,
): string | undefined {
  if (lastError === undefined) return undefined;
  const last = lastErrorStatus === undefined ? '' : `, the last one with ${lastErrorStatus}`;
  if (lastSuccess === undefined) return `None of its requests has gone well${last}.`;
  const { requests, errors } = sumOf(hours);
  if (requests >= FEW_REQUESTS && errors / requests >= FAILING_SHARE)
    return `${errors} of its ${requests} requests of the last 24 hours were refused${last}.`;
  const isRecent = now - Date.parse(lastError) < DAY_MS;
  if (isRecent && Date.parse(lastError) - Date.parse(lastSuccess) > PATIENCE_MS)
    return `All its requests have been refused for more than an hour${last}.`;
  return undefined;
}

/** Counts requests, and those answered with 4xx or 5xx. */
export function sumOf(hours: readonly Pick<RequestHour, 'requests' | 'refused' | 'failed'>[]): {
  readonly requests: number;
  readonly errors: number;
} {
  const sum = { requests: 0, errors: 0 };
  for (const { requests, refused, failed } of hours) {
    sum.requests += requests;
    sum.errors += refused + failed;
  }
  return sum;
}

/** What of an integration needs to be looked at. @param now milliseconds since 1970 */
export function attentionOf(
  tenant: Tenant,
  { integration, credentials, health }: IntegrationState,
  now: number,
): Attention[] {
  if (!tenant.active) return [];
  const found: Attention[] = [];
  const note = (kind: Attention['kind'], detail: string, since: string | undefined): void =>
    void found.push({ kind, tenant, integration, detail, since });
  const { state, detail } = health;
  if (state === 'failing') note('failing', detail, health.lastFailure);
  if (state === 'silent') note('silent', detail, health.lastRequest);
  if (state === 'ended') {
    const end = lastEndOf(credentials);
    // what ended long ago was meant to
    if (end !== undefined && now - Date.parse(end) < ENDED_LATELY_MS) note('ended', detail, end);
  }
  const expiring = expiryOf(
    credentials.filter((credential) => isLiveAt(credential, now)),
    now,
  );
  if (expiring !== undefined) note('expiring', expiring.detail, expiring.at);
  return found;
}

const lastEndOf = (credentials: readonly Credential[]): string | undefined =>
  credentials.reduce<string | undefined>(
    (last, { expires }) => (expires !== undefined && (last === undefined || expires > last) ? expires : last),
    undefined,
  );

/** An end that interrupts the identity provider unless somebody does something. */
function expiryOf(
  live: readonly Credential[],
  now: number,
): { readonly at: string; readonly detail: string } | undefined {
  const [soon, urgent] = EXPIRY_WARNING_DAYS;
  const last = lastEndOf(live);
  if (last !== undefined && live.every(({ expires }) => expires !== undefined)) {
    const days = daysUntil(last, now);
    if (days <= soon)
      return {
        at: last,
        detail: `Its last live credential ends in ${inDays(days)}. Replace it${days <= urgent ? ' now' : ''}.`,
      };
  }
  const inUse = live.reduce<Credential | undefined>(
    (latest, each) => ((each.lastUsed ?? '') > (latest?.lastUsed ?? '') ? each : latest),
    undefined,
  );
  if (inUse?.expires === undefined) return undefined;
  const days = daysUntil(inUse.expires, now);
  if (days > urgent) return undefined;
  return {
    at: inUse.expires,
    detail:
      `The credential …${inUse.suffix} was the last one used, and ends in ${inDays(days)}. Enter the new one at ` +
      'the identity provider.',
  };
}

const daysUntil = (time: string, now: number): number => (Date.parse(time) - now) / DAY_MS;

const inDays = (days: number): string =>
  days < 1 ? 'less than a day' : days < 1.5 ? 'a day' : `${Math.round(days)} days`;
