import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { LIST_SEARCH, RESOURCE_SEARCH } from '../resources/searches.ts';

const usersRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/users',
  validateSearch: LIST_SEARCH,
  component: lazyRouteComponent(() => import('./users.tsx'), 'Users'),
});

const userRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/users/$id',
  validateSearch: RESOURCE_SEARCH,
  component: lazyRouteComponent(() => import('./users.tsx'), 'User'),
});

/** Below a tenant. */
export const userTenantRoutes = [usersRoute, userRoute] as const;
