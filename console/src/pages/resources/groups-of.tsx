import { Table } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { ResourceLink } from './places.tsx';
import type { Resource } from './type-view.ts';

interface Membership {
  readonly value: string;
  readonly display?: string;
  readonly type?: 'direct' | 'indirect';
}

interface GroupsOfProps {
  readonly tenant: string;
  readonly resource: Resource;
}

/** The groups that a user is in, by itself or through other groups. */
export function GroupsOf({ tenant, resource }: GroupsOfProps) {
  const groups = (resource.groups ?? []) as unknown as readonly Membership[];
  if (groups.length === 0)
    return (
      <EmptyState icon={IconUsersGroup} title="In no group">
        Members are added on the page of a group, or by the identity provider.
      </EmptyState>
    );
  return (
    <Table aria-label="Groups" withTableBorder verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th>Membership</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map(({ value, display, type }) => (
          <Table.Tr key={value}>
            <Table.Td>
              <ResourceLink tenant={tenant} type="Group" id={value}>
                {display ?? value}
              </ResourceLink>
            </Table.Td>
            <Table.Td>
              {type === 'indirect' ? (
                <StatusBadge tone="neutral">Through another group</StatusBadge>
              ) : (
                <StatusBadge tone="info">Direct</StatusBadge>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
