import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ask, queryClient } from '../../api/queries.ts';
import { sessionQuery } from '../../api/session.ts';
import { signedInRoute, tenantRoute } from '../../parents.ts';
import { oneOf, searchOf } from '../../search.ts';
import { lastTenant } from '../../shell/last-tenant.ts';

const periodSearch = searchOf({ period: oneOf('day', 'week', 'quarter') });

const startRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  beforeLoad: async () => {
    const { operator } = await queryClient.ensureQueryData(sessionQuery);
    const hasMany =
      operator.role === 'owner' && (await queryClient.ensureQueryData(ask('GET /tenants'))).length > 1;
    if (hasMany) throw redirect({ to: '/overview', replace: true });
    throw redirect({ to: '/t/$tenant', params: { tenant: await lastTenant(operator) }, replace: true });
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/overview',
  validateSearch: periodSearch,
  component: lazyRouteComponent(() => import('./server-home.tsx'), 'ServerHome'),
});

const homeRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/',
  validateSearch: periodSearch,
  component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
});

export const homeTenantRoutes = [homeRoute] as const;
export const homeServerRoutes = [startRoute, overviewRoute] as const;
