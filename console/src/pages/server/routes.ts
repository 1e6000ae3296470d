import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../parents.ts';
import { flag, searchOf } from '../../search.ts';

const serverRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/server',
  validateSearch: searchOf({ all: flag }),
  component: lazyRouteComponent(() => import('./server.tsx'), 'Server'),
});

/** Of the server as a whole. */
export const serverServerRoutes = [serverRoute] as const;
