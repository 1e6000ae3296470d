import { Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from '../../ui/copy.tsx';
import { TextLink } from '../../ui/links.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { VIA_NAMES } from './audit-columns.tsx';
import type { AuditRecord } from './audit-search.ts';

interface AuditRecordDetailsProps {
  readonly record: AuditRecord;
  /** undefined: the record is no tenant's. */
  readonly tenant: string | undefined;
}

/** All that a record says, with where to look further. */
export function AuditRecordDetails({ record, tenant }: AuditRecordDetailsProps) {
  const { action, actor, via, target, time, result, address, detail, requestId } = record;
  const rows: readonly (readonly [name: string, value: ReactNode])[] = [
    ['Action', action],
    ['Result', result === 'success' ? 'Done' : 'Refused'],
    ['Time', <TimeText key="time" value={time} isExact />],
    ['Who', actor.name],
    ['By', VIA_NAMES[via]],
    ['From', address],
    ['What', target && `${target.type} ${target.name ?? ''}`],
    ['Id', target?.id && <CopyText key="id" value={target.id} label="Copy id" />],
    ['Attributes', record.attributes?.join(', ')],
    ['Members added', idsText(record.membersAdded, record.membersAddedTotal)],
    ['Members removed', idsText(record.membersRemoved, record.membersRemovedTotal)],
    ['Detail', detail],
    ['Request id', requestId && <CopyText key="request" value={requestId} label="Copy request id" />],
  ];
  return (
    <Stack>
      <Table verticalSpacing={6} layout="fixed">
        <Table.Tbody>
          {rows.map(
            ([name, value]) =>
              value !== undefined &&
              value !== '' && (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w={140} fw={500}>
                    {name}
                  </Table.Th>
                  <Table.Td>
                    <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
                      {value}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ),
          )}
        </Table.Tbody>
      </Table>
      {tenant !== undefined && (
        <Group gap="md">
          {via === 'scim' && requestId !== undefined && (
            <TextLink size="sm" to="/t/$tenant/requests" params={{ tenant }} search={{ requestId }}>
              The request
            </TextLink>
          )}
          {target?.id !== undefined && (
            <TextLink size="sm" to="/t/$tenant/audit" params={{ tenant }} search={{ target: target.id }}>
              All that was done to it
            </TextLink>
          )}
          {actor.id !== undefined && (
            <TextLink size="sm" to="/t/$tenant/audit" params={{ tenant }} search={{ actor: actor.id }}>
              All that {actor.name} did
            </TextLink>
          )}
        </Group>
      )}
    </Stack>
  );
}

function idsText(ids: readonly string[] | undefined, total: number | undefined): string | undefined {
  if (ids === undefined || total === undefined) return undefined;
  return total > ids.length ? `${total}: ${ids.join(', ')} …` : ids.join(', ');
}
