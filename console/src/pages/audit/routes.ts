import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute, tenantRoute } from '../../parents.ts';
import { oneOf, searchOf, text } from '../../search.ts';

const filters = searchOf({
  ...{ actor: text, action: text, target: text, after: text, open: text, since: text, until: text },
  ...{ via: oneOf('console', 'api', 'cli', 'scim', 'system'), span: oneOf('24h', '7d', '30d') },
});

const auditRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/audit',
  validateSearch: filters,
  component: lazyRouteComponent(() => import('./audit.tsx'), 'TenantAudit'),
});

const serverAuditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audit',
  validateSearch: filters,
  component: lazyRouteComponent(() => import('./audit.tsx'), 'ServerAudit'),
});

/** Below a tenant. */
export const auditTenantRoutes = [auditRoute] as const;

/** Of the server as a whole. */
export const auditServerRoutes = [serverAuditRoute] as const;
