import { PasswordInput, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type Answer, call } from '../../api/client.ts';
import { beginSession } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { PASSWORD_ADVICE, passwordComplaint, repetitionComplaint } from '../../ui/new-password.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { Frame } from './frame.tsx';
import { useLinkCode } from './link-code.ts';
import { LinkGate } from './link-gate.tsx';

/** Sets a password by an invitation or a reset. */
export function AcceptLink() {
  const code = useLinkCode();
  return (
    <Frame title="Set your password">
      <LinkGate code={code} remedy="Ask for a new one: owners give them out on the page Operators.">
        {(link) => <PasswordForm code={code} link={link} />}
      </LinkGate>
    </Frame>
  );
}

interface PasswordFormProps {
  readonly code: string;
  readonly link: Answer<'POST /links/show'>;
}

function PasswordForm({ code, link }: PasswordFormProps) {
  const navigate = useNavigate();
  const isInvited = link.kind === 'invitation';
  const form = useApiForm({
    initialValues: { name: link.name ?? '', password: '', repeated: '' },
    validate: {
      name: (value) => (isInvited && value.trim() === '' ? 'Enter your name.' : null),
      password: passwordComplaint,
      repeated: (value, { password }) => repetitionComplaint(value, password),
    },
    submit: async ({ name, password }) => {
      const body = { code, password, ...(isInvited && { name: name.trim() }) };
      beginSession(await call('POST /links/accept', { body }));
      await navigate({ to: '/' });
    },
  });
  return (
    <ApiForm form={form} submitLabel="Set password and sign in" fullWidth>
      <Text size="sm">
        {isInvited ? 'You were invited to Roster. ' : 'Your password was reset. '}
        This link ends <TimeText value={link.expires} />.
      </Text>
      <TextInput label="E-mail address" value={link.email ?? ''} readOnly autoComplete="username" />
      {isInvited && <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />}
      <PasswordInput
        label="New password"
        description={PASSWORD_ADVICE}
        autoComplete="new-password"
        autoFocus
        {...form.getInputProps('password')}
      />
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        {...form.getInputProps('repeated')}
      />
    </ApiForm>
  );
}
