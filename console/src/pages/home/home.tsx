import { Button, Stack } from '@mantine/core';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ask } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { Attention } from './attention.tsx';
import { Figures } from './figures.tsx';
import { OverTime } from './over-time.tsx';
import { periodQuery } from './period.ts';

const route = getRouteApi('/in/t/$tenant/');

const REFRESH_MS = 30_000;

/** A tenant at a glance: is everything healthy, and what has happened. */
export function Home() {
  const { tenant } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const period = search.period ?? 'day';
  const params = { tenant };
  const overview = useQuery({
    ...ask('GET /tenants/{tenant}/overview', { params }),
    refetchInterval: REFRESH_MS,
  });
  const statistics = useQuery({
    ...ask('GET /tenants/{tenant}/statistics', { params, query: periodQuery(period) }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const linkTo = (page: 'integrations' | 'users' | 'groups' | 'requests') => (props: object) => (
    <Link {...props} to={`/t/$tenant/${page}`} params={params} />
  );
  return (
    <>
      <PageHeader
        title={tenant}
        description="Is everything healthy, and what has happened."
        actions={
          overview.data !== undefined && overview.data.integrations > 0 && <CreateButton tenant={tenant} />
        }
      />
      <Stack gap="lg">
        <Loaded query={overview}>
          {({ users, groups, integrations, requests, errors, attention }) => (
            <Stack gap="lg">
              {integrations === 0 ? (
                <Begin tenant={tenant} />
              ) : (
                <Attention items={attention} calm="All integrations are well." />
              )}
              <Figures
                figures={[
                  { label: 'Users', value: users, link: linkTo('users') },
                  { label: 'Groups', value: groups, link: linkTo('groups') },
                  { label: 'Integrations', value: integrations, link: linkTo('integrations') },
                  {
                    label: 'Requests',
                    value: requests,
                    note: `in 24 hours, ${errors.toLocaleString()} with an error`,
                    link: linkTo('requests'),
                  },
                ]}
              />
            </Stack>
          )}
        </Loaded>
        <OverTime
          query={statistics}
          period={period}
          onPeriod={(next) => change({ period: next }, { replace: true })}
        />
      </Stack>
    </>
  );
}

/** The way to create an integration, for those who may. */
function CreateButton({ tenant }: { readonly tenant: string }) {
  const mayChange = useMayChange();
  if (!mayChange) return null;
  return (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props) => (
        <Link {...props} to="/t/$tenant/integrations" params={{ tenant }} search={{ create: true }} />
      )}
    >
      Create SCIM integration
    </Button>
  );
}

function Begin({ tenant }: { readonly tenant: string }) {
  return (
    <EmptyState
      icon={IconPlug}
      title="Connect an identity provider"
      action={<CreateButton tenant={tenant} />}
    >
      Entra ID, Okta and others then create and change users and groups here.
    </EmptyState>
  );
}
