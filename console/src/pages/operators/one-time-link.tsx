import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { SecretField } from '../../ui/secret-field.tsx';
import { TimeText } from '../../ui/time-text.tsx';

interface OneTimeLinkProps {
  readonly link: { readonly url: string; readonly expires: string };
  readonly name: string;
  readonly onDone: () => void;
}

/** A link by which somebody sets a password; it is there once. */
export function OneTimeLink({ link: { url, expires }, name, onDone }: OneTimeLinkProps) {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle />} title="Shown only once" role="note">
        Pass this link on to {name}: whoever has it sets the password. It works once.
      </Alert>
      <SecretField label="One-time link" value={url} />
      <Text size="sm" c="dimmed">
        It ends <TimeText value={expires} />.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
