import { PasswordInput } from '@mantine/core';
import { useChange } from '../../api/queries.ts';
import { useOperator } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { PASSWORD_ADVICE, passwordComplaint, repetitionComplaint } from '../../ui/new-password.ts';
import { Section } from '../../ui/section.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

const EMPTY = { current: '', password: '', repeated: '' };

export function Password() {
  const { email, hasPassword } = useOperator();
  const change = useChange('POST /account/password', {
    outdates: ['GET /account/sessions'],
    done: 'Your password is changed. Your other sessions have ended.',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: EMPTY,
    validate: {
      current: (value) => (value === '' ? 'Enter the password that you have now.' : null),
      password: passwordComplaint,
      repeated: (value, { password }) => repetitionComplaint(value, password),
    },
    submit: async ({ current, password }) => {
      await change.mutateAsync({ body: { current, password } });
      form.setValues(EMPTY);
    },
  });
  if (!hasPassword)
    return (
      <Section title="Password" description="You have none here: you sign in with your OpenID provider." />
    );
  return (
    <Section title="Password" description="Changing it ends all your other sessions.">
      <ApiForm form={form} submitLabel="Change password">
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label="New password"
          description={PASSWORD_ADVICE}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          {...form.getInputProps('repeated')}
        />
      </ApiForm>
    </Section>
  );
}
