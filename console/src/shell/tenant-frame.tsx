import { Alert } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { ask } from '../api/queries.ts';

const route = getRouteApi('/in/t/$tenant');

/** Around the pages of a tenant: says so when it is not active. */
export function TenantFrame() {
  const params = route.useParams();
  const { data } = useQuery(ask('GET /tenants/{tenant}', { params }));
  return (
    <>
      {data?.active === false && (
        <Alert color="yellow" icon={<IconPlayerPause />} title="This tenant is not active" mb="lg">
          Its credentials get 401 until an owner activates it.
        </Alert>
      )}
      <Outlet />
    </>
  );
}
