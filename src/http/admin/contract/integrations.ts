import { z } from 'zod';
import { id, tenantParams, time } from './common.ts';
import { credential, integrationParams, issued, NO_INTEGRATION } from './credentials.ts';
import { declareRoutes } from './route.ts';

const auth = z.enum(['bearer', 'basic']).meta({ description: 'Authorization type.' });
const dialect = z.enum(['standard', 'strict']);
const scopes = z.array(z.enum(['read', 'write']));

const rate = z.union([z.int(), z.literal('off'), z.literal('default')]);

const settings = z.object({
  dialect,
  requirePrimaryEmail: z.boolean(),
  scopes,
  tolerances: z
    .record(z.string(), z.boolean())
    .meta({ description: 'Switched on or off whatever the dialect says, by name.' }),
  rateLimit: rate.meta({ description: 'Requests per second on average.' }),
  rateBurst: z.union([z.int(), z.literal('default')]),
});

const health = z.object({
  state: z.enum(['waiting', 'healthy', 'failing', 'silent', 'ended']).meta({
    description:
      '`waiting`: no request yet. `silent`: none for long. `ended`: no live credential, or the tenant is deactivated.',
  }),
  detail: z.string().meta({ description: 'In words.' }),
  lastRequest: time.optional(),
  lastFailure: time.optional().meta({ description: 'The last answer from 400.' }),
  lastFailureRequest: id.optional().meta({ description: 'Its id among the requests.' }),
  provider: z.string().optional().meta({ description: 'Which the requests seem to come from.' }),
});

const integration = z
  .object({
    id,
    name: z.string(),
    auth,
    created: time,
    settings,
    scimBaseUrl: z.string().meta({ description: 'SCIM 2.0.' }),
    scim1BaseUrl: z.string().meta({ description: 'SCIM 1.1.' }),
    credentials: z.array(credential),
    health,
  })
  .meta({ id: 'Integration' });

const name = z
  .string()
  .trim()
  .min(1, 'Give the integration a name, such as Production.')
  .max(100, 'A name has at most 100 characters.');

export const INTEGRATION_ROUTES = declareRoutes({
  listIntegrations: {
    method: 'GET',
    path: '/tenants/{tenant}/integrations',
    tag: 'Integrations',
    summary: 'Integrations of a tenant',
    access: 'auditor',
    params: tenantParams,
    answer: z.array(integration),
  },
  createIntegration: {
    method: 'POST',
    path: '/tenants/{tenant}/integrations',
    tag: 'Integrations',
    summary: 'Create a SCIM integration',
    description: 'Generates its first credential, whose secret is in this answer and nowhere else.',
    access: 'tenantAdmin',
    reauthenticate: true,
    params: tenantParams,
    body: z.object({
      name,
      auth: auth.default('bearer'),
      dialect: dialect.optional(),
      requirePrimaryEmail: z.boolean().optional(),
      readOnly: z.boolean().optional(),
    }),
    answer: issued.extend({ integration }),
    status: 201,
  },
  getIntegration: {
    method: 'GET',
    path: '/tenants/{tenant}/integrations/{integration}',
    tag: 'Integrations',
    summary: 'An integration',
    access: 'auditor',
    params: integrationParams,
    answer: integration,
    errors: NO_INTEGRATION,
  },
  updateIntegration: {
    method: 'PATCH',
    path: '/tenants/{tenant}/integrations/{integration}',
    tag: 'Integrations',
    summary: 'Change name and settings of an integration',
    description: 'What is absent stays. Its next request is served by the new settings.',
    access: 'tenantAdmin',
    params: integrationParams,
    body: z.object({
      name: name.optional(),
      dialect: dialect.optional(),
      requirePrimaryEmail: z.boolean().optional(),
      tolerances: z.record(z.string(), z.union([z.boolean(), z.literal('byDialect')])).optional(),
      rateLimit: rate.optional(),
      rateBurst: z.union([z.int(), z.literal('default')]).optional(),
    }),
    answer: integration,
    errors: NO_INTEGRATION,
  },
  deleteIntegration: {
    method: 'DELETE',
    path: '/tenants/{tenant}/integrations/{integration}',
    tag: 'Integrations',
    summary: 'Delete an integration; its credentials stop working at once',
    access: 'tenantAdmin',
    reauthenticate: true,
    params: integrationParams,
    errors: NO_INTEGRATION,
  },
  listTolerances: {
    method: 'GET',
    path: '/tolerances',
    tag: 'Integrations',
    summary: 'What integrations can accept beyond the RFCs',
    access: 'operator',
    answer: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        provider: z.string(),
        standard: z.boolean().meta({ description: 'Whether the dialect `standard` accepts it.' }),
      }),
    ),
  },
});
