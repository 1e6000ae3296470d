import { Button, Switch, Text } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useLive } from '../../api/live.ts';
import { ask } from '../../api/queries.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { DetailDrawer } from '../../ui/detail-drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { FilterBar, TenantFilters } from './filter-bar.tsx';
import { REQUEST_COLUMNS } from './request-columns.tsx';
import { RequestDetails } from './request-details.tsx';
import { isFiltered, NO_FILTERS, type RequestSummary, useRequestFilters } from './request-search.ts';

const route = getRouteApi('/in/t/$tenant/requests');

/** Rows that a live list holds at most. */
const MOST_FRESH = 200;

/** The SCIM requests of a tenant. */
export function Requests() {
  const { tenant } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const filters = useRequestFilters(search);
  const isLive = search.live === true && search.after === undefined;
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/requests', {
      params: { tenant },
      query: { ...filters, ...(search.after !== undefined && { after: search.after }) },
    }),
    placeholderData: keepPreviousData,
  });
  const [fresh, setFresh] = useState<readonly RequestSummary[]>([]);
  const state = useLive<'GET /tenants/{tenant}/requests/live', RequestSummary>(
    'GET /tenants/{tenant}/requests/live',
    { params: { tenant }, query: filters },
    (request) => setFresh((before) => [request, ...before].slice(0, MOST_FRESH)),
    { enabled: isLive, event: 'request' },
  );
  const shown = JSON.stringify([tenant, filters, isLive]);
  useEffect(() => setFresh([]), [shown]);
  const next = query.data?.next;

  return (
    <>
      <PageHeader
        title="Requests"
        description="What identity providers have sent in the last days, and what was answered."
        badge={isLive && <LiveBadge isOpen={state === 'live'} />}
        actions={
          <Switch
            label="Live"
            checked={isLive}
            onChange={(event) => change({ live: event.currentTarget.checked || undefined, after: undefined })}
          />
        }
      />
      <FilterBar search={search} change={change}>
        <TenantFilters tenant={tenant} search={search} change={change} />
      </FilterBar>
      <DataTable
        label="Requests"
        query={query}
        rowsOf={({ items }) => (isLive ? together(fresh, items) : items)}
        idOf={({ id }) => id}
        columns={[
          ...REQUEST_COLUMNS,
          {
            id: 'integration',
            title: 'Integration',
            width: 130,
            render: ({ integration }) =>
              integration === undefined ? (
                <Text span inherit c="dimmed">
                  unknown
                </Text>
              ) : (
                (integration.name ?? 'deleted')
              ),
          },
        ]}
        onOpen={({ id }) => change({ open: id })}
        pages={{
          onNext: next === undefined ? undefined : () => change({ after: next }),
          onPrevious: search.after === undefined ? undefined : () => change({ after: undefined }),
        }}
        empty={
          isFiltered(search) ? (
            <EmptyState
              icon={IconActivity}
              title="No request fits"
              action={<Button onClick={() => change(NO_FILTERS)}>Clear filters</Button>}
            >
              No request that is kept has all that the filters ask for.
            </EmptyState>
          ) : (
            <EmptyState icon={IconActivity} title="No requests yet">
              As soon as an identity provider sends something, it appears here with its answer.
            </EmptyState>
          )
        }
      />
      <DetailDrawer
        opened={search.open !== undefined}
        onClose={() => change({ open: undefined })}
        title="Request"
      >
        {search.open !== undefined && <RequestDetails key={search.open} tenant={tenant} id={search.open} />}
      </DetailDrawer>
    </>
  );
}

function LiveBadge({ isOpen }: { readonly isOpen: boolean }) {
  return <StatusBadge tone={isOpen ? 'good' : 'neutral'}>{isOpen ? 'Live' : 'Connecting'}</StatusBadge>;
}

/** The new ones before those that were read; each once. */
function together(
  fresh: readonly RequestSummary[],
  read: readonly RequestSummary[],
): readonly RequestSummary[] {
  const known = new Set(read.map(({ id }) => id));
  return [...fresh.filter(({ id }) => !known.has(id)), ...read];
}
