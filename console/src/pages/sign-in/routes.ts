import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../parents.ts';
import { flag, searchOf, text } from '../../search.ts';

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  // `next`: where one was going. `ended`: a session was there and is no more. `error`: what signing in elsewhere came to
  validateSearch: searchOf({ next: text, ended: flag, error: text }),
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignIn'),
});

/** The code of the link stands behind `#`, which browsers send to no server. */
const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./set-up.tsx'), 'SetUp'),
});

/** For invitations and for passwords that were reset; the code stands behind `#` too. */
const linkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/link',
  component: lazyRouteComponent(() => import('./accept-link.tsx'), 'AcceptLink'),
});

export const signInRoutes = [signInRoute, setUpRoute, linkRoute] as const;
