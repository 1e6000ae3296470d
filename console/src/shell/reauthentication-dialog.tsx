import { Anchor, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { ask } from '../api/queries.ts';
import type { Question } from '../api/reauthentication.ts';
import { useOperator } from '../api/session.ts';
import { ApiForm } from '../ui/api-form.tsx';
import { useApiForm } from '../ui/use-api-form.ts';

interface ReauthenticationDialogProps {
  /** Undefined: the dialog is closed. */
  readonly question: Question | undefined;
}

/** Asks who is there, before something that matters. */
export function ReauthenticationDialog({ question }: ReauthenticationDialogProps) {
  return (
    <Modal
      opened={question !== undefined}
      onClose={() => question?.answer(false)}
      title="Confirm that it is you"
      zIndex={350}
    >
      {question !== undefined && <Proof question={question} />}
    </Modal>
  );
}

function Proof({ question }: { readonly question: Question }) {
  const { email, hasPassword } = useOperator();
  const options = useQuery(ask('GET /session/options'));
  const [needsCode, setNeedsCode] = useState(false);
  const form = useApiForm({
    initialValues: { password: '', code: '' },
    validate: { password: (value) => (value === '' ? 'Enter your password.' : null) },
    submit: async ({ password, code }) => {
      const answer = await call('POST /session/authenticate', {
        body: { password, ...(code !== '' && { code }) },
      });
      if ('codeNeeded' in answer) setNeedsCode(true);
      else question.answer(true);
    },
  });
  const again = `/api/v1/session/oidc?${new URLSearchParams({ returnTo: location.pathname + location.search })}`;
  return (
    <Stack>
      <Text size="sm">
        This makes or ends secrets, or takes much away, so that Roster asks for your password first. It then
        asks no more for five minutes.
      </Text>
      {hasPassword && (
        <ApiForm form={form} submitLabel="Confirm" onCancel={() => question.answer(false)}>
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
          {needsCode && (
            <TextInput
              label="Code"
              description="From your authenticator app, or a recovery code"
              autoComplete="one-time-code"
              autoFocus
              {...form.getInputProps('code')}
            />
          )}
        </ApiForm>
      )}
      {options.data?.oidc !== undefined && (
        <Group justify="flex-end">
          {hasPassword ? (
            <Anchor href={again} size="sm">
              Sign in with {options.data.oidc.name} again instead
            </Anchor>
          ) : (
            <Button component="a" href={again}>
              Sign in with {options.data.oidc.name} again
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
