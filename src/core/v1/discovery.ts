import { serviceProviderConfig } from '../discovery.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Registry } from '../registry.ts';
import type { ResourceType, SchemaExtension } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { RELATION_PARTS_1 } from './answer.ts';
import { CORE_SCHEMA_1, extensionNames, type Parts } from './names.ts';
import { storeNaming } from './store-naming.ts';

/**
 * What the server does, as `/ServiceProviderConfigs` of SCIM 1.1 tells it (Core Schema 1.1 section 9). Of what both
 * versions have, 2.0's is the one source; ETags are not served in 1.1.
 *
 * @param auth how the client that asks has authenticated: the first and primary scheme
 */
export function serviceProviderConfig1(auth: 'bearer' | 'basic' = 'basic'): JsonObject {
  const { patch, bulk, filter, changePassword, sort, authenticationSchemes } = serviceProviderConfig(
    '',
    auth,
  );
  return {
    schemas: [CORE_SCHEMA_1],
    ...({ patch, bulk, filter, changePassword, sort } as JsonObject),
    etag: { supported: false },
    xmlDataFormat: { supported: false },
    authenticationSchemes: (authenticationSchemes as JsonValue[]).filter(isObject).map(schemeIn1),
  };
}

function schemeIn1({ specUri, ...scheme }: JsonObject): JsonObject {
  return { ...scheme, ...(specUri !== undefined && { specUrl: specUri }) };
}

/** The resource types that SCIM 1.1 serves: those that are in user stores. */
const typesOf = (registry: Registry): readonly ResourceType[] =>
  registry.resourceTypes.filter((type) => storeNaming(type) !== undefined);

/** The schemas as `/Schemas` of SCIM 1.1 lists them: one for users, one for groups. */
export const allSchemasJson1 = (registry: Registry): JsonObject[] => typesOf(registry).map(schemaJson1);

/** The schema with an id, `urn:scim:schemas:core:1.0:User`, without regard to case; the name alone does as well. */
export function schemaJsonNamed1(registry: Registry, id: string): JsonObject | undefined {
  const lower = id.toLowerCase();
  const type = typesOf(registry).find(
    ({ name }) => idOf(name).toLowerCase() === lower || name.toLowerCase() === lower,
  );
  return type && schemaJson1(type);
}

const idOf = (name: string): string => `${CORE_SCHEMA_1}:${name}`;

/** Core Schema 1.1 section 11.6; attributes of extensions are told by their `schema`. */
function schemaJson1(type: ResourceType): JsonObject {
  const core = type.attributes.filter(({ name }) => name !== 'schemas');
  return {
    id: idOf(type.name),
    name: type.name,
    description: type.description,
    schema: CORE_SCHEMA_1,
    endpoint: type.endpoint,
    attributes: [
      ...core.map((attribute) => attributeIn1(attribute, undefined)),
      ...type.extensions.flatMap((extension) =>
        extension.schema.attributes.map((attribute) => attributeIn1(attribute, extension)),
      ),
    ],
  };
}

function attributeIn1(attribute: Attribute, extension: SchemaExtension | undefined): JsonObject {
  const names = extension && extensionNames(extension);
  const subAttributes = subAttributesOf(attribute, names?.parts.get(attribute.name));
  const { name, multiValued } = attribute;
  return {
    ...characteristics(attribute, name),
    ...(multiValued && { multiValuedAttributeChildName: childName(name) }),
    schema: names?.urn ?? CORE_SCHEMA_1,
    ...(subAttributes.length > 0 && { subAttributes }),
  };
}

function subAttributesOf(attribute: Attribute, parts: Parts | undefined): JsonObject[] {
  const { subAttributes, subAttributeByName, relation } = attribute;
  const subIn1 = (sub: Attribute, name: string): JsonObject => ({
    ...characteristics(sub, name),
    ...(sub.canonicalValues && { canonicalValues: [...sub.canonicalValues] }),
  });
  if (relation !== undefined) {
    const display = { ...(subAttributeByName.get('value') as Attribute), ...DISPLAY };
    return RELATION_PARTS_1.map((name) => subIn1(subAttributeByName.get(name) ?? display, name));
  }
  if (parts !== undefined)
    return parts.map(([name2, name1]) =>
      subIn1(subAttributeByName.get(name2.toLowerCase()) as Attribute, name1),
    );
  if (attribute.name === 'meta')
    return subAttributes.filter(({ name }) => META_PARTS.includes(name)).map((sub) => subIn1(sub, sub.name));
  return subAttributes.map((sub) => subIn1(sub, sub.name));
}

const META_PARTS = ['created', 'lastModified', 'location'];

/** What 1.1 adds to the members of groups. */
const DISPLAY = {
  name: 'display',
  description: 'The name of the member.',
  required: false,
  caseExact: false,
  mutability: 'readOnly',
} as const;

function characteristics(attribute: Attribute, name: string): JsonObject {
  const { type, multiValued, description, mutability, required, caseExact } = attribute;
  return {
    name,
    // references are texts in 1.1
    type: type === 'reference' ? 'string' : type,
    multiValued,
    description,
    readOnly: mutability === 'readOnly',
    required,
    caseExact,
  };
}

/** What XML would call one value: `email` of `emails`, `address` of `addresses`. */
const childName = (name: string): string => name.replace(/(ss)es$|s$/, '$1');
