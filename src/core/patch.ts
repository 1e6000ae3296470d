import { checkParts, decodeAttribute, decodeObject, decodeParts, isWritable } from './decode.ts';
import { invalidPath, invalidSyntax, invalidValue, mutability, onAttribute } from './error.ts';
import { copyJson, emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from './json.ts';
import {
  addElements,
  changeMatching,
  changePart,
  readElements,
  removeListed,
  removePart,
} from './patch-elements.ts';
import { changeMatchingMembers, changeMembers, type MemberChange } from './patch-members.ts';
import type { PatchOperation } from './patch-operation.ts';
import { type PatchPath, parsePatchPath } from './patch-path.ts';
import { type AttributePath, leafOf, pathText, resolvePath } from './path.ts';
import { attributeValue, isUnassigned, type Resource, schemasOf, setAttribute } from './resource.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import type { Tolerance } from './tolerance.ts';

/** What a PATCH comes to: the resource afterwards, and the steps to take on the membership rows. */
export interface Patched {
  readonly resource: Resource;
  readonly members: readonly MemberChange[];
}

type Op = PatchOperation['op'];

interface Work {
  readonly type: ResourceType;
  readonly resource: Resource;
  readonly members: MemberChange[];
  readonly tolerance: Tolerance;
}

/**
 * Applies the operations of a PATCH request in order (RFC 7644 section 3.5.2) to a copy of the resource: either all
 * of them, or none when one throws. Required attributes are the caller's to check afterwards, by `checkRequired`.
 *
 * @throws ScimError 400 with mutability, noTarget, invalidPath, invalidValue or invalidSyntax
 */
export function applyPatch(
  type: ResourceType,
  resource: Resource,
  operations: readonly PatchOperation[],
  tolerance: Tolerance,
): Patched {
  const work: Work = { type, resource: copyJson(resource), members: [], tolerance };
  for (const { op, path, value } of operations) {
    if (path === undefined) applyToResource(work, op, value);
    else onAttribute(targetText(path), () => applyToPath(work, op, path, value));
  }
  work.resource.schemas = schemasOf(type, work.resource);
  return { resource: work.resource, members: work.members };
}

const targetText = (path: PatchPath): string =>
  path.kind === 'extension' ? path.extension.schema.id : pathText(path.path);

/** A value without path holds attributes of the resource; each of its keys is a target of its own. */
function applyToResource(work: Work, op: Op, value: JsonValue | undefined): void {
  if (!isObject(value)) throw invalidValue(`${op} without a "path" needs an object as its "value".`);
  const { attributeByName, extensionByUrn } = work.type;
  const names = new Set<string>();
  for (const key of Object.keys(value)) {
    const part = value[key] as JsonValue;
    const lower = key.toLowerCase();
    const attribute = attributeByName.get(lower);
    const extension = extensionByUrn.get(lower);
    if ((attribute !== undefined || extension !== undefined) && names.has(lower))
      throw invalidSyntax(`The attribute ${attribute?.name ?? key} is given twice.`);
    names.add(lower);
    if (attribute !== undefined)
      applyToNamed(work, op, { extension: undefined, attribute, sub: undefined }, part);
    else if (extension !== undefined) applyToExtension(work, op, extension, part);
    else applyToPathKey(work, op, key, part);
  }
}

function applyToNamed(work: Work, op: Op, path: AttributePath, value: JsonValue): void {
  if (isWritable(path.attribute)) {
    applyToAttribute(work, op, path, value);
    return;
  }
  if (path.attribute.name === 'schemas' || sameJson(attributeValue(work.resource, path), value)) return;
  if (!work.tolerance.accept('read-only-in-patch-value')) throw mutability(`${pathText(path)} is readOnly.`);
}

/** Unknown keys are ignored; a key that is a path is one only for clients that are known to send such. */
function applyToPathKey(work: Work, op: Op, key: string, value: JsonValue): void {
  const name = key.includes('[') ? key.slice(0, key.indexOf('[')) : key;
  if (resolvePath(work.type, name) === undefined) return;
  if (!work.tolerance.accept('path-in-value-key'))
    throw invalidPath('A key of a "value" must be the name of an attribute or the URN of an extension.');
  const path = parsePatchPath(work.type, key, work.tolerance);
  if (isReadOnly(path) && work.tolerance.accept('read-only-in-patch-value')) return;
  applyToPath(work, op, path, value);
}

const isReadOnly = (target: PatchPath): boolean =>
  target.kind !== 'extension' && !(isWritable(target.path.attribute) && isWritable(leafOf(target.path)));

function applyToPath(work: Work, op: Op, path: PatchPath, value: JsonValue | undefined): void {
  if (op === 'remove' && value !== undefined && value !== null && !work.tolerance.accept('remove-with-value'))
    throw invalidSyntax('A remove operation has no "value"; name what to remove in its "path".');
  if (path.kind === 'extension') {
    applyToExtension(work, op, path.extension, value);
    return;
  }
  if (path.path.attribute.name === 'schemas') return;
  if (isReadOnly(path)) throw mutability(`${pathText(path.path)} is readOnly.`);
  if (path.kind === 'attribute') applyToAttribute(work, op, path.path, value);
  else applyToElements(work, op, path, value);
}

function applyToExtension(
  work: Work,
  op: Op,
  extension: SchemaExtension,
  value: JsonValue | undefined,
): void {
  const { attributeByName, attributes, id } = extension.schema;
  if (op === 'remove' || (op === 'replace' && isUnassigned(value))) {
    if (extension.required) throw mutability(`The extension ${id} is required.`);
    // its required attributes are those of resources that have it
    for (const attribute of attributes)
      if (isWritable(attribute)) setAttribute(work.resource, extension, attribute, undefined);
    return;
  }
  if (isUnassigned(value)) return;
  if (!isObject(value)) throw invalidValue(`${id} must be an object.`);
  const names = new Set<string>();
  for (const key of Object.keys(value)) {
    const attribute = attributeByName.get(key.toLowerCase());
    if (attribute === undefined) continue;
    if (names.has(attribute.name)) throw invalidSyntax(`The attribute ${attribute.name} is given twice.`);
    names.add(attribute.name);
    applyToNamed(work, op, { extension, attribute, sub: undefined }, value[key] as JsonValue);
  }
}

function applyToAttribute(work: Work, op: Op, path: AttributePath, value: JsonValue | undefined): void {
  const { attribute, sub } = path;
  if (attribute.relation !== undefined) {
    if (sub !== undefined) throw mutability(`${pathText(path)} is immutable.`);
    work.members.push(...changeMembers(op, attribute, value, work.tolerance));
    return;
  }
  if (op !== 'remove' && value === undefined) throw invalidValue(`${op} needs a "value".`);
  const current = attributeValue(work.resource, path);
  const next = attribute.multiValued
    ? changeMultiValued(work, op, path, asElements(current), value)
    : changeSingleValued(work, op, path, current, value);
  if (isUnassigned(next) && attribute.required) throw mutability(`${pathText(path)} is required.`);
  setAttribute(work.resource, path.extension, attribute, next);
}

const asElements = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);

function applyToElements(
  work: Work,
  op: Op,
  { path, filter }: Extract<PatchPath, { kind: 'element' }>,
  value: JsonValue | undefined,
): void {
  const { attribute, sub } = path;
  if (attribute.relation !== undefined) {
    work.members.push(...changeMatchingMembers(op, attribute, filter, sub, value, work.tolerance));
    return;
  }
  const current = asElements(attributeValue(work.resource, path));
  const next = changeMatching(op, attribute, filter, sub, current, value, work.tolerance);
  if (next.length === 0 && attribute.required) throw mutability(`${pathText(path)} is required.`);
  setAttribute(work.resource, path.extension, attribute, next);
}

function changeMultiValued(
  work: Work,
  op: Op,
  { attribute, sub }: AttributePath,
  current: JsonValue[],
  value: JsonValue | undefined,
): JsonValue[] {
  const { tolerance } = work;
  if (op === 'remove') {
    if (sub !== undefined) return removePart(sub, current, () => true);
    return value === undefined || value === null ? [] : removeListed(attribute, current, value, tolerance);
  }
  const given = value as JsonValue;
  if (sub !== undefined) {
    if (isUnassigned(given)) return op === 'add' ? current : removePart(sub, current, () => true);
    if (current.length > 0) return changePart(attribute, sub, current, given, tolerance);
    const element = emptyObject();
    element[sub.name] = given;
    return readElements(attribute, element, tolerance);
  }
  if (isUnassigned(given)) return op === 'replace' ? [] : current;
  return op === 'replace'
    ? readElements(attribute, given, tolerance)
    : addElements(attribute, current, given, tolerance);
}

function changeSingleValued(
  work: Work,
  op: Op,
  { attribute, sub }: AttributePath,
  current: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  const { tolerance } = work;
  if (sub !== undefined) {
    const part = op === 'remove' ? undefined : decodeAttribute(sub, value as JsonValue, tolerance);
    if (part === undefined && op === 'add') return current;
    return mergeParts(attribute, current, [[sub, part]]);
  }
  if (op === 'remove') return undefined;
  if (isUnassigned(value)) return op === 'replace' ? undefined : current;
  if (attribute.type !== 'complex') return decodeAttribute(attribute, value as JsonValue, tolerance);
  // RFC 7644 section 3.5.2.3: of a complex attribute, the sub-attributes that the value names are replaced
  const object = isObject(value) ? value : decodeAttribute(attribute, value as JsonValue, tolerance);
  const isBlankValue = !isObject(object) || decodeParts(attribute, object, tolerance) === undefined;
  if (isBlankValue && op === 'add') return current;
  if (!isObject(object)) return undefined;
  const parts = [...decodeObject(attribute.subAttributeByName, object, tolerance)];
  const given = parts.filter(([, part]) => part !== undefined);
  if (!isBlankValue || given.length === 0)
    return mergeParts(attribute, current, op === 'add' ? given : parts);
  // the parts named blank go, and all of them with the `value` that they describe
  if (parts.some(([sub]) => sub.name === 'value')) return undefined;
  return mergeParts(
    attribute,
    current,
    parts.map(([sub]) => [sub, undefined]),
  );
}

function mergeParts(
  attribute: Attribute,
  current: JsonValue | undefined,
  parts: readonly [Attribute, JsonValue | undefined][],
): JsonObject | undefined {
  const merged = Object.assign(emptyObject(), isObject(current) ? current : undefined);
  for (const [sub, part] of parts) {
    if (part !== undefined) {
      merged[sub.name] = part;
    } else {
      if (sub.required && merged[sub.name] !== undefined)
        throw mutability(`${attribute.name}.${sub.name} is required.`);
      delete merged[sub.name];
    }
  }
  if (Object.keys(merged).length === 0) return undefined;
  checkParts(attribute, merged);
  return merged;
}
