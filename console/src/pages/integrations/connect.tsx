import { Alert, Button, Chip, Grid, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import type { Guide } from '../../connect/guide.ts';
import { GUIDES } from '../../connect/guides.ts';
import { FirstRequest } from './first-request.tsx';
import { GuideFields } from './guide-fields.tsx';
import { AUTH_NAMES, INTEGRATION_READS, type Integration } from './integration-data.ts';

interface ConnectProps {
  readonly tenant: string;
  readonly integration: Integration;
  /** Of the guide that is open; undefined: none has been chosen. */
  readonly provider: string | undefined;
  readonly onProvider: (provider: string) => void;
  readonly onCredentials: () => void;
}

/** Which value goes into which field of the provider, and whether its requests come. */
export function Connect({ tenant, integration, provider, onProvider, onCredentials }: ConnectProps) {
  const guide = GUIDES.find(({ id }) => id === provider) ?? guessOf(integration.name);
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Stack gap="lg">
          <div>
            <Title order={2} size="h4" id="provider">
              1. Which identity provider?
            </Title>
            <Chip.Group value={guide?.id ?? null} onChange={(id) => onProvider(id as string)}>
              <Group gap="xs" mt="sm" role="radiogroup" aria-labelledby="provider">
                {GUIDES.map(({ id, name }) => (
                  <Chip key={id} value={id} radius="md">
                    {name}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </div>
          {guide === undefined ? (
            <Text c="dimmed">Choose one to see which value goes into which of its fields.</Text>
          ) : (
            <Steps tenant={tenant} integration={integration} guide={guide} onCredentials={onCredentials} />
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack>
          <FirstRequest tenant={tenant} integration={integration} guide={guide} />
          <Reachability />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** An integration is often called as its provider is. */
const guessOf = (name: string): Guide | undefined =>
  GUIDES.find(({ name: provider }) =>
    provider.split(' ').some((word) => word.length > 2 && name.toLowerCase().includes(word.toLowerCase())),
  );

interface StepsProps {
  readonly tenant: string;
  readonly integration: Integration;
  readonly guide: Guide;
  readonly onCredentials: () => void;
}

function Steps({ tenant, integration, guide, onCredentials }: StepsProps) {
  const { auth } = integration;
  return (
    <>
      {!guide.auths.includes(auth) && (
        <Alert color="red" icon={<IconAlertTriangle />} title={`${guide.name} can’t use this integration`}>
          It takes {guide.auths.map((known) => AUTH_NAMES[known].toLowerCase()).join(' or ')} only, and this
          integration has {AUTH_NAMES[auth].toLowerCase()}. Create another integration.
        </Alert>
      )}
      <PrimaryEmailHint tenant={tenant} integration={integration} guide={guide} />
      <div>
        <Title order={2} size="h4" mb="sm">
          2. Enter these values
        </Title>
        <Stack gap="xl">
          {guide.forms.map((form) => (
            <GuideFields
              key={form.path.join()}
              form={form}
              integration={integration}
              onCredentials={onCredentials}
            />
          ))}
        </Stack>
      </div>
      {guide.remarks.length > 0 && (
        <div>
          <Title order={2} size="h4" mb="sm">
            3. Then
          </Title>
          <List size="sm" spacing={6}>
            {guide.remarks.map((remark) => (
              <List.Item key={remark}>{remark}</List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}

function PrimaryEmailHint({ tenant, integration, guide }: Omit<StepsProps, 'onCredentials'>) {
  const mayChange = useMayChange();
  const lift = useChange('PATCH /tenants/{tenant}/integrations/{integration}', {
    outdates: INTEGRATION_READS,
    done: 'Users without a primary e-mail address are accepted',
  });
  if (guide.omitsPrimaryEmail !== true || !integration.settings.requirePrimaryEmail) return null;
  const accept = () =>
    lift.mutate({
      params: { tenant, integration: integration.id },
      body: { requirePrimaryEmail: false },
    });
  return (
    <Alert color="blue" icon={<IconInfoCircle />} title="Users without an e-mail address">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {guide.name} also sends users without a primary e-mail address. Roster refuses them unless you
          accept such users.
        </Text>
        {mayChange && (
          <Button size="xs" variant="light" onClick={accept} loading={lift.isPending}>
            Accept them
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** A provider in the cloud can't reach a server that says it is on this machine. */
function Reachability() {
  const { data } = useQuery(ask('GET /server'));
  if (data === undefined) return null;
  const { hostname } = new URL(data.baseUrl);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname);
  if (data.isHttps && !isLocal) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle />}
      title="A provider in the cloud can’t reach this address"
    >
      <Text size="sm">
        The address is {data.baseUrl}. Providers in the cloud need {isLocal ? 'a public name' : ''}
        {isLocal && !data.isHttps ? ' and ' : ''}
        {data.isHttps ? '' : 'HTTPS'}: set ROSTER_BASE_URL, and a certificate or a proxy. For a try on this
        machine it is fine.
      </Text>
    </Alert>
  );
}
