import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { type Role, useOperator } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { OneTimeLink } from './one-time-link.tsx';
import { checkTenant, RoleFields, roleBody } from './role-fields.tsx';

/** Makes an operator, and shows the link by which that person sets a password. */
export function InviteOperator({ onClose }: { readonly onClose: () => void }) {
  const own = useOperator();
  const [invited, setInvited] = useState<Answer<'POST /operators'>>();
  const invite = useChange('POST /operators', { outdates: ['GET /operators'], showsErrors: true });
  const form = useApiForm({
    initialValues: { email: '', name: '', role: 'tenantAdmin' as Role, tenant: own.tenant ?? '' },
    validate: {
      email: (email) =>
        /^\S+@\S+$/.test(email.trim()) ? null : 'Give an e-mail address, such as jo@example.com.',
      name: (name) => (name.trim() === '' ? 'Give a name.' : null),
      tenant: checkTenant,
    },
    submit: async ({ email, name, ...role }) =>
      setInvited(await invite.mutateAsync({ body: { email: email.trim(), name, ...roleBody(role) } })),
  });
  if (invited !== undefined)
    return <OneTimeLink link={invited.link} name={invited.operator.name} onDone={onClose} />;
  return (
    <ApiForm form={form} submitLabel="Invite" onCancel={onClose}>
      <TextInput
        label="E-mail address"
        description="Roster sends no mail: you get a link to pass on."
        type="email"
        withAsterisk
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('email')}
      />
      <TextInput label="Name" withAsterisk autoComplete="off" {...form.getInputProps('name')} />
      <RoleFields form={form} />
    </ApiForm>
  );
}
