import { List, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiForm } from './api-form.tsx';
import { useApiForm } from './use-api-form.ts';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The question, such as `Delete acme.com?`. */
  readonly title: string;
  /** What it means. */
  readonly children?: ReactNode;
  /** What will be touched, such as `12 users` and `3 integrations`. */
  readonly touches?: readonly string[];
  /** What has to be typed first, where it can't be undone and is more than one thing. */
  readonly typeToConfirm?: string;
  readonly confirmLabel: string;
  /** Whether something is taken away. */
  readonly isDangerous?: boolean;
  /** Does it; the dialog stays open with what went wrong when it throws, and closes else. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is done that others will notice. */
export function ConfirmDialog({ opened, onClose, title, ...question }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Confirmation {...question} onClose={onClose} />
    </Modal>
  );
}

function Confirmation({
  children,
  touches = [],
  typeToConfirm,
  confirmLabel,
  isDangerous = true,
  onConfirm,
  onClose,
}: Omit<ConfirmDialogProps, 'opened' | 'title'>) {
  const form = useApiForm({
    initialValues: { typed: '' },
    validate: {
      typed: (typed) =>
        typeToConfirm === undefined || typed.trim() === typeToConfirm
          ? null
          : `Type ${typeToConfirm} as it stands there.`,
    },
    submit: async () => {
      await onConfirm();
      onClose();
    },
  });
  return (
    <ApiForm form={form} submitLabel={confirmLabel} onCancel={onClose} {...(isDangerous && { color: 'red' })}>
      {children !== undefined && (
        <Text size="sm" component="div">
          {children}
        </Text>
      )}
      {touches.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            This will touch:
          </Text>
          <List size="sm">
            {touches.map((text) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        </Stack>
      )}
      {typeToConfirm !== undefined && (
        <TextInput
          label={
            <>
              Type <b>{typeToConfirm}</b> to confirm
            </>
          }
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('typed')}
        />
      )}
    </ApiForm>
  );
}
