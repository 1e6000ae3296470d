import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { LIST_SEARCH, RESOURCE_SEARCH } from './searches.ts';

const resourcesRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/resources/$type',
  validateSearch: LIST_SEARCH,
  component: lazyRouteComponent(() => import('./resources.tsx'), 'Resources'),
});

const resourceRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/resources/$type/$id',
  validateSearch: RESOURCE_SEARCH,
  component: lazyRouteComponent(() => import('./resources.tsx'), 'AnyResource'),
});

/** Below a tenant: the types that it has defined. */
export const resourceTenantRoutes = [resourcesRoute, resourceRoute] as const;
