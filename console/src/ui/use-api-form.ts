import { type FormErrors, type UseFormInput, type UseFormReturnType, useForm } from '@mantine/form';
import { useState } from 'react';
import { ApiError, Cancelled } from '../api/error.ts';

interface ApiFormInput<Values extends Record<string, unknown>> extends UseFormInput<Values> {
  /** Sends the values; what it throws is shown at the fields that it names, or above the form. */
  readonly submit: (values: Values) => Promise<unknown>;
}

export type ApiFormState<Values extends Record<string, unknown>> = UseFormReturnType<Values> & {
  /** Refused for a reason that no field of the form has. */
  readonly failure: Error | undefined;
  readonly sending: boolean;
  readonly send: () => Promise<void>;
};

const hasField = (values: unknown, path: string): boolean =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values) !==
  undefined;

/**
 * A form of Mantine that is sent to the admin API: `form.getInputProps('name')` as usual, and `<ApiForm form={form}>`
 * around the fields. Errors that the server names by field appear at the fields of the same path.
 */
export function useApiForm<Values extends Record<string, unknown>>({
  submit,
  ...input
}: ApiFormInput<Values>): ApiFormState<Values> {
  const form = useForm<Values>({ validateInputOnBlur: false, clearInputErrorOnChange: true, ...input });
  const [failure, setFailure] = useState<Error>();
  const [sending, setSending] = useState(false);

  const refuse = (error: unknown, values: Values) => {
    if (error instanceof Cancelled) return;
    if (!(error instanceof ApiError)) throw error;
    const atFields = error.fields.filter(({ path }) => hasField(values, path));
    const errors: FormErrors = Object.fromEntries(atFields.map(({ path, message }) => [path, message]));
    form.setErrors(errors);
    const [first] = atFields;
    if (first !== undefined) form.getInputNode(first.path)?.focus();
    if (atFields.length === 0 || atFields.length < error.fields.length) setFailure(error);
  };

  const send = async () => {
    setFailure(undefined);
    const { hasErrors, errors } = await form.validate();
    if (hasErrors) {
      const [first] = Object.keys(errors);
      if (first !== undefined) form.getInputNode(first)?.focus();
      return;
    }
    const values = form.getTransformedValues() as Values;
    setSending(true);
    try {
      await submit(values);
    } catch (error) {
      refuse(error, form.getValues());
    } finally {
      setSending(false);
    }
  };

  const getInputProps: typeof form.getInputProps = (path, options) => {
    const props = form.getInputProps(path, options);
    // Mantine's fields for passwords do not say it
    return props.error ? { ...props, 'aria-invalid': true } : props;
  };

  return Object.assign({}, form, { getInputProps, failure, sending, send });
}
