import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask, useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

interface AddResourceTypeProps {
  readonly tenant: string;
  readonly onClose: () => void;
}

/** Adds a resource type on schemas that are there. */
export function AddResourceType({ tenant, onClose }: AddResourceTypeProps) {
  const schemas = useQuery(ask('GET /tenants/{tenant}/schemas', { params: { tenant } }));
  const own = (schemas.data ?? []).filter(({ isBuiltIn }) => !isBuiltIn).map(({ id }) => id);
  const add = useChange('POST /tenants/{tenant}/resource-types', {
    outdates: ['GET /tenants/{tenant}/resource-types', 'GET /tenants/{tenant}/schemas'],
    done: ({ name }) => `The resource type ${name} is added`,
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: {
      definition: { name: '', endpoint: '/', description: '', schema: '', schemaExtensions: [] as string[] },
    },
    validate: {
      definition: {
        name: (name) => (name.trim() === '' ? 'Give a name, such as Device.' : null),
        endpoint: (endpoint) => (/^\/./.test(endpoint) ? null : 'Give an endpoint, such as /Devices.'),
        schema: (schema) => ((schema ?? '') === '' ? 'Choose a schema.' : null),
      },
    },
    submit: async ({ definition }) => {
      const schemaExtensions = definition.schemaExtensions.map((schema) => ({ schema, required: false }));
      await add.mutateAsync({
        params: { tenant },
        body: { definition: { ...definition, schemaExtensions } },
      });
      onClose();
    },
  });
  return (
    <ApiForm form={form} submitLabel="Add resource type" onCancel={onClose}>
      <TextInput
        label="Name"
        placeholder="Device"
        withAsterisk
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('definition.name')}
      />
      <TextInput
        label="Endpoint"
        placeholder="/Devices"
        withAsterisk
        autoComplete="off"
        {...form.getInputProps('definition.endpoint')}
      />
      <TextInput label="Description" autoComplete="off" {...form.getInputProps('definition.description')} />
      <Select
        label="Schema"
        description={
          own.length === 0 ? 'Add a schema first: those of users and groups are theirs.' : undefined
        }
        withAsterisk
        data={own}
        {...form.getInputProps('definition.schema')}
      />
      <MultiSelect label="Extensions" data={own} {...form.getInputProps('definition.schemaExtensions')} />
    </ApiForm>
  );
}
