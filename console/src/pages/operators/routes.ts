import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedInRoute } from '../../parents.ts';
import { flag, searchOf, text } from '../../search.ts';

const operatorsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/operators',
  validateSearch: searchOf({ create: flag, open: text }),
  component: lazyRouteComponent(() => import('./operators.tsx'), 'Operators'),
});

/** Of the server as a whole. */
export const operatorServerRoutes = [operatorsRoute] as const;
