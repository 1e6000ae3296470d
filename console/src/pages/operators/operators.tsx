import { Button, Modal } from '@mantine/core';
import { IconUserCog, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ask } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { DetailDrawer } from '../../ui/detail-drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { InviteOperator } from './invite-operator.tsx';
import { roleName, stateOf } from './operator-data.ts';
import { OperatorDetails } from './operator-details.tsx';

const route = getRouteApi('/in/operators');

/** The people who sign in to the console. */
export function Operators() {
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const mayChange = useMayChange();
  const query = useQuery(ask('GET /operators'));
  const open = query.data?.find(({ id }) => id === search.open);
  const close = () => change({ open: undefined });
  const button = mayChange && (
    <Button
      leftSection={<IconUserPlus size={16} aria-hidden />}
      onClick={() => change({ create: true, open: undefined })}
    >
      Invite operator
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Operators"
        description="The people who sign in to this console, and what they may do."
        actions={button}
      />
      <DataTable
        label="Operators"
        query={query}
        rowsOf={(operators) => operators}
        idOf={({ id }) => id}
        columns={[
          { id: 'name', title: 'Name', render: ({ name }) => name },
          { id: 'email', title: 'E-mail address', render: ({ email }) => email },
          { id: 'role', title: 'Role', render: ({ role }) => roleName(role) },
          { id: 'tenant', title: 'Tenant', render: ({ tenant }) => tenant ?? 'all' },
          {
            id: 'state',
            title: 'State',
            render: (operator) => {
              const { tone, text } = stateOf(operator);
              return <StatusBadge tone={tone}>{text}</StatusBadge>;
            },
          },
          {
            id: 'lastSignIn',
            title: 'Last sign-in',
            render: ({ lastSignIn }) => <TimeText value={lastSignIn} />,
            isMinor: true,
          },
        ]}
        onOpen={({ id }) => change({ open: id })}
        empty={
          <EmptyState icon={IconUserCog} title="No operators yet" action={button}>
            An operator signs in here to administer a tenant, or to read it.
          </EmptyState>
        }
      />
      <Modal
        opened={search.create === true && mayChange}
        onClose={() => change({ create: undefined })}
        title="Invite operator"
      >
        <InviteOperator onClose={() => change({ create: undefined })} />
      </Modal>
      <DetailDrawer opened={open !== undefined} onClose={close} title={open?.name ?? ''}>
        {open !== undefined && <OperatorDetails key={open.id} operator={open} onGone={close} />}
      </DetailDrawer>
    </>
  );
}
