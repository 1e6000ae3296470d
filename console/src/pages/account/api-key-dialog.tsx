import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

const DAY_MS = 86_400_000;

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Until it is ended' },
];

interface ApiKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ApiKeyDialog({ opened, onClose }: ApiKeyDialogProps) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={secret === undefined ? 'Create API key' : 'Your new API key'}
      closeOnClickOutside={secret === undefined}
    >
      {secret === undefined ? (
        <NewKey onSecret={setSecret} onCancel={close} />
      ) : (
        <Made secret={secret} onDone={close} />
      )}
    </Modal>
  );
}

interface NewKeyProps {
  readonly onSecret: (secret: string) => void;
  readonly onCancel: () => void;
}

function NewKey({ onSecret, onCancel }: NewKeyProps) {
  const create = useChange('POST /account/keys', { outdates: ['GET /account/keys'], showsErrors: true });
  const form = useApiForm({
    initialValues: { name: '', expires: '90' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it the name of the script that will use it.' : null),
    },
    submit: async ({ name, expires }) => {
      const until =
        expires === '' ? undefined : new Date(Date.now() + Number(expires) * DAY_MS).toISOString();
      const { secret } = await create.mutateAsync({ body: { name, ...(until && { expires: until }) } });
      onSecret(secret);
    },
  });
  return (
    <ApiForm form={form} submitLabel="Create" onCancel={onCancel}>
      <TextInput label="Name" placeholder="Nightly export" data-autofocus {...form.getInputProps('name')} />
      <Select label="Valid for" data={LIVES} allowDeselect={false} {...form.getInputProps('expires')} />
    </ApiForm>
  );
}

function Made({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle />}>
        It is shown only now: Roster keeps a digest of it.
      </Alert>
      <SecretField label="API key" value={secret} />
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
