import { createRootRoute, createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';
import { ApiError } from './api/error.ts';
import { ask, queryClient } from './api/queries.ts';
import { sessionQuery } from './api/session.ts';
import { NotFound } from './shell/not-found.tsx';
import { ShellFailure } from './shell/page-failure.tsx';
import { Root } from './shell/root.tsx';

export const rootRoute = createRootRoute({ component: Root });

/** The parent of what is there for people who are signed in. It has no path of its own. */
export const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'in',
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true });
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
  notFoundComponent: NotFound,
  errorComponent: ShellFailure,
});

/** The parent of the pages of one tenant; `tenant` is its domain. */
export const tenantRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/t/$tenant',
  loader: async ({ params }) => {
    try {
      return await queryClient.ensureQueryData(ask('GET /tenants/{tenant}', { params }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) throw notFound();
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./shell/tenant-frame.tsx'), 'TenantFrame'),
  notFoundComponent: NotFound,
});

/** All addresses below /console/ that are none. */
export const nowhereRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '$',
  component: NotFound,
});
