import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { queryClient } from '../api/queries.ts';
import { useOperator } from '../api/session.ts';
import { lastTenant, noteTenant } from './last-tenant.ts';

/** The domain of the tenant of the URL; on pages that are about none, of the one that was looked at last. */
export function useCurrentTenant(): string {
  const { tenant } = useParams({ strict: false });
  const operator = useOperator();
  const last = useQuery(
    { queryKey: ['last tenant'], queryFn: () => lastTenant(operator), enabled: tenant === undefined },
    queryClient,
  );
  useEffect(() => {
    if (tenant === undefined) return;
    noteTenant(tenant);
    queryClient.setQueryData(['last tenant'], tenant);
  }, [tenant]);
  return tenant ?? last.data ?? operator.tenant ?? 'carbon.super';
}
