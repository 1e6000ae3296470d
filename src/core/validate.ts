import { isBlank, isPrimary } from './decode.ts';
import { invalidValue, mutability, onAttribute } from './error.ts';
import { isObject, type JsonValue, sameJson } from './json.ts';
import { sameElements } from './patch-elements.ts';
import { containerOf, eachAttribute, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/**
 * Checks that every required attribute of the type has a value (RFC 7643 section 2.2); required parts of complex
 * values are checked as they are read.
 *
 * @throws ScimError 400 invalidValue
 */
export function checkRequired(type: ResourceType, resource: Resource): void {
  for (const attribute of type.attributes)
    onAttribute(attribute.name, () => requireValue(attribute, resource[attribute.name]));
  for (const extension of type.extensions) {
    const container = containerOf(resource, extension);
    if (container === undefined) {
      if (extension.required) throw invalidValue(`The extension ${extension.schema.id} is required.`);
      continue;
    }
    for (const attribute of extension.schema.attributes)
      onAttribute(`${extension.schema.id}:${attribute.name}`, () =>
        requireValue(attribute, container[attribute.name]),
      );
  }
  if (type.hasHidden) checkHiddenParts(type, resource);
}

/** Hidden parts that a PUT leaves out stay, so that only the whole resource shows whether one is missing. */
function checkHiddenParts(type: ResourceType, resource: Resource): void {
  eachAttribute(type, resource, (attribute, value) => {
    const required = attribute.subAttributes.filter((sub) => sub.isHidden && sub.required);
    for (const element of Array.isArray(value) ? value : [value])
      for (const sub of required)
        if (isObject(element) && isBlank(element[sub.name]))
          throw invalidValue(`${attribute.name}.${sub.name} is required.`);
  });
}

function requireValue(attribute: Attribute, value: JsonValue | undefined): void {
  if (attribute.required && attribute.mutability !== 'readOnly' && isBlank(value))
    throw invalidValue(`${attribute.name} is required and must not be blank.`);
}

/**
 * Checks that no immutable attribute changed its value (RFC 7643 section 7).
 *
 * @throws ScimError 400 mutability
 */
export function checkImmutable(type: ResourceType, before: Resource, after: Resource): void {
  eachAttribute(type, before, (attribute, value, extension) => {
    const now = containerOf(after, extension)?.[attribute.name];
    if (attribute.mutability === 'immutable' && !sameJson(value, now))
      throw mutability(`${attribute.name} is immutable and has a value.`);
    const parts = attribute.subAttributes.filter((sub) => sub.mutability === 'immutable');
    if (parts.length === 0 || attribute.relation !== undefined) return;
    for (const [element, changed] of attribute.multiValued
      ? sameElements(attribute, value, now)
      : [[value, now] as const])
      for (const sub of parts)
        if (isObject(element) && element[sub.name] !== undefined)
          if (!isObject(changed) || !sameJson(element[sub.name], changed[sub.name]))
            throw mutability(`${attribute.name}.${sub.name} is immutable and has a value.`);
  });
}

/**
 * Checks that a user has an e-mail address marked as primary, which integrations may ask for on creation.
 *
 * @throws ScimError 400 invalidValue
 */
export function checkPrimaryEmail(resource: Resource): void {
  const emails = resource.emails;
  if (
    !Array.isArray(emails) ||
    !emails.some((email) => isPrimary(email) && isObject(email) && !isBlank(email.value))
  )
    throw invalidValue('emails must hold an address with "primary": true.');
}
