import { NavLink, Stack } from '@mantine/core';
import { IconCube } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '../api/queries.ts';
import classes from './shell.module.css';

/** The pages of the resource types that a tenant has defined; nothing where there are none. */
export function TypeLinks({ tenant }: { readonly tenant: string }) {
  const types = useQuery({
    ...ask('GET /tenants/{tenant}/resource-types', { params: { tenant } }),
    staleTime: 60_000,
  });
  const own = (types.data ?? []).filter(({ isBuiltIn }) => !isBuiltIn);
  if (own.length === 0) return null;
  return (
    <Stack gap={2}>
      {own.map(({ name }) => (
        <NavLink
          key={name}
          className={classes.link}
          label={name}
          leftSection={<IconCube size={18} stroke={1.7} aria-hidden />}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/t/$tenant/resources/$type"
              params={{ tenant, type: name }}
              activeOptions={{ includeSearch: false }}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            />
          )}
        />
      ))}
    </Stack>
  );
}
