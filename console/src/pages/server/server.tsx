import { Box, Card, Group, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { ask } from '../../api/queries.ts';
import { useHasRole } from '../../api/session.ts';
import { CopyField, CopyText } from '../../ui/copy.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';

const route = getRouteApi('/in/server');

type ServerState = Answer<'GET /server'>;
type Setting = Answer<'GET /server/settings'>[number];

const LOOKS = {
  ok: { tone: 'good', label: 'OK' },
  warning: { tone: 'warning', label: 'Warning' },
  failed: { tone: 'bad', label: 'Failed' },
  unknown: { tone: 'neutral', label: 'Not known' },
} as const;

/** What the server is, how it does and how it is set. */
export function Server() {
  const server = useQuery({ ...ask('GET /server'), refetchInterval: 30_000 });
  const isOwner = useHasRole('owner');
  return (
    <>
      <PageHeader
        title="Server"
        {...(server.data !== undefined && { description: `Roster ${server.data.version}` })}
      />
      <Stack gap="xl">
        <Loaded query={server}>{(state) => <State server={state} />}</Loaded>
        {isOwner && <Settings />}
      </Stack>
    </>
  );
}

function State({ server }: { readonly server: ServerState }) {
  const { health, scimBaseUrl, scim1BaseUrl, requestLogDays } = server;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Card withBorder padding="lg" component="section">
        <Title order={2} size="h4" mb="sm">
          Health
        </Title>
        <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
          {health.map(({ name, state, detail }) => (
            <Group key={name} component="li" justify="space-between" align="flex-start" wrap="nowrap">
              <div>
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                <Text size="sm" c="dimmed">
                  {detail}
                </Text>
              </div>
              <Box style={{ flexShrink: 0 }}>
                <StatusBadge tone={LOOKS[state].tone}>{LOOKS[state].label}</StatusBadge>
              </Box>
            </Group>
          ))}
        </Stack>
      </Card>
      <Card withBorder padding="lg" component="section">
        <Title order={2} size="h4" mb="sm">
          Addresses
        </Title>
        <Stack>
          <CopyField
            label="SCIM base URL"
            value={scimBaseUrl}
            description="SCIM 2.0; the secret says the tenant."
          />
          <CopyField label="SCIM 1.1 base URL" value={scim1BaseUrl} />
          <Text size="sm">
            {requestLogDays === 0
              ? 'Requests are not kept (ROSTER_REQUEST_LOG_DAYS).'
              : `Requests are kept for ${requestLogDays} days (ROSTER_REQUEST_LOG_DAYS).`}
          </Text>
        </Stack>
      </Card>
    </SimpleGrid>
  );
}

function Settings() {
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const showsAll = search.all ?? false;
  const settings = useQuery(ask('GET /server/settings'));
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h4">
            Settings
          </Title>
          <Text size="sm" c="dimmed">
            Environment variables; a change needs a restart. Secrets are not shown.
          </Text>
        </div>
        <Switch
          label="Show those that are not set"
          checked={showsAll}
          onChange={(event) => change({ all: event.currentTarget.checked || undefined }, { replace: true })}
        />
      </Group>
      <DataTable<Setting, Setting[]>
        label="Settings"
        query={settings}
        rowsOf={(all) => all.filter(({ isSet }) => showsAll || isSet)}
        idOf={({ name }) => name}
        columns={[
          {
            id: 'name',
            title: 'Name',
            width: 330,
            render: ({ name }) => <CopyText value={name} label="Copy name" />,
          },
          { id: 'value', title: 'Value', render: (setting) => <Value setting={setting} /> },
          {
            id: 'meaning',
            title: 'Meaning',
            render: ({ meaning }) => <Text size="sm">{meaning.replaceAll('`', '')}</Text>,
            isMinor: true,
          },
        ]}
        empty={
          <EmptyState icon={IconSettings} title="Nothing is set">
            Everything is as it is by default.
          </EmptyState>
        }
      />
    </section>
  );
}

function Value({ setting: { isSet, value, default: byDefault } }: { readonly setting: Setting }) {
  if (!isSet)
    return (
      <Text size="sm" c="dimmed">
        Default: {byDefault.replaceAll('`', '')}
      </Text>
    );
  if (value === undefined)
    return (
      <Text size="sm" c="dimmed">
        Set; a secret
      </Text>
    );
  return (
    <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
      {value}
    </Text>
  );
}
