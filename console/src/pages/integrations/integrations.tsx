import { Anchor, Button, Modal, Text } from '@mantine/core';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { type CreatedIntegration, CreateForm } from './create-form.tsx';
import { HealthBadge } from './health-badge.tsx';
import { AUTH_NAMES, type Integration } from './integration-data.ts';
import { SecretDialog } from './secret-dialog.tsx';

const route = getRouteApi('/in/t/$tenant/integrations');

export function Integrations() {
  const { tenant } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const integrations = useQuery(ask('GET /tenants/{tenant}/integrations', { params: { tenant } }));
  const [created, setCreated] = useState<CreatedIntegration>();

  const open = ({ id }: Integration) =>
    void navigate({ to: '/t/$tenant/integrations/$integration', params: { tenant, integration: id } });
  const button = mayChange && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
      Create SCIM integration
    </Button>
  );

  return (
    <>
      <PageHeader
        title="Integrations"
        description="Each identity provider has one: its credentials, its settings and what it sent."
        actions={button}
      />
      <DataTable
        label="Integrations"
        query={integrations}
        rowsOf={(answer) => answer}
        idOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            render: ({ id, name }) => (
              <Anchor
                fw={500}
                renderRoot={(props) => (
                  <Link
                    {...props}
                    to="/t/$tenant/integrations/$integration"
                    params={{ tenant, integration: id }}
                  />
                )}
              >
                {name}
              </Anchor>
            ),
          },
          { id: 'health', title: 'Health', render: ({ health }) => <HealthBadge health={health} /> },
          { id: 'auth', title: 'Authorization type', render: ({ auth }) => AUTH_NAMES[auth], isMinor: true },
          { id: 'credentials', title: 'Credentials', render: (row) => <LiveCredentials integration={row} /> },
          {
            id: 'lastRequest',
            title: 'Last request',
            render: ({ health }) => <TimeText value={health.lastRequest} />,
          },
        ]}
        empty={
          <EmptyState icon={IconPlug} title="No integrations yet" action={button}>
            An integration lets an identity provider such as Entra ID or Okta create and change users and
            groups here.
          </EmptyState>
        }
      />
      <Modal
        opened={search.create === true && mayChange && created === undefined}
        onClose={() => change({ create: undefined })}
        title="Create SCIM integration"
      >
        <CreateForm
          tenant={tenant}
          onCancel={() => change({ create: undefined })}
          onCreated={(issued) => {
            setCreated(issued);
            change({ create: undefined }, { replace: true });
          }}
        />
      </Modal>
      {created !== undefined && (
        <SecretDialog
          issued={created}
          title={`${created.integration.name} is created`}
          onDone={() => {
            setCreated(undefined);
            open(created.integration);
          }}
        />
      )}
    </>
  );
}

function LiveCredentials({ integration: { credentials } }: { readonly integration: Integration }) {
  const live = credentials.filter(({ state }) => state !== 'ended');
  if (live.length === 0) return <Text size="sm">None live</Text>;
  return (
    <Text size="sm" ff="monospace">
      {live.map(({ suffix }) => `…${suffix}`).join(', ')}
    </Text>
  );
}
