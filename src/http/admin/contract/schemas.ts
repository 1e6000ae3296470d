import { z } from 'zod';
import { jsonObject, tenantParams } from './common.ts';
import { declareRoutes } from './route.ts';

const schema = z
  .object({
    id: z.string().meta({ examples: ['urn:ietf:params:scim:schemas:core:2.0:User'] }),
    isBuiltIn: z.boolean(),
    usedBy: z.array(z.string()).meta({ description: 'Resource types that have it.' }),
    definition: jsonObject.meta({ description: 'As `/Schemas` publishes it (RFC 7643 section 7).' }),
  })
  .meta({ id: 'SchemaDefinition' });

const resourceType = z
  .object({
    name: z.string(),
    isBuiltIn: z.boolean(),
    total: z.int().meta({ description: 'Number of resources.' }),
    definition: jsonObject.meta({ description: 'As `/ResourceTypes` publishes it (RFC 7643 section 6).' }),
  })
  .meta({ id: 'ResourceTypeDefinition' });

const extension = z.object({ type: z.string(), required: z.boolean().default(false) });
const schemaParams = tenantParams.extend({ schema: z.string().max(500) });
const NO_SCHEMA = { 404: 'There is no such schema.' };
const IN_USE = { 409: 'Resources, or a resource type, still use it.' };

export const SCHEMA_ROUTES = declareRoutes({
  listSchemas: {
    method: 'GET',
    path: '/tenants/{tenant}/schemas',
    tag: 'Schemas',
    summary: 'Schemas of a tenant, built-in ones too',
    access: 'auditor',
    params: tenantParams,
    answer: z.array(schema),
  },
  addSchema: {
    method: 'POST',
    path: '/tenants/{tenant}/schemas',
    tag: 'Schemas',
    summary: 'Add a schema, or have one extend another type',
    access: 'tenantAdmin',
    params: tenantParams,
    body: z.object({ definition: jsonObject, extends: extension.optional() }),
    answer: schema,
    status: 201,
    errors: { 409: 'It is there already, or does not fit what is there.' },
  },
  replaceSchema: {
    method: 'PUT',
    path: '/tenants/{tenant}/schemas/{schema}',
    tag: 'Schemas',
    summary: 'Change a schema',
    description:
      'Attributes may be added; one that resources have values of can be neither removed nor changed in its kind.',
    access: 'tenantAdmin',
    params: schemaParams,
    body: z.object({ definition: jsonObject }),
    answer: schema,
    errors: { ...NO_SCHEMA, 409: 'Resources have values that the change would not allow.' },
  },
  deleteSchema: {
    method: 'DELETE',
    path: '/tenants/{tenant}/schemas/{schema}',
    tag: 'Schemas',
    summary: 'Delete a schema that nothing uses',
    access: 'tenantAdmin',
    params: schemaParams,
    errors: { ...NO_SCHEMA, ...IN_USE },
  },
  listResourceTypes: {
    method: 'GET',
    path: '/tenants/{tenant}/resource-types',
    tag: 'Schemas',
    summary: 'Resource types of a tenant, built-in ones too',
    access: 'auditor',
    params: tenantParams,
    answer: z.array(resourceType),
  },
  addResourceType: {
    method: 'POST',
    path: '/tenants/{tenant}/resource-types',
    tag: 'Schemas',
    summary: 'Add a resource type',
    access: 'tenantAdmin',
    params: tenantParams,
    body: z.object({ definition: jsonObject }),
    answer: resourceType,
    status: 201,
    errors: { 409: 'It does not fit what is there.' },
  },
  deleteResourceType: {
    method: 'DELETE',
    path: '/tenants/{tenant}/resource-types/{name}',
    tag: 'Schemas',
    summary: 'Delete a resource type without resources',
    access: 'tenantAdmin',
    params: tenantParams.extend({ name: z.string().max(200) }),
    errors: { 404: 'There is no such resource type.', ...IN_USE },
  },
});
