import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { sameElements } from './patch-elements.ts';
import { isUnassigned, type Resource, setAttribute } from './resource.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import { inSchemaOrder } from './stored.ts';

/**
 * The JSON text of the attributes that have something no answer may show, each as a whole, so that what belongs together
 * stays together.
 *
 * @returns undefined when the resource has none, as nearly all
 */
export function hiddenText(type: ResourceType, resource: Resource): string | undefined {
  if (!type.hasHidden) return undefined;
  const hidden = hiddenOf(type.attributes, resource);
  for (const { schema } of type.extensions) {
    const container = resource[schema.id];
    if (!isObject(container)) continue;
    const inner = hiddenOf(schema.attributes, container);
    if (Object.keys(inner).length > 0) hidden[schema.id] = inner;
  }
  return Object.keys(hidden).length === 0 ? undefined : JSON.stringify(hidden);
}

function hiddenOf(attributes: readonly Attribute[], source: JsonObject): JsonObject {
  const hidden = emptyObject();
  for (const attribute of attributes) {
    const value = source[attribute.name];
    if (value !== undefined && attribute.hasHidden && holdsHidden(attribute, value))
      hidden[attribute.name] = inSchemaOrder(attribute, value);
  }
  return hidden;
}

const holdsHidden = (attribute: Attribute, value: JsonValue): boolean =>
  attribute.isHidden ||
  attribute.subAttributes.some(
    (sub) =>
      sub.isHidden &&
      (Array.isArray(value) ? value : [value]).some(
        (element) => isObject(element) && element[sub.name] !== undefined,
      ),
  );

/** Adds to a resource read from its document what `hiddenText` has kept apart. */
export function addHidden(type: ResourceType, resource: Resource, text: string | undefined): void {
  if (text === undefined) return;
  const hidden = JSON.parse(text) as JsonObject;
  const add = (
    attributes: readonly Attribute[],
    source: JsonObject,
    extension: SchemaExtension | undefined,
  ): void => {
    for (const attribute of attributes)
      if (Object.hasOwn(source, attribute.name))
        setAttribute(resource, extension, attribute, source[attribute.name]);
  };
  add(type.attributes, hidden, undefined);
  for (const extension of type.extensions) {
    const inner = hidden[extension.schema.id];
    if (isObject(inner)) add(extension.schema.attributes, inner, extension);
  }
}

/**
 * Keeps what a client that replaces a resource cannot have seen and does not give anew. An extension that it could see
 * and leaves out goes as a whole.
 */
export function keepHidden(type: ResourceType, before: Resource, after: Resource): void {
  if (!type.hasHidden) return;
  for (const attribute of type.attributes)
    keepValue(attribute, before[attribute.name], after[attribute.name], (value) =>
      setAttribute(after, undefined, attribute, value),
    );
  for (const extension of type.extensions) {
    const old = before[extension.schema.id];
    const now = after[extension.schema.id];
    if (!isObject(old)) continue;
    const { attributes } = extension.schema;
    if (now === undefined && attributes.some(({ name, isHidden }) => !isHidden && old[name] !== undefined))
      continue;
    for (const attribute of attributes)
      keepValue(attribute, old[attribute.name], isObject(now) ? now[attribute.name] : undefined, (value) =>
        setAttribute(after, extension, attribute, value),
      );
  }
}

function keepValue(
  attribute: Attribute,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  set: (value: JsonValue) => void,
): void {
  if (before === undefined) return;
  if (attribute.isHidden) {
    if (isUnassigned(after)) set(before);
    return;
  }
  if (!attribute.hasHidden || after === undefined) return;
  const pairs = attribute.multiValued ? sameElements(attribute, before, after) : [[before, after] as const];
  for (const [old, now] of pairs)
    for (const { name, isHidden } of attribute.subAttributes)
      if (isHidden && isObject(old) && isObject(now) && old[name] !== undefined) now[name] ??= old[name];
}
