import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queryClient } from '../../api/queries.ts';
import { sessionQuery } from '../../api/session.ts';
import { signedInRoute, tenantRoute } from '../../parents.ts';
import { lastTenant } from '../../shell/last-tenant.ts';

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: async () => {
    const { operator } = await queryClient.ensureQueryData(sessionQuery);
    throw redirect({ to: '/t/$tenant', params: { tenant: await lastTenant(operator) }, replace: true });
  },
});

const homeRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
});

export const homeTenantRoutes = [homeRoute] as const;
export const homeServerRoutes = [startRoute] as const;
