import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute, tenantRoute } from '../../parents.ts';
import { flag, oneOf, searchOf, text } from '../../search.ts';

const filters = {
  ...{ provider: text, method: text, status: text, path: text, requestId: text },
  ...{ span: oneOf('1h', '24h', '7d'), since: text, until: text, after: text },
};

const requestsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/requests',
  validateSearch: searchOf({
    ...filters,
    ...{ integration: text, tolerance: text, resource: text, live: flag, open: text },
  }),
  component: lazyRouteComponent(() => import('./requests.tsx'), 'Requests'),
});

const unattributedRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/requests',
  validateSearch: searchOf(filters),
  component: lazyRouteComponent(() => import('./unattributed.tsx'), 'UnattributedRequests'),
});

/** Below a tenant. */
export const requestTenantRoutes = [requestsRoute] as const;

/** Of the server as a whole. */
export const requestServerRoutes = [unattributedRoute] as const;
