import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';
import type { ApiFormState } from './use-api-form.ts';

interface ApiFormProps<Values extends Record<string, unknown>> {
  readonly form: ApiFormState<Values>;
  readonly children: ReactNode;
  /** undefined: it may be read alone, and has no button to send it. */
  readonly submitLabel: string | undefined;
  /** Absent: no button to cancel. */
  readonly onCancel?: () => void;
  /** Colour of the button that sends: red for what takes something away. */
  readonly color?: string;
  readonly fullWidth?: boolean;
}

/** The fields of a form, what went wrong, and its buttons. */
export function ApiForm<Values extends Record<string, unknown>>({
  form,
  children,
  submitLabel,
  onCancel,
  color,
  fullWidth = false,
}: ApiFormProps<Values>) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void form.send();
      }}
    >
      <Stack>
        {children}
        {form.failure !== undefined && <ErrorPanel error={form.failure} isBrief />}
        <Group justify="flex-end" grow={fullWidth}>
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel} disabled={form.sending}>
              Cancel
            </Button>
          )}
          {submitLabel !== undefined && (
            <Button type="submit" loading={form.sending} {...(color !== undefined && { color })}>
              {submitLabel}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
