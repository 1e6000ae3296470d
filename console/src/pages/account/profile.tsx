import { TextInput } from '@mantine/core';
import { useChange } from '../../api/queries.ts';
import { useOperator } from '../../api/session.ts';
import { ROLE_NAMES } from '../../shell/account-menu.tsx';
import { ApiForm } from '../../ui/api-form.tsx';
import { Section } from '../../ui/section.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

export function Profile() {
  const { name, email, role, tenant } = useOperator();
  const update = useChange('PATCH /account', {
    outdates: ['GET /session', 'GET /operators'],
    done: 'Your name is changed',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() === '' ? 'Enter your name.' : null) },
    submit: (body) => update.mutateAsync({ body }),
  });
  return (
    <Section title="Profile">
      <ApiForm form={form} submitLabel="Save">
        <TextInput label="Name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput label="E-mail address" description="You sign in with it" value={email} readOnly />
        <TextInput
          label="Role"
          value={tenant === undefined ? ROLE_NAMES[role] : `${ROLE_NAMES[role]} of ${tenant}`}
          readOnly
        />
      </ApiForm>
    </Section>
  );
}
