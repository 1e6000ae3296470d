import type { RequestFilter, RequestLogStore, RequestSummary } from '../storage/request-log.ts';

/** How long after its answer a request may still come into the log, from another process as well. */
const LATE_MS = 5000;

/** Requests of one look; of more only the newest. */
const MOST = 200;

/**
 * Follows the log by looking into it again and again: so it shows what any process writes. Each look goes back a little, as
 * processes write in no common order, and leaves out what was there before.
 *
 * @param now milliseconds since 1970
 * @returns gives what has come since the last call, the oldest first
 */
export function followRequests(
  store: Pick<RequestLogStore, 'list'>,
  now: () => number,
  tenantId: string,
  filter: RequestFilter,
): () => Promise<RequestSummary[]> {
  const begun = Math.max(now(), filter.since ?? 0);
  let seen = new Set<string>();
  let since = begun;
  return async () => {
    const asked = now();
    const found: RequestSummary[] = [];
    for (let before: string | undefined; found.length < MOST; ) {
      const query = { filter: { ...filter, since }, before, limit: MOST };
      const { requests, next } = await store.list(tenantId, query);
      found.push(...requests);
      if (next === undefined) break;
      before = next;
    }
    const fresh = found.filter(({ id }) => !seen.has(id)).reverse();
    seen = new Set(found.map(({ id }) => id));
    since = Math.max(begun, asked - LATE_MS);
    return fresh;
  };
}
