import type {
  CapturedRequest,
  IntegrationActivity,
  RequestFilter,
  RequestHour,
  RequestLogStore,
  RequestPage,
  RequestQuery,
  RequestRecord,
  RequestSummary,
  TenantHour,
} from '../storage/request-log.ts';
import { NO_TENANT } from '../storage/request-log.ts';
import type { Storage } from '../storage/storage.ts';
import { explainRefusal, readLoosely } from './refused-credentials.ts';
import { createRequestBuffer, type DroppedRequests } from './request-buffer.ts';
import { followRequests } from './request-tail.ts';
import { createStrangerLimit } from './stranger-limit.ts';
import { createTotals } from './tenant-totals.ts';

/** In place of the id of a tenant: whose requests those are that are nobody's. */
export const UNATTRIBUTED = NO_TENANT;

/** The SCIM requests of the last days, and what they come to by the hour. */
export interface RequestLog {
  /** Whether requests are kept. */
  readonly isOn: boolean;
  /** Whether bodies are. */
  readonly keepsBodies: boolean;
  /** Keeps a request soon. It costs the caller next to nothing, and never fails: what is too much is counted and let go. */
  note(request: CapturedRequest): void;
  /**
   * Keeps a request of a client without right credentials: as one of the tenant and integration that its wrong ones name, or
   * else as nobody's. Of many at once only some are kept.
   *
   * @param domain the tenant that the URL names
   */
  noteStranger(request: CapturedRequest, domain: string | undefined): void;
  /**
   * Requests of a tenant, the newest first.
   *
   * @param tenantId `UNATTRIBUTED` for those that are nobody's
   */
  list(tenantId: string, query: RequestQuery): Promise<RequestPage>;
  get(tenantId: string, id: string): Promise<RequestRecord | undefined>;
  /**
   * Requests as they come, from any process.
   *
   * @returns gives at each call those that have come since, the oldest first; to be called about once a second
   */
  follow(tenantId: string, filter: RequestFilter): () => Promise<RequestSummary[]>;
  /** Counts by the hour and integration. @param since milliseconds since 1970 */
  listHours(tenantId: string, since: number): Promise<RequestHour[]>;
  /** How many users and groups there were by the hour. @param since milliseconds since 1970 */
  listTotals(tenantId: string, since: number): Promise<TenantHour[]>;
  /** When the integrations of a tenant were last heard of. */
  listActivity(tenantId: string): Promise<IntegrationActivity[]>;
  /** Requests that were not kept since the start, by why. */
  dropped(): DroppedRequests;
  /**
   * Begins what goes by the clock: what is old is deleted, and totals are noted.
   *
   * @param onFailed told, now and then, when something could not be written
   */
  start(onFailed: (error: unknown) => void): void;
  /** Deletes what is old. @returns the number of requests deleted */
  prune(): Promise<number>;
  /** Notes the totals of this hour, unless another process has. */
  noteTotals(): Promise<void>;
  /** Deletes all that is kept of a tenant. */
  forgetTenant(tenantId: string): Promise<void>;
  /** Writes what is still to be written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Hours are figures without names, and few. */
const HOURS_KEPT_MS = 90 * DAY;

const PRUNE_MS = 10 * MINUTE;
const TOTALS_MS = 5 * MINUTE;
const FIRST_TOTALS_MS = 5000;

/** What is known of the requests of tenants in figures. */
export type Traffic = Pick<RequestLog, 'listHours' | 'listTotals' | 'listActivity'>;

export interface RequestLogSettings {
  readonly store: RequestLogStore;
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long requests are kept; 0: none are, and those of before go. */
  readonly days: number;
  readonly keepsBodies: boolean;
}

export function createRequestLog(settings: RequestLogSettings): RequestLog {
  const { store, storage, now, days, keepsBodies } = settings;
  let onFailed: (error: unknown) => void = () => {};
  const isOn = days > 0;
  const buffer = createRequestBuffer(store, (error) => onFailed(error));
  const keepsStranger = createStrangerLimit(() => performance.now());
  const totals = createTotals({ store, storage, now });
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  async function keepOfStranger(request: CapturedRequest, domain: string | undefined): Promise<void> {
    const { status, failure } = request;
    const { authorization } = request.source;
    const refused = await explainRefusal(storage.directory, authorization, domain, request.time);
    const { grant, tenantId = NO_TENANT } = refused;
    // discovery is open to everybody, and other failures have nothing to do with credentials
    const reason = failure?.reason ?? (status === 401 || status === 429 ? refused.reason : undefined);
    buffer.add({
      ...request,
      source: {
        ...request.source,
        tenantId,
        integrationId: grant?.integration.id,
        credentialId: grant?.credential.id,
        credentialSuffix: grant?.credential.suffix,
      },
      failure: failure && { ...failure, reason },
    });
  }

  function noteStranger(request: CapturedRequest, domain: string | undefined): void {
    if (!keepsStranger(readLoosely(request.source.authorization).ids === undefined ? 'other' : 'named')) {
      buffer.drop('strangers');
      return;
    }
    const done = keepOfStranger(request, domain).catch((error) => {
      buffer.drop('failed');
      onFailed(error);
    });
    underWay.add(done);
    done.finally(() => underWay.delete(done));
  }

  const prune = (): Promise<number> => store.prune(now() - days * DAY, hourOf(now() - HOURS_KEPT_MS));

  /** Does something again and again, with pauses that keep processes from doing it at the same time. */
  function repeat(work: () => Promise<unknown>, firstMs: number, everyMs: number): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        work()
          .catch((error) => onFailed(error))
          .finally(() => repeat(work, everyMs, everyMs));
      },
      firstMs * (0.75 + Math.random() / 2),
    );
    timer.unref();
    if (!isClosed) timers.add(timer);
    else clearTimeout(timer);
  }

  async function flush(): Promise<void> {
    await Promise.all(underWay);
    await buffer.flush();
  }

  return {
    isOn,
    keepsBodies,
    note: buffer.add,
    noteStranger,
    list: (tenantId, query) => store.list(tenantId, query),
    get: (tenantId, id) => store.get(tenantId, id),
    follow: (tenantId, filter) => followRequests(store, now, tenantId, filter),
    listHours: (tenantId, since) => store.listHours(tenantId, hourOf(since)),
    listTotals: (tenantId, since) => store.listTotals(tenantId, hourOf(since)),
    listActivity: (tenantId) => store.listActivity(tenantId),
    dropped: buffer.dropped,
    start(tell) {
      onFailed = tell;
      if (isOn) {
        repeat(totals.note, FIRST_TOTALS_MS, TOTALS_MS);
        repeat(prune, MINUTE, PRUNE_MS);
      } else prune().catch((error) => onFailed(error));
    },
    prune,
    noteTotals: totals.note,
    forgetTenant: (tenantId) => store.forgetTenant(tenantId),
    flush,
    async close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      await flush();
      await store.close();
    },
  };
}

/** As `RequestHour` has it. */
const hourOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 13);
