import { Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

interface GroupPermissionsProps {
  readonly tenant: string;
  readonly group: string;
}

type Permission = 'login' | 'provision';

const EXPLAINED: readonly { readonly value: Permission; readonly label: string; readonly text: string }[] = [
  {
    value: 'login',
    label: 'Login',
    text: 'Members may read themselves over SCIM 1.1, at /Users/me, with their own name and password.',
  },
  {
    value: 'provision',
    label: 'Provision',
    text: 'Members may do everything else over SCIM 1.1: create, change and delete users and groups of the tenant.',
  },
];

/** What a group permits its members over SCIM 1.1. */
export function GroupPermissions({ tenant, group }: GroupPermissionsProps) {
  const query = useQuery(
    ask('GET /tenants/{tenant}/groups/{group}/permissions', { params: { tenant, group } }),
  );
  return (
    <Stack gap="md" maw={640}>
      <Text c="dimmed" size="sm">
        What members of this group, and of groups in it, may do with their own names and passwords.
        Integrations need no permission of a group.
      </Text>
      <Loaded query={query}>
        {({ permissions }) => (
          <PermissionForm key={permissions.join()} tenant={tenant} group={group} permissions={permissions} />
        )}
      </Loaded>
    </Stack>
  );
}

function PermissionForm({
  tenant,
  group,
  permissions,
}: GroupPermissionsProps & { readonly permissions: readonly Permission[] }) {
  const mayChange = useMayChange();
  const save = useChange('PUT /tenants/{tenant}/groups/{group}/permissions', {
    outdates: [
      'GET /tenants/{tenant}/groups/{group}/permissions',
      'GET /tenants/{tenant}/resources/{type}/{id}/history',
    ],
    done: 'The permissions are saved',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { permissions: [...permissions] },
    submit: (body) => save.mutateAsync({ params: { tenant, group }, body }),
  });
  const fields = (
    <Checkbox.Group label="Permissions" {...form.getInputProps('permissions')}>
      <Stack gap="md" mt="sm">
        {EXPLAINED.map(({ value, label, text }) => (
          <Checkbox key={value} value={value} label={label} description={text} disabled={!mayChange} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
  return mayChange ? (
    <ApiForm form={form} submitLabel="Save permissions">
      {fields}
    </ApiForm>
  ) : (
    fields
  );
}
