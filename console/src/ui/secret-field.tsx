import { ActionIcon, Code, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useId, useState } from 'react';
import classes from './copy.module.css';
import { CopyButton } from './copy.tsx';

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  /** Whether it is readable from the start: secrets that are shown once are. */
  readonly shown?: boolean;
}

/** A secret that can be copied without being read by those who look over the shoulder. */
export function SecretField({ label, value, shown: shownFirst = true }: SecretFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(shownFirst);
  const toggle = shown ? `Hide ${label}` : `Show ${label}`;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} id={id}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap" align="stretch">
        <Code aria-labelledby={id} className={classes.value}>
          {shown ? value : '•'.repeat(Math.min(value.length, 24))}
        </Code>
        <Tooltip label={toggle}>
          <ActionIcon size={36} variant="default" onClick={() => setShown(!shown)} aria-label={toggle}>
            {shown ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
        <CopyButton value={value} label={`Copy ${label}`} size="lg" />
      </Group>
    </Stack>
  );
}
