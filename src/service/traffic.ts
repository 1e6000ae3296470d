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

/** What is known of the requests of tenants. */
export interface Traffic {
  /** Oldest first. @param since milliseconds since 1970; the hour that it is in comes too */
  listHours(tenantId: string, since: number): Promise<RequestHour[]>;
  /** Oldest first. @param since as of `listHours` */
  listTotals(tenantId: string, since: number): Promise<TenantHour[]>;
  listActivity(tenantId: string): Promise<IntegrationActivity[]>;
}

/** Where no requests are kept. */
export const NO_TRAFFIC: Traffic = {
  listHours: async () => [],
  listTotals: async () => [],
  listActivity: async () => [],
};
