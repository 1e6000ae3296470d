import { z } from 'zod';
import { auditRecord } from './audit.ts';
import { id, indexQuery, jsonObject, keysetPage, keysetQuery, tenantParams } from './common.ts';
import { declareRoutes } from './route.ts';

const resource = jsonObject.meta({ id: 'Resource', description: 'A SCIM 2.0 resource (RFC 7643).' });

const typeParams = tenantParams.extend({
  type: z
    .string()
    .max(200)
    .meta({ description: 'Name of a resource type.', examples: ['User', 'Group'] }),
});
const resourceParams = typeParams.extend({ id });
const groupParams = tenantParams.extend({ group: id });

const NO_TYPE = { 404: 'There is no such resource type.' };
const NO_RESOURCE = { 404: 'There is no such resource.' };
const NO_GROUP = { 404: 'There is no such group.' };

const version = z.string().optional().meta({
  description: '`meta.version` of the resource that the change was made for; absent: whatever it is.',
});

const permissions = z.array(z.enum(['login', 'provision']));

const member = z.object({
  id,
  type: z.string(),
  display: z.string().optional().meta({ description: 'userName or displayName.' }),
});

export const RESOURCE_ROUTES = declareRoutes({
  listResources: {
    method: 'GET',
    path: '/tenants/{tenant}/resources/{type}',
    tag: 'Users and groups',
    summary: 'Search resources of a type',
    description:
      '`search` finds names and addresses that begin so; `filter` is one of RFC 7644 section 3.4.2.2.',
    access: 'auditor',
    params: typeParams,
    query: indexQuery.extend({
      search: z.string().max(200).optional(),
      filter: z.string().max(16_384).optional(),
      sortBy: z.string().max(500).optional(),
      sortOrder: z.enum(['ascending', 'descending']).optional(),
    }),
    answer: z.object({ totalResults: z.int(), startIndex: z.int(), resources: z.array(resource) }),
    errors: NO_TYPE,
  },
  createResource: {
    method: 'POST',
    path: '/tenants/{tenant}/resources/{type}',
    tag: 'Users and groups',
    summary: 'Create a resource',
    access: 'tenantAdmin',
    params: typeParams,
    body: jsonObject,
    answer: resource,
    status: 201,
    errors: { ...NO_TYPE, 409: 'A value is taken that no two resources may have.' },
  },
  getResource: {
    method: 'GET',
    path: '/tenants/{tenant}/resources/{type}/{id}',
    tag: 'Users and groups',
    summary: 'A resource as SCIM 2.0 or 1.1 shows it',
    description: 'Without the members of a group, which have a list of their own.',
    access: 'auditor',
    params: resourceParams,
    query: z.object({ protocol: z.enum(['2.0', '1.1']).default('2.0') }),
    answer: resource,
    errors: NO_RESOURCE,
  },
  replaceResource: {
    method: 'PUT',
    path: '/tenants/{tenant}/resources/{type}/{id}',
    tag: 'Users and groups',
    summary: 'Replace a resource',
    description: 'Members of a group stay as they are.',
    access: 'tenantAdmin',
    params: resourceParams,
    query: z.object({ version }),
    body: jsonObject,
    answer: resource,
    errors: { ...NO_RESOURCE, 409: 'A value is taken.', 412: 'It has changed since.' },
  },
  patchResource: {
    method: 'PATCH',
    path: '/tenants/{tenant}/resources/{type}/{id}',
    tag: 'Users and groups',
    summary: 'Change a resource by operations',
    description: 'A PatchOp of RFC 7644 section 3.5.2, such as one that sets `active`.',
    access: 'tenantAdmin',
    params: resourceParams,
    query: z.object({ version }),
    body: jsonObject,
    answer: resource,
    errors: { ...NO_RESOURCE, 409: 'A value is taken.', 412: 'It has changed since.' },
  },
  deleteResource: {
    method: 'DELETE',
    path: '/tenants/{tenant}/resources/{type}/{id}',
    tag: 'Users and groups',
    summary: 'Delete a resource',
    access: 'tenantAdmin',
    params: resourceParams,
    errors: NO_RESOURCE,
  },
  getImpact: {
    method: 'GET',
    path: '/tenants/{tenant}/resources/{type}/{id}/impact',
    tag: 'Users and groups',
    summary: 'What a deletion would touch',
    access: 'auditor',
    params: resourceParams,
    answer: z.object({
      groups: z
        .array(z.object({ id, display: z.string() }))
        .meta({ description: 'That it would leave; the first 20.' }),
      groupsTotal: z.int(),
      membersTotal: z.int().meta({ description: 'Of a group.' }),
      permissions,
    }),
    errors: NO_RESOURCE,
  },
  getHistory: {
    method: 'GET',
    path: '/tenants/{tenant}/resources/{type}/{id}/history',
    tag: 'Users and groups',
    summary: 'Who changed a resource, newest first',
    access: 'auditor',
    params: resourceParams,
    query: keysetQuery,
    answer: keysetPage(auditRecord),
    errors: NO_TYPE,
  },
  setPassword: {
    method: 'PUT',
    path: '/tenants/{tenant}/users/{user}/password',
    tag: 'Users and groups',
    summary: 'Set the password of a user',
    access: 'tenantAdmin',
    params: tenantParams.extend({ user: id }),
    body: z.object({
      password: z
        .string()
        .min(5, 'A password has at least 5 characters.')
        .max(1000)
        .optional()
        .meta({ description: 'Absent: one is generated and shown once.' }),
    }),
    answer: z.object({
      password: z.string().optional().meta({ description: 'Only when it was generated.' }),
    }),
    errors: { 404: 'There is no such user.' },
  },
  listMembers: {
    method: 'GET',
    path: '/tenants/{tenant}/groups/{group}/members',
    tag: 'Users and groups',
    summary: 'Members of a group',
    access: 'auditor',
    params: groupParams,
    query: keysetQuery.extend({
      search: z.string().max(200).optional().meta({ description: 'What names and addresses begin with.' }),
    }),
    answer: keysetPage(member).extend({
      total: z.int().meta({ description: 'Of the group, whatever is searched for.' }),
    }),
    errors: NO_GROUP,
  },
  changeMembers: {
    method: 'POST',
    path: '/tenants/{tenant}/groups/{group}/members',
    tag: 'Users and groups',
    summary: 'Add and remove members',
    access: 'tenantAdmin',
    params: groupParams,
    body: z.object({ add: z.array(id).max(1000).default([]), remove: z.array(id).max(1000).default([]) }),
    answer: z.object({ total: z.int() }),
    errors: NO_GROUP,
  },
  getPermissions: {
    method: 'GET',
    path: '/tenants/{tenant}/groups/{group}/permissions',
    tag: 'Users and groups',
    summary: 'What a group permits its members over SCIM 1.1',
    access: 'auditor',
    params: groupParams,
    answer: z.object({ permissions }),
    errors: NO_GROUP,
  },
  setPermissions: {
    method: 'PUT',
    path: '/tenants/{tenant}/groups/{group}/permissions',
    tag: 'Users and groups',
    summary: 'Set what a group permits',
    access: 'tenantAdmin',
    params: groupParams,
    body: z.object({ permissions }),
    answer: z.object({ permissions }),
    errors: NO_GROUP,
  },
});
