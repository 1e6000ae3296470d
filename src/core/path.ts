import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/** Where an attribute stands: at the top or inside an extension, with or without a sub-attribute. */
export interface AttributePath {
  readonly extension: SchemaExtension | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
}

/** The attribute that a path ends at. */
export const leafOf = (path: AttributePath): Attribute => path.sub ?? path.attribute;

/** The path as a person would write it, for messages. */
export function pathText(path: AttributePath): string {
  const name = path.sub === undefined ? path.attribute.name : `${path.attribute.name}.${path.sub.name}`;
  return path.extension === undefined ? name : `${path.extension.schema.id}:${name}`;
}

/** What a written attribute path names; undefined when the schema knows no such attribute. */
export type Resolved = { path: AttributePath } | { extension: SchemaExtension };

/**
 * Finds the attribute that `text` names: `name`, `name.sub`, `urn:name.sub`, or an extension's URN alone. Names and
 * URNs compare without case; the URN is recognised by the schemas of the type, since URNs hold dots and colons themselves.
 */
export function resolvePath(type: ResourceType, text: string): Resolved | undefined {
  const lower = text.toLowerCase();
  for (const urn of type.schemaUrns) {
    if (!lower.startsWith(urn)) continue;
    const extension = type.extensionByUrn.get(urn);
    if (lower.length === urn.length) return extension === undefined ? undefined : { extension };
    if (lower[urn.length] !== ':') continue;
    const rest = lower.slice(urn.length + 1);
    return resolveName(extension?.schema.attributeByName ?? type.attributeByName, extension, rest);
  }
  return resolveName(type.attributeByName, undefined, lower);
}

function resolveName(
  attributes: ReadonlyMap<string, Attribute>,
  extension: SchemaExtension | undefined,
  lowerName: string,
): Resolved | undefined {
  const dot = lowerName.indexOf('.');
  const attribute = attributes.get(dot < 0 ? lowerName : lowerName.slice(0, dot));
  if (attribute === undefined) return undefined;
  if (dot < 0) return { path: { extension, attribute, sub: undefined } };
  const sub = attribute.subAttributeByName.get(lowerName.slice(dot + 1));
  return sub === undefined ? undefined : { path: { extension, attribute, sub } };
}

/** How names inside `[ ]` are found: they are sub-attributes of the attribute before the bracket. */
export function elementScope(attribute: Attribute): (name: string) => AttributePath | undefined {
  return (name) => {
    const sub = attribute.subAttributeByName.get(name.toLowerCase());
    if (sub !== undefined) return { extension: undefined, attribute: sub, sub: undefined };
    // a multi-valued attribute without sub-attributes calls its values `value` (RFC 7643 section 2.4)
    if (attribute.type !== 'complex' && name.toLowerCase() === 'value')
      return { extension: undefined, attribute: { ...attribute, multiValued: false }, sub: undefined };
    return undefined;
  };
}

/** A client's text in a message: enough to recognise, never all of it. */
export const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
