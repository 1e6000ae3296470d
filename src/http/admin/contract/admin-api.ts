import type { z } from 'zod';
import { AUDIT_ROUTES } from './audit.ts';
import type { problem } from './common.ts';
import { CREDENTIAL_ROUTES } from './credentials.ts';
import { INTEGRATION_ROUTES } from './integrations.ts';
import { REPLAY_ROUTES, REQUEST_ROUTES } from './requests.ts';
import { RESOURCE_ROUTES } from './resources.ts';
import type { CallsOf } from './route.ts';
import { SCHEMA_ROUTES } from './schemas.ts';
import { SERVER_ROUTES } from './server.ts';
import { OPERATOR_ROUTES, SESSION_ROUTES } from './session.ts';
import { STATISTICS_ROUTES } from './statistics.ts';
import { TENANT_ROUTES } from './tenants.ts';

/** Every route of the admin API. */
export const ADMIN_ROUTES = {
  ...SESSION_ROUTES,
  ...OPERATOR_ROUTES,
  ...SERVER_ROUTES,
  ...STATISTICS_ROUTES,
  ...TENANT_ROUTES,
  ...INTEGRATION_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...RESOURCE_ROUTES,
  ...SCHEMA_ROUTES,
  ...REQUEST_ROUTES,
  ...REPLAY_ROUTES,
  ...AUDIT_ROUTES,
} as const;

/** What callers give and get, by `METHOD /path`. */
export type AdminApi = CallsOf<typeof ADMIN_ROUTES>;

export type Problem = z.output<typeof problem>;
