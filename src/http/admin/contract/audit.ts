import { z } from 'zod';
import { domain, id, keysetPage, keysetQuery, queryText, tenantParams, time } from './common.ts';
import { declareRoutes } from './route.ts';

export const auditRecord = z
  .object({
    id,
    tenant: domain.optional(),
    time,
    actor: z.object({
      kind: z.enum(['operator', 'integration', 'user', 'cli', 'system']),
      id: z.string().optional(),
      name: z.string(),
    }),
    via: z.enum(['console', 'api', 'cli', 'scim', 'system']),
    address: z.string().optional(),
    action: z.string().meta({ examples: ['user.create', 'credential.revoke'] }),
    target: z.object({ type: z.string(), id: z.string().optional(), name: z.string().optional() }).optional(),
    result: z.enum(['success', 'failure']),
    attributes: z.array(z.string()).optional().meta({ description: 'That were changed.' }),
    membersAdded: z.array(z.string()).optional().meta({ description: 'The first 100 ids.' }),
    membersAddedTotal: z.int().optional(),
    membersRemoved: z.array(z.string()).optional(),
    membersRemovedTotal: z.int().optional(),
    detail: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'AuditRecord' });

const filters = z.object({
  actor: queryText(200).optional().meta({ description: 'Id of who it was.' }),
  via: z.enum(['console', 'api', 'cli', 'scim', 'system']).optional(),
  action: queryText(100).optional().meta({ description: 'What the action begins with, such as `user.`.' }),
  target: queryText(200).optional().meta({ description: 'Id of what was changed.' }),
  since: time.optional(),
  until: time.optional(),
});

const format = z.enum(['ndjson', 'csv']).default('ndjson');
const MEDIA_TYPES = ['application/x-ndjson', 'text/csv'] as const;

export const AUDIT_ROUTES = declareRoutes({
  listAudit: {
    method: 'GET',
    path: '/tenants/{tenant}/audit',
    tag: 'Audit',
    summary: 'Who changed what in a tenant, newest first',
    access: 'auditor',
    params: tenantParams,
    query: keysetQuery.extend(filters.shape),
    answer: keysetPage(auditRecord),
  },
  exportAudit: {
    method: 'GET',
    path: '/tenants/{tenant}/audit/export',
    tag: 'Audit',
    summary: 'The audit of a tenant as a file',
    access: 'auditor',
    reauthenticate: true,
    params: tenantParams,
    query: filters.extend({ format }),
    mediaTypes: MEDIA_TYPES,
  },
  listServerAudit: {
    method: 'GET',
    path: '/audit',
    tag: 'Audit',
    summary: 'Who changed what that belongs to no tenant, newest first',
    description: 'Such as sign-ins of owners.',
    access: 'owner',
    query: keysetQuery.extend(filters.shape),
    answer: keysetPage(auditRecord),
  },
});
