import { Alert, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ask } from '../../api/queries.ts';
import { beginSession } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { Frame } from './frame.tsx';

const route = getRouteApi('/sign-in');

/** Where to go after signing in: a page of the console, whatever a link says. */
const pageAfter = (next: string | undefined): string =>
  next?.startsWith('/') && !next.startsWith('//') ? next : '/';

export function SignIn() {
  const { next, ended, error } = route.useSearch();
  const options = useQuery(ask('GET /session/options'));
  const oidc = options.data?.oidc;
  return (
    <Frame title="Sign in">
      <Stack>
        {options.data?.refused !== undefined && (
          <Alert color="red" icon={<IconAlertTriangle />} title="Nobody can sign in here">
            {options.data.refused}
          </Alert>
        )}
        {options.data?.needsSetup === true && (
          <Alert icon={<IconInfoCircle />} title="Nobody has been set up yet">
            Open the set-up link that Roster printed when it started. Starting it again prints another one.
          </Alert>
        )}
        {ended === true && <Alert icon={<IconInfoCircle />}>Your session has ended. Sign in to go on.</Alert>}
        {error !== undefined && (
          <Alert color="red" icon={<IconAlertTriangle />} title="Signing in did not work">
            {error}
          </Alert>
        )}
        <PasswordForm next={next} />
        {oidc !== undefined && (
          <>
            <Divider label="or" />
            <Button
              component="a"
              variant="default"
              href={`/api/v1/session/oidc?${new URLSearchParams({ returnTo: `/console${pageAfter(next)}` })}`}
            >
              Sign in with {oidc.name}
            </Button>
          </>
        )}
      </Stack>
    </Frame>
  );
}

function PasswordForm({ next }: { readonly next: string | undefined }) {
  const router = useRouter();
  const [needsCode, setNeedsCode] = useState(false);
  const form = useApiForm({
    initialValues: { email: '', password: '', code: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Enter your e-mail address.' : null),
      password: (value) => (value === '' ? 'Enter your password.' : null),
      code: (value) => (needsCode && value.trim() === '' ? 'Enter the code.' : null),
    },
    submit: async ({ email, password, code }) => {
      const answer = await call('POST /session', {
        body: { email: email.trim(), password, ...(code !== '' && { code: code.trim() }) },
      });
      if ('codeNeeded' in answer) {
        setNeedsCode(true);
        return;
      }
      beginSession(answer);
      router.history.replace(`/console${pageAfter(next)}`);
    },
  });
  return (
    <ApiForm form={form} submitLabel={needsCode ? 'Confirm' : 'Sign in'} fullWidth>
      <TextInput
        label="E-mail address"
        type="email"
        autoComplete="username"
        autoFocus
        readOnly={needsCode}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        readOnly={needsCode}
        {...form.getInputProps('password')}
      />
      {needsCode && (
        <TextInput
          label="Code"
          description="Six digits from your authenticator app, or a recovery code"
          autoComplete="one-time-code"
          autoFocus
          {...form.getInputProps('code')}
        />
      )}
    </ApiForm>
  );
}
