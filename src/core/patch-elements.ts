import { comparisonKey } from './compare.ts';
import {
  checkParts,
  decodeAttribute,
  decodeParts,
  decodeValue,
  isBlank,
  isPrimary,
  MAX_ELEMENTS,
} from './decode.ts';
import { invalidValue, mutability, noTarget } from './error.ts';
import type { Filter } from './filter.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue, sameJson } from './json.ts';
import { matchesElement } from './match.ts';
import type { AttributePath } from './path.ts';
import { isUnassigned } from './resource.ts';
import type { Attribute } from './schema.ts';
import type { Tolerance } from './tolerance.ts';

/** The elements of a multi-valued attribute after an operation, and which of them it wrote. */
interface Changed {
  elements: JsonValue[];
  written: ReadonlySet<JsonValue>;
}

/** `add` on a whole multi-valued attribute: values that are there already change nothing (RFC 7644 section 3.5.2.1). */
export function addElements(
  attribute: Attribute,
  current: readonly JsonValue[],
  value: JsonValue,
  tolerance: Tolerance,
): JsonValue[] {
  const elements = [...current];
  const written = new Set<JsonValue>();
  const indexOf = new Map(elements.map((element, index) => [elementIdentity(attribute, element), index]));
  for (const added of readElements(attribute, value, tolerance)) {
    const identity = elementIdentity(attribute, added);
    const index = indexOf.get(identity);
    if (index === undefined) {
      indexOf.set(identity, elements.push(added) - 1);
      written.add(added);
    } else if (isObject(added) && isObject(elements[index])) {
      const merged = Object.assign(emptyObject(), elements[index], added);
      if (sameJson(merged, elements[index])) continue;
      elements[index] = merged;
      written.add(merged);
    }
  }
  return settle(attribute, { elements, written });
}

/** `replace` on a whole multi-valued attribute; one value may stand for a list of one. */
export function readElements(attribute: Attribute, value: JsonValue, tolerance: Tolerance): JsonValue[] {
  const list = Array.isArray(value) ? value : [value];
  return (decodeAttribute(attribute, list, tolerance) ?? []) as JsonValue[];
}

/** `remove` with a value list: the elements that have all parts of a listed value go. */
export function removeListed(
  attribute: Attribute,
  current: readonly JsonValue[],
  value: JsonValue,
  tolerance: Tolerance,
): JsonValue[] {
  // listed values that name the same parts are looked up together
  const listed = Map.groupBy(readElements(attribute, value, tolerance), (pattern) =>
    isObject(pattern) ? Object.keys(pattern).sort().join() : '',
  );
  const groups = [...listed.values()].map((patterns) => {
    const [first] = patterns;
    const parts = attribute.subAttributes.filter(({ name }) => isObject(first) && first[name] !== undefined);
    return { parts, keys: new Set(patterns.map((pattern) => keyOfParts(attribute, pattern, parts))) };
  });
  return current.filter(
    (element) => !groups.some(({ parts, keys }) => keys.has(keyOfParts(attribute, element, parts))),
  );
}

/** An operation on the elements that a value path selects. */
export function changeMatching(
  op: 'add' | 'replace' | 'remove',
  attribute: Attribute,
  filter: Filter<AttributePath>,
  sub: Attribute | undefined,
  current: readonly JsonValue[],
  value: JsonValue | undefined,
  tolerance: Tolerance,
): JsonValue[] {
  const isSelected = current.map((element) => matchesElement(filter, element));
  const isMatch =
    sub === undefined && isSelected.indexOf(true) !== isSelected.lastIndexOf(true)
      ? narrow(op, attribute, current, isSelected, value, tolerance)
      : isSelected;
  const written = new Set<JsonValue>();
  if (op === 'remove') return removeMatching(sub, current, isMatch);
  if (value === undefined) throw invalidValue(`${op} needs a "value".`);
  if (!isMatch.includes(true)) {
    if (isUnassigned(value) && tolerance.accept('create-missing-element')) return [...current];
    const created = isSelected.includes(true)
      ? readElement(attribute, value, tolerance)
      : createElement(attribute, filter, sub, value, tolerance);
    if (created === undefined) return [...current];
    return settle(attribute, { elements: [...current, created], written: new Set([created]) });
  }
  if (isUnassigned(value)) return op === 'add' ? [...current] : removeMatching(sub, current, isMatch);
  const elements = current.flatMap((element, index) => {
    if (!isMatch[index]) return [element];
    const changed = changeElement(op, attribute, sub, element, value, tolerance);
    if (changed === undefined) return [];
    written.add(changed);
    return [changed];
  });
  return settle(attribute, { elements, written });
}

/**
 * Of several elements that a path selects, those that the value names as well: for `remove` what is listed, and for `add`
 * of a value that all of them have the one of the same type (RFC 7643 section 2.4: value and type make one element).
 */
function narrow(
  op: 'add' | 'replace' | 'remove',
  attribute: Attribute,
  current: readonly JsonValue[],
  isSelected: readonly boolean[],
  value: JsonValue | undefined,
  tolerance: Tolerance,
): readonly boolean[] {
  const isDescription =
    isObject(value) || (Array.isArray(value) && value.length > 0 && value.every(isObject));
  if (!isDescription || op === 'replace') return isSelected;
  if (op === 'remove') {
    const left = new Set(removeListed(attribute, current, value, tolerance));
    return current.map((element, index) => isSelected[index] === true && !left.has(element));
  }
  const added = readElement(attribute, value, tolerance);
  if (added === undefined || partKey(attribute, added, 'type') === undefined) return isSelected;
  const key = partKey(attribute, added, 'value');
  const hasKey = (element: JsonValue, index: number): boolean =>
    !isSelected[index] || partKey(attribute, element, 'value') === key;
  if (key === undefined || !current.every(hasKey)) return isSelected;
  const identity = elementIdentity(attribute, added);
  return current.map(
    (element, index) => isSelected[index] === true && elementIdentity(attribute, element) === identity,
  );
}

function removeMatching(
  sub: Attribute | undefined,
  current: readonly JsonValue[],
  isMatch: readonly boolean[],
): JsonValue[] {
  if (sub === undefined) return current.filter((_, index) => !isMatch[index]);
  return removePart(sub, current, (_, index) => isMatch[index] === true);
}

/** Sets one sub-attribute in every element (`emails.type` as a path). */
export function changePart(
  attribute: Attribute,
  sub: Attribute,
  current: readonly JsonValue[],
  value: JsonValue,
  tolerance: Tolerance,
): JsonValue[] {
  const elements = current.map((element) => withPart(element, sub, decodeAttribute(sub, value, tolerance)));
  return settle(attribute, { elements, written: new Set(elements) });
}

/** Removes one sub-attribute from the elements chosen; an element that loses its last part goes too. */
export function removePart(
  sub: Attribute,
  current: readonly JsonValue[],
  isChosen: (element: JsonValue, index: number) => boolean,
): JsonValue[] {
  return current
    .map((element, index) => {
      if (!isChosen(element, index)) return element;
      if (sub.required) throw mutability(`${sub.name} is required and cannot be removed.`);
      return withPart(element, sub, undefined);
    })
    .filter((element) => !isObject(element) || Object.keys(element).length > 0);
}

function changeElement(
  op: 'add' | 'replace',
  attribute: Attribute,
  sub: Attribute | undefined,
  element: JsonValue,
  value: JsonValue,
  tolerance: Tolerance,
): JsonValue | undefined {
  if (sub !== undefined) return withPart(element, sub, decodeAttribute(sub, value, tolerance));
  const decoded = readElement(attribute, value, tolerance);
  if (op === 'add' && decoded === undefined) return element;
  if (op === 'replace' || !isObject(decoded) || !isObject(element)) return decoded;
  return Object.assign(emptyObject(), element, decoded);
}

function readElement(attribute: Attribute, value: JsonValue, tolerance: Tolerance): JsonValue | undefined {
  if (isUnassigned(value)) return undefined;
  if (Array.isArray(value)) {
    if (value.length > 1 || !tolerance.accept('single-element-array'))
      throw invalidValue(`A value path of ${attribute.name} takes one value.`);
    return readElement(attribute, value[0] as JsonValue, tolerance);
  }
  return attribute.type === 'complex'
    ? decodeParts(attribute, value, tolerance)
    : decodeValue(attribute, value, tolerance);
}

function withPart(element: JsonValue, sub: Attribute, part: JsonValue | undefined): JsonValue {
  if (!isObject(element)) return element;
  const current = element[sub.name];
  if (sub.mutability === 'immutable' && current !== undefined && !sameJson(current, part))
    throw mutability(`${sub.name} is immutable and has a value.`);
  const changed: JsonObject = Object.assign(emptyObject(), element);
  if (part === undefined) delete changed[sub.name];
  else changed[sub.name] = part;
  return changed;
}

/**
 * The element that a value path without a match describes: `emails[type eq "work"].value` makes `{type, value}`.
 *
 * @returns undefined when its parts are all blank
 * @throws ScimError 400 noTarget (RFC 7644 section 3.5.2.3) where that is not accepted or the filter describes nothing
 */
function createElement(
  attribute: Attribute,
  filter: Filter<AttributePath>,
  sub: Attribute | undefined,
  value: JsonValue,
  tolerance: Tolerance,
): JsonValue | undefined {
  const template = attribute.type === 'complex' ? describedElement(filter) : undefined;
  if (template === undefined || !tolerance.accept('create-missing-element'))
    throw noTarget(`No value of ${attribute.name} matches the path.`);
  if (sub !== undefined) {
    template[sub.name] = value;
  } else {
    Object.assign(template, readElement(attribute, value, tolerance));
  }
  // values that come from the filter are checked as those that come from the client
  return decodeValue(attribute, template, tolerance);
}

function describedElement(filter: Filter<AttributePath>): JsonObject | undefined {
  if (filter.kind === 'compare' && filter.operator === 'eq') {
    const element = emptyObject();
    element[filter.path.attribute.name] = filter.value;
    return element;
  }
  // `primary eq false` is read as one of these
  if (filter.kind === 'not' && filter.filter.kind === 'compare' && filter.filter.value === true)
    return describedElement({ ...filter.filter, value: false });
  if (filter.kind !== 'and') return undefined;
  const parts = filter.filters.map(describedElement);
  return parts.every((part) => part !== undefined) ? Object.assign(emptyObject(), ...parts) : undefined;
}

/** What holds after every operation: not too many values, required parts, one primary (RFC 7644 section 3.5.2). */
function settle(attribute: Attribute, { elements, written }: Changed): JsonValue[] {
  if (elements.length > MAX_ELEMENTS)
    throw invalidValue(`${attribute.name} has more than ${MAX_ELEMENTS} values.`);
  for (const element of written) if (isObject(element)) checkParts(attribute, element);
  const primaries = elements.filter(isPrimary);
  if (primaries.length <= 1) return elements;
  const writtenPrimaries = primaries.filter((element) => written.has(element));
  if (writtenPrimaries.length !== 1) throw invalidValue(`${attribute.name} has more than one primary value.`);
  return elements.map((element) =>
    isPrimary(element) && !written.has(element)
      ? Object.assign(emptyObject(), element, { primary: false })
      : element,
  );
}

const partKey = (attribute: Attribute, element: JsonValue, name: string): string | undefined => {
  const sub = attribute.subAttributeByName.get(name);
  if (sub === undefined || !isObject(element) || isBlank(element[sub.name])) return undefined;
  return comparisonKey(sub, element[sub.name] as JsonValue);
};

/**
 * What is the same for elements that are one: value and type (RFC 7643 section 2.4), for an element without a value all of
 * its parts.
 */
function elementIdentity(attribute: Attribute, element: JsonValue, parts = attribute.subAttributes): string {
  const value = partKey(attribute, element, 'value');
  return value === undefined
    ? keyOfParts(attribute, element, parts)
    : JSON.stringify([value, partKey(attribute, element, 'type') ?? null]);
}

/** The elements that an attribute had and has still, each with what it is now, as far as clients can see them. */
export function sameElements(
  attribute: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): [before: JsonValue, after: JsonValue][] {
  if (!Array.isArray(before) || !Array.isArray(after)) return [];
  const shown = attribute.subAttributes.filter((sub) => !sub.isHidden);
  const known = new Map(before.map((element) => [elementIdentity(attribute, element, shown), element]));
  return after.flatMap((element): [JsonValue, JsonValue][] => {
    const old = known.get(elementIdentity(attribute, element, shown));
    return old === undefined ? [] : [[old, element]];
  });
}

/** The comparison keys of some parts of an element, or of a value that has no parts, as one text. */
function keyOfParts(attribute: Attribute, element: JsonValue, parts: readonly Attribute[]): string {
  if (!isObject(element)) return JSON.stringify(comparisonKey(attribute, element));
  return JSON.stringify(
    parts.map((sub) => {
      const part = element[sub.name];
      return part === undefined ? [] : [comparisonKey(sub, part) ?? part];
    }),
  );
}
