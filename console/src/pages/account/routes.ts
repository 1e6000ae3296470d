import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../parents.ts';

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account.tsx'), 'Account'),
});

export const accountRoutes = [accountRoute] as const;
