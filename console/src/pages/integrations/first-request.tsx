import { Alert, Anchor, Card, Code, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { ask } from '../../api/queries.ts';
import type { Guide } from '../../connect/guide.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Integration } from './integration-data.ts';

type Request = Answer<'GET /tenants/{tenant}/requests'>['items'][number];

interface FirstRequestProps {
  readonly tenant: string;
  readonly integration: Integration;
  readonly guide: Guide | undefined;
}

/** As many as are of interest while somebody tries. */
const SHOWN = 6;

/** Waits for the first request, and says how it and the next ones went, as they come. */
export function FirstRequest({ tenant, integration, guide }: FirstRequestProps) {
  const { id, health, credentials } = integration;
  const client = useQueryClient();
  const [requests, setRequests] = useState<readonly Request[]>([]);
  const state = useLive(
    'GET /tenants/{tenant}/requests/live',
    { params: { tenant }, query: { integration: id } },
    (request: Request) => {
      setRequests((before) => [request, ...before].slice(0, SHOWN));
      void client.invalidateQueries({ queryKey: ['GET /tenants/{tenant}/integrations/{integration}'] });
    },
    { event: 'request' },
  );
  const [latest] = requests;
  const isUsed =
    health.lastRequest !== undefined || credentials.some(({ lastUsed }) => lastUsed !== undefined);
  return (
    <Card withBorder padding="lg" aria-label="First request" component="section">
      <Stack gap="sm">
        <div aria-live="polite">
          {latest !== undefined ? (
            <Outcome tenant={tenant} request={latest} />
          ) : isUsed ? (
            <Known tenant={tenant} integration={integration} />
          ) : (
            <Waiting guide={guide} isLive={state === 'live'} />
          )}
        </div>
        {requests.length > 0 && <Latest tenant={tenant} requests={requests} />}
        {latest === undefined && <CurlLine integration={integration} />}
      </Stack>
    </Card>
  );
}

function Waiting({ guide, isLive }: { readonly guide: Guide | undefined; readonly isLive: boolean }) {
  return (
    <Stack gap="xs">
      <Group gap="sm" wrap="nowrap">
        <Loader size="sm" type="dots" aria-hidden />
        <Title order={2} size="h4">
          Waiting for the first request
        </Title>
      </Group>
      <Text size="sm" c="dimmed">
        {guide?.test ?? 'Test the connection at the identity provider.'} This turns green as soon as it comes,
        or says what is wrong.
      </Text>
      {!isLive && (
        <Text size="xs" c="dimmed">
          Connecting…
        </Text>
      )}
    </Stack>
  );
}

function Known({ tenant, integration: { health } }: Omit<FirstRequestProps, 'guide'>) {
  const isWell = health.state === 'healthy' || health.state === 'silent';
  return (
    <Alert
      color={isWell ? 'teal' : health.state === 'failing' ? 'red' : 'gray'}
      title={isWell ? 'Connected' : health.state === 'failing' ? 'Connected, but failing' : 'Was connected'}
    >
      <Stack gap={4}>
        <Text size="sm">{health.detail}</Text>
        {health.state === 'failing' && health.lastFailureRequest !== undefined && (
          <Explanation tenant={tenant} id={health.lastFailureRequest} />
        )}
        {health.provider !== undefined && <Text size="sm">It seems to be {health.provider}.</Text>}
        {health.lastRequest !== undefined && (
          <Text size="sm">
            Last request: <TimeText value={health.lastRequest} />
          </Text>
        )}
        <Text size="sm">New requests appear here as they come.</Text>
      </Stack>
    </Alert>
  );
}

function Outcome({ tenant, request }: { readonly tenant: string; readonly request: Request }) {
  const { status, provider, method, path } = request;
  if (status < 400)
    return (
      <Alert color="teal" title="Connected">
        {provider === 'other' ? 'The client' : provider} asked for {method} {shortPath(path)} and got {status}
        .
      </Alert>
    );
  return <Failure tenant={tenant} request={request} />;
}

function Failure({ tenant, request }: { readonly tenant: string; readonly request: Request }) {
  const { id, status, method, path, reason } = request;
  return (
    <Alert color="red" title={`A request came and was refused with ${status}`}>
      <Stack gap={6}>
        <Explanation tenant={tenant} id={id} instead={reason ?? `${method} ${shortPath(path)}`} />
      </Stack>
    </Alert>
  );
}

interface ExplanationProps {
  readonly tenant: string;
  readonly id: string;
  /** What to say where nothing explains it. */
  readonly instead?: string;
}

/** Why a request was refused, and what to do. */
function Explanation({ tenant, id, instead }: ExplanationProps) {
  const details = useQuery(
    ask('GET /tenants/{tenant}/requests/{request}', { params: { tenant, request: id } }),
  );
  const explanation = details.data?.explanation;
  return (
    <>
      <Text size="sm">{explanation?.summary ?? instead}</Text>
      {explanation?.remedy !== undefined && (
        <Text size="sm" fw={500}>
          {explanation.remedy}
        </Text>
      )}
      <RequestLink tenant={tenant} id={id}>
        See the request
      </RequestLink>
    </>
  );
}

function Latest({ tenant, requests }: { readonly tenant: string; readonly requests: readonly Request[] }) {
  return (
    <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Latest requests">
      {requests.map(({ id, method, path, status, time }) => (
        <Group key={id} component="li" gap="xs" wrap="nowrap" justify="space-between">
          <Text size="sm" ff="monospace" truncate>
            <RequestLink tenant={tenant} id={id}>
              {method} {shortPath(path)}
            </RequestLink>
          </Text>
          <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
            <StatusBadge tone={status < 400 ? 'good' : status < 500 ? 'warning' : 'bad'}>
              {String(status)}
            </StatusBadge>
            <Text size="xs" c="dimmed">
              <TimeText value={time} />
            </Text>
          </Group>
        </Group>
      ))}
    </Stack>
  );
}

function RequestLink({
  tenant,
  id,
  children,
}: {
  readonly tenant: string;
  readonly id: string;
  readonly children: React.ReactNode;
}) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link {...props} to="/t/$tenant/requests" params={{ tenant }} search={{ open: id }} />
      )}
    >
      {children}
    </Anchor>
  );
}

/** Without the root, which all have in common, and without what is asked. */
const shortPath = (path: string): string =>
  path.replace(/^.*?\/scim(\/v[12])?/, '').replace(/\?.*$/, '') || '/';

function CurlLine({
  integration: { auth, scimBaseUrl, credentials },
}: {
  readonly integration: Integration;
}) {
  const username = credentials.findLast(({ state }) => state !== 'ended')?.username ?? 'USERNAME';
  const who = auth === 'bearer' ? `-H "Authorization: Bearer TOKEN"` : `-u ${username}:PASSWORD`;
  const line = `curl ${who} "${scimBaseUrl}/Users?count=1"`;
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed">
        Or try it from a terminal:
      </Text>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Code block w="100%" fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {line}
        </Code>
        <CopyButton value={line} label="Copy curl line" />
      </Group>
    </Stack>
  );
}
