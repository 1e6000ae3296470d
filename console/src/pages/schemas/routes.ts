import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../parents.ts';
import { flag, oneOf, searchOf } from '../../search.ts';

const schemasRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/schemas',
  validateSearch: searchOf({ create: oneOf('type') }),
  component: lazyRouteComponent(() => import('./schemas.tsx'), 'Schemas'),
});

const newSchemaRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/schemas/new',
  component: lazyRouteComponent(() => import('./edit-schema.tsx'), 'AddSchema'),
});

const schemaRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/schemas/$schema',
  validateSearch: searchOf({ edit: flag }),
  component: lazyRouteComponent(() => import('./schema.tsx'), 'SchemaPage'),
});

/** Below a tenant. */
export const schemaTenantRoutes = [schemasRoute, newSchemaRoute, schemaRoute] as const;
