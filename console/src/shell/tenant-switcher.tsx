import { Combobox, Group, InputBase, ScrollArea, Text, useCombobox } from '@mantine/core';
import { IconBuilding } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ask } from '../api/queries.ts';
import { useOperator } from '../api/session.ts';

/** More than anybody reads; who looks for another types. */
const MAX_SHOWN = 50;

/** Says which tenant the pages are about; owners change it here. */
export function TenantSwitcher({ tenant }: { readonly tenant: string }) {
  const { role } = useOperator();
  if (role !== 'owner')
    return (
      <Group gap="xs" px="sm" py={6} wrap="nowrap">
        <IconBuilding size={18} stroke={1.7} aria-hidden />
        <Text fw={600} truncate title={tenant}>
          {tenant}
        </Text>
      </Group>
    );
  return <Switcher tenant={tenant} />;
}

function Switcher({ tenant }: { readonly tenant: string }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [search, setSearch] = useState('');
  const tenants = useQuery(ask('GET /tenants'));
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
  });

  // Enter takes the first one that was found
  const { selectFirstOption } = combobox;
  useEffect(() => {
    if (search !== '') selectFirstOption();
  }, [search, selectFirstOption]);

  // the same page of the other tenant, but not one resource of it
  const section = pathname.match(/^\/t\/[^/]+\/([^/]+)/)?.[1];
  const choose = (domain: string) => {
    combobox.closeDropdown();
    void navigate({
      to: section === undefined ? '/t/$tenant' : (`/t/$tenant/${section}` as '/t/$tenant'),
      params: { tenant: domain },
    });
  };

  const wanted = search.trim().toLowerCase();
  const found = (tenants.data ?? []).filter(
    ({ domain, name }) => domain.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted),
  );
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target targetType="button" withAriaAttributes>
        <InputBase
          component="button"
          type="button"
          pointer
          leftSection={<IconBuilding size={18} stroke={1.7} aria-hidden />}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          aria-label={`Tenant: ${tenant}`}
          onClick={() => combobox.toggleDropdown()}
        >
          <Text fw={600} truncate>
            {tenant}
          </Text>
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder="Search tenants"
          aria-label="Search tenants"
        />
        <Combobox.Options aria-label="Tenants">
          <ScrollArea.Autosize mah={280} type="scroll">
            {found.slice(0, MAX_SHOWN).map(({ domain, name, active }) => (
              <Combobox.Option key={domain} value={domain} active={domain === tenant}>
                <Text size="sm" fw={domain === tenant ? 600 : 400}>
                  {domain}
                </Text>
                <Text size="xs">{active ? name : 'not active'}</Text>
              </Combobox.Option>
            ))}
            {found.length === 0 && (
              <Combobox.Empty>{tenants.isPending ? 'Loading…' : 'No such tenant'}</Combobox.Empty>
            )}
            {found.length > MAX_SHOWN && <Combobox.Empty>Type to find one of {found.length}</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
