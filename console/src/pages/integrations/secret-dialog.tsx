import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { CopyField } from '../../ui/copy.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import type { Issued } from './integration-data.ts';

interface SecretDialogProps {
  readonly issued: Issued;
  readonly title: string;
  readonly onDone: () => void;
}

/** Shows a secret for the only time; whoever leaves by accident is asked first. */
export function SecretDialog({ issued: { secret, scimBaseUrl }, title, onDone }: SecretDialogProps) {
  const [asks, setAsks] = useState(false);
  const isDone = useRef(false);
  const leaving = useBlocker({
    shouldBlockFn: () => !isDone.current,
    enableBeforeUnload: () => !isDone.current,
    withResolver: true,
  });
  const isLeaving = leaving.status === 'blocked';

  const finish = () => {
    isDone.current = true;
    if (isLeaving) leaving.proceed();
    onDone();
  };
  const stay = () => {
    setAsks(false);
    if (isLeaving) leaving.reset();
  };

  return (
    <Modal
      opened
      onClose={() => setAsks(true)}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Alert
          color="yellow"
          icon={<IconAlertTriangle />}
          title="Shown only once"
          // the first thing that is read out
          role="note"
        >
          Copy {secret.auth === 'bearer' ? 'the token' : 'the password'} now: Roster keeps no copy that it
          could show again.
        </Alert>
        <CopyField label="SCIM base URL" value={scimBaseUrl} />
        {secret.auth === 'bearer' ? (
          <SecretField label="Token" value={secret.token} />
        ) : (
          <>
            <CopyField label="Username" value={secret.username} />
            <SecretField label="Password" value={secret.password} />
          </>
        )}
        {asks || isLeaving ? (
          <Alert color="red" title="Have you copied it?" role="alert">
            <Stack gap="sm">
              <Text size="sm">
                After this it can’t be seen again. If it is lost, add another credential and revoke this one.
              </Text>
              <Group gap="xs" p={4}>
                <Button size="xs" variant="default" onClick={stay} data-autofocus autoFocus>
                  Go back
                </Button>
                <Button size="xs" color="red" onClick={finish}>
                  Close without copying
                </Button>
              </Group>
            </Stack>
          </Alert>
        ) : (
          <Group justify="flex-end">
            <Button onClick={finish}>Done</Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
