import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { resolvePath } from './path.ts';
import type { Resource } from './resource.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/** What a client wants to see: `attributes` and `excludedAttributes` (RFC 7644 section 3.9), bound to the schema. */
export interface Projection {
  /** undefined: the attributes returned by default. */
  readonly wanted: Selection | undefined;
  readonly excluded: Selection;
}

/** Attributes, and for those named only in part the sub-attributes; whole extensions by their URN. */
interface Selection {
  readonly whole: ReadonlySet<Attribute | SchemaExtension>;
  readonly parts: ReadonlyMap<Attribute, ReadonlySet<Attribute>>;
}

/**
 * Reads the lists of attribute names of a request. Names that no schema knows select nothing.
 *
 * @returns undefined when nothing is to be left out: the resource is answered as it is
 */
export function readProjection(
  type: ResourceType,
  attributes: readonly string[] | undefined,
  excludedAttributes: readonly string[] | undefined,
): Projection | undefined {
  const excluded = select(type, excludedAttributes ?? []);
  if (attributes !== undefined) return { wanted: select(type, attributes), excluded };
  const isPartial = excluded.whole.size > 0 || excluded.parts.size > 0 || type.hasRequestOnly;
  return isPartial ? { wanted: undefined, excluded } : undefined;
}

function select(type: ResourceType, names: readonly string[]): Selection {
  const whole = new Set<Attribute | SchemaExtension>();
  const parts = new Map<Attribute, Set<Attribute>>();
  for (const name of names) {
    const resolved = resolvePath(type, name.trim());
    if (resolved === undefined) continue;
    if ('extension' in resolved) {
      whole.add(resolved.extension);
      continue;
    }
    const { attribute, sub } = resolved.path;
    if (sub === undefined) {
      whole.add(attribute);
    } else {
      const subs = parts.get(attribute) ?? new Set();
      parts.set(attribute, subs.add(sub));
    }
  }
  return { whole, parts };
}

/** Whether an answer under this projection shows the attribute at all: what it does not show need not be read. */
export function shows(projection: Projection | undefined, attribute: Attribute): boolean {
  if (projection === undefined) return attribute.returned !== 'never' && attribute.returned !== 'request';
  return isShown(projection, attribute, undefined);
}

/** The sub-attributes of a complex attribute that an answer under this projection shows. */
export function shownParts(projection: Projection | undefined, attribute: Attribute): string[] {
  return attribute.subAttributes
    .filter((sub) => isSubShown(projection, attribute, sub, undefined))
    .map((sub) => sub.name);
}

/** The part of a resource that the client asked for (RFC 7643 section 7, "returned"). */
export function project(
  type: ResourceType,
  resource: Resource,
  projection: Projection | undefined,
): JsonObject {
  const shown = emptyObject();
  for (const key of Object.keys(resource)) {
    const value = resource[key] as JsonValue;
    const attribute = type.attributeByName.get(key.toLowerCase());
    const extension = type.extensionByUrn.get(key.toLowerCase());
    if (attribute !== undefined) {
      addShown(shown, attribute, value, projection, undefined);
    } else if (extension !== undefined && isObject(value)) {
      const container = emptyObject();
      for (const inner of extension.schema.attributes)
        if (value[inner.name] !== undefined)
          addShown(container, inner, value[inner.name] as JsonValue, projection, extension);
      if (Object.keys(container).length > 0) shown[key] = container;
    }
  }
  return shown;
}

function isShown(
  projection: Projection | undefined,
  attribute: Attribute,
  extension: SchemaExtension | undefined,
): boolean {
  if (attribute.returned === 'never') return false;
  if (attribute.returned === 'always') return true;
  const { wanted, excluded } = projection ?? { wanted: undefined, excluded: undefined };
  if (excluded?.whole.has(attribute) || (extension !== undefined && excluded?.whole.has(extension)))
    return false;
  if (wanted === undefined) return attribute.returned === 'default';
  return (
    wanted.whole.has(attribute) ||
    wanted.parts.has(attribute) ||
    (extension !== undefined && wanted.whole.has(extension))
  );
}

function addShown(
  target: JsonObject,
  attribute: Attribute,
  value: JsonValue,
  projection: Projection | undefined,
  extension: SchemaExtension | undefined,
): void {
  if (!isShown(projection, attribute, extension)) return;
  if (attribute.type !== 'complex') {
    target[attribute.name] = value;
    return;
  }
  const shownSubs = attribute.subAttributes.filter((sub) =>
    isSubShown(projection, attribute, sub, extension),
  );
  const pick = (element: JsonValue): JsonValue => {
    if (!isObject(element)) return element;
    const picked = emptyObject();
    for (const sub of shownSubs)
      if (element[sub.name] !== undefined) picked[sub.name] = element[sub.name] as JsonValue;
    return picked;
  };
  const shown = Array.isArray(value) ? value.map(pick) : pick(value);
  const isEmpty = isObject(shown) && Object.keys(shown).length === 0;
  if (!isEmpty) target[attribute.name] = shown;
}

function isSubShown(
  projection: Projection | undefined,
  attribute: Attribute,
  sub: Attribute,
  extension: SchemaExtension | undefined,
): boolean {
  if (sub.returned === 'never') return false;
  if (sub.returned === 'always') return true;
  const { wanted, excluded } = projection ?? { wanted: undefined, excluded: undefined };
  if (excluded?.parts.get(attribute)?.has(sub)) return false;
  if (wanted?.parts.get(attribute)?.has(sub)) return true;
  if (sub.returned === 'request') return false;
  return (
    wanted === undefined ||
    wanted.whole.has(attribute) ||
    (extension !== undefined && wanted.whole.has(extension)) ||
    attribute.returned === 'always'
  );
}
