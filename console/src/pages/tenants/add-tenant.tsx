import { Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { CopyField } from '../../ui/copy.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

type Added = Answer<'POST /tenants'>;

/** Adds a tenant with those who administer it. */
export function AddTenant({ onClose }: { readonly onClose: () => void }) {
  const [added, setAdded] = useState<Added>();
  const create = useChange('POST /tenants', { outdates: ['GET /tenants'], showsErrors: true });
  const form = useApiForm({
    initialValues: {
      domain: '',
      name: '',
      hasAdmin: false,
      adminPassword: '',
      hasOperator: false,
      operator: { email: '', name: '' },
    },
    validate: {
      domain: (domain) =>
        /^[^\s/\\?#@:%]+$/.test(domain.trim()) ? null : 'Give a domain, such as acme.com.',
      adminPassword: (password, { hasAdmin }) =>
        hasAdmin && password.length < 5 ? 'A password has at least 5 characters.' : null,
      operator: {
        email: (email, { hasOperator }) =>
          hasOperator && !/^\S+@\S+$/.test(email.trim())
            ? 'Give an e-mail address, such as jo@example.com.'
            : null,
        name: (name, { hasOperator }) =>
          hasOperator && name.trim() === '' ? 'Give the name of the person.' : null,
      },
    },
    submit: async ({ domain, name, hasAdmin, adminPassword, hasOperator, operator }) => {
      const answer = await create.mutateAsync({
        body: {
          domain,
          ...(name.trim() !== '' && { name }),
          ...(hasAdmin && { adminPassword }),
          ...(hasOperator && { operator }),
        },
      });
      setAdded(answer);
    },
  });
  if (added !== undefined) return <TenantAdded added={added} onClose={onClose} />;
  const { hasAdmin, hasOperator } = form.getValues();
  return (
    <ApiForm form={form} submitLabel="Add tenant" onCancel={onClose}>
      <TextInput
        label="Domain"
        description="Its users can sign in as name@domain."
        placeholder="acme.com"
        withAsterisk
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('domain')}
      />
      <TextInput
        label="Name"
        description="What people call it; the domain when left empty."
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <Checkbox
        label="Invite an operator"
        description="A person who administers the tenant in this console. You get a one-time link to pass on."
        {...form.getInputProps('hasOperator', { type: 'checkbox' })}
      />
      {hasOperator && (
        <Stack gap="sm" pl="xl">
          <TextInput
            label="E-mail address"
            type="email"
            withAsterisk
            {...form.getInputProps('operator.email')}
          />
          <TextInput label="Name of the person" withAsterisk {...form.getInputProps('operator.name')} />
        </Stack>
      )}
      <Checkbox
        label="Create the user admin"
        description="With the group PRIMARY/admin, whose members may do everything over SCIM 1.1."
        {...form.getInputProps('hasAdmin', { type: 'checkbox' })}
      />
      {hasAdmin && (
        <Stack pl="xl">
          <PasswordInput
            label="Password of the user admin"
            withAsterisk
            autoComplete="new-password"
            {...form.getInputProps('adminPassword')}
          />
        </Stack>
      )}
    </ApiForm>
  );
}

function TenantAdded({
  added: { tenant, link },
  onClose,
}: {
  readonly added: Added;
  readonly onClose: () => void;
}) {
  return (
    <Stack>
      <Text>
        The tenant <b>{tenant.domain}</b> is there.
      </Text>
      {link !== undefined && (
        <>
          <Text size="sm">Pass this link on to the operator. It works once, and is shown only now.</Text>
          <SecretField label="One-time link" value={link.url} />
        </>
      )}
      {link === undefined && <CopyField label="Domain" value={tenant.domain} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          renderRoot={(props) => <Link {...props} to="/t/$tenant" params={{ tenant: tenant.domain }} />}
        >
          Go to the tenant
        </Button>
      </Group>
    </Stack>
  );
}
