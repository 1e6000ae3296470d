import type { Provider } from '../core/provider.ts';

/** In place of the id of a tenant, for requests that are nobody's: no tenant has such an id. */
export const NO_TENANT = '0';

/** What a request has done to one resource. */
export interface RecordedChange {
  readonly type: string;
  readonly id: string;
  /** What people call it. */
  readonly name: string | undefined;
  /** JSON texts of the resource without `meta`; undefined: there was none, or there is none any more. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The first ids of many, and how many there are. */
  readonly membersAdded: { readonly ids: readonly string[]; readonly total: number };
  readonly membersRemoved: { readonly ids: readonly string[]; readonly total: number };
}

/** Who has sent a request, and where to. Many requests have all of it in common: one object for them costs least. */
interface RequestSource {
  /** NO_TENANT when it is nobody's. */
  readonly tenantId: string;
  readonly integrationId: string | undefined;
  readonly credentialId: string | undefined;
  /** The last four characters of the secret. */
  readonly credentialSuffix: string | undefined;
  /** The id of the user who had signed in. */
  readonly userId: string | undefined;
  readonly userAgent: string;
  /** Of the request's body. */
  readonly contentType: string | undefined;
  /** Of the client. */
  readonly address: string;
  readonly protocol: '2.0' | '1.1';
  readonly method: string;
  /** The path with names of parameters in place of their values; undefined: there is nothing at the URL. */
  readonly route: string | undefined;
}

/** What became of a request. */
interface RequestOutcome {
  /** With the query, percent-encoded. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds that the answer took. */
  readonly ms: number;
  readonly requestId: string;
  /** Sizes of the bodies; undefined: there was none, or it was not read. */
  readonly requestBytes: number | undefined;
  readonly responseBytes: number | undefined;
  /** The one that the URL names, or that was created. */
  readonly resourceId: string | undefined;
  /** Names of the tolerances that were needed. */
  readonly tolerances: readonly string[];
}

/** What an error answer says, and the log alone. */
interface RequestFailure {
  readonly scimType: string | undefined;
  readonly detail: string | undefined;
  /** Why credentials were refused. */
  readonly reason: string | undefined;
}

/** What is secret of a source. */
export interface CapturedSource extends RequestSource {
  /** As `secretNamesOf` gives them. */
  readonly secretNames: string;
  /** The header with the credentials, which nothing may repeat. */
  readonly authorization: string | undefined;
}

/** A request as it comes, with its secrets: it is not to be kept so. */
export interface CapturedRequest extends RequestOutcome {
  readonly source: CapturedSource;
  /** When it was answered, in milliseconds since 1970. */
  readonly time: number;
  readonly requestBody: string | undefined;
  /** Whether the body is no JSON: then it is not kept. */
  readonly isMalformed: boolean;
  readonly responseBody: string | undefined;
  readonly failure: RequestFailure | undefined;
  readonly changes: readonly RecordedChange[];
}

/** A line of the log. */
export interface RequestSummary extends RequestSource, RequestOutcome, RequestFailure {
  /** UUID of version 7, from when it was answered. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Which identity provider it seems to be from. */
  readonly provider: Provider;
  /** Number of secrets that were removed from the body. */
  readonly removed: number;
  /** The place of the first fault in a body that is no JSON, in characters from 0. */
  readonly malformedAt: number | undefined;
  /** Whether all that is needed to carry it out again was kept. */
  readonly isReplayable: boolean;
}

/** A line with what was sent and answered. */
export interface RequestRecord extends RequestSummary {
  readonly requestBody: string | undefined;
  readonly responseBody: string | undefined;
  readonly changes: readonly RecordedChange[];
}

/** Which requests to list; what is absent does not matter. */
export interface RequestFilter {
  readonly integrationId?: string | undefined;
  readonly provider?: Provider | undefined;
  readonly method?: string | undefined;
  /** A status, or a class of them by its first digit: 4 stands for 400 to 499. */
  readonly status?: number | undefined;
  /** What the path, or the route, begins with. */
  readonly path?: string | undefined;
  readonly tolerance?: string | undefined;
  /** Milliseconds since 1970: not before, and before. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly requestId?: string | undefined;
  /** Requests that are about a resource, have changed it, or its membership in a group. */
  readonly resourceId?: string | undefined;
}

export interface RequestQuery {
  readonly filter: RequestFilter;
  /** Only what is older than the request with this id, or newer. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Requests, the newest first. */
export interface RequestPage {
  readonly requests: readonly RequestSummary[];
  /** The `before` of the next page; undefined: there is none. A page may be short, or empty, and have a next one. */
  readonly next: string | undefined;
}

/** The requests of one hour. */
export interface RequestHour {
  /** When it begins: ISO 8601 to the hour, `2026-11-22T03`. */
  readonly hour: string;
  /** undefined: of no integration. */
  readonly integrationId: string | undefined;
  readonly requests: number;
  /** Answered with 4xx and 5xx. */
  readonly refused: number;
  readonly failed: number;
  /** Milliseconds that all answers took together. */
  readonly ms: number;
}

/** How many users and groups a tenant had in an hour. */
export interface TenantHour {
  readonly hour: string;
  readonly users: number;
  readonly groups: number;
}

/** When an integration was last heard of. Times are ISO 8601, UTC. */
export interface IntegrationActivity {
  readonly integrationId: string;
  readonly lastRequest: string;
  /** The last answer below 400; undefined: none yet. */
  readonly lastSuccess: string | undefined;
  /** The last answer from 400; undefined: none yet. */
  readonly lastError: string | undefined;
  readonly lastErrorId: string | undefined;
  readonly lastErrorStatus: number | undefined;
}

/** Where requests are kept, apart from what they are about: it may lose the newest ones, and holds up nobody. */
export interface RequestLogStore {
  /** Keeps requests without their secrets, and counts them. */
  append(requests: readonly CapturedRequest[]): Promise<void>;
  list(tenantId: string, query: RequestQuery): Promise<RequestPage>;
  get(tenantId: string, id: string): Promise<RequestRecord | undefined>;
  /** @param since the first hour, as `RequestHour` has it */
  listHours(tenantId: string, since: string): Promise<RequestHour[]>;
  listTotals(tenantId: string, since: string): Promise<TenantHour[]>;
  listActivity(tenantId: string): Promise<IntegrationActivity[]>;
  /** Notes how many users and groups a tenant has; what was noted for the hour before stays. */
  noteTotals(tenantId: string, totals: TenantHour): Promise<void>;
  /**
   * Deletes what is old, a little at a time.
   *
   * @param requestsBefore milliseconds since 1970
   * @param hoursBefore the first hour that stays
   * @returns the number of requests deleted
   */
  prune(requestsBefore: number, hoursBefore: string): Promise<number>;
  /** Deletes all that is kept of a tenant. */
  forgetTenant(tenantId: string): Promise<void>;
  close(): Promise<void>;
}
