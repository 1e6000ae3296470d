import { DefinitionError, type JsonPath } from './definition-error.ts';
import {
  type Members,
  pathOf,
  readArray,
  readBoolean,
  readMembers,
  readText,
  readTexts,
  readWord,
  requireText,
  requireUrn,
} from './definition-members.ts';
import type { JsonValue } from './json.ts';
import type { AttributeDefinition, SchemaDefinition } from './schema.ts';
import { COMMON_ATTRIBUTES } from './schemas/common.ts';
import { SCHEMA_SCHEMA } from './schemas/discovery.ts';

/** Most attributes of a schema, sub-attributes included. */
const MAX_ATTRIBUTES = 1000;

/** Longest name of a schema, an attribute, a resource type or an endpoint. */
export const MAX_NAME = 100;

const CHARACTERISTICS = [
  'name',
  'type',
  'subAttributes',
  'multiValued',
  'description',
  'required',
  'canonicalValues',
  'caseExact',
  'mutability',
  'returned',
  'uniqueness',
  'referenceTypes',
] as const;

const TYPES = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
] as const;
type Type = (typeof TYPES)[number];

/** RFC 7643 section 2.3: which types know upper and lower case, and which values can be told apart. */
const WITH_CASE: readonly Type[] = ['string', 'reference', 'binary'];
const WITHOUT_UNIQUENESS: readonly Type[] = ['boolean', 'binary', 'complex'];

/** What every resource has already (RFC 7643 section 3.1). */
const RESERVED = COMMON_ATTRIBUTES.attributes.map(({ name }) => name.toLowerCase());

/**
 * Reads a schema as a tenant defines it, in the form in which `/Schemas` publishes it (RFC 7643 section 7).
 *
 * @throws DefinitionError
 */
export function readSchemaDefinition(json: JsonValue): SchemaDefinition {
  const names = ['id', 'name', 'description', 'attributes', 'schemas', 'meta'];
  const members = readMembers(json, [], 'A schema', names);
  requireSchemas(members, SCHEMA_SCHEMA);
  const id = requireUrn(members, 'id');
  const attributes = readArray(members, 'attributes');
  if (attributes === undefined || attributes.length === 0)
    throw new DefinitionError(pathOf(members, 'attributes'), 'A schema needs "attributes".');
  const budget: Budget = { left: MAX_ATTRIBUTES };
  return {
    id,
    name: readText(members, 'name', MAX_NAME) ?? (id.split(':').at(-1) as string),
    description: readText(members, 'description') ?? '',
    attributes: readAttributes(attributes, pathOf(members, 'attributes'), budget, undefined),
  };
}

/**
 * Checks that a document that says what it is, is that.
 *
 * @throws DefinitionError
 */
export function requireSchemas(members: Members, urn: string): void {
  const schemas = readArray(members, 'schemas');
  if (schemas === undefined) return;
  const fits = schemas.some((one) => typeof one === 'string' && one.toLowerCase() === urn.toLowerCase());
  if (!fits) throw new DefinitionError(pathOf(members, 'schemas'), `"schemas" must hold ${urn}.`);
}

interface Budget {
  left: number;
}

function readAttributes(
  list: readonly JsonValue[],
  path: JsonPath,
  budget: Budget,
  parent: string | undefined,
): AttributeDefinition[] {
  budget.left -= list.length;
  if (budget.left < 0)
    throw new DefinitionError(path, `A schema has at most ${MAX_ATTRIBUTES} attributes and sub-attributes.`);
  const names = new Set<string>();
  return list.map((json, index) => {
    const here = [...path, index];
    const attribute = readAttribute(json, here, budget, parent);
    const lower = attribute.name.toLowerCase();
    if (names.has(lower))
      throw new DefinitionError(
        [...here, 'name'],
        `There are two attributes ${attribute.name}; names compare without case.`,
      );
    names.add(lower);
    return attribute;
  });
}

function readAttribute(
  json: JsonValue,
  path: JsonPath,
  budget: Budget,
  parent: string | undefined,
): AttributeDefinition {
  const members = readMembers(json, path, 'An attribute', CHARACTERISTICS);
  const type = readWord(members, 'type', TYPES) ?? 'string';
  const name = readName(members, type, parent);
  if (type === 'complex' && parent !== undefined)
    throw new DefinitionError(
      pathOf(members, 'type'),
      `${parent}.${name} is complex inside a complex attribute, which RFC 7643 section 2.3.8 does not know.`,
    );
  checkCharacteristics(members, name, type);
  return {
    name,
    type,
    ...given('multiValued', readBoolean(members, 'multiValued')),
    ...given('description', readText(members, 'description')),
    ...given('required', readBoolean(members, 'required')),
    ...given('canonicalValues', readTexts(members, 'canonicalValues')),
    // RFC 7643 section 2.3.6: binaries are case exact, whatever a definition says
    ...given('caseExact', type === 'binary' ? undefined : readBoolean(members, 'caseExact')),
    ...given(
      'mutability',
      readWord(members, 'mutability', ['readOnly', 'readWrite', 'immutable', 'writeOnly']),
    ),
    ...given('returned', readWord(members, 'returned', ['always', 'never', 'default', 'request'])),
    ...given('uniqueness', readWord(members, 'uniqueness', ['none', 'server', 'global'])),
    ...given('referenceTypes', readTexts(members, 'referenceTypes')),
    ...given('subAttributes', readSubAttributes(members, name, type, budget)),
  };
}

const given = <Name extends keyof AttributeDefinition>(
  name: Name,
  value: AttributeDefinition[Name] | undefined,
): Partial<AttributeDefinition> => (value === undefined ? {} : { [name]: value });

const ATTRIBUTE_NAME = /^[a-z][a-z0-9_-]*$/i;

function readName(members: Members, type: Type, parent: string | undefined): string {
  const name = requireText(members, 'name', MAX_NAME);
  const path = pathOf(members, 'name');
  const isReference = name === '$ref' && parent !== undefined;
  if (isReference && type !== 'reference')
    throw new DefinitionError(path, '$ref is the name of references: its type must be reference.');
  if (!isReference && !ATTRIBUTE_NAME.test(name))
    throw new DefinitionError(
      path,
      'The name of an attribute is a letter, then letters, digits, "-" and "_" (RFC 7643 section 2.1); a sub-attribute may be called $ref.',
    );
  if (parent === undefined && RESERVED.includes(name.toLowerCase()))
    throw new DefinitionError(
      path,
      `Every resource has ${name} already (RFC 7643 section 3.1): call the attribute otherwise.`,
    );
  return name;
}

/** Characteristics that mean something for some types only; a value that says nothing is let through. */
function checkCharacteristics(members: Members, name: string, type: Type): void {
  const refuse = (characteristic: string, reason: string): never => {
    throw new DefinitionError(pathOf(members, characteristic), `${name} is of type ${type}, ${reason}`);
  };
  if (readBoolean(members, 'caseExact') === true && !WITH_CASE.includes(type))
    refuse('caseExact', 'which knows no case: "caseExact" is for string, reference and binary.');
  const uniqueness = members.values.get('uniqueness')?.value ?? 'none';
  if (uniqueness !== 'none' && WITHOUT_UNIQUENESS.includes(type))
    refuse('uniqueness', 'which has no uniqueness (RFC 7643 section 2.3).');
  if ((readTexts(members, 'canonicalValues') ?? []).length > 0 && type !== 'string')
    refuse('canonicalValues', 'but "canonicalValues" are strings.');
  const referenceTypes = readTexts(members, 'referenceTypes') ?? [];
  if (referenceTypes.length > 0 && type !== 'reference')
    refuse('referenceTypes', 'but "referenceTypes" are for references only.');
  const odd = referenceTypes.findIndex((text) => !ATTRIBUTE_NAME.test(text));
  if (odd >= 0)
    throw new DefinitionError(
      [...pathOf(members, 'referenceTypes'), odd],
      '"referenceTypes" holds names of resource types, "external" and "uri".',
    );
}

function readSubAttributes(
  members: Members,
  name: string,
  type: Type,
  budget: Budget,
): AttributeDefinition[] | undefined {
  const list = readArray(members, 'subAttributes') ?? [];
  const path = pathOf(members, 'subAttributes');
  if (type === 'complex' && list.length === 0)
    throw new DefinitionError(path, `${name} is complex: it needs "subAttributes".`);
  if (type !== 'complex' && list.length > 0)
    throw new DefinitionError(
      path,
      `${name} is of type ${type}: only complex attributes have "subAttributes".`,
    );
  return list.length === 0 ? undefined : readAttributes(list, path, budget, name);
}
