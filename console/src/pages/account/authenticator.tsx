import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { useOperator } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Section } from '../../ui/section.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { AuthenticatorDialog } from './authenticator-dialog.tsx';

export function Authenticator() {
  const { hasTotp } = useOperator();
  const [started, setStarted] = useState<Answer<'POST /account/totp'>>();
  const [removing, removal] = useDisclosure();
  const start = useChange('POST /account/totp');
  const remove = useChange('DELETE /account/totp', {
    outdates: ['GET /session'],
    done: 'The authenticator app is turned off',
    showsErrors: true,
  });
  return (
    <Section
      title="Authenticator app"
      badge={
        hasTotp ? <StatusBadge tone="good">On</StatusBadge> : <StatusBadge tone="neutral">Off</StatusBadge>
      }
      description="A second proof when you sign in: a code of six digits from an app on your phone."
      actions={
        hasTotp ? (
          <Button variant="default" onClick={removal.open}>
            Turn off…
          </Button>
        ) : (
          <Button
            loading={start.isPending}
            onClick={() => start.mutate({}, { onSuccess: (answer) => setStarted(answer) })}
          >
            Set up
          </Button>
        )
      }
    >
      <AuthenticatorDialog started={started} onClose={() => setStarted(undefined)} />
      <ConfirmDialog
        opened={removing}
        onClose={removal.close}
        title="Turn the authenticator app off?"
        confirmLabel="Turn off"
        onConfirm={() => remove.mutateAsync({})}
      >
        Your password alone will then be enough to sign in as you. The recovery codes end too.
      </ConfirmDialog>
    </Section>
  );
}
