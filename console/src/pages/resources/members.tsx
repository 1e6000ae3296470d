import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconUserMinus, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import type { Column } from '../../ui/table-column.ts';
import { AddMembers } from './add-members.tsx';
import { MEMBERS_OUTDATED } from './members-outdated.ts';
import { ResourceLink } from './places.tsx';
import type { ResourceSearch } from './resource-search.ts';

type Member = Answer<'GET /tenants/{tenant}/groups/{group}/members'>['items'][number];

interface MembersProps {
  readonly tenant: string;
  readonly group: string;
  readonly search: ResourceSearch;
  readonly onSearch: (patch: ResourceSearch, options?: { readonly replace?: boolean }) => void;
}

/** The members of a group, in pages; adds and removes them. */
export function Members({ tenant, group, search: { q, after }, onSearch }: MembersProps) {
  const mayChange = useMayChange();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Member>();
  const params = { tenant, group };
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/groups/{group}/members', {
      params,
      query: { ...(q !== undefined && { search: q }), ...(after !== undefined && { after }) },
    }),
    placeholderData: keepPreviousData,
  });
  const change = useChange('POST /tenants/{tenant}/groups/{group}/members', {
    outdates: MEMBERS_OUTDATED,
    done: 'The member is removed',
    showsErrors: true,
  });
  const addButton = mayChange && (
    <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Add members
    </Button>
  );
  const next = query.data?.next;
  const columns: Column<Member>[] = [
    {
      id: 'display',
      title: 'Member',
      render: ({ id, type, display }) => (
        <ResourceLink tenant={tenant} type={type} id={id}>
          {display ?? id}
        </ResourceLink>
      ),
    },
    { id: 'type', title: 'Type', render: ({ type }) => type },
    ...(mayChange
      ? [
          {
            id: 'remove',
            title: 'Actions',
            align: 'right' as const,
            render: (member: Member) => (
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                leftSection={<IconUserMinus size={14} aria-hidden />}
                aria-label={`Remove ${member.display ?? member.id}`}
                onClick={() => setRemoved(member)}
              >
                Remove
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <SearchBox
          label="Search members"
          placeholder="Name, user name or e-mail address"
          value={q}
          onChange={(text) => onSearch({ q: text, after: undefined }, { replace: true })}
        />
        {addButton}
      </Group>
      <DataTable
        label="Members"
        query={query}
        rowsOf={({ items }) => items}
        idOf={({ id }: Member) => id}
        columns={columns}
        pages={{
          total: query.data?.total,
          onNext: next === undefined ? undefined : () => onSearch({ after: next }),
          onPrevious: after === undefined ? undefined : () => onSearch({ after: undefined }),
        }}
        empty={
          q === undefined ? (
            <EmptyState icon={IconUsers} title="No members yet" action={addButton}>
              Users and other groups can be members.
            </EmptyState>
          ) : (
            <EmptyState icon={IconUsers} title="No such member">
              A search finds names and addresses by how they begin.
            </EmptyState>
          )
        }
      />
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add members">
        <AddMembers tenant={tenant} group={group} onClose={() => setAdding(false)} />
      </Modal>
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.display ?? removed?.id ?? ''}?`}
        confirmLabel="Remove"
        onConfirm={() => change.mutateAsync({ params, body: { remove: [removed?.id ?? ''] } })}
      >
        The {removed?.type === 'Group' ? 'group' : 'user'} leaves this group and stays otherwise as it is.
      </ConfirmDialog>
    </Stack>
  );
}
