import type { JsonObject } from './json.ts';

/** Attribute data types (RFC 7643 section 2.3). */
type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';
type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
type Returned = 'always' | 'never' | 'default' | 'request';
type Uniqueness = 'none' | 'server' | 'global';

/**
 * Membership is stored as rows, never inside a resource: `members` is the group's side of them (writable),
 * `memberOf` the member's side (read only).
 */
export type Relation = 'members' | 'memberOf';

/** An attribute as a schema declares it (RFC 7643 section 7); what is left out has the RFC's default (section 2.2). */
export interface AttributeDefinition {
  name: string;
  type?: AttributeType;
  multiValued?: boolean;
  description?: string;
  required?: boolean;
  canonicalValues?: readonly string[];
  caseExact?: boolean;
  mutability?: Mutability;
  returned?: Returned;
  uniqueness?: Uniqueness;
  referenceTypes?: readonly string[];
  subAttributes?: readonly AttributeDefinition[];
  /** Not part of the published schema: where the values live. */
  relation?: Relation;
  /** Not part of the published schema: the PRECIS profile that values must obey (RFC 7644 section 5). */
  precis?: 'UsernameCaseMapped';
  /** Not part of the published schema: users may not change their own. */
  administered?: true;
  /** Not part of the published schema: people look for resources by what its values begin with. */
  searched?: true;
  /** Not part of the published schema: values are not kept with the resource, but apart, as a hash. */
  hashed?: true;
  /**
   * Not part of the published schema: a value may begin with the name of a user store and a slash, or with one of these
   * prefixes, which need no store.
   */
  storePrefixes?: readonly string[];
  /** Not part of the published schema: parts of values that are read from requests and not kept. */
  hints?: readonly string[];
}

export interface SchemaDefinition {
  id: string;
  name: string;
  description: string;
  attributes: readonly AttributeDefinition[];
  /**
   * What index rows, which are many, call this schema: nothing for an empty one, and its id where it is absent. A filter
   * finds the columns of what providers ask for most under the names that an empty alias gives.
   */
  alias?: string;
}

/** A compiled attribute: all characteristics present, sub-attributes looked up without regard to case. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly canonicalValues: readonly string[] | undefined;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly referenceTypes: readonly string[] | undefined;
  readonly relation: Relation | undefined;
  readonly precis: 'UsernameCaseMapped' | undefined;
  readonly hashed: boolean;
  readonly administered: boolean;
  /** Whether people look for resources by what its values begin with. */
  readonly searched: boolean;
  /** Prefixes of values besides the names of user stores; undefined: values name no store. */
  readonly storePrefixes: readonly string[] | undefined;
  /** Parts of values that are read from requests and not kept, in lower case. */
  readonly hints: readonly string[];
  /** Whether it says what an element of a multi-valued attribute is for: `type` and `primary` (RFC 7643 section 2.4). */
  readonly isLabel: boolean;
  /** Whether its values are kept but never shown, which puts them apart from the text that answers are made of. */
  readonly isHidden: boolean;
  /** Whether it or one of its sub-attributes is hidden. */
  readonly hasHidden: boolean;
  /** The name under which index rows hold the values: `emails.value`, `enterprise:manager.value`. */
  readonly indexPath: string;
  readonly subAttributes: readonly Attribute[];
  readonly subAttributeByName: ReadonlyMap<string, Attribute>;
}

export interface Schema {
  readonly id: string;
  /** What the index paths of its attributes begin with: nothing, `enterprise:` or `<urn:example:Device>:`. */
  readonly indexPrefix: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  readonly attributeByName: ReadonlyMap<string, Attribute>;
}

const byLowerCaseName = (attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> =>
  new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));

function compileAttribute(
  definition: AttributeDefinition,
  indexPath: string,
  parent: AttributeDefinition | undefined,
): Attribute {
  const type = definition.type ?? 'string';
  const subAttributes = (definition.subAttributes ?? []).map((sub) =>
    compileAttribute(sub, `${indexPath}.${sub.name}`, definition),
  );
  // RFC 7643 section 7: what is writeOnly is not returned
  const returned = definition.mutability === 'writeOnly' ? 'never' : (definition.returned ?? 'default');
  const isHidden = returned === 'never' && definition.hashed !== true;
  return {
    name: definition.name,
    type,
    multiValued: definition.multiValued ?? false,
    description: definition.description ?? '',
    required: definition.required ?? false,
    canonicalValues: definition.canonicalValues,
    // RFC 7643 section 2.3.7: references are case exact; section 2.3.6: so is binary
    caseExact: definition.caseExact ?? (type === 'reference' || type === 'binary'),
    mutability: definition.mutability ?? 'readWrite',
    returned,
    uniqueness: definition.uniqueness ?? 'none',
    referenceTypes: definition.referenceTypes,
    relation: definition.relation,
    precis: definition.precis,
    hashed: definition.hashed ?? false,
    administered: definition.administered ?? false,
    searched: definition.searched ?? false,
    storePrefixes: definition.storePrefixes,
    hints: definition.hints ?? [],
    isLabel:
      parent?.multiValued === true &&
      !definition.multiValued &&
      returned !== 'never' &&
      type === (definition.name === 'primary' ? 'boolean' : 'string') &&
      ['type', 'primary'].includes(definition.name),
    isHidden,
    hasHidden: isHidden || subAttributes.some((sub) => sub.isHidden),
    indexPath,
    subAttributes,
    subAttributeByName: byLowerCaseName(subAttributes),
  };
}

/** Compiles a schema's data. */
export function compileSchema(definition: SchemaDefinition): Schema {
  const prefix = indexPrefixOf(definition);
  const attributes = definition.attributes.map((attribute) =>
    compileAttribute(attribute, prefix + attribute.name, undefined),
  );
  return {
    id: definition.id,
    indexPrefix: prefix,
    name: definition.name,
    description: definition.description,
    attributes,
    attributeByName: byLowerCaseName(attributes),
  };
}

/** An id stands in brackets, so that no prefix begins with that of another schema, whatever their URNs have in common. */
function indexPrefixOf({ id, alias }: SchemaDefinition): string {
  if (alias === undefined) return `<${id}>:`;
  return alias === '' ? '' : `${alias}:`;
}

/** The attribute as `/Schemas` publishes it (RFC 7643 section 7). */
export function attributeJson(attribute: Attribute): JsonObject {
  const isText = attribute.type === 'string' || attribute.type === 'reference' || attribute.type === 'binary';
  return {
    name: attribute.name,
    type: attribute.type,
    ...(attribute.subAttributes.length > 0
      ? { subAttributes: attribute.subAttributes.map(attributeJson) }
      : {}),
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues ? { canonicalValues: [...attribute.canonicalValues] } : {}),
    ...(isText ? { caseExact: attribute.caseExact } : {}),
    mutability: attribute.mutability,
    returned: attribute.returned,
    ...(attribute.type === 'boolean' || attribute.type === 'complex'
      ? {}
      : { uniqueness: attribute.uniqueness }),
    ...(attribute.referenceTypes ? { referenceTypes: [...attribute.referenceTypes] } : {}),
  };
}
