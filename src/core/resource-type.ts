import type { Attribute, Schema, SchemaDefinition } from './schema.ts';
import { compileSchema } from './schema.ts';
import { COMMON_ATTRIBUTES } from './schemas/common.ts';

export interface SchemaExtension {
  readonly schema: Schema;
  readonly required: boolean;
}

/** Where an attribute or sub-attribute stands. */
interface UniquePath {
  readonly extension: SchemaExtension | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

/** A resource type (RFC 7643 section 6) with everything the engine looks up, by lower-case name. */
export interface ResourceType {
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly SchemaExtension[];
  /** Common attributes (RFC 7643 section 3.1) followed by those of the core schema. */
  readonly attributes: readonly Attribute[];
  readonly attributeByName: ReadonlyMap<string, Attribute>;
  readonly extensionByUrn: ReadonlyMap<string, SchemaExtension>;
  /** Every schema URN of this type in lower case; longest first, so that no URN hides a longer one. */
  readonly schemaUrns: readonly string[];
  /** The attribute whose values are membership rows, where the type has one. */
  readonly relationAttribute: Attribute | undefined;
  /** The attribute whose value is kept as a hash alone, where the type has one. */
  readonly passwordAttribute: Attribute | undefined;
  /** The attribute that names the user store of a resource, where the type has one. */
  readonly storeAttribute: Attribute | undefined;
  /** Whether an attribute is returned on request only: then no answer is all that is stored. */
  readonly hasRequestOnly: boolean;
  /** Whether an attribute is kept but never shown. */
  readonly hasHidden: boolean;
  /** The attributes and sub-attributes whose values no two resources may share. */
  readonly uniquePaths: readonly UniquePath[];
}

export interface ResourceTypeDefinition {
  name: string;
  endpoint: string;
  description: string;
  schema: SchemaDefinition;
  extensions?: readonly SchemaExtensionDefinition[];
}

export interface SchemaExtensionDefinition {
  schema: SchemaDefinition;
  required: boolean;
}

export function compileResourceType(definition: ResourceTypeDefinition): ResourceType {
  const common = compileSchema(COMMON_ATTRIBUTES);
  const schema = compileSchema(definition.schema);
  const extensions = (definition.extensions ?? []).map((extension) => ({
    schema: compileSchema(extension.schema),
    required: extension.required,
  }));
  const attributes = [...common.attributes, ...schema.attributes];
  const every = [...schema.attributes, ...extensions.flatMap((extension) => extension.schema.attributes)];
  return {
    name: definition.name,
    endpoint: definition.endpoint,
    description: definition.description,
    schema,
    extensions,
    attributes,
    attributeByName: new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute])),
    extensionByUrn: new Map(extensions.map((extension) => [extension.schema.id.toLowerCase(), extension])),
    schemaUrns: [schema, ...extensions.map((extension) => extension.schema)]
      .map(({ id }) => id.toLowerCase())
      .sort((a, b) => b.length - a.length),
    relationAttribute: attributes.find((attribute) => attribute.relation !== undefined),
    passwordAttribute: attributes.find((attribute) => attribute.hashed),
    storeAttribute: attributes.find((attribute) => attribute.storePrefixes !== undefined),
    hasRequestOnly: every.some(isRequestOnly),
    hasHidden: every.some((attribute) => attribute.hasHidden),
    uniquePaths: [
      ...uniquePathsOf(attributes, undefined),
      ...extensions.flatMap((extension) => uniquePathsOf(extension.schema.attributes, extension)),
    ],
  };
}

/** What clients cannot write, such as ids, is the server's to keep unique. */
function uniquePathsOf(
  attributes: readonly Attribute[],
  extension: SchemaExtension | undefined,
): UniquePath[] {
  const isUnique = ({ uniqueness, mutability }: Attribute): boolean =>
    uniqueness !== 'none' && mutability !== 'readOnly';
  return attributes
    .filter(({ mutability }) => mutability !== 'readOnly')
    .flatMap((attribute) => [
      ...(isUnique(attribute) ? [{ extension, attribute, sub: undefined }] : []),
      ...attribute.subAttributes.filter(isUnique).map((sub) => ({ extension, attribute, sub })),
    ]);
}

const isRequestOnly = (attribute: Attribute): boolean =>
  attribute.returned === 'request' || attribute.subAttributes.some(isRequestOnly);
