import { MAX_BULK_BYTES, MAX_BULK_OPERATIONS } from './bulk.ts';
import type { JsonObject } from './json.ts';
import { CURSOR_TIMEOUT_S, MAX_PAGE_SIZE } from './list.ts';
import type { Registry } from './registry.ts';
import type { ResourceType } from './resource-type.ts';
import { attributeJson, type Schema } from './schema.ts';
import { RESOURCE_TYPE_SCHEMA, SCHEMA_SCHEMA, SERVICE_PROVIDER_CONFIG_SCHEMA } from './schemas/discovery.ts';

/** RFC 7643 section 5: a client may authenticate in either way, by what its integration is. */
const AUTHENTICATION_SCHEMES = {
  bearer: {
    type: 'oauthbearertoken',
    name: 'Bearer token',
    description: 'The token of a bearer integration in the Authorization header',
    specUri: 'https://www.rfc-editor.org/info/rfc6750',
  },
  basic: {
    type: 'httpbasic',
    name: 'HTTP Basic',
    description: 'The user name and password of a basic integration in the Authorization header',
    specUri: 'https://www.rfc-editor.org/info/rfc7617',
  },
} as const;

/**
 * What the server does, as `/ServiceProviderConfig` tells it (RFC 7643 section 5).
 *
 * @param auth how the client that asks has authenticated: the first and primary scheme
 */
export function serviceProviderConfig(
  baseUrl: string,
  auth: keyof typeof AUTHENTICATION_SCHEMES = 'bearer',
): JsonObject {
  const { bearer, basic } = AUTHENTICATION_SCHEMES;
  const [own, other] = auth === 'bearer' ? [bearer, basic] : [basic, bearer];
  return {
    schemas: [SERVICE_PROVIDER_CONFIG_SCHEMA],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BULK_BYTES },
    filter: { supported: true, maxResults: MAX_PAGE_SIZE },
    changePassword: { supported: true },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: MAX_PAGE_SIZE,
      maxPageSize: MAX_PAGE_SIZE,
      cursorTimeout: CURSOR_TIMEOUT_S,
    },
    authenticationSchemes: [{ ...own, primary: true }, { ...other }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** A schema as `/Schemas/{urn}` answers it (RFC 7643 section 7). */
export function schemaJson(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(attributeJson),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

/** A resource type as `/ResourceTypes/{name}` answers it (RFC 7643 section 6). */
export function resourceTypeJson(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

export const allSchemasJson = (registry: Registry, baseUrl: string): JsonObject[] =>
  registry.schemas.map((schema) => schemaJson(schema, baseUrl));

export const allResourceTypesJson = (registry: Registry, baseUrl: string): JsonObject[] =>
  registry.resourceTypes.map((type) => resourceTypeJson(type, baseUrl));
