import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { DATE, dateFault, EXPIRIES, endOf, OVERLAPS } from './end-choice.ts';
import { INTEGRATION_READS, type Issued } from './integration-data.ts';

interface RotateFormProps {
  readonly params: { readonly tenant: string; readonly integration: string; readonly credential: string };
  readonly onCancel: () => void;
  readonly onIssued: (issued: Issued) => void;
}

/** A new credential in the place of another one, with a time in which both work. */
export function RotateForm({ params, onCancel, onIssued }: RotateFormProps) {
  const rotate = useChange(
    'POST /tenants/{tenant}/integrations/{integration}/credentials/{credential}/rotate',
    { outdates: INTEGRATION_READS, showsErrors: true },
  );
  const form = useApiForm({
    initialValues: { oldEnds: '7', oldDate: '', expires: 'never', date: '' },
    validate: {
      oldDate: (date, { oldEnds }) => dateFault(oldEnds, date),
      date: (date, { expires }) => dateFault(expires, date),
    },
    submit: async ({ oldEnds, oldDate, expires, date }) => {
      const end = endOf(EXPIRIES, expires, date);
      const body = {
        oldEnds: endOf(OVERLAPS, oldEnds, oldDate) ?? 'now',
        ...(end !== undefined && { expires: end }),
      };
      onIssued(await rotate.mutateAsync({ params, body }));
    },
  });
  return (
    <ApiForm form={form} submitLabel="Generate credentials" onCancel={onCancel}>
      <Radio.Group
        label="The old one works"
        description="Until then both work: time to enter the new one at the identity provider."
        {...form.getInputProps('oldEnds')}
      >
        <Stack gap="xs" mt="xs">
          {OVERLAPS.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.oldEnds === DATE && (
        <TextInput type="date" label="Last day of the old one" {...form.getInputProps('oldDate')} />
      )}
      <NativeSelect label="The new one ends" data={[...EXPIRIES]} {...form.getInputProps('expires')} />
      {form.values.expires === DATE && (
        <TextInput type="date" label="Last day of the new one" {...form.getInputProps('date')} />
      )}
    </ApiForm>
  );
}
