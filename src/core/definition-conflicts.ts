import { DefinitionError, type JsonPath } from './definition-error.ts';
import type { Registry, TenantTypeDefinition } from './registry.ts';
import type { Schema, SchemaDefinition } from './schema.ts';
import { COMMON_ATTRIBUTES } from './schemas/common.ts';

/** URNs of messages (RFC 7644 section 8.2): what they begin with, in lower case. */
const MESSAGE_URN = 'urn:ietf:params:scim:api:';

/**
 * Checks that a schema can be among those that a tenant has: its URN is free, and no path of an attribute can be read as
 * another schema's URN.
 *
 * @throws DefinitionError
 */
export function checkSchemaFits(registry: Registry, definition: SchemaDefinition): void {
  const urn = definition.id.toLowerCase();
  if (urn.startsWith(MESSAGE_URN) || urn === MESSAGE_URN.slice(0, -1))
    throw new DefinitionError(['id'], `URNs that begin with ${MESSAGE_URN} are those of messages.`);
  if (registry.schemaByUrn.has(urn))
    throw new DefinitionError(['id'], `There is a schema ${definition.id} already.`);
  definition.attributes.forEach((attribute, index) => {
    const { name, subAttributes = [] } = attribute;
    for (const path of [name, ...subAttributes.map((sub) => `${name}.${sub.name}`)]) {
      const other = registry.schemaByUrn.get(`${urn}:${path.toLowerCase()}`);
      if (other !== undefined)
        throw new DefinitionError(
          ['attributes', index],
          `${definition.id}:${path} would be both an attribute and the schema ${other.id}.`,
        );
    }
  });
  for (const schema of registry.schemas) {
    const prefix = `${schema.id.toLowerCase()}:`;
    if (urn.startsWith(prefix) && namesAttribute(schema, urn.slice(prefix.length)))
      throw new DefinitionError(
        ['id'],
        `${definition.id} would be both a schema and an attribute of ${schema.id}.`,
      );
  }
}

const COMMON_NAMES = COMMON_ATTRIBUTES.attributes.map(({ name }) => name.toLowerCase());

function namesAttribute(schema: Schema, lowerPath: string): boolean {
  const [name = '', sub] = lowerPath.split('.');
  if (COMMON_NAMES.includes(name)) return true;
  const attribute = schema.attributeByName.get(name);
  return attribute !== undefined && (sub === undefined || attribute.subAttributeByName.has(sub));
}

/**
 * Checks that a resource type can be among those that a tenant has: its name and its endpoint are free, and its schemas are
 * there.
 *
 * @param isAvailable whether a schema of this URN may be part of a tenant's type
 * @throws DefinitionError
 */
export function checkTypeFits(
  registry: Registry,
  definition: TenantTypeDefinition,
  isAvailable: (urn: string, as: 'core' | 'extension') => boolean,
): void {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  for (const type of registry.resourceTypes) {
    if (same(type.name, definition.name))
      throw new DefinitionError(['name'], `There is a resource type ${type.name} already.`);
    if (same(type.endpoint, definition.endpoint))
      throw new DefinitionError(
        ['endpoint'],
        `The resource type ${type.name} has the endpoint ${type.endpoint}.`,
      );
  }
  const requireSchema = (urn: string, as: 'core' | 'extension', path: JsonPath): void => {
    if (!isAvailable(urn, as))
      throw new DefinitionError(path, `The tenant has defined no schema ${urn}: add it before the type.`);
  };
  requireSchema(definition.schema, 'core', ['schema']);
  definition.extensions.forEach(({ schema }, index) => {
    requireSchema(schema, 'extension', ['schemaExtensions', index, 'schema']);
  });
}
