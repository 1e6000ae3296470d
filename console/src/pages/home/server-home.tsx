import { Alert, Anchor, Stack, Title } from '@mantine/core';
import { IconBuildings } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ask } from '../../api/queries.ts';
import { useHasRole } from '../../api/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { Attention } from './attention.tsx';
import { Figures } from './figures.tsx';
import { OverTime } from './over-time.tsx';
import { periodQuery } from './period.ts';

const route = getRouteApi('/in/overview');

const REFRESH_MS = 30_000;

/** All tenants at a glance. */
export function ServerHome() {
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const period = search.period ?? 'day';
  const isOwner = useHasRole('owner');
  const overview = useQuery({ ...ask('GET /overview'), refetchInterval: REFRESH_MS });
  const statistics = useQuery({
    ...ask('GET /statistics', { query: periodQuery(period) }),
    enabled: isOwner,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <PageHeader title="Overview" description="All tenants: is everything healthy, and what has happened." />
      <Stack gap="lg">
        <ServerTrouble />
        <Loaded query={overview}>
          {({ tenants, attention }) => {
            const sum = (of: 'users' | 'groups' | 'requests' | 'errors') =>
              tenants.reduce((all, tenant) => all + tenant[of], 0);
            return (
              <Stack gap="lg">
                <Attention items={attention} namesTenants calm="All integrations of all tenants are well." />
                <Figures
                  figures={[
                    { label: 'Tenants', value: tenants.length },
                    { label: 'Users', value: sum('users') },
                    { label: 'Groups', value: sum('groups') },
                    {
                      label: 'Requests',
                      value: sum('requests'),
                      note: `in 24 hours, ${sum('errors').toLocaleString()} with an error`,
                    },
                  ]}
                />
              </Stack>
            );
          }}
        </Loaded>
        {isOwner && (
          <OverTime
            query={statistics}
            period={period}
            onPeriod={(next) => change({ period: next }, { replace: true })}
          />
        )}
        <Title order={2} size="h4">
          Tenants
        </Title>
        <DataTable
          label="Tenants"
          query={overview}
          rowsOf={({ tenants }) => tenants}
          idOf={({ domain }) => domain}
          columns={[
            {
              id: 'domain',
              title: 'Tenant',
              render: ({ domain }) => (
                <Anchor
                  fw={500}
                  renderRoot={(props) => <Link {...props} to="/t/$tenant" params={{ tenant: domain }} />}
                >
                  {domain}
                </Anchor>
              ),
            },
            {
              id: 'active',
              title: 'State',
              render: ({ active }) => (
                <StatusBadge tone={active ? 'good' : 'neutral'}>
                  {active ? 'Active' : 'Deactivated'}
                </StatusBadge>
              ),
            },
            { id: 'users', title: 'Users', align: 'right', render: ({ users }) => users.toLocaleString() },
            {
              id: 'groups',
              title: 'Groups',
              align: 'right',
              render: ({ groups }) => groups.toLocaleString(),
            },
            {
              id: 'integrations',
              title: 'Integrations',
              align: 'right',
              render: ({ integrations }) => integrations.toLocaleString(),
            },
            {
              id: 'requests',
              title: 'Requests (24 h)',
              align: 'right',
              render: ({ requests }) => requests.toLocaleString(),
            },
            {
              id: 'errors',
              title: 'Errors (24 h)',
              align: 'right',
              render: ({ errors }) => errors.toLocaleString(),
            },
          ]}
          empty={<EmptyState icon={IconBuildings} title="No tenants" />}
        />
      </Stack>
    </>
  );
}

/** What is wrong with the server itself, if anything. */
function ServerTrouble() {
  const server = useQuery({ ...ask('GET /server'), refetchInterval: REFRESH_MS });
  const trouble = server.data?.health.filter(({ state }) => state === 'warning' || state === 'failed') ?? [];
  if (trouble.length === 0) return null;
  return (
    <Alert
      color={trouble.some(({ state }) => state === 'failed') ? 'red' : 'yellow'}
      title="The server needs attention"
    >
      {trouble.map(({ name, detail }) => `${name}: ${detail}`).join(' ')}{' '}
      <Anchor inherit renderRoot={(props) => <Link {...props} to="/server" />}>
        See the server
      </Anchor>
    </Alert>
  );
}
