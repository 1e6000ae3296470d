import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useChange } from '../api/queries.ts';
import { endSession, type Role, useOperator } from '../api/session.ts';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  tenantAdmin: 'Tenant administrator',
  auditor: 'Auditor',
};

export function AccountMenu() {
  const { name, email, role } = useOperator();
  const navigate = useNavigate();
  const signOut = useChange('DELETE /session');
  const leave = async () => {
    await signOut.mutateAsync({});
    await navigate({ to: '/sign-in' });
    endSession();
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Account of ${name}`}>
          <IconUserCircle size={22} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" component="div">
            {name}
          </Text>
          <Text size="xs" component="div">
            {email}
          </Text>
          <Text size="xs" component="div">
            {ROLE_NAMES[role]}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} aria-hidden />}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
