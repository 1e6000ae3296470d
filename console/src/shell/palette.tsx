import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconBuilding, IconMoon, IconSearch, IconSun, IconUserCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ask } from '../api/queries.ts';
import { useOperator } from '../api/session.ts';
import { ACTIONS, type Action, type Entry, SERVER_PAGES, TENANT_PAGES } from './navigation.ts';
import { useCurrentTenant } from './use-current-tenant.ts';
import { useVisible } from './use-visible.ts';

const [store, palette] = createSpotlight();

/** Pages, actions and tenants by what one types. @param openings how often it was asked for: opens with each */
export function Palette({ openings }: { readonly openings: number }) {
  const navigate = useNavigate();
  const { role } = useOperator();
  const tenant = useCurrentTenant();
  const pages = useVisible([...TENANT_PAGES, ...SERVER_PAGES]);
  const actions = useVisible(ACTIONS);
  const tenants = useQuery({ ...ask('GET /tenants'), enabled: role === 'owner' });
  const { setColorScheme } = useMantineColorScheme();

  useEffect(() => {
    if (openings > 0) palette.open();
  }, [openings]);

  const go = (entry: Entry | Action): SpotlightActionData => ({
    id: 'search' in entry ? entry.label : entry.path,
    label: entry.label,
    keywords: entry.keywords,
    leftSection: <entry.icon size={18} stroke={1.7} aria-hidden />,
    onClick: () =>
      void navigate({
        to: entry.path as '/t/$tenant',
        params: { tenant },
        ...('search' in entry && { search: entry.search as never }),
      }),
  });

  return (
    <Spotlight
      store={store}
      shortcut={null}
      // it has no title that could name the dialog
      attributes={{ content: { 'aria-label': 'Go to' } }}
      limit={12}
      nothingFound="Nothing of that name"
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'A page, an action or a tenant',
        'aria-label': 'A page, an action or a tenant',
      }}
      actions={[
        { group: 'Pages', actions: pages.map(go) },
        { group: 'Actions', actions: actions.map(go) },
        {
          group: 'Tenants',
          actions: (tenants.data ?? []).map(({ domain, name }) => ({
            id: `tenant ${domain}`,
            label: domain,
            description: name,
            leftSection: <IconBuilding size={18} stroke={1.7} aria-hidden />,
            onClick: () => void navigate({ to: '/t/$tenant', params: { tenant: domain } }),
          })),
        },
        {
          group: 'You',
          actions: [
            {
              id: 'account',
              label: 'Your account',
              keywords: 'password authenticator sessions api keys profile',
              leftSection: <IconUserCircle size={18} stroke={1.7} aria-hidden />,
              onClick: () => void navigate({ to: '/account' }),
            },
            {
              id: 'light',
              label: 'Light colour scheme',
              leftSection: <IconSun size={18} stroke={1.7} aria-hidden />,
              onClick: () => setColorScheme('light'),
            },
            {
              id: 'dark',
              label: 'Dark colour scheme',
              leftSection: <IconMoon size={18} stroke={1.7} aria-hidden />,
              onClick: () => setColorScheme('dark'),
            },
          ],
        },
      ]}
    />
  );
}
