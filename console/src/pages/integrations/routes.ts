import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { flag, oneOf, searchOf, text } from '../../search.ts';

const integrationsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/integrations',
  validateSearch: searchOf({ create: flag }),
  component: lazyRouteComponent(() => import('./integrations.tsx'), 'Integrations'),
});

const integrationRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/integrations/$integration',
  validateSearch: searchOf({ tab: oneOf('connect', 'credentials', 'settings'), provider: text }),
  component: lazyRouteComponent(() => import('./integration.tsx'), 'IntegrationPage'),
});

/** Below a tenant. */
export const integrationTenantRoutes = [integrationsRoute, integrationRoute] as const;
