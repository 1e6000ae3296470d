import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { LIST_SEARCH, RESOURCE_SEARCH } from '../resources/searches.ts';

const groupsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/groups',
  validateSearch: LIST_SEARCH,
  component: lazyRouteComponent(() => import('./groups.tsx'), 'Groups'),
});

const groupRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/groups/$id',
  validateSearch: RESOURCE_SEARCH,
  component: lazyRouteComponent(() => import('./groups.tsx'), 'Group'),
});

/** Below a tenant. */
export const groupTenantRoutes = [groupsRoute, groupRoute] as const;
