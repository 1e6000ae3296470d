import { NativeSelect, NumberInput, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { INTEGRATION_READS, type Integration } from './integration-data.ts';
import { type ToleranceChoice, Tolerances } from './tolerances.tsx';

interface IntegrationSettingsProps {
  readonly tenant: string;
  readonly integration: Integration;
}

const LEAST_RATE = 25;

type Rate = 'default' | 'off' | 'number';

const RATES = [
  { value: 'default', label: 'As the server is set' },
  { value: 'number', label: 'A number of its own' },
  { value: 'off', label: 'No limit' },
];

const DIALECTS = [
  { value: 'standard', label: 'Standard: accepts what providers send beyond the RFCs' },
  { value: 'strict', label: 'Strict: the RFCs to the letter' },
];

const rateFault = (value: number | string): string | null =>
  Number.isSafeInteger(value) && Number(value) >= LEAST_RATE
    ? null
    : `Give a whole number from ${LEAST_RATE}: identity providers send as many.`;

/** Name, how tolerant it is, and how much it may send. */
export function IntegrationSettings({ tenant, integration }: IntegrationSettingsProps) {
  const { id, name, settings } = integration;
  const mayChange = useMayChange();
  const tolerances = useQuery(ask('GET /tolerances'));
  const save = useChange('PATCH /tenants/{tenant}/integrations/{integration}', {
    outdates: INTEGRATION_READS,
    done: 'Saved: the next request is served by these settings',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: {
      name,
      dialect: settings.dialect,
      requirePrimaryEmail: settings.requirePrimaryEmail,
      rate: (typeof settings.rateLimit === 'number' ? 'number' : settings.rateLimit) as Rate,
      rateLimit: (typeof settings.rateLimit === 'number' ? settings.rateLimit : 100) as number | string,
      tolerances: Object.fromEntries(
        Object.entries(settings.tolerances).map(([key, on]) => [key, on ? 'on' : 'off']),
      ) as Record<string, ToleranceChoice>,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it a name, such as Entra ID.' : null),
      rateLimit: (value, { rate }) => (rate === 'number' ? rateFault(value) : null),
    },
    submit: async ({ rate, rateLimit, tolerances: chosen, ...body }) => {
      await save.mutateAsync({
        params: { tenant, integration: id },
        body: {
          ...body,
          rateLimit: rate === 'number' ? Number(rateLimit) : rate,
          tolerances: Object.fromEntries(
            Object.entries(chosen).map(([key, choice]) => [
              key,
              choice === 'byDialect' ? choice : choice === 'on',
            ]),
          ),
        },
      });
    },
  });
  const { values } = form;
  return (
    <Stack maw={720}>
      {!mayChange && <Text c="dimmed">You may read these settings, but not change them.</Text>}
      <fieldset disabled={!mayChange} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <ApiForm form={form} submitLabel={mayChange ? 'Save' : undefined}>
          <TextInput label="Integration name" autoComplete="off" {...form.getInputProps('name')} />
          <NativeSelect
            label="Dialect"
            description="How tolerant it is. Exceptions are below."
            data={DIALECTS}
            {...form.getInputProps('dialect')}
          />
          <Switch
            label="New users need a primary e-mail address"
            description="When off, users without an address are accepted too."
            {...form.getInputProps('requirePrimaryEmail', { type: 'checkbox' })}
          />
          <NativeSelect
            label="Rate limit"
            description="Requests over the limit get 429 and are sent again later by the provider."
            data={RATES}
            {...form.getInputProps('rate')}
          />
          {values.rate === 'number' && (
            <NumberInput
              label="Requests per second"
              description="On average; five times as many may come in one second."
              min={LEAST_RATE}
              allowDecimal={false}
              clampBehavior="none"
              {...form.getInputProps('rateLimit')}
            />
          )}
          <div>
            <Title order={2} size="h4" mt="md">
              Tolerances
            </Title>
            <Text size="sm" c="dimmed" mb="sm">
              What it accepts beyond the RFCs. “By dialect” is right unless you know better; Requests shows
              which ones a request needed.
            </Text>
            <Loaded query={tolerances}>
              {(rows) => (
                <Tolerances
                  rows={rows}
                  isStandard={values.dialect === 'standard'}
                  chosen={values.tolerances}
                  onChoose={(key, choice) =>
                    form.setFieldValue('tolerances', { ...values.tolerances, [key]: choice })
                  }
                />
              )}
            </Loaded>
            {form.errors.tolerances !== undefined && (
              <Text size="sm" c="red" role="alert">
                {form.errors.tolerances}
              </Text>
            )}
          </div>
        </ApiForm>
      </fieldset>
      {settings.scopes.includes('write') ? null : (
        <Text size="sm">This integration was created read-only: it gets 403 for every change.</Text>
      )}
    </Stack>
  );
}
