import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { ask } from '../../api/queries.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';

type Entry = Answer<'GET /tenants/{tenant}/resources/{type}/{id}/history'>['items'][number];

interface HistoryProps {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
  readonly after: string | undefined;
  readonly onAfter: (after: string | undefined) => void;
}

const VIA: Readonly<Record<Entry['via'], string>> = {
  console: 'in the console',
  api: 'over the admin API',
  cli: 'on the command line',
  scim: 'over SCIM',
  system: 'by itself',
};

/** Who changed a resource, when, and which attributes. */
export function History({ tenant, type, id, after, onAfter }: HistoryProps) {
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}/{id}/history', {
      params: { tenant, type, id },
      query: after === undefined ? {} : { after },
    }),
    placeholderData: keepPreviousData,
  });
  const next = query.data?.next;
  const columns: Column<Entry>[] = [
    { id: 'time', title: 'When', render: ({ time }) => <TimeText value={time} />, width: 150 },
    {
      id: 'actor',
      title: 'Who',
      render: ({ actor, via }) => (
        <div>
          <Text size="sm">{actor.name}</Text>
          <Text size="xs" c="dimmed">
            {VIA[via]}
          </Text>
        </div>
      ),
    },
    { id: 'what', title: 'What', render: (entry) => <What entry={entry} /> },
    {
      id: 'request',
      title: 'Request',
      isMinor: true,
      render: (entry) => <RequestLink tenant={tenant} entry={entry} />,
    },
  ];
  return (
    <DataTable
      label="Changes"
      query={query}
      rowsOf={({ items }) => items}
      idOf={(entry: Entry) => entry.id}
      columns={columns}
      pages={{
        onNext: next === undefined ? undefined : () => onAfter(next),
        onPrevious: after === undefined ? undefined : () => onAfter(undefined),
      }}
      empty={
        <EmptyState icon={IconHistory} title="No changes are known">
          Changes are kept from the time on when the server began to write an audit.
        </EmptyState>
      }
    />
  );
}

/** The request that made a change; the log of requests has those over SCIM. */
function RequestLink({
  tenant,
  entry: { requestId, via },
}: {
  readonly tenant: string;
  readonly entry: Entry;
}) {
  const { routesByPath } = useRouter();
  if (requestId === undefined)
    return (
      <Text span c="dimmed" aria-label="no request">
        –
      </Text>
    );
  const path = '/t/$tenant/requests';
  if (via !== 'scim' || !(path in routesByPath))
    return <CopyButton value={requestId} label="Copy request id" />;
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link {...props} to={path as '/t/$tenant'} params={{ tenant }} search={{ requestId } as never} />
      )}
    >
      Show the request
    </Anchor>
  );
}

const VERBS: Readonly<Record<string, string>> = {
  create: 'Created',
  update: 'Changed',
  delete: 'Deleted',
  grant: 'Permission given',
  revoke: 'Permission taken',
  setPassword: 'Password set',
};

function What({ entry }: { readonly entry: Entry }) {
  const { action, attributes = [], membersAddedTotal = 0, membersRemovedTotal = 0, result, detail } = entry;
  const verb = action.slice(action.lastIndexOf('.') + 1);
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm">
        {VERBS[verb] ?? action}
        {result === 'failure' && ' – refused'}
      </Text>
      {attributes.length > 0 && (
        <Group gap={4}>
          {attributes.map((name) => (
            <Badge key={name} variant="default" tt="none" fw={500} size="sm" maw={260} title={name}>
              {name.slice(name.lastIndexOf(':') + 1)}
            </Badge>
          ))}
        </Group>
      )}
      {membersAddedTotal + membersRemovedTotal > 0 && (
        <Text size="xs" c="dimmed">
          {membersAddedTotal > 0 && `${membersAddedTotal} added`}
          {membersAddedTotal > 0 && membersRemovedTotal > 0 && ', '}
          {membersRemovedTotal > 0 && `${membersRemovedTotal} removed`}
        </Text>
      )}
      {detail !== undefined && (
        <Text size="xs" c="dimmed">
          {detail}
        </Text>
      )}
    </Stack>
  );
}
