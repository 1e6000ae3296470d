import { useMemo } from 'react';
import type { Answer } from '../../api/client.ts';

export type RequestSummary = Answer<'GET /tenants/{tenant}/requests'>['items'][number];
export type RequestRecord = Answer<'GET /tenants/{tenant}/requests/{request}'>;

/** What the URL of a list of requests can hold behind `?`. */
export interface RequestSearch {
  readonly integration?: string | undefined;
  readonly provider?: string | undefined;
  readonly method?: string | undefined;
  readonly status?: string | undefined;
  readonly path?: string | undefined;
  readonly tolerance?: string | undefined;
  readonly resource?: string | undefined;
  readonly requestId?: string | undefined;
  readonly span?: '1h' | '24h' | '7d' | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const HOUR = 3_600_000;
const SPANS = { '1h': HOUR, '24h': 24 * HOUR, '7d': 7 * 24 * HOUR } as const;

export const SPAN_NAMES = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days' } as const;

/** What the server is asked for. */
export function useRequestFilters(search: RequestSearch) {
  const { integration, provider, method, status, path, tolerance, resource, requestId, span, until } = search;
  const since = useMemo(
    () => (span === undefined ? search.since : new Date(Date.now() - SPANS[span]).toISOString()),
    [span, search.since],
  );
  return useMemo(() => {
    const given = {
      integration,
      provider,
      method,
      status,
      path,
      tolerance,
      resource,
      requestId,
      since,
      until,
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
      readonly [K in Exclude<keyof RequestSearch, 'span'>]?: string;
    };
  }, [integration, provider, method, status, path, tolerance, resource, requestId, since, until]);
}

export const isFiltered = ({
  integration,
  provider,
  method,
  status,
  path,
  ...more
}: RequestSearch): boolean =>
  [integration, provider, method, status, path, more.tolerance, more.resource, more.requestId].some(
    (value) => value !== undefined,
  ) || [more.span, more.since, more.until].some((value) => value !== undefined);

/** No filter at all. */
export const NO_FILTERS = {
  ...{ integration: undefined, provider: undefined, method: undefined, status: undefined, path: undefined },
  ...{ tolerance: undefined, resource: undefined, requestId: undefined },
  ...{ span: undefined, since: undefined, until: undefined },
} as const;
