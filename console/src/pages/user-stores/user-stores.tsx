import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { IconPlus, IconStack2, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { useChangeSearch } from '../../ui/use-url-state.ts';

const route = getRouteApi('/in/t/$tenant/user-stores');

type UserStore = Answer<'GET /tenants/{tenant}/user-stores'>[number];

/** The name spaces of users and groups in a tenant. */
export function UserStores() {
  const { tenant } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const mayChange = useMayChange();
  const [deleted, setDeleted] = useState<UserStore>();
  const query = useQuery(ask('GET /tenants/{tenant}/user-stores', { params: { tenant } }));
  const remove = useChange('DELETE /tenants/{tenant}/user-stores/{store}', {
    outdates: ['GET /tenants/{tenant}/user-stores'],
    done: 'The user store is deleted',
    showsErrors: true,
  });
  const close = () => change({ create: undefined });
  const columns: Column<UserStore>[] = [
    {
      id: 'name',
      title: 'Name',
      render: ({ name, isPrimary }) => (
        <Group gap="xs">
          <Text span fw={500} size="sm">
            {name}
          </Text>
          {isPrimary && <StatusBadge tone="info">Always there</StatusBadge>}
        </Group>
      ),
    },
    { id: 'users', title: 'Holds', render: ({ isEmpty }) => (isEmpty ? 'Nothing' : 'Users or groups') },
    { id: 'created', title: 'Created', render: ({ created }) => <TimeText value={created} /> },
    ...(mayChange
      ? [
          {
            id: 'delete',
            title: 'Actions',
            align: 'right' as const,
            render: (store: UserStore) =>
              store.isPrimary ? null : store.isEmpty ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={14} aria-hidden />}
                  aria-label={`Delete ${store.name}`}
                  onClick={() => setDeleted(store)}
                >
                  Delete
                </Button>
              ) : (
                <Text size="xs" c="dimmed">
                  Can be deleted when empty
                </Text>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader
        title="User stores"
        description="Name spaces inside the tenant. Users of a store other than PRIMARY have its name before their own, as in AMRSNGHE/kim; the same name can be there once in each."
        actions={
          mayChange && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
              Add user store
            </Button>
          )
        }
      />
      <DataTable
        label="User stores"
        query={query}
        rowsOf={(stores) => stores}
        idOf={({ name }: UserStore) => name}
        columns={columns}
        empty={<EmptyState icon={IconStack2} title="No user stores" />}
      />
      <Modal opened={search.create === true && mayChange} onClose={close} title="Add user store">
        <AddUserStore tenant={tenant} onClose={close} />
      </Modal>
      <ConfirmDialog
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        title={`Delete ${deleted?.name ?? ''}?`}
        confirmLabel="Delete user store"
        onConfirm={() => remove.mutateAsync({ params: { tenant, store: deleted?.name ?? '' } })}
      >
        It is empty. Names that begin with {deleted?.name}/ are plain names of PRIMARY from then on.
      </ConfirmDialog>
    </>
  );
}

function AddUserStore({ tenant, onClose }: { readonly tenant: string; readonly onClose: () => void }) {
  const create = useChange('POST /tenants/{tenant}/user-stores', {
    outdates: ['GET /tenants/{tenant}/user-stores'],
    done: 'The user store is added',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { name: '' },
    validate: {
      name: (name) =>
        /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name.trim())
          ? null
          : 'Use 1 to 64 letters, digits, dots, underscores and hyphens, such as AMRSNGHE.',
    },
    submit: async (body) => {
      await create.mutateAsync({ params: { tenant }, body });
      onClose();
    },
  });
  return (
    <ApiForm form={form} submitLabel="Add user store" onCancel={onClose}>
      <TextInput
        label="Name"
        description="Kept in capital letters."
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
    </ApiForm>
  );
}
