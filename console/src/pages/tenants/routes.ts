import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../parents.ts';
import { flag, searchOf } from '../../search.ts';

const tenantsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/tenants',
  validateSearch: searchOf({ create: flag }),
  component: lazyRouteComponent(() => import('./tenants.tsx'), 'Tenants'),
});

/** Of the server as a whole. */
export const tenantServerRoutes = [tenantsRoute] as const;
