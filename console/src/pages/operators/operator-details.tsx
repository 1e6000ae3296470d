import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { type Operator, useMayChange, useOperator } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Section } from '../../ui/section.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { OneTimeLink } from './one-time-link.tsx';
import { stateOf } from './operator-data.ts';
import { checkTenant, RoleFields, roleBody } from './role-fields.tsx';

interface OperatorDetailsProps {
  readonly operator: Operator;
  readonly onGone: () => void;
}

const OUTDATES = { outdates: ['GET /operators'] } as const;

/** One operator, and what can be done about the account. */
export function OperatorDetails({ operator, onGone }: OperatorDetailsProps) {
  const mayChange = useMayChange();
  const isOwn = useOperator().id === operator.id;
  const { tone, text } = stateOf(operator);
  return (
    <Stack>
      <Group gap="sm">
        <StatusBadge tone={tone}>{text}</StatusBadge>
        {operator.hasTotp && <StatusBadge tone="good">Two factors</StatusBadge>}
      </Group>
      <Text size="sm">{operator.email}</Text>
      <Text size="sm" c="dimmed">
        Since <TimeText value={operator.created} />. Last sign-in: <TimeText value={operator.lastSignIn} />.
      </Text>
      {isOwn && <Text size="sm">This is you. What is yours to change is on the page Account.</Text>}
      {mayChange && !isOwn && (
        <>
          <RoleForm operator={operator} />
          <Actions operator={operator} onGone={onGone} />
        </>
      )}
    </Stack>
  );
}

function RoleForm({ operator }: { readonly operator: Operator }) {
  const update = useChange('PATCH /operators/{operator}', {
    ...OUTDATES,
    done: 'The role is changed',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { role: operator.role, tenant: operator.tenant ?? '' },
    validate: { tenant: checkTenant },
    submit: (values) => update.mutateAsync({ params: { operator: operator.id }, body: roleBody(values) }),
  });
  return (
    <Section title="Role" description="Another role ends all sessions of the operator.">
      <ApiForm form={form} submitLabel="Change role">
        <RoleFields form={form} />
      </ApiForm>
    </Section>
  );
}

function Actions({ operator: { id, name, active }, onGone }: OperatorDetailsProps) {
  const [asking, setAsking] = useState<'active' | 'reset' | 'delete'>();
  const [link, setLink] = useState<Answer<'POST /operators/{operator}/reset'>>();
  const params = { operator: id };
  const update = useChange('PATCH /operators/{operator}', { ...OUTDATES, showsErrors: true });
  const reset = useChange('POST /operators/{operator}/reset', { ...OUTDATES, showsErrors: true });
  const remove = useChange('DELETE /operators/{operator}', {
    ...OUTDATES,
    done: `${name} is deleted`,
    showsErrors: true,
  });
  const close = () => setAsking(undefined);
  return (
    <Section title="Account">
      <Group gap="xs">
        <Button variant="default" onClick={() => setAsking('reset')}>
          Reset password
        </Button>
        <Button variant="default" onClick={() => setAsking('active')}>
          {active ? 'Deactivate' : 'Activate'}
        </Button>
        <Button variant="light" color="red" onClick={() => setAsking('delete')}>
          Delete
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking === 'reset'}
        onClose={close}
        title={`Reset ${name}?`}
        confirmLabel="Reset"
        onConfirm={async () => setLink(await reset.mutateAsync({ params }))}
      >
        The password and the authenticator app stop working, and all sessions end. You get a one-time link to
        pass on.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'active'}
        onClose={close}
        title={active ? `Deactivate ${name}?` : `Activate ${name}?`}
        confirmLabel={active ? 'Deactivate' : 'Activate'}
        isDangerous={active}
        onConfirm={() => update.mutateAsync({ params, body: { active: !active } })}
      >
        {active
          ? 'All sessions and API keys stop working at once.'
          : 'The operator can sign in again with the password from before.'}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={close}
        title={`Delete ${name}?`}
        confirmLabel="Delete operator"
        onConfirm={async () => {
          await remove.mutateAsync({ params });
          onGone();
        }}
      >
        The account, its sessions and its API keys go. What the audit has stays.
      </ConfirmDialog>
      <Modal
        opened={link !== undefined}
        onClose={() => setLink(undefined)}
        title="Link to set a new password"
        closeOnClickOutside={false}
      >
        {link !== undefined && <OneTimeLink link={link} name={name} onDone={() => setLink(undefined)} />}
      </Modal>
    </Section>
  );
}
