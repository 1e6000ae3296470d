import { comparisonKey } from './compare.ts';
import { invalidSyntax, invalidValue, onAttribute } from './error.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { isUnassigned, type Resource, schemasOf, setAttribute } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import type { Tolerance } from './tolerance.ts';
import { isUriReference } from './uri.ts';

/** Most values of one multi-valued attribute; membership, which is kept as rows, has no such bound. */
export const MAX_ELEMENTS = 1000;

/**
 * Reads a resource as a client sent it, in POST and PUT (RFC 7644 sections 3.3 and 3.5.1): names in any case become
 * the schema's, values are checked by type, unassigned and readOnly ones are left out, unknown ones ignored.
 *
 * @throws ScimError 400 invalidSyntax when the body is no object, 400 invalidValue when a value has the wrong type
 */
export function decodeResource(type: ResourceType, body: JsonValue, tolerance: Tolerance): Resource {
  if (!isObject(body)) throw invalidSyntax('The request body must be a JSON object.');
  const names = new Set<string>();
  const resource = emptyObject();
  for (const key of Object.keys(body)) {
    const lower = key.toLowerCase();
    if (lower === 'schemas') checkSchemas(type, body[key] as JsonValue, tolerance);
    const attribute = type.attributeByName.get(lower);
    const extension = type.extensionByUrn.get(lower);
    if (attribute === undefined && extension === undefined) continue;
    if (names.has(lower)) throw invalidSyntax(`The attribute ${attribute?.name ?? key} is given twice.`);
    names.add(lower);
    const json = body[key] as JsonValue;
    if (attribute !== undefined) {
      if (isWritable(attribute))
        onAttribute(attribute.name, () =>
          setAttribute(resource, undefined, attribute, decodeAttribute(attribute, json, tolerance)),
        );
    } else if (extension !== undefined && !isUnassigned(json)) {
      if (!isObject(json)) throw invalidValue(`${extension.schema.id} must be an object.`);
      onAttribute(extension.schema.id, () => {
        for (const [inner, value] of decodeObject(extension.schema.attributeByName, json, tolerance))
          setAttribute(resource, extension, inner, value);
      });
    }
  }
  if (!names.has('schemas') && !tolerance.accept('foreign-schema-urn'))
    throw invalidValue('"schemas" is missing.');
  resource.schemas = schemasOf(type, resource);
  return resource;
}

/** `schemas` and readOnly attributes are the server's to say: what a client sends for them is not stored. */
export const isWritable = (attribute: Attribute): boolean =>
  attribute.mutability !== 'readOnly' && attribute.name !== 'schemas';

function checkSchemas(type: ResourceType, json: JsonValue, tolerance: Tolerance): void {
  const urns = json ?? [];
  if (!Array.isArray(urns) || !urns.every((urn) => typeof urn === 'string'))
    throw invalidValue('"schemas" must be an array of URNs.');
  const known = urns.every((urn) => type.schemaUrns.includes(urn.toLowerCase()));
  const hasCore = urns.some((urn) => urn.toLowerCase() === type.schema.id.toLowerCase());
  if ((known && hasCore) || tolerance.accept('foreign-schema-urn')) return;
  throw invalidValue(`"schemas" must hold ${type.schema.id} and only schemas of ${type.name}.`);
}

/** Reads the known, writable attributes of an object one by one; an unassigned one comes with undefined. */
export function* decodeObject(
  attributes: ReadonlyMap<string, Attribute>,
  json: JsonObject,
  tolerance: Tolerance,
): Generator<[Attribute, JsonValue | undefined]> {
  const names = new Set<string>();
  for (const key of Object.keys(json)) {
    const lower = key.toLowerCase();
    const attribute = attributes.get(lower);
    if (attribute === undefined || !isWritable(attribute)) continue;
    if (names.has(lower)) throw invalidSyntax(`The attribute ${attribute.name} is given twice.`);
    names.add(lower);
    yield [attribute, decodeAttribute(attribute, json[key] as JsonValue, tolerance)];
  }
}

/**
 * Reads the whole value of one attribute.
 *
 * @returns undefined when the value means unassigned
 * @throws ScimError 400 invalidValue
 */
export function decodeAttribute(
  attribute: Attribute,
  json: JsonValue,
  tolerance: Tolerance,
): JsonValue | undefined {
  if (isUnassigned(json)) return undefined;
  if (!attribute.multiValued) return decodeSingle(attribute, json, tolerance);
  if (!Array.isArray(json)) {
    if (isObject(json) && tolerance.accept('object-for-array'))
      return decodeAttribute(attribute, [json], tolerance);
    throw invalidValue(`${attribute.name} must be an array.`);
  }
  if (attribute.relation === undefined && json.length > MAX_ELEMENTS)
    throw invalidValue(`${attribute.name} has more than ${MAX_ELEMENTS} values.`);
  const values: JsonValue[] = [];
  for (const item of json) {
    const value = isUnassigned(item) ? undefined : decodeValue(attribute, item, tolerance);
    if (value !== undefined) values.push(value);
    // a member without an id is a mistake; taken as no value it would empty the group
    else if (!isUnassigned(item)) checkParts(attribute, emptyObject());
  }
  if (values.filter(isPrimary).length > 1)
    throw invalidValue(`${attribute.name} has more than one primary value.`);
  return values.length === 0 ? undefined : values;
}

export const isPrimary = (value: JsonValue): boolean => isObject(value) && value.primary === true;

function decodeSingle(attribute: Attribute, json: JsonValue, tolerance: Tolerance): JsonValue | undefined {
  if (Array.isArray(json)) {
    const [only] = json;
    if (json.length === 1 && !isUnassigned(only) && tolerance.accept('single-element-array'))
      return decodeSingle(attribute, only as JsonValue, tolerance);
    throw invalidValue(`${attribute.name} takes a single value.`);
  }
  return decodeValue(attribute, json, tolerance);
}

/**
 * Reads one value: the value of a single-valued attribute, or one element of a multi-valued one.
 *
 * @returns undefined when it is complex and has no part
 * @throws ScimError 400 invalidValue
 */
export function decodeValue(
  attribute: Attribute,
  json: JsonValue,
  tolerance: Tolerance,
): JsonValue | undefined {
  if (attribute.type === 'complex') {
    const parts = decodeParts(attribute, json, tolerance);
    if (parts !== undefined) checkParts(attribute, parts);
    return parts;
  }
  const value = attribute.type === 'boolean' ? decodeBoolean(json, tolerance) : json;
  if (typeof value === 'string') checkText(attribute, value);
  if (!hasType(attribute, value))
    throw invalidValue(`${attribute.name} must be ${TYPE_NAMES[attribute.type]}.`);
  if (namesOtherThings(attribute) && !isUriReference(String(value)) && !tolerance.accept('reference-not-uri'))
    throw invalidValue(`${attribute.name} must be an absolute or relative URI.`);
  return value;
}

/** Whether an attribute holds URIs of whatever is not a resource of this server (RFC 7643 section 2.3.7). */
const namesOtherThings = ({ type, referenceTypes = [] }: Attribute): boolean =>
  type === 'reference' && referenceTypes.some((name) => name === 'external' || name === 'uri');

/**
 * Reads those parts of a complex value that are given; a PATCH may leave required ones as they are.
 *
 * @returns undefined when there are none
 * @throws ScimError 400 invalidValue
 */
export function decodeParts(
  attribute: Attribute,
  json: JsonValue,
  tolerance: Tolerance,
): JsonObject | undefined {
  if (typeof json === 'string') return decodeScalarForComplex(attribute, json, tolerance);
  if (!isObject(json)) throw invalidValue(`${attribute.name} must be an object.`);
  const value = emptyObject();
  for (const [sub, part] of decodeObject(attribute.subAttributeByName, json, tolerance))
    if (part !== undefined) value[sub.name] = part;
  if (attribute.hints.length > 0) addHints(attribute, json, value);
  const parts = Object.values(value);
  if (parts.length === 0) return undefined;
  if (
    parts.every((part) => typeof part === 'string' && part.trim() === '') &&
    tolerance.accept('empty-complex-value')
  )
    return undefined;
  return value;
}

/** What is said beside a value is nobody's mistake: a hint of another type is as good as none. */
function addHints({ hints }: Attribute, json: JsonObject, value: JsonObject): void {
  for (const key of Object.keys(json)) {
    const name = key.toLowerCase();
    if (hints.includes(name) && typeof json[key] === 'string') value[name] = json[key];
  }
}

/**
 * Checks that a complex value has its required parts (RFC 7643 section 2.2), those apart that a client cannot have seen.
 *
 * @throws ScimError 400 invalidValue
 */
export function checkParts(attribute: Attribute, value: JsonObject): void {
  for (const sub of attribute.subAttributes)
    if (sub.required && isWritable(sub) && !sub.isHidden && isBlank(value[sub.name]))
      throw invalidValue(`${attribute.name}.${sub.name} is required.`);
}

function decodeScalarForComplex(
  attribute: Attribute,
  text: string,
  tolerance: Tolerance,
): JsonObject | undefined {
  const sub = attribute.multiValued ? undefined : attribute.subAttributeByName.get('value');
  if (sub === undefined || !tolerance.accept('scalar-for-complex'))
    throw invalidValue(
      `${attribute.name} must be ${attribute.multiValued ? 'an array of objects' : 'an object'}.`,
    );
  if (text.trim() === '') return undefined;
  const value = emptyObject();
  value[sub.name] = decodeValue(sub, text, tolerance) as JsonValue;
  return value;
}

function decodeBoolean(json: JsonValue, tolerance: Tolerance): JsonValue {
  if (typeof json !== 'string') return json;
  const word = json.toLowerCase();
  if ((word !== 'true' && word !== 'false') || !tolerance.accept('boolean-as-string')) return json;
  return word === 'true';
}

const TYPE_NAMES: Record<Attribute['type'], string> = {
  string: 'a string',
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'an integer between -(2^53 - 1) and 2^53 - 1',
  dateTime: 'a dateTime such as 2008-01-23T04:56:22Z',
  binary: 'a string in base64',
  reference: 'a string that holds a URI',
  complex: 'an object',
};

// blanks are matched in one place for each side of the padding, so that no text is tried in two ways
const BASE64 = /^[\sA-Za-z0-9+/_-]*(?:={1,2}\s*)?$/;

function hasType(attribute: Attribute, value: JsonValue): boolean {
  if (attribute.type === 'integer') return Number.isSafeInteger(value);
  if (attribute.type === 'binary') return typeof value === 'string' && BASE64.test(value);
  return comparisonKey(attribute, value) !== undefined;
}

// RFC 8265 section 3.3 by way of RFC 8264: no controls, no invisible characters, nothing unassigned
const UNFIT_FOR_USERNAME = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u;
const MAX_USERNAME_LENGTH = 512;

function checkText(attribute: Attribute, text: string): void {
  if (text.includes('\u0000')) throw invalidValue(`${attribute.name} holds a NUL character.`);
  if (!text.isWellFormed()) throw invalidValue(`${attribute.name} holds half of a surrogate pair.`);
  if (attribute.precis === undefined) return;
  if (text.length > MAX_USERNAME_LENGTH)
    throw invalidValue(`${attribute.name} is longer than ${MAX_USERNAME_LENGTH} characters.`);
  if (UNFIT_FOR_USERNAME.test(text))
    throw invalidValue(`${attribute.name} holds control or invisible characters.`);
}

export const isBlank = (value: JsonValue | undefined): boolean =>
  isUnassigned(value) || (typeof value === 'string' && value.trim() === '');
