import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: TablerIcon;
  /** What is not there. */
  readonly title: string;
  /** Why, and what there would be. */
  readonly children?: ReactNode;
  /** The next thing to do. */
  readonly action?: ReactNode;
}

/** Nothing is there, honestly said, with what to do next. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <ThemeIcon size={52} radius="xl" variant="light" aria-hidden>
        <Icon size={26} stroke={1.6} />
      </ThemeIcon>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" maw="52ch" component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
