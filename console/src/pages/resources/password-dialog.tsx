import { Button, Group, Modal, PasswordInput, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

interface PasswordDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly tenant: string;
  readonly user: string;
  readonly name: string;
}

/** Gives a user another password: one that is typed, or one that the server makes and shows once. */
export function PasswordDialog({ opened, onClose, name, ...rest }: PasswordDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Reset the password of ${name}`}>
      <PasswordForm {...rest} onClose={onClose} />
    </Modal>
  );
}

function PasswordForm({ tenant, user, onClose }: Omit<PasswordDialogProps, 'opened' | 'name'>) {
  const [generated, setGenerated] = useState<string>();
  const reset = useChange('PUT /tenants/{tenant}/users/{user}/password', {
    outdates: [
      'GET /tenants/{tenant}/resources/{type}/{id}',
      'GET /tenants/{tenant}/resources/{type}/{id}/history',
    ],
    done: 'The password is set',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { way: 'generate', password: '' },
    validate: {
      password: (password, { way }) =>
        way === 'type' && password.length < 5 ? 'A password has at least 5 characters.' : null,
    },
    submit: async ({ way, password }) => {
      const answer = await reset.mutateAsync({
        params: { tenant, user },
        body: way === 'type' ? { password } : {},
      });
      if (answer.password === undefined) onClose();
      else setGenerated(answer.password);
    },
  });
  if (generated !== undefined)
    return (
      <Stack>
        <Text size="sm">Copy the password now: it is shown only once.</Text>
        <SecretField label="New password" value={generated} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  return (
    <ApiForm form={form} submitLabel="Reset password" onCancel={onClose}>
      <Text size="sm">The password of now stops working at once.</Text>
      <Radio.Group label="The new password" {...form.getInputProps('way')}>
        <Stack gap="xs" mt="xs">
          <Radio value="generate" label="Generate one and show it once" />
          <Radio value="type" label="Type one" />
        </Stack>
      </Radio.Group>
      {form.getValues().way === 'type' && (
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          maxLength={1000}
          {...form.getInputProps('password')}
        />
      )}
    </ApiForm>
  );
}
