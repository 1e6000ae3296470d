import { ActionIcon, Code, CopyButton as Copying, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useId } from 'react';
import classes from './copy.module.css';

interface CopyButtonProps {
  readonly value: string;
  /** What the button does, such as `Copy id`. */
  readonly label?: string;
  readonly size?: 'sm' | 'lg';
}

/** Copies a text, and says so. */
export function CopyButton({ value, label = 'Copy', size = 'sm' }: CopyButtonProps) {
  return (
    <Copying value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon
            size={size === 'lg' ? 36 : 'sm'}
            variant={size === 'lg' ? 'default' : 'subtle'}
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={copied ? 'Copied' : label}
          >
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Copying>
  );
}

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

/** A value to be pasted somewhere else, whole and in fixed-width letters, with a button that copies it. */
export function CopyField({ label, value, description }: CopyFieldProps) {
  const id = useId();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      {description !== undefined && (
        <Text size="xs" c="dimmed">
          {description}
        </Text>
      )}
      <Group gap="xs" wrap="nowrap" align="stretch">
        <Code aria-labelledby={id} className={classes.value}>
          {value}
        </Code>
        <CopyButton value={value} label={`Copy ${label}`} size="lg" />
      </Group>
    </Stack>
  );
}

interface CopyTextProps {
  readonly value: string;
  readonly label: string;
}

/** A short value such as an id within other text, with a small button that copies it. */
export function CopyText({ value, label }: CopyTextProps) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text span size="sm" ff="monospace" className={classes.text}>
        {value}
      </Text>
      <CopyButton value={value} label={label} />
    </Group>
  );
}
