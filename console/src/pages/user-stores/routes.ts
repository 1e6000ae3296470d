import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { flag, searchOf } from '../../search.ts';

const userStoresRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/user-stores',
  validateSearch: searchOf({ create: flag }),
  component: lazyRouteComponent(() => import('./user-stores.tsx'), 'UserStores'),
});

/** Below a tenant. */
export const userStoreTenantRoutes = [userStoresRoute] as const;
