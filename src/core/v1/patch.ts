import { isBlank, isWritable } from '../decode.ts';
import { badRequest, invalidPath, invalidSyntax, invalidValue } from '../error.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { messageMember } from '../message.ts';
import { MAX_PATCH_OPERATIONS, PATCH_SCHEMA } from '../patch-operation.ts';
import { MAX_PATH_LENGTH } from '../patch-path.ts';
import { type AttributePath, pathText, shorten } from '../path.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { elementOf2, type GivenAttribute, givenAttributes, withoutMember } from './body.ts';
import { type Resolved1, resolvePath1 } from './names.ts';

/**
 * Reads a PATCH of SCIM 1.1, which is a part of a resource (REST API 1.1 section 3.3.2), as a PatchOp message of 2.0.
 * First goes what `meta.attributes` names; what the body gives then is merged: single values are replaced, the parts of
 * complex ones one by one, and elements of a multi-valued attribute are found by their `value`, or by all of their parts
 * where they have none. Elements that go (`"operation": "delete"`) go before others come.
 *
 * @returns a message for `decodePatch` that needs tolerances
 * @throws ScimError 400 invalidSyntax, invalidValue, tooMany, or invalidPath for an unknown name in `meta.attributes`
 */
export function decodePatch1(type: ResourceType, body: JsonValue): JsonObject {
  const given = givenAttributes(type, body);
  const removed = removedNames(type, body as JsonObject);
  const replaced = new Set(removed.flatMap(wholeAttributes));
  const single = mergedSingles(given.filter(({ attribute }) => !replaced.has(attribute)));
  const operations: JsonObject[] = [
    ...removed.flatMap((name) => removals(name, given)),
    ...given.flatMap((one) => (replaced.has(one.attribute) ? replacement(one) : [])),
    ...(Object.keys(single).length === 0 ? [] : [{ op: 'add', value: single }]),
    ...given.flatMap((one) =>
      one.attribute.multiValued && !replaced.has(one.attribute) ? elementChanges(one) : [],
    ),
  ];
  return { schemas: [PATCH_SCHEMA], Operations: operations };
}

/** What `meta.attributes` names. `meta` is of no other use in a PATCH. */
function removedNames(type: ResourceType, body: JsonObject): Resolved1[] {
  const meta = messageMember(body, 'meta') ?? undefined;
  if (meta === undefined) return [];
  const names = isObject(meta) ? messageMember(meta, 'attributes') : undefined;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw invalidSyntax('"meta" of a PATCH must have "attributes", an array of the names of what to remove.');
  if (names.length > MAX_PATCH_OPERATIONS)
    throw badRequest('tooMany', `"meta.attributes" holds more than ${MAX_PATCH_OPERATIONS} names.`);
  return names.map((name) => {
    const resolved = resolvePath1(type, name);
    if (resolved === undefined)
      throw invalidPath(`"meta.attributes" names no attribute of ${type.name}: ${shorten(name)}`);
    return resolved;
  });
}

function wholeAttributes(name: Resolved1): Attribute[] {
  if ('extension' in name) return [...name.extension.schema.attributes];
  return name.path.sub === undefined && name.label === undefined ? [name.path.attribute] : [];
}

/** The removal of what has a name, as far as the body has no other value for it. */
function removals(name: Resolved1, given: readonly GivenAttribute[]): JsonObject[] {
  const isGiven = (attribute: Attribute): boolean => given.some((one) => one.attribute === attribute);
  if ('extension' in name) {
    const { extension } = name;
    const { id, attributes } = extension.schema;
    if (!attributes.some(isGiven)) return [{ op: 'remove', path: id }];
    return attributes
      .filter((attribute) => isWritable(attribute) && !isGiven(attribute))
      .map((attribute) => ({ op: 'remove', path: pathText({ extension, attribute, sub: undefined }) }));
  }
  const { path, label } = name;
  if (label !== undefined)
    return [{ op: 'remove', path: `${pathText(path)}[type eq ${JSON.stringify(label)}]` }];
  if (path.sub === undefined ? isGiven(path.attribute) : isPartGiven(path, given)) return [];
  return [{ op: 'remove', path: pathText(path) }];
}

function isPartGiven({ attribute, sub }: AttributePath, given: readonly GivenAttribute[]): boolean {
  const value = given.find((one) => one.attribute === attribute)?.value;
  return sub !== undefined && isObject(value) && messageMember(value, sub.name.toLowerCase()) !== undefined;
}

/** An attribute that is named in `meta.attributes` has afterwards what the body gives it, and nothing of before. */
function replacement({ extension, attribute, value }: GivenAttribute): JsonObject[] {
  const path = pathText({ extension, attribute, sub: undefined });
  if (attribute.multiValued) {
    const { added } = splitElements(attribute, value);
    return [added.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: added }];
  }
  if (!isObject(value) || attribute.type !== 'complex') return [{ op: 'replace', path, value }];
  const whole = emptyObject();
  for (const sub of attribute.subAttributes)
    if (isWritable(sub) && messageMember(value, sub.name.toLowerCase()) === undefined) whole[sub.name] = null;
  return [{ op: 'replace', path, value: Object.assign(whole, value) }];
}

/** The single values, in the form of a resource; parts of complex ones that are null are not given. */
function mergedSingles(given: readonly GivenAttribute[]): JsonObject {
  const merged = emptyObject();
  for (const { extension, attribute, value } of given) {
    if (attribute.multiValued) continue;
    if (extension === undefined) {
      merged[attribute.name] = value;
      continue;
    }
    const { id } = extension.schema;
    const container = merged[id];
    merged[id] = Object.assign(emptyObject(), container, { [attribute.name]: value });
  }
  return merged;
}

interface Elements {
  readonly added: readonly JsonValue[];
  readonly deleted: readonly JsonValue[];
}

/** Tells what is to go from what is to be there, without `operation`. */
function splitElements(attribute: Attribute, value: JsonValue): { added: JsonValue[]; deleted: JsonValue[] } {
  const added: JsonValue[] = [];
  const deleted: JsonValue[] = [];
  for (const element of Array.isArray(value) ? value : [value]) {
    const operation = isObject(element) ? messageMember(element, 'operation') : undefined;
    const plain = isObject(element) ? withoutMember(element, 'operation') : element;
    const isDelete = typeof operation === 'string' && operation.toLowerCase() === 'delete';
    if (!isDelete && !isBlank(operation))
      throw invalidValue(`The "operation" of a value of ${attribute.name} can only be "delete".`);
    (isDelete ? deleted : added).push(elementOf2(attribute, plain));
  }
  return { added, deleted };
}

function elementChanges({ extension, attribute, value }: GivenAttribute): JsonObject[] {
  const path = pathText({ extension, attribute, sub: undefined });
  const elements = splitElements(attribute, value);
  const isFoundByPath =
    attribute.relation === undefined && attribute.subAttributeByName.get('value') !== undefined;
  return isFoundByPath ? changesByValue(path, elements) : changesAsWhole(path, elements);
}

/** Membership is found by ids in any case; values without a `value` by all of their parts. */
const changesAsWhole = (path: string, { added, deleted }: Elements): JsonObject[] => [
  ...(deleted.length === 0 ? [] : [{ op: 'remove', path, value: [...deleted] }]),
  ...(added.length === 0 ? [] : [{ op: 'add', path, value: [...added] }]),
];

function changesByValue(path: string, { added, deleted }: Elements): JsonObject[] {
  const change = (op: 'add' | 'remove', element: JsonValue): JsonObject => {
    const selected = pathOfElement(path, element);
    return selected === undefined ? { op, path, value: [element] } : { op, path: selected, value: element };
  };
  return [
    ...deleted.map((element) => change('remove', element)),
    ...added.map((element) => change('add', element)),
  ];
}

/** @returns undefined for an element without a value, or with one that is too long for a path */
function pathOfElement(path: string, element: JsonValue): string | undefined {
  const value = isObject(element) ? messageMember(element, 'value') : undefined;
  if (isBlank(value) || typeof value === 'object') return undefined;
  const selected = `${path}[value eq ${JSON.stringify(value)}]`;
  return selected.length > MAX_PATH_LENGTH ? undefined : selected;
}
