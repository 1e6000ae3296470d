import { z } from 'zod';
import { domain, id, json, keysetPage, keysetQuery, queryText, tenantParams, time } from './common.ts';
import { declareRoutes } from './route.ts';

export const requestSummary = z
  .object({
    id,
    tenant: domain.optional().meta({ description: 'Absent: nobody could tell.' }),
    time,
    integration: z.object({ id, name: z.string().optional() }).optional(),
    credentialSuffix: z.string().optional(),
    user: z.string().optional(),
    provider: z.string().meta({ description: 'Which it seems to come from.', examples: ['Entra ID'] }),
    protocol: z.enum(['2.0', '1.1']),
    method: z.string(),
    path: z.string(),
    status: z.int(),
    scimType: z.string().optional(),
    ms: z.number(),
    tolerances: z.array(z.string()),
    requestId: z.string(),
    reason: z.string().optional().meta({ description: 'Why it was refused, in the words of the server.' }),
  })
  .meta({ id: 'RequestSummary' });

export const explanation = z.object({
  summary: z.string(),
  rfc: z
    .string()
    .optional()
    .meta({ examples: ['RFC 7644 section 3.12'] }),
  remedy: z.string().optional().meta({ description: 'What to change.' }),
  setting: z.string().optional().meta({
    description: 'Where that is at the provider; names of its fields stand between asterisks.',
  }),
});

const body = z.object({
  text: z.string().optional(),
  bytes: z.int().optional(),
  note: z
    .string()
    .optional()
    .meta({ description: 'Why there is no text, or in what it differs from what was sent.' }),
});

export const requestRecord = requestSummary
  .extend({
    userAgent: z.string().optional(),
    address: z.string().optional(),
    url: z.string().meta({ description: 'For a curl command.' }),
    contentType: z.string().optional(),
    requestBody: body,
    responseBody: body,
    changes: z.array(
      z.object({
        type: z.string(),
        id,
        name: z.string().optional(),
        before: json.optional(),
        after: json.optional(),
        membersAdded: z.int(),
        membersRemoved: z.int(),
      }),
    ),
    explanation: explanation.optional(),
    canReplay: z.boolean(),
  })
  .meta({ id: 'RequestRecord' });

const filters = z.object({
  integration: queryText(100).optional(),
  provider: queryText(100)
    .optional()
    .meta({ description: 'As requests have it.', examples: ['Okta'] }),
  method: queryText(20).optional(),
  status: z
    .string()
    .regex(/^([1-5]xx|[1-5]\d\d)$/, 'Give a status such as 404, or a class such as 4xx.')
    .optional(),
  path: queryText(500).optional().meta({ description: 'What the path begins with.' }),
  tolerance: queryText(100).optional(),
  resource: queryText(200).optional().meta({ description: 'Id of a resource that it was about.' }),
  requestId: queryText(100).optional(),
  since: time.optional(),
  until: time.optional(),
});

const replayed = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  ms: z.number(),
  tolerances: z.array(z.string()),
  changes: requestRecord.shape.changes,
  explanation: explanation.optional(),
});

const requestParams = tenantParams.extend({ request: id });
const NO_REQUEST = { 404: 'There is no such request, or it is kept no more.' };

export const REQUEST_ROUTES = declareRoutes({
  listRequests: {
    method: 'GET',
    path: '/tenants/{tenant}/requests',
    tag: 'Requests',
    summary: 'SCIM requests of the last days, newest first',
    access: 'auditor',
    params: tenantParams,
    query: keysetQuery.extend(filters.shape),
    answer: keysetPage(requestSummary),
  },
  followRequests: {
    method: 'GET',
    path: '/tenants/{tenant}/requests/live',
    tag: 'Requests',
    summary: 'SCIM requests as they come',
    description:
      'Server-sent events: `request` with a RequestSummary as data; a comment keeps the connection open.',
    access: 'auditor',
    params: tenantParams,
    query: filters,
    mediaTypes: ['text/event-stream'],
  },
  getRequest: {
    method: 'GET',
    path: '/tenants/{tenant}/requests/{request}',
    tag: 'Requests',
    summary: 'A SCIM request with its bodies, what it changed and what went wrong',
    access: 'auditor',
    params: requestParams,
    answer: requestRecord,
    errors: NO_REQUEST,
  },
  listUnattributedRequests: {
    method: 'GET',
    path: '/requests',
    tag: 'Requests',
    summary: 'SCIM requests of which nobody can tell whose they are',
    access: 'owner',
    query: keysetQuery.extend(filters.shape),
    answer: keysetPage(requestSummary),
  },
});

export const REPLAY_ROUTES = declareRoutes({
  replayRequest: {
    method: 'POST',
    path: '/tenants/{tenant}/requests/{request}/replay',
    tag: 'Requests',
    summary: 'Carry a request out again without changing anything',
    access: 'tenantAdmin',
    params: requestParams,
    body: z.object({
      body: z.string().max(1_048_576).optional().meta({ description: 'In place of the recorded one.' }),
    }),
    answer: replayed,
    errors: { ...NO_REQUEST, 409: 'The request can’t be carried out again.' },
  },
});
