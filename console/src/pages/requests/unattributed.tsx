import { Text } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../api/queries.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { FilterBar } from './filter-bar.tsx';
import { REQUEST_COLUMNS } from './request-columns.tsx';
import { useRequestFilters } from './request-search.ts';

const route = getRouteApi('/in/requests');

/** The SCIM requests of which nobody can tell whose they are. */
export function UnattributedRequests() {
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const filters = useRequestFilters(search);
  const query = useQuery({
    ...ask('GET /requests', {
      query: { ...filters, ...(search.after !== undefined && { after: search.after }) },
    }),
    placeholderData: keepPreviousData,
  });
  const next = query.data?.next;
  return (
    <>
      <PageHeader
        title="Unattributed requests"
        description="SCIM requests whose credentials are no tenant’s: mistyped tokens, wrong URLs, strangers."
      />
      <FilterBar search={search} change={change} />
      <DataTable
        label="Unattributed requests"
        query={query}
        rowsOf={({ items }) => items}
        idOf={({ id }) => id}
        columns={[
          ...REQUEST_COLUMNS,
          {
            id: 'reason',
            title: 'Reason',
            render: ({ reason }) => (
              <Text span inherit size="sm">
                {reason ?? ''}
              </Text>
            ),
          },
        ]}
        pages={{
          onNext: next === undefined ? undefined : () => change({ after: next }),
          onPrevious: search.after === undefined ? undefined : () => change({ after: undefined }),
        }}
        empty={
          <EmptyState icon={IconZoomQuestion} title="No such requests">
            Requests with credentials that nobody knows would be here.
          </EmptyState>
        }
      />
    </>
  );
}
