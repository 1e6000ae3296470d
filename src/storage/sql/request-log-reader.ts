import type { Provider } from '../../core/provider.ts';
import type {
  RecordedChange,
  RequestFilter,
  RequestLogStore,
  RequestPage,
  RequestQuery,
  RequestSummary,
} from '../request-log.ts';
import type { Executor } from './engine.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { resourceTerm, toleranceTerm } from './request-log-rows.ts';
import { idAt, timeOfId } from './request-log-times.ts';

export type RequestLogReader = Pick<
  RequestLogStore,
  'list' | 'get' | 'listHours' | 'listTotals' | 'listActivity'
>;

type Scanner = Pick<Executor, 'all'>;

/** Requests that one page looks through at most for those that a filter takes. */
const MOST_LOOKED_AT = 10_000;

/** How long after its begin a request is answered at the latest: bodies come within half a minute. */
const LONGEST_REQUEST_MS = 10 * 60_000;

/** Reads the request log. @param scannerOf gives what reads the rows of a tenant off the event loop */
export function createRequestLogReader(scannerOf: (tenantId: string) => Promise<Scanner>): RequestLogReader {
  const all = async <Row>(tenantId: string, { text, values }: Fragment): Promise<Row[]> =>
    (await scannerOf(tenantId)).all<Row>(text, values);

  return {
    async list(tenantId, query) {
      const { filter, limit } = query;
      const lookUp = <Row>(statement: Fragment): Promise<Row[]> => all<Row>(tenantId, statement);
      if (filter.resourceId !== undefined) return listOfResource(lookUp, tenantId, query, filter.resourceId);
      if (filter.tolerance !== undefined) {
        const walk = termWalk(tenantId, toleranceTerm(filter.tolerance), boundsOf(query));
        return listWalk(lookUp, walk, residualOf(filter, 'l'), limit);
      }
      return listWalk(lookUp, plainWalk(tenantId, query), residualOf(filter, 'l'), limit);
    },

    async get(tenantId, id) {
      const [row] = await all<LogRow & ContentRow>(
        tenantId,
        sql`SELECT ${COLUMNS}, c.request_body, c.response_body, c.changes
          FROM request_log l LEFT JOIN request_content c ON c.tenant_id = ${tenantId} AND c.id = l.id
          WHERE l.tenant_id = ${tenantId} AND l.id = ${id}`,
      );
      if (row === undefined) return undefined;
      return {
        ...summaryOf(row),
        requestBody: row.request_body ?? undefined,
        responseBody: row.response_body ?? undefined,
        changes: row.changes === null ? [] : (JSON.parse(row.changes) as RecordedChange[]),
      };
    },

    async listHours(tenantId, since) {
      const rows = await all<HourRow>(
        tenantId,
        sql`SELECT hour, integration_id, requests, refused, failed, micros FROM request_hour
          WHERE tenant_id = ${tenantId} AND hour >= ${since} ORDER BY hour, integration_id`,
      );
      return rows.map(({ hour, integration_id, requests, refused, failed, micros }) => ({
        ...{ hour, integrationId: integration_id || undefined, requests, refused, failed, ms: micros / 1000 },
      }));
    },

    listTotals: (tenantId, since) =>
      all(
        tenantId,
        sql`SELECT hour, users, groups FROM tenant_hour WHERE tenant_id = ${tenantId} AND hour >= ${since}
          ORDER BY hour`,
      ),

    async listActivity(tenantId) {
      const rows = await all<ActivityRow>(
        tenantId,
        sql`SELECT integration_id, last_request, last_success, last_error, last_error_id, last_error_status
          FROM integration_activity WHERE tenant_id = ${tenantId} ORDER BY integration_id`,
      );
      return rows.map((row) => ({
        integrationId: row.integration_id,
        lastRequest: row.last_request,
        lastSuccess: row.last_success ?? undefined,
        lastError: row.last_error ?? undefined,
        lastErrorId: row.last_error_id ?? undefined,
        lastErrorStatus: row.last_error_status ?? undefined,
      }));
    },
  };
}

type LookUp = <Row>(statement: Fragment) => Promise<Row[]>;

/** Ids that a page may have: from the first one, up to the second. */
interface Bounds {
  readonly from: string;
  readonly to: string;
}

const LAST_ID = 'g';

function boundsOf({ filter, before, after }: RequestQuery): Bounds {
  const { since, until, requestId } = filter;
  const begun = requestId === undefined ? undefined : timeOfId(requestId);
  // behind an id comes the same text with anything at its end
  const from = [after === undefined ? '' : `${after} `, idOf(since), idOf(begun)];
  const to = [before, idOf(until), idOf(begun && begun + LONGEST_REQUEST_MS)];
  return {
    from: from.reduce((a: string, b) => ((b ?? '') > a ? (b ?? '') : a), ''),
    to: to.reduce((a: string, b) => (b !== undefined && b < a ? b : a), LAST_ID),
  };
}

const idOf = (time: number | undefined): string | undefined => (time === undefined ? undefined : idAt(time));

const within = (alias: string, { from, to }: Bounds): Fragment =>
  sql`${raw(alias)}.id >= ${from} AND ${raw(alias)}.id < ${to}`;

/** Requests in the order of an index, by what it finds them. */
function plainWalk(tenantId: string, query: RequestQuery): Fragment {
  const { integrationId, status } = query.filter;
  const conditions = [sql`l.tenant_id = ${tenantId}`, within('l', boundsOf(query))];
  if (integrationId !== undefined) conditions.push(sql`l.integration_id = ${integrationId}`);
  else if (status !== undefined && (status >= 400 || (status < 10 && status >= 4)))
    conditions.push(raw('l.status >= 400'));
  return sql`request_log l WHERE ${joinFragments(conditions, ' AND ')} ORDER BY l.id DESC`;
}

/** The same by a term. */
const termWalk = (tenantId: string, term: string, bounds: Bounds): Fragment =>
  sql`request_term t JOIN request_log l ON l.tenant_id = ${tenantId} AND l.id = t.id
    WHERE t.tenant_id = ${tenantId} AND t.term = ${term} AND ${within('t', bounds)} ORDER BY t.id DESC`;

/**
 * A page of what a walk meets and the other conditions leave. A walk that meets little of that ends before the page is full,
 * and the next page goes on from there: so no filter makes a page take long.
 */
async function listWalk(
  lookUp: LookUp,
  walk: Fragment,
  residual: readonly Fragment[],
  limit: number,
): Promise<RequestPage> {
  const most = residual.length === 0 ? limit + 1 : MOST_LOOKED_AT;
  const met = sql`SELECT ${COLUMNS} FROM ${walk} LIMIT ${raw(String(most))}`;
  const rows = await lookUp<LogRow>(
    residual.length === 0
      ? met
      : sql`SELECT ${COLUMNS} FROM (${met}) l WHERE ${joinFragments(residual, ' AND ')}
          ORDER BY l.id DESC LIMIT ${raw(String(limit + 1))}`,
  );
  const requests = rows.slice(0, limit).map(summaryOf);
  if (rows.length > limit) return { requests, next: requests.at(-1)?.id };
  if (residual.length === 0) return { requests, next: undefined };
  const [last] = await lookUp<{ id: string }>(
    sql`SELECT l.id FROM ${walk} LIMIT 1 OFFSET ${raw(String(most - 1))}`,
  );
  return { requests, next: last?.id };
}

/** Requests whose URL names a resource, and those that have changed it besides others. */
async function listOfResource(
  lookUp: LookUp,
  tenantId: string,
  query: RequestQuery,
  resourceId: string,
): Promise<RequestPage> {
  const { filter, limit } = query;
  const bounds = boundsOf(query);
  const named = sql`request_log l WHERE l.tenant_id = ${tenantId} AND l.resource_id = ${resourceId}
    AND ${within('l', bounds)} ORDER BY l.id DESC`;
  const walks = [named, termWalk(tenantId, resourceTerm(resourceId), bounds)];
  const { integrationId } = filter;
  const residual = residualOf(filter, 'l');
  if (integrationId !== undefined) residual.push(sql`l.integration_id = ${integrationId}`);
  const pages = await Promise.all(walks.map((walk) => listWalk(lookUp, walk, residual, limit)));
  // what one of them has not looked at yet is left to the next page of both
  const end = pages.reduce((a, { next }) => (next !== undefined && next > a ? next : a), '');
  const merged = pages
    .flatMap(({ requests }) => requests)
    .filter(({ id }) => id >= end)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const requests = merged.slice(0, limit);
  const next = merged.length > limit ? requests.at(-1)?.id : end || undefined;
  return { requests, next };
}

/** Behind every text that begins with another. */
const LAST_LETTER = '\u{10FFFF}';

/** The conditions that no walk takes care of. */
function residualOf(filter: RequestFilter, alias: string): Fragment[] {
  const column = (name: string): Fragment => raw(`${alias}.${name}`);
  const conditions: Fragment[] = [];
  const { provider, method, status, path, requestId, integrationId, tolerance } = filter;
  if (tolerance !== undefined && integrationId !== undefined)
    conditions.push(sql`${column('integration_id')} = ${integrationId}`);
  if (provider !== undefined) conditions.push(sql`${column('provider')} = ${provider}`);
  if (method !== undefined) conditions.push(sql`${column('method')} = ${method.toUpperCase()}`);
  if (requestId !== undefined) conditions.push(sql`${column('request_id')} = ${requestId}`);
  if (status !== undefined) {
    const [from, to] = status < 10 ? [status * 100, status * 100 + 100] : [status, status + 1];
    conditions.push(sql`${column('status')} >= ${from} AND ${column('status')} < ${to}`);
  }
  if (path !== undefined) {
    const begins = (name: string): Fragment =>
      sql`(${column(name)} >= ${path} AND ${column(name)} < ${path + LAST_LETTER})`;
    conditions.push(sql`(${begins('path')} OR ${begins('route')})`);
  }
  return conditions;
}

const NAMES = [
  ...[
    'tenant_id',
    'id',
    'time',
    'integration_id',
    'credential_id',
    'credential_suffix',
    'user_id',
    'provider',
  ],
  ...['user_agent', 'content_type', 'protocol', 'method', 'path', 'route', 'status', 'scim_type', 'detail'],
  ...[
    'reason',
    'micros',
    'tolerances',
    'request_id',
    'address',
    'request_bytes',
    'response_bytes',
    'resource_id',
  ],
  ...['removed', 'malformed_at', 'is_replayable'],
];

const COLUMNS = raw(NAMES.map((name) => `l.${name}`).join(', '));

interface LogRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly time: string;
  readonly integration_id: string | null;
  readonly credential_id: string | null;
  readonly credential_suffix: string | null;
  readonly user_id: string | null;
  readonly provider: string;
  readonly user_agent: string;
  readonly content_type: string | null;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  readonly route: string | null;
  readonly status: number;
  readonly scim_type: string | null;
  readonly detail: string | null;
  readonly reason: string | null;
  readonly micros: number;
  readonly tolerances: string;
  readonly request_id: string;
  readonly address: string;
  readonly request_bytes: number | null;
  readonly response_bytes: number | null;
  readonly resource_id: string | null;
  readonly removed: number;
  readonly malformed_at: number | null;
  readonly is_replayable: number;
}

interface ContentRow {
  readonly request_body: string | null;
  readonly response_body: string | null;
  readonly changes: string | null;
}

interface HourRow {
  readonly hour: string;
  readonly integration_id: string;
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
  readonly micros: number;
}

interface ActivityRow {
  readonly integration_id: string;
  readonly last_request: string;
  readonly last_success: string | null;
  readonly last_error: string | null;
  readonly last_error_id: string | null;
  readonly last_error_status: number | null;
}

const summaryOf = (row: LogRow): RequestSummary => ({
  tenantId: row.tenant_id,
  id: row.id,
  time: row.time,
  integrationId: row.integration_id ?? undefined,
  credentialId: row.credential_id ?? undefined,
  credentialSuffix: row.credential_suffix ?? undefined,
  userId: row.user_id ?? undefined,
  provider: row.provider as Provider,
  userAgent: row.user_agent,
  contentType: row.content_type ?? undefined,
  protocol: row.protocol as RequestSummary['protocol'],
  method: row.method,
  path: row.path,
  route: row.route ?? undefined,
  status: row.status,
  scimType: row.scim_type ?? undefined,
  detail: row.detail ?? undefined,
  reason: row.reason ?? undefined,
  ms: row.micros / 1000,
  tolerances: row.tolerances === '' ? [] : row.tolerances.split(' '),
  requestId: row.request_id,
  address: row.address,
  requestBytes: row.request_bytes ?? undefined,
  responseBytes: row.response_bytes ?? undefined,
  resourceId: row.resource_id ?? undefined,
  removed: row.removed,
  malformedAt: row.malformed_at ?? undefined,
  isReplayable: row.is_replayable === 1,
});
