import { ScimError } from './error.ts';
import { sameJson } from './json.ts';
import { containerOf, type Resource, setAttribute } from './resource.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';

// What users may change of themselves: what is about their person. Who they are to the organisation and what they may do is for
// others to say; those attributes and all extensions are as good as readOnly to them.

/** Keeps what a user who replaces their own resource leaves out and could not have changed. */
export function keepAdministered(type: ResourceType, before: Resource, after: Resource): void {
  eachAdministered(type, (attribute, extension) => {
    const known = containerOf(before, extension)?.[attribute.name];
    if (known !== undefined && containerOf(after, extension)?.[attribute.name] === undefined)
      setAttribute(after, extension, attribute, known);
  });
}

/**
 * Checks what users change of themselves.
 *
 * @throws ScimError 403
 */
export function checkOwnChange(type: ResourceType, before: Resource, after: Resource): void {
  eachAdministered(type, (attribute, extension) => {
    const [old, now] = [before, after].map((resource) => containerOf(resource, extension)?.[attribute.name]);
    if (!sameJson(old, now))
      throw new ScimError(403, `Users may not change ${attribute.name} of themselves.`);
  });
}

function eachAdministered(
  type: ResourceType,
  visit: (attribute: Attribute, extension: SchemaExtension | undefined) => void,
): void {
  for (const attribute of type.attributes) if (attribute.administered) visit(attribute, undefined);
  for (const extension of type.extensions)
    for (const attribute of extension.schema.attributes) visit(attribute, extension);
}
