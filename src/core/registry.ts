import { compileResourceType, type ResourceType } from './resource-type.ts';
import { compileSchema, type Schema } from './schema.ts';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from './schemas/discovery.ts';
import { ENTERPRISE_USER } from './schemas/enterprise-user.ts';
import { GROUP } from './schemas/group.ts';
import { SAP_USER } from './schemas/sap-user.ts';
import { USER } from './schemas/user.ts';

/** The resource types and schemas of one tenant. */
export interface Registry {
  readonly resourceTypes: readonly ResourceType[];
  /** Every schema that `/Schemas` lists, those of the discovery endpoints included. */
  readonly schemas: readonly Schema[];
}

const userType = compileResourceType({
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: USER,
  extensions: [
    { schema: ENTERPRISE_USER, required: false },
    { schema: SAP_USER, required: false },
  ],
});

const groupType = compileResourceType({
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: GROUP,
});

const discoverySchemas = [SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA].map((definition) =>
  compileSchema(definition, 'core'),
);

/** The resource types that every tenant has. */
export const BUILT_IN: Registry = {
  resourceTypes: [userType, groupType],
  schemas: [
    ...[userType, groupType].flatMap((type) => [
      type.schema,
      ...type.extensions.map((extension) => extension.schema),
    ]),
    ...discoverySchemas,
  ],
};

export const USER_TYPE: ResourceType = userType;
export const GROUP_TYPE: ResourceType = groupType;

/** Looks a resource type up by its name (`User`). */
export function resourceTypeNamed(registry: Registry, name: string): ResourceType | undefined {
  return registry.resourceTypes.find((type) => type.name === name);
}

/** Looks a resource type up by its endpoint (`/Users`); endpoints are case exact, as URLs are. */
export function resourceTypeAt(registry: Registry, endpoint: string): ResourceType | undefined {
  return registry.resourceTypes.find((type) => type.endpoint === endpoint);
}

/** Looks a schema up by URN, without regard to case. */
export function schemaNamed(registry: Registry, urn: string): Schema | undefined {
  const wanted = urn.toLowerCase();
  return registry.schemas.find((schema) => schema.id.toLowerCase() === wanted);
}
