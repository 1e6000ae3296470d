import { Radio, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/queries.ts';
import { type Role, useOperator } from '../../api/session.ts';
import type { ApiFormState } from '../../ui/use-api-form.ts';
import { ROLES } from './operator-data.ts';

interface RoleFieldsProps<Values extends { role: Role; tenant: string } & Record<string, unknown>> {
  readonly form: ApiFormState<Values>;
}

/** What an operator may do, and where. */
export function RoleFields<Values extends { role: Role; tenant: string } & Record<string, unknown>>({
  form,
}: RoleFieldsProps<Values>) {
  const own = useOperator();
  const isOwner = own.role === 'owner';
  const tenants = useQuery({ ...ask('GET /tenants'), enabled: isOwner });
  const { role } = form.getValues();
  return (
    <>
      <Radio.Group label="Role" withAsterisk {...form.getInputProps('role')}>
        <Stack gap="xs" mt={6}>
          {ROLES.filter(({ value }) => isOwner || value !== 'owner').map(({ value, label, means }) => (
            <Radio key={value} value={value} label={label} description={means} />
          ))}
        </Stack>
      </Radio.Group>
      {role !== 'owner' &&
        (isOwner ? (
          <Select
            label="Tenant"
            withAsterisk
            searchable
            data={(tenants.data ?? []).map(({ domain }) => domain)}
            {...form.getInputProps('tenant')}
          />
        ) : (
          <TextInput label="Tenant" value={own.tenant ?? ''} readOnly />
        ))}
    </>
  );
}

/** What a form says of the role, for the body of a request. */
export const roleBody = ({ role, tenant }: { readonly role: Role; readonly tenant: string }) => ({
  role,
  ...(role !== 'owner' && tenant !== '' && { tenant }),
});

export const checkTenant = (tenant: string | null, { role }: { readonly role: Role }): string | null =>
  role !== 'owner' && (tenant ?? '') === '' ? 'Choose a tenant.' : null;
