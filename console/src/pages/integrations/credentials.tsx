import { Alert, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconDots, IconKey, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { AddCredentialForm } from './add-credential-form.tsx';
import {
  CREDENTIAL_LOOKS,
  type Credential,
  INTEGRATION_READS,
  type Integration,
  type Issued,
} from './integration-data.ts';
import { RotateForm } from './rotate-form.tsx';
import { SecretDialog } from './secret-dialog.tsx';

interface CredentialsProps {
  readonly tenant: string;
  readonly integration: Integration;
}

/** What is asked about a credential. */
type Question =
  | { readonly about: 'add' }
  | { readonly about: 'rotate' | 'revoke'; readonly credential: Credential };

/** The credentials of an integration: add, replace with overlap, revoke. */
export function Credentials({ tenant, integration }: CredentialsProps) {
  const { id, auth, credentials } = integration;
  const params = { tenant, integration: id };
  const query = useQuery(ask('GET /tenants/{tenant}/integrations/{integration}', { params }));
  const mayChange = useMayChange();
  const [question, setQuestion] = useState<Question>();
  const [issued, setIssued] = useState<Issued>();
  const revoke = useChange(
    'POST /tenants/{tenant}/integrations/{integration}/credentials/{credential}/revoke',
    { outdates: INTEGRATION_READS, done: 'The credential works no more', showsErrors: true },
  );

  const close = () => setQuestion(undefined);
  const receive = (secret: Issued) => {
    close();
    setIssued(secret);
  };
  const button = mayChange && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setQuestion({ about: 'add' })}>
      Add credential
    </Button>
  );
  const columns: Column<Credential>[] = [
    {
      id: 'suffix',
      title: 'Ends with',
      render: ({ suffix }) => (
        <Text span ff="monospace" size="sm">
          …{suffix}
        </Text>
      ),
    },
    {
      id: 'state',
      title: 'State',
      render: ({ state }) => {
        const { tone, label } = CREDENTIAL_LOOKS[state];
        return <StatusBadge tone={tone}>{label}</StatusBadge>;
      },
    },
    { id: 'created', title: 'Created', render: ({ created }) => <TimeText value={created} /> },
    { id: 'lastUsed', title: 'Last used', render: ({ lastUsed }) => <TimeText value={lastUsed} /> },
    { id: 'expires', title: 'Ends', render: ({ expires }) => <TimeText value={expires} /> },
  ];
  if (auth === 'basic')
    columns.splice(1, 0, {
      id: 'username',
      title: 'Username',
      render: ({ username = '' }) => <CopyText value={username} label="Copy username" />,
      isMinor: true,
    });
  if (mayChange)
    columns.push({
      id: 'actions',
      title: 'Actions',
      align: 'right',
      render: (credential) =>
        credential.state === 'ended' ? null : (
          <CredentialMenu
            suffix={credential.suffix}
            onRotate={() => setQuestion({ about: 'rotate', credential })}
            onRevoke={() => setQuestion({ about: 'revoke', credential })}
          />
        ),
    });

  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw="60ch">
          Several may be live at once, so that a secret is replaced without a gap. Of a secret the last four
          characters are kept, to recognise it by.
        </Text>
        {button}
      </Group>
      <ExpiryWarning credentials={credentials} />
      <DataTable
        label="Credentials"
        query={query}
        rowsOf={(answer) => answer.credentials.toReversed()}
        idOf={(credential) => credential.id}
        columns={columns}
        empty={
          <EmptyState icon={IconKey} title="No credentials" action={button}>
            Without one the identity provider gets 401.
          </EmptyState>
        }
      />
      <Modal opened={question?.about === 'add'} onClose={close} title="Add a credential">
        <AddCredentialForm params={params} onCancel={close} onIssued={receive} />
      </Modal>
      <Modal
        opened={question?.about === 'rotate'}
        onClose={close}
        title={`Replace …${question?.about === 'rotate' ? question.credential.suffix : ''}`}
      >
        {question?.about === 'rotate' && (
          <RotateForm
            params={{ ...params, credential: question.credential.id }}
            onCancel={close}
            onIssued={receive}
          />
        )}
      </Modal>
      {question?.about === 'revoke' && (
        <ConfirmDialog
          opened
          onClose={close}
          title={`Revoke …${question.credential.suffix}?`}
          confirmLabel="Revoke now"
          onConfirm={() =>
            revoke.mutateAsync({
              params: { ...params, credential: question.credential.id },
              body: { at: 'now' },
            })
          }
        >
          <RevokeText credential={question.credential} credentials={credentials} />
        </ConfirmDialog>
      )}
      {issued !== undefined && (
        <SecretDialog issued={issued} title="The new credential" onDone={() => setIssued(undefined)} />
      )}
    </Stack>
  );
}

interface CredentialMenuProps {
  readonly suffix: string;
  readonly onRotate: () => void;
  readonly onRevoke: () => void;
}

function CredentialMenu({ suffix, onRotate, onRevoke }: CredentialMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" px="xs" size="compact-md" aria-label={`Actions for …${suffix}`}>
          <IconDots size={18} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={onRotate}>
          Replace
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconBan size={16} aria-hidden />} onClick={onRevoke}>
          Revoke
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function RevokeText({
  credential,
  credentials,
}: {
  readonly credential: Credential;
  readonly credentials: readonly Credential[];
}) {
  const others = credentials.filter(({ id, state }) => id !== credential.id && state !== 'ended');
  return (
    <Stack gap="xs">
      <span>
        It stops working at once; whoever uses it gets 401. It was last used{' '}
        <TimeText value={credential.lastUsed} />.
      </span>
      <span>
        {others.length === 0
          ? 'No other credential is live: the identity provider can do nothing until you add one.'
          : `Still live: ${others.map(({ suffix }) => `…${suffix}`).join(', ')}.`}
      </span>
    </Stack>
  );
}

function ExpiryWarning({ credentials }: { readonly credentials: readonly Credential[] }) {
  const live = credentials.filter(({ state }) => state !== 'ended');
  const [first] = live
    .filter(({ state }) => state === 'ending')
    .toSorted((a, b) => Date.parse(a.expires ?? '') - Date.parse(b.expires ?? ''));
  if (first === undefined) return null;
  const hasSuccessor = live.some(({ state }) => state === 'live');
  return (
    <Alert
      color={hasSuccessor ? 'blue' : 'yellow'}
      icon={<IconAlertTriangle />}
      title={`The credential …${first.suffix} ends soon`}
    >
      It ends <TimeText value={first.expires} />.{' '}
      {hasSuccessor
        ? 'Another one is live: enter that at the identity provider if you have not yet. “Last used” shows when it is.'
        : 'Replace it, and enter the new one at the identity provider before that.'}
    </Alert>
  );
}
