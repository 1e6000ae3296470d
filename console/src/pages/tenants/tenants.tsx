import { Anchor, Button, Menu, Modal, Text } from '@mantine/core';
import {
  IconBuildings,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Answer, RouteName } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { useHasRole } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { AddTenant } from './add-tenant.tsx';
import { DeleteTenant } from './delete-tenant.tsx';

const route = getRouteApi('/in/tenants');

type Tenant = Answer<'GET /tenants'>[number];

/** What is read anew when a tenant has changed. */
const OUTDATED: readonly RouteName[] = ['GET /tenants', 'GET /tenants/{tenant}'];

interface Asked {
  readonly what: 'activate' | 'deactivate' | 'delete';
  readonly tenant: Tenant;
}

/** The organisations on this server. */
export function Tenants() {
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const isOwner = useHasRole('owner');
  const query = useQuery(ask('GET /tenants'));
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const update = useChange('PATCH /tenants/{tenant}', { outdates: OUTDATED, showsErrors: true });
  const columns: Column<Tenant>[] = [
    {
      id: 'domain',
      title: 'Domain',
      render: ({ domain }) => (
        <Anchor
          fw={500}
          size="sm"
          renderRoot={(props) => <Link {...props} to="/t/$tenant" params={{ tenant: domain }} />}
        >
          {domain}
        </Anchor>
      ),
    },
    { id: 'name', title: 'Name', render: ({ name }) => name },
    {
      id: 'active',
      title: 'State',
      render: ({ active, isSuper }) =>
        isSuper ? (
          <StatusBadge tone="info">Super tenant</StatusBadge>
        ) : (
          <StatusBadge tone={active ? 'good' : 'warning'}>{active ? 'Active' : 'Not active'}</StatusBadge>
        ),
    },
    { id: 'created', title: 'Created', render: ({ created }) => <TimeText value={created} />, isMinor: true },
    ...(isOwner
      ? [
          {
            id: 'actions',
            title: 'Actions',
            align: 'right' as const,
            width: 90,
            render: (tenant: Tenant) =>
              tenant.isSuper ? null : (
                <TenantMenu tenant={tenant} onAsk={(what) => setAsked({ what, tenant })} />
              ),
          },
        ]
      : []),
  ];
  const domain = asked?.tenant.domain ?? '';
  const isActivation = asked?.what === 'activate';
  return (
    <>
      <PageHeader
        title="Tenants"
        description="Each organisation has its own integrations, user stores, users, groups and operators."
        actions={
          isOwner && (
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
              Add tenant
            </Button>
          )
        }
      />
      <DataTable
        label="Tenants"
        query={query}
        rowsOf={(tenants) => tenants}
        idOf={({ domain: each }: Tenant) => each}
        columns={columns}
        empty={<EmptyState icon={IconBuildings} title="No tenants" />}
      />
      <Modal
        opened={search.create === true && isOwner}
        onClose={() => change({ create: undefined })}
        title="Add tenant"
        closeOnClickOutside={false}
      >
        <AddTenant onClose={() => change({ create: undefined })} />
      </Modal>
      <ConfirmDialog
        opened={asked !== undefined && asked.what !== 'delete'}
        onClose={close}
        title={`${isActivation ? 'Activate' : 'Deactivate'} ${domain}?`}
        confirmLabel={isActivation ? 'Activate tenant' : 'Deactivate tenant'}
        isDangerous={!isActivation}
        touches={
          isActivation
            ? []
            : ['Every credential of its integrations, which gets 401 at once', 'The sign-in of its users']
        }
        onConfirm={() => update.mutateAsync({ params: { tenant: domain }, body: { active: isActivation } })}
      >
        <Text size="sm">
          {isActivation
            ? 'Its credentials work again at once.'
            : 'Nothing is deleted. Identity providers can’t send anything until it is active again.'}
        </Text>
      </ConfirmDialog>
      <DeleteTenant domain={asked?.what === 'delete' ? domain : undefined} onClose={close} />
    </>
  );
}

interface TenantMenuProps {
  readonly tenant: Tenant;
  readonly onAsk: (what: Asked['what']) => void;
}

function TenantMenu({ tenant: { domain, active }, onAsk }: TenantMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray" aria-label={`Actions for ${domain}`}>
          <IconDots size={18} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {active ? (
          <Menu.Item
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            onClick={() => onAsk('deactivate')}
          >
            Deactivate
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => onAsk('activate')}>
            Activate
          </Menu.Item>
        )}
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => onAsk('delete')}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
