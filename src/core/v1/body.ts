import { isWritable } from '../decode.ts';
import { invalidSyntax, invalidValue } from '../error.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from '../json.ts';
import { messageMember } from '../message.ts';
import { isUnassigned, schemasOf, setAttribute } from '../resource.ts';
import type { ResourceType, SchemaExtension } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { extensionOfKey, partOf2 } from './names.ts';

/**
 * An attribute that a client may set, with what a 1.1 body says of it in the form of 2.0; of a multi-valued one the
 * elements as they are given.
 */
export interface GivenAttribute {
  readonly extension: SchemaExtension | undefined;
  readonly attribute: Attribute;
  readonly value: JsonValue;
}

/**
 * Reads a resource of SCIM 1.1 into the form that `decodeResource` takes. What the server says itself (`id`, `meta`,
 * `groups`), what `schemas` holds and unknown keys count for nothing; the empty string is no value where one is single,
 * and stays inside the values of a multi-valued attribute.
 *
 * @throws ScimError 400 invalidSyntax or invalidValue; types of values are left for `decodeResource` to check
 */
export function decodeBody1(type: ResourceType, body: JsonValue): JsonObject {
  const resource = emptyObject();
  for (const { extension, attribute, value } of givenAttributes(type, body)) {
    const isList = attribute.multiValued && Array.isArray(value);
    const decoded = isList ? value.map((element) => elementOf2(attribute, element)) : value;
    setAttribute(resource, extension, attribute, decoded);
  }
  resource.schemas = schemasOf(type, resource);
  return resource;
}

/**
 * The attributes that a 1.1 body gives a value to.
 *
 * @throws ScimError 400 invalidSyntax when the body is no object or gives an attribute two values, 400 invalidValue when
 * an extension is no object
 */
export function givenAttributes(type: ResourceType, body: JsonValue): GivenAttribute[] {
  if (!isObject(body)) throw invalidSyntax('The request body must be a JSON object.');
  const given = new Map<Attribute, GivenAttribute>();
  for (const key of Object.keys(body)) {
    const attribute = type.attributeByName.get(key.toLowerCase());
    if (attribute !== undefined) {
      addGiven(given, undefined, attribute, body[key] as JsonValue);
      continue;
    }
    const extension = extensionOfKey(type, key);
    if (extension !== undefined) addContainer(given, extension, key, body[key] as JsonValue);
  }
  return [...given.values()];
}

function addContainer(
  given: Map<Attribute, GivenAttribute>,
  extension: SchemaExtension,
  key: string,
  json: JsonValue,
): void {
  if (isUnassigned(json) || json === '') return;
  if (!isObject(json)) throw invalidValue(`${key} must be an object.`);
  for (const inner of Object.keys(json)) {
    const attribute = extension.schema.attributeByName.get(inner.toLowerCase());
    if (attribute !== undefined) addGiven(given, extension, attribute, json[inner] as JsonValue);
  }
}

/** The two keys of the enterprise extension may say the same twice, but not two different things. */
function addGiven(
  given: Map<Attribute, GivenAttribute>,
  extension: SchemaExtension | undefined,
  attribute: Attribute,
  json: JsonValue,
): void {
  if (!isWritable(attribute)) return;
  const value = toValue2(extension, attribute, json);
  if (value === undefined) return;
  const before = given.get(attribute);
  if (before !== undefined && !sameJson(before.value, value))
    throw invalidSyntax(`The attribute ${attribute.name} is given twice.`);
  given.set(attribute, { extension, attribute, value });
}

/** @returns undefined when the value means none */
function toValue2(
  extension: SchemaExtension | undefined,
  attribute: Attribute,
  json: JsonValue,
): JsonValue | undefined {
  if (isUnassigned(json) || json === '') return undefined;
  if (attribute.multiValued) return Array.isArray(json) ? json : [json];
  if (attribute.type !== 'complex' || !isObject(json)) return json;
  const value = emptyObject();
  for (const key of Object.keys(json)) {
    const part = json[key] as JsonValue;
    if (part !== '') value[partOf2(extension, attribute, key)] = part;
  }
  return Object.keys(value).length === 0 ? undefined : value;
}

/** One element of a multi-valued attribute; one that is a text stands for its `value` (Core Schema 1.1 section 3.2). */
export function elementOf2(attribute: Attribute, element: JsonValue): JsonValue {
  if (attribute.type !== 'complex')
    return isObject(element) ? (messageMember(element, 'value') ?? element) : element;
  if (attribute.relation !== undefined && isObject(element)) return withoutMember(element, 'type');
  if (typeof element !== 'string' || !attribute.subAttributeByName.has('value')) return element;
  const value = emptyObject();
  value.value = element;
  return value;
}

/**
 * An object without one of its members. Of group members the `type` goes: 1.1 has other names for it ("user"), and the id
 * says enough.
 *
 * @param lowerName the name of the member in lower case
 */
export function withoutMember(json: JsonObject, lowerName: string): JsonObject {
  const kept = emptyObject();
  for (const key of Object.keys(json))
    if (key.toLowerCase() !== lowerName) kept[key] = json[key] as JsonValue;
  return kept;
}
