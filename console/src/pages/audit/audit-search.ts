import { useMemo } from 'react';
import type { Answer } from '../../api/client.ts';

export type AuditRecord = Answer<'GET /tenants/{tenant}/audit'>['items'][number];

/** What the URL of a list of records can hold behind `?`. */
export interface AuditSearch {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly via?: AuditRecord['via'] | undefined;
  readonly span?: '24h' | '7d' | '30d' | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: string | undefined;
  readonly open?: string | undefined;
}

const DAY = 24 * 3_600_000;
const SPANS = { '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY } as const;

export const SPAN_NAMES = { '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' } as const;

/** What the server is asked for. */
export function useAuditFilters({ actor, action, target, via, span, since, until }: AuditSearch) {
  const begin = useMemo(
    () => (span === undefined ? since : new Date(Date.now() - SPANS[span]).toISOString()),
    [span, since],
  );
  return {
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(target !== undefined && { target }),
    ...(via !== undefined && { via }),
    ...(begin !== undefined && { since: begin }),
    ...(until !== undefined && { until }),
  };
}

export const NO_FILTERS = {
  ...{ actor: undefined, action: undefined, target: undefined, via: undefined },
  ...{ span: undefined, since: undefined, until: undefined },
} as const;

export const isFiltered = (search: AuditSearch): boolean =>
  (Object.keys(NO_FILTERS) as (keyof typeof NO_FILTERS)[]).some((name) => search[name] !== undefined);
