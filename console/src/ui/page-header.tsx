import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { announcesNavigation } from '../shell/navigation-focus.ts';

interface PageHeaderProps {
  /** One per page; also the title of the tab. */
  readonly title: string;
  /** A sentence or two on what the page is for. */
  readonly description?: ReactNode;
  /** Buttons, on the right. */
  readonly actions?: ReactNode;
  /** Something small beside the title, such as a StatusBadge. */
  readonly badge?: ReactNode;
  /** Links to the pages above: `<TextLink to=…>` elements with a key. */
  readonly above?: readonly ReactNode[];
}

/** The title of a page. After navigation the focus is on it, so that keyboard and screen reader begin there. */
export function PageHeader({ title, description, actions, badge, above = [] }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // of the page that is there: the other one changes while the page before still is
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });

  useEffect(() => {
    document.title = `${title} · Roster`;
  }, [title]);

  useEffect(() => {
    if (pathname === undefined || !announcesNavigation(pathname)) return;
    // a page that is one form begins with its first field
    if (!(document.activeElement instanceof HTMLInputElement))
      heading.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <Stack gap={6} mb="lg">
      {above.length > 0 && (
        <Breadcrumbs aria-label="Pages above" component="nav" separatorMargin={6} fz="sm">
          {above}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={6} flex="1 1 20rem">
          <Group gap="sm" align="center">
            <Title order={1} size="h2" ref={heading} tabIndex={-1}>
              {title}
            </Title>
            {badge}
          </Group>
          {description !== undefined && (
            <Text c="dimmed" maw="70ch" component="div">
              {description}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  );
}
