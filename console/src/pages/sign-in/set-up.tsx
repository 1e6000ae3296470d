import { PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { ask } from '../../api/queries.ts';
import { beginSession } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { PASSWORD_ADVICE, passwordComplaint, repetitionComplaint } from '../../ui/new-password.ts';
import { useApiForm } from '../../ui/use-api-form.ts';
import { Frame } from './frame.tsx';
import { useLinkCode } from './link-code.ts';
import { LinkGate } from './link-gate.tsx';

/** The first page there is: makes the first owner. */
export function SetUp() {
  const code = useLinkCode();
  const options = useQuery(ask('GET /session/options'));
  const remedy =
    options.data?.needsSetup === false
      ? 'Roster has been set up already: sign in, or ask an owner to invite you.'
      : 'Start the server again: as long as nobody is set up it prints a new one.';
  return (
    <Frame
      title="Set up Roster"
      description="Make the first operator: an owner, who sees all tenants and invites the others."
    >
      <LinkGate code={code} remedy={remedy}>
        {() => <SetUpForm code={code} />}
      </LinkGate>
    </Frame>
  );
}

function SetUpForm({ code }: { readonly code: string }) {
  const navigate = useNavigate();
  const form = useApiForm({
    initialValues: { name: '', email: '', password: '', repeated: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter your name.' : null),
      email: (value) =>
        /^\S+@\S+$/.test(value.trim()) ? null : 'Enter an e-mail address, such as jo@example.com.',
      password: passwordComplaint,
      repeated: (value, { password }) => repetitionComplaint(value, password),
    },
    submit: async ({ name, email, password }) => {
      beginSession(
        await call('POST /setup', { body: { code, name: name.trim(), email: email.trim(), password } }),
      );
      await navigate({ to: '/' });
    },
  });
  return (
    <ApiForm form={form} submitLabel="Create and sign in" fullWidth>
      <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
      <TextInput
        label="E-mail address"
        description="With it you sign in; nothing is sent to it"
        type="email"
        autoComplete="username"
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        description={PASSWORD_ADVICE}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <PasswordInput label="Password again" autoComplete="new-password" {...form.getInputProps('repeated')} />
    </ApiForm>
  );
}
