import { Anchor, Button, Group, Menu, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconActivity, IconDots, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { Connect } from './connect.tsx';
import { Credentials } from './credentials.tsx';
import { HealthBadge } from './health-badge.tsx';
import type { Integration } from './integration-data.ts';
import { IntegrationSettings } from './integration-settings.tsx';

const route = getRouteApi('/in/t/$tenant/integrations/$integration');

/** So that what happened elsewhere is seen: a test of the connection, a credential that is used. */
const REFRESH_MS = 3_000;

export function IntegrationPage() {
  const { tenant, integration: id } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const integration = useQuery({
    ...ask('GET /tenants/{tenant}/integrations/{integration}', { params: { tenant, integration: id } }),
    refetchInterval: REFRESH_MS,
  });
  const above = (
    <Anchor
      key="integrations"
      size="sm"
      renderRoot={(props) => <Link {...props} to="/t/$tenant/integrations" params={{ tenant }} />}
    >
      Integrations
    </Anchor>
  );
  const known = integration.data;
  return (
    <>
      <PageHeader
        title={known?.name ?? 'Integration'}
        above={[above]}
        {...(known !== undefined && {
          badge: <HealthBadge health={known.health} />,
          description: <Text inherit>{known.health.detail}</Text>,
          actions: <Actions tenant={tenant} integration={known} />,
        })}
      />
      <Loaded query={integration}>
        {(loaded) => (
          <Tabs
            value={search.tab ?? 'connect'}
            onChange={(tab) => change({ tab: tab as 'connect' }, { replace: true })}
            keepMounted={false}
          >
            <Tabs.List mb="lg">
              <Tabs.Tab value="connect">Connect</Tabs.Tab>
              <Tabs.Tab value="credentials">Credentials</Tabs.Tab>
              <Tabs.Tab value="settings">Settings</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="connect">
              <Connect
                tenant={tenant}
                integration={loaded}
                provider={search.provider}
                onProvider={(provider) => change({ provider }, { replace: true })}
                onCredentials={() => change({ tab: 'credentials' })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="credentials">
              <Credentials tenant={tenant} integration={loaded} />
            </Tabs.Panel>
            <Tabs.Panel value="settings">
              <IntegrationSettings key={loaded.id} tenant={tenant} integration={loaded} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </>
  );
}

function Actions({ tenant, integration }: { readonly tenant: string; readonly integration: Integration }) {
  const { id, name, credentials } = integration;
  const mayChange = useMayChange();
  const navigate = useNavigate();
  const [asks, { open, close }] = useDisclosure();
  const remove = useChange('DELETE /tenants/{tenant}/integrations/{integration}', {
    outdates: ['GET /tenants/{tenant}/integrations', 'GET /tenants/{tenant}/overview'],
    done: `${name} is deleted`,
    showsErrors: true,
  });
  const live = credentials.filter(({ state }) => state !== 'ended');
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconActivity size={16} aria-hidden />}
        renderRoot={(props) => (
          <Link {...props} to="/t/$tenant/requests" params={{ tenant }} search={{ integration: id }} />
        )}
      >
        Requests
      </Button>
      {mayChange && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="More actions">
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={open}>
              Delete integration
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmDialog
        opened={asks}
        onClose={close}
        title={`Delete ${name}?`}
        confirmLabel="Delete integration"
        typeToConfirm={name}
        touches={
          live.length === 0
            ? ['its settings; it has no live credential']
            : live.map(({ suffix }) => `the credential …${suffix}, which stops working at once`)
        }
        onConfirm={async () => {
          await remove.mutateAsync({ params: { tenant, integration: id } });
          await navigate({ to: '/t/$tenant/integrations', params: { tenant } });
        }}
      >
        <Group>
          The identity provider that uses it gets 401 from then on. Users and groups stay as they are.
        </Group>
      </ConfirmDialog>
    </>
  );
}
