import { Container, Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ColorSchemeMenu } from '../../shell/color-scheme-menu.tsx';
import { Logo } from '../../shell/logo.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import classes from './frame.module.css';

interface FrameProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** What is around the pages for people who have not signed in. */
export function Frame({ title, description, children }: FrameProps) {
  return (
    <main className={classes.page}>
      <Container size={440} w="100%" px="md">
        <Stack gap="lg">
          <Group justify="space-between">
            <Logo />
            <ColorSchemeMenu />
          </Group>
          <Paper withBorder radius="lg" p={{ base: 'md', xs: 'xl' }} shadow="sm">
            <PageHeader title={title} description={description} />
            {children}
          </Paper>
          <Text size="xs" c="dimmed" ta="center">
            The directory that identity providers fill over SCIM
          </Text>
        </Stack>
      </Container>
    </main>
  );
}
