import { AppShell, Burger, Group, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useOperator } from '../api/session.ts';
import { AccountMenu } from './account-menu.tsx';
import { ColorSchemeMenu } from './color-scheme-menu.tsx';
import { Logo } from './logo.tsx';
import { type Entry, SERVER_PAGES, TENANT_PAGES } from './navigation.ts';
import { PaletteButton } from './palette-button.tsx';
import { Reauthentication } from './reauthentication.tsx';
import classes from './shell.module.css';
import { TenantSwitcher } from './tenant-switcher.tsx';
import { TypeLinks } from './type-links.tsx';
import { useCurrentTenant } from './use-current-tenant.ts';
import { useVisible } from './use-visible.ts';

/** What is around every page of somebody who is signed in. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const router = useRouter();
  useEffect(() => router.subscribe('onResolved', close), [router, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg', lg: 'xl' }}
    >
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={opened ? 'Close navigation' : 'Open navigation'}
              aria-expanded={opened}
              aria-controls="navigation"
            />
            <Link to="/" className={classes.home} aria-label="Roster: start page">
              <Logo />
            </Link>
          </Group>
          <Group gap={6} wrap="nowrap">
            <PaletteButton />
            <ColorSchemeMenu />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar id="navigation" aria-label="Main" className={classes.navbar}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
      <Reauthentication />
    </AppShell>
  );
}

function Navigation() {
  const tenant = useCurrentTenant();
  const tenantPages = useVisible(TENANT_PAGES);
  const serverPages = useVisible(SERVER_PAGES);
  const { role } = useOperator();
  return (
    <ScrollArea type="auto" flex={1} p="sm">
      <Stack gap="md">
        <TenantSwitcher tenant={tenant} />
        <Stack gap={2}>
          <Pages entries={tenantPages} tenant={tenant} />
          <TypeLinks tenant={tenant} />
        </Stack>
        {serverPages.length > 0 && (
          <div>
            <Text size="xs" fw={600} c="dimmed" px="sm" pb={4}>
              {role === 'owner' ? 'Server' : 'Administration'}
            </Text>
            <Pages entries={serverPages} tenant={tenant} />
          </div>
        )}
      </Stack>
    </ScrollArea>
  );
}

function Pages({ entries, tenant }: { readonly entries: readonly Entry[]; readonly tenant: string }) {
  return (
    <Stack gap={2}>
      {entries.map(({ label, path, icon: Icon }) => (
        <NavLink
          key={path}
          className={classes.link}
          label={label}
          leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
          renderRoot={(props) => (
            <Link
              {...props}
              to={path as '/t/$tenant'}
              params={{ tenant }}
              // the start page of a tenant is part of the address of all its pages
              activeOptions={{ exact: path === '/t/$tenant', includeSearch: false }}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            />
          )}
        />
      ))}
    </Stack>
  );
}
