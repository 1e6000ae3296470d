import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import type { AttributePath } from './path.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/**
 * A SCIM resource in its one version-neutral shape: the 2.0 JSON under canonical names, on objects without prototype,
 * values checked by type. What a client sent is only ever read into it through the schema.
 */
export type Resource = JsonObject;

/** Whether a value counts as none: null, the empty array and absence are one (RFC 7643 section 2.5). */
export const isUnassigned = (value: JsonValue | undefined): value is null | undefined | [] =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** The object that holds an attribute: the resource itself, or its extension's object where it has one. */
export function containerOf(
  resource: Resource,
  extension: SchemaExtension | undefined,
): JsonObject | undefined {
  if (extension === undefined) return resource;
  const container = resource[extension.schema.id];
  return isObject(container) ? container : undefined;
}

/** The value of the attribute that a path starts with, sub-attribute not considered. */
export function attributeValue(resource: Resource, path: AttributePath): JsonValue | undefined {
  return containerOf(resource, path.extension)?.[path.attribute.name];
}

/** Sets or, with an unassigned value, removes an attribute; an extension's object comes and goes with its content. */
export function setAttribute(
  resource: Resource,
  extension: SchemaExtension | undefined,
  attribute: Attribute,
  value: JsonValue | undefined,
): void {
  const container = containerOf(resource, extension);
  if (isUnassigned(value)) {
    if (container === undefined) return;
    delete container[attribute.name];
    if (extension !== undefined && Object.keys(container).length === 0) delete resource[extension.schema.id];
    return;
  }
  if (container !== undefined) {
    container[attribute.name] = value;
  } else if (extension !== undefined) {
    const created = emptyObject();
    created[attribute.name] = value;
    resource[extension.schema.id] = created;
  }
}

/** Calls `visit` for every attribute of the type that the resource has a value for, extensions included. */
export function eachAttribute(
  type: ResourceType,
  resource: Resource,
  visit: (attribute: Attribute, value: JsonValue, extension: SchemaExtension | undefined) => void,
): void {
  for (const attribute of type.attributes) {
    const value = resource[attribute.name];
    if (value !== undefined) visit(attribute, value, undefined);
  }
  for (const extension of type.extensions) {
    const container = containerOf(resource, extension);
    if (container === undefined) continue;
    for (const attribute of extension.schema.attributes) {
      const value = container[attribute.name];
      if (value !== undefined) visit(attribute, value, extension);
    }
  }
}

/** The `schemas` of a resource: its core schema, then each extension it has values of (RFC 7643 section 3). */
export function schemasOf(type: ResourceType, resource: Resource): string[] {
  return [
    type.schema.id,
    ...type.extensions
      .filter(({ schema }) => resource[schema.id] !== undefined)
      .map(({ schema }) => schema.id),
  ];
}
