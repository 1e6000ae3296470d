import { createRouter } from '@tanstack/react-router';
import { accountRoutes } from './pages/account/routes.ts';
import { auditServerRoutes, auditTenantRoutes } from './pages/audit/routes.ts';
import { groupTenantRoutes } from './pages/groups/routes.ts';
import { homeServerRoutes, homeTenantRoutes } from './pages/home/routes.ts';
import { integrationTenantRoutes } from './pages/integrations/routes.ts';
import { operatorServerRoutes } from './pages/operators/routes.ts';
import { requestServerRoutes, requestTenantRoutes } from './pages/requests/routes.ts';
import { resourceTenantRoutes } from './pages/resources/routes.ts';
import { schemaTenantRoutes } from './pages/schemas/routes.ts';
import { serverServerRoutes } from './pages/server/routes.ts';
import { signInRoutes } from './pages/sign-in/routes.ts';
import { tenantServerRoutes } from './pages/tenants/routes.ts';
import { userStoreTenantRoutes } from './pages/user-stores/routes.ts';
import { userTenantRoutes } from './pages/users/routes.ts';
import { nowhereRoute, rootRoute, signedInRoute, tenantRoute } from './parents.ts';
import { NotFound } from './shell/not-found.tsx';
import { PageFailure } from './shell/page-failure.tsx';
import { PageSkeleton } from './ui/page-skeleton.tsx';

// What an area of pages has is said in its own routes.ts.
const tenantPages = tenantRoute.addChildren([
  ...homeTenantRoutes,
  ...integrationTenantRoutes,
  ...userTenantRoutes,
  ...groupTenantRoutes,
  ...userStoreTenantRoutes,
  ...resourceTenantRoutes,
  ...requestTenantRoutes,
  ...auditTenantRoutes,
  ...schemaTenantRoutes,
]);

const signedInPages = signedInRoute.addChildren([
  ...homeServerRoutes,
  ...accountRoutes,
  ...tenantServerRoutes,
  ...operatorServerRoutes,
  ...requestServerRoutes,
  ...auditServerRoutes,
  ...serverServerRoutes,
  tenantPages,
  nowhereRoute,
]);

export const router = createRouter({
  routeTree: rootRoute.addChildren([...signInRoutes, signedInPages]),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: PageSkeleton,
  // something is shown before anyone wonders whether something happens
  defaultPendingMs: 200,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
