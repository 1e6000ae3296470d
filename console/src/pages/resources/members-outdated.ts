import type { RouteName } from '../../api/client.ts';

/** What is read anew when members come or go. */
export const MEMBERS_OUTDATED: readonly RouteName[] = [
  'GET /tenants/{tenant}/groups/{group}/members',
  'GET /tenants/{tenant}/resources/{type}/{id}',
  'GET /tenants/{tenant}/resources/{type}/{id}/history',
];
