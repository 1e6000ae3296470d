import { NativeSelect, TextInput } from '@mantine/core';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { DATE, dateFault, EXPIRIES, endOf } from './end-choice.ts';
import { INTEGRATION_READS, type Issued } from './integration-data.ts';

interface AddCredentialFormProps {
  readonly params: { readonly tenant: string; readonly integration: string };
  readonly onCancel: () => void;
  readonly onIssued: (issued: Issued) => void;
}

export function AddCredentialForm({ params, onCancel, onIssued }: AddCredentialFormProps) {
  const add = useChange('POST /tenants/{tenant}/integrations/{integration}/credentials', {
    outdates: INTEGRATION_READS,
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { expires: 'never', date: '' },
    validate: { date: (date, { expires }) => dateFault(expires, date) },
    submit: async ({ expires, date }) => {
      const end = endOf(EXPIRIES, expires, date);
      onIssued(await add.mutateAsync({ params, body: end === undefined ? {} : { expires: end } }));
    },
  });
  return (
    <ApiForm form={form} submitLabel="Generate credentials" onCancel={onCancel}>
      <NativeSelect
        label="It ends"
        description="Roster warns 30 and 7 days before."
        data={[...EXPIRIES]}
        {...form.getInputProps('expires')}
      />
      {form.values.expires === DATE && <TextInput type="date" label="Date" {...form.getInputProps('date')} />}
    </ApiForm>
  );
}
