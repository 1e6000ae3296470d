import {
  compileResourceType,
  type ResourceType,
  type ResourceTypeDefinition,
  type SchemaExtensionDefinition,
} from './resource-type.ts';
import { compileSchema, type Schema, type SchemaDefinition } from './schema.ts';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from './schemas/discovery.ts';
import { ENTERPRISE_USER } from './schemas/enterprise-user.ts';
import { GROUP } from './schemas/group.ts';
import { SAP_USER } from './schemas/sap-user.ts';
import { USER } from './schemas/user.ts';

/** The resource types and schemas of one tenant. */
export interface Registry {
  /** Of the tenant's definitions, 0 when there are none; undefined: none that a tenant has made count. */
  readonly revision: number | undefined;
  readonly resourceTypes: readonly ResourceType[];
  /** Every schema that `/Schemas` lists, those of the discovery endpoints included. */
  readonly schemas: readonly Schema[];
  /** The types whose resources may be members: those that the reference of a member may name. */
  readonly memberTypes: readonly ResourceType[];
  readonly typeByName: ReadonlyMap<string, ResourceType>;
  readonly typeByEndpoint: ReadonlyMap<string, ResourceType>;
  /** By URN in lower case. */
  readonly schemaByUrn: ReadonlyMap<string, Schema>;
}

/** A schema that extends a resource type, both by name. */
export interface ExtensionReference {
  readonly schema: string;
  readonly required: boolean;
}

/** A resource type that a tenant has defined (RFC 7643 section 6): its schemas are named by URN. */
export interface TenantTypeDefinition {
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  readonly schema: string;
  readonly extensions: readonly ExtensionReference[];
}

/** What a tenant has defined, in the order in which it was added. */
export interface Definitions {
  readonly schemas: readonly SchemaDefinition[];
  readonly resourceTypes: readonly TenantTypeDefinition[];
  /** Extensions of types that were there before, built-in or not. */
  readonly extensions: readonly (ExtensionReference & { readonly type: string })[];
}

const BUILT_IN_TYPES: readonly ResourceTypeDefinition[] = [
  {
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: USER,
    extensions: [
      { schema: ENTERPRISE_USER, required: false },
      { schema: SAP_USER, required: false },
    ],
  },
  { name: 'Group', endpoint: '/Groups', description: 'Group', schema: GROUP },
];

/** Extensions that tenants' own types may have too. */
export const BUILT_IN_EXTENSIONS: readonly SchemaDefinition[] = BUILT_IN_TYPES.flatMap(
  ({ extensions = [] }) => extensions.map(({ schema }) => schema),
);

const discoverySchemas = [SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA].map(compileSchema);

/** The resource types that every tenant has. */
export const BUILT_IN: Registry = registryOf(BUILT_IN_TYPES.map(compileResourceType), [], 0);

export const USER_TYPE = BUILT_IN.typeByName.get('User') as ResourceType;
export const GROUP_TYPE = BUILT_IN.typeByName.get('Group') as ResourceType;

/**
 * The registry of a tenant: the built-in types, extended by what the tenant says, and its own. Definitions have been checked
 * when they were added; a reference to a schema that is not there is left out.
 */
export function buildRegistry(definitions: Definitions, revision: number): Registry {
  const schemas = new Map(
    [...BUILT_IN_EXTENSIONS, ...definitions.schemas].map((schema) => [schema.id.toLowerCase(), schema]),
  );
  const extensionsOf = (references: readonly ExtensionReference[]): SchemaExtensionDefinition[] =>
    references.flatMap(({ schema: urn, required }) => {
      const schema = schemas.get(urn.toLowerCase());
      return schema === undefined ? [] : [{ schema, required }];
    });
  const ofType = (name: string): SchemaExtensionDefinition[] =>
    extensionsOf(definitions.extensions.filter(({ type }) => type === name));
  const builtIn = BUILT_IN_TYPES.map((definition) => {
    const added = ofType(definition.name);
    if (added.length === 0) return BUILT_IN.typeByName.get(definition.name) as ResourceType;
    return compileResourceType({ ...definition, extensions: [...(definition.extensions ?? []), ...added] });
  });
  const own = definitions.resourceTypes.flatMap(({ schema: urn, extensions, ...type }) => {
    const schema = schemas.get(urn.toLowerCase());
    if (schema === undefined) return [];
    return [
      compileResourceType({
        ...type,
        schema,
        extensions: [...extensionsOf(extensions), ...ofType(type.name)],
      }),
    ];
  });
  return registryOf([...builtIn, ...own], definitions.schemas, revision);
}

/** @param more schemas to list although no type may have them */
function registryOf(
  resourceTypes: readonly ResourceType[],
  more: readonly SchemaDefinition[],
  revision: number,
): Registry {
  const schemaByUrn = new Map<string, Schema>();
  const add = (schema: Schema): void => {
    const urn = schema.id.toLowerCase();
    if (!schemaByUrn.has(urn)) schemaByUrn.set(urn, schema);
  };
  for (const type of resourceTypes) {
    add(type.schema);
    for (const { schema } of type.extensions) add(schema);
  }
  for (const definition of more)
    if (!schemaByUrn.has(definition.id.toLowerCase())) add(compileSchema(definition));
  discoverySchemas.forEach(add);
  const referenced = resourceTypes.flatMap(({ relationAttribute }) =>
    relationAttribute?.relation === 'members'
      ? (relationAttribute.subAttributeByName.get('$ref')?.referenceTypes ?? [])
      : [],
  );
  return {
    revision,
    resourceTypes,
    memberTypes: resourceTypes.filter(({ name }) => referenced.includes(name)),
    schemas: [...schemaByUrn.values()],
    typeByName: new Map(resourceTypes.map((type) => [type.name, type])),
    typeByEndpoint: new Map(resourceTypes.map((type) => [type.endpoint, type])),
    schemaByUrn,
  };
}

/** Looks a resource type up by its name (`User`). */
export const resourceTypeNamed = (registry: Registry, name: string): ResourceType | undefined =>
  registry.typeByName.get(name);

/** Looks a resource type up by its endpoint (`/Users`); endpoints are case exact, as URLs are. */
export const resourceTypeAt = (registry: Registry, endpoint: string): ResourceType | undefined =>
  registry.typeByEndpoint.get(endpoint);

/** Looks a schema up by URN, without regard to case. */
export const schemaNamed = (registry: Registry, urn: string): Schema | undefined =>
  registry.schemaByUrn.get(urn.toLowerCase());
