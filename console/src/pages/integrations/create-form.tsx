import { Radio, Stack, TextInput } from '@mantine/core';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { AUTH_NAMES, INTEGRATION_READS, type Integration } from './integration-data.ts';

export type CreatedIntegration = Answer<'POST /tenants/{tenant}/integrations'>;

interface CreateFormProps {
  readonly tenant: string;
  readonly onCancel: () => void;
  readonly onCreated: (created: CreatedIntegration) => void;
}

/** Name and authorization type: what an integration begins with. */
export function CreateForm({ tenant, onCancel, onCreated }: CreateFormProps) {
  const create = useChange('POST /tenants/{tenant}/integrations', {
    outdates: INTEGRATION_READS,
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { name: '', auth: 'bearer' as Integration['auth'] },
    validate: { name: (name) => (name.trim() === '' ? 'Give it a name, such as Entra ID.' : null) },
    submit: async (body) => onCreated(await create.mutateAsync({ params: { tenant }, body })),
  });
  return (
    <ApiForm form={form} submitLabel="Generate credentials" onCancel={onCancel}>
      <TextInput
        label="Integration name"
        description="The identity provider that will use it."
        placeholder="Entra ID"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Radio.Group label="Authorization type" {...form.getInputProps('auth')}>
        <Stack gap="xs" mt={6}>
          <Radio
            value="bearer"
            label={AUTH_NAMES.bearer}
            description="One token. Entra ID, Okta, OneLogin, JumpCloud, Ping, Google, SailPoint."
          />
          <Radio
            value="basic"
            label={AUTH_NAMES.basic}
            description="Username and password. SAP; Okta and PingFederate can use it."
          />
        </Stack>
      </Radio.Group>
    </ApiForm>
  );
}
