import { Alert, Button, Code, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { saveText } from '../../api/save.ts';
import { useOperator } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { CopyButton, CopyField } from '../../ui/copy.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';

type Started = Answer<'POST /account/totp'>;

interface AuthenticatorDialogProps {
  /** What the app has to know; undefined: the dialog is closed. */
  readonly started: Started | undefined;
  readonly onClose: () => void;
}

/** Sets up an authenticator app: its secret, the first code, the recovery codes. */
export function AuthenticatorDialog({ started, onClose }: AuthenticatorDialogProps) {
  const [codes, setCodes] = useState<readonly string[]>();
  const close = () => {
    setCodes(undefined);
    onClose();
  };
  return (
    <Modal
      opened={started !== undefined}
      onClose={close}
      title={codes === undefined ? 'Set up an authenticator app' : 'Keep your recovery codes'}
      // what is shown once may not go away by a click beside it
      closeOnClickOutside={codes === undefined}
      withCloseButton={codes === undefined}
    >
      {codes !== undefined ? (
        <RecoveryCodes codes={codes} onDone={close} />
      ) : (
        started !== undefined && <FirstCode started={started} onCodes={setCodes} onCancel={close} />
      )}
    </Modal>
  );
}

interface FirstCodeProps {
  readonly started: Started;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onCancel: () => void;
}

function FirstCode({ started, onCodes, onCancel }: FirstCodeProps) {
  const confirm = useChange('POST /account/totp/confirm', { outdates: ['GET /session'], showsErrors: true });
  const form = useApiForm({
    initialValues: { code: '' },
    validate: { code: (value) => (/^\d{6}$/.test(value.trim()) ? null : 'Enter the six digits.') },
    submit: async ({ code }) => {
      const { recoveryCodes } = await confirm.mutateAsync({ body: { code: code.trim() } });
      onCodes(recoveryCodes);
    },
  });
  return (
    <ApiForm form={form} submitLabel="Turn on" onCancel={onCancel}>
      <Text size="sm">1. Scan this with an authenticator app, or enter the secret by hand.</Text>
      <Group justify="center">
        <QrCode value={started.uri} label="QR code of the secret for an authenticator app" />
      </Group>
      <CopyField label="Secret" value={started.secret} />
      <TextInput
        label="2. Code that the app shows now"
        inputMode="numeric"
        data-autofocus
        autoComplete="one-time-code"
        maxLength={10}
        {...form.getInputProps('code')}
      />
    </ApiForm>
  );
}

function RecoveryCodes({
  codes,
  onDone,
}: {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}) {
  const { email } = useOperator();
  const text = codes.join('\n');
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle />}>
        Each of them signs you in once when you don’t have your phone. They are shown only now.
      </Alert>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {codes.map((code) => (
          <Code key={code} ta="center" fz="sm" p={6}>
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <Group gap="xs">
          <CopyButton value={text} label="Copy all codes" size="lg" />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() =>
              saveText(`Recovery codes of ${email} for Roster\n\n${text}\n`, 'roster-recovery-codes.txt')
            }
          >
            Save as a file
          </Button>
        </Group>
        <Button onClick={onDone}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
