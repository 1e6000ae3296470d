import { z } from 'zod';
import { domain, id, tenantParams, time } from './common.ts';
import { declareRoutes } from './route.ts';

const attention = z
  .object({
    kind: z.enum(['silent', 'failing', 'expiring', 'ended']),
    tenant: domain,
    integration: z.object({ id, name: z.string() }),
    detail: z.string().meta({ description: 'In words.' }),
    since: time.optional(),
  })
  .meta({ id: 'Attention' });

const point = z
  .object({
    time,
    requests: z.int(),
    clientErrors: z.int().meta({ description: 'Answers 4xx.' }),
    serverErrors: z.int().meta({ description: 'Answers 5xx.' }),
    meanMs: z.number().optional(),
    users: z.int().optional().meta({ description: 'In all at that time; absent: not counted then.' }),
    groups: z.int().optional(),
  })
  .meta({ id: 'StatisticsPoint' });

const period = z.object({
  since: time.optional().meta({ description: 'Absent: a day ago.' }),
  until: time.optional(),
  step: z.enum(['hour', 'day']).default('hour'),
});

export const STATISTICS_ROUTES = declareRoutes({
  getOverview: {
    method: 'GET',
    path: '/overview',
    tag: 'Statistics',
    summary: 'All tenants that you see, and what needs attention',
    access: 'operator',
    answer: z.object({
      tenants: z.array(
        z.object({
          domain,
          name: z.string(),
          active: z.boolean(),
          users: z.int(),
          groups: z.int(),
          integrations: z.int(),
          requests: z.int().meta({ description: 'Of the last 24 hours.' }),
          errors: z.int(),
        }),
      ),
      attention: z.array(attention),
    }),
  },
  getTenantOverview: {
    method: 'GET',
    path: '/tenants/{tenant}/overview',
    tag: 'Statistics',
    summary: 'A tenant in figures, and what needs attention',
    access: 'auditor',
    params: tenantParams,
    answer: z.object({
      users: z.int(),
      groups: z.int(),
      integrations: z.int(),
      requests: z.int().meta({ description: 'Of the last 24 hours.' }),
      errors: z.int(),
      attention: z.array(attention),
    }),
  },
  getStatistics: {
    method: 'GET',
    path: '/tenants/{tenant}/statistics',
    tag: 'Statistics',
    summary: 'Requests, errors, users and groups over time',
    access: 'auditor',
    params: tenantParams,
    query: period.extend({ integration: z.string().max(100).optional() }),
    answer: z.array(point),
  },
  getServerStatistics: {
    method: 'GET',
    path: '/statistics',
    tag: 'Statistics',
    summary: 'Requests, errors, users and groups of all tenants over time',
    access: 'owner',
    query: period,
    answer: z.array(point),
  },
});
