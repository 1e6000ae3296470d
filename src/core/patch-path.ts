import { invalidPath } from './error.ts';
import type { Filter } from './filter.ts';
import { bindFilter } from './filter-binding.ts';
import { FilterParser } from './filter-parser.ts';
import { type AttributePath, elementScope, resolvePath, shorten } from './path.ts';
import type { ResourceType, SchemaExtension } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import type { Tolerance } from './tolerance.ts';

/** The target of a PATCH operation (RFC 7644 section 3.5.2, PATH). */
export type PatchPath =
  | { readonly kind: 'attribute'; readonly path: AttributePath }
  | {
      readonly kind: 'element';
      readonly path: AttributePath;
      /** Over the sub-attributes of `path.attribute`. */
      readonly filter: Filter<AttributePath>;
    }
  | { readonly kind: 'extension'; readonly extension: SchemaExtension };

/** Longest PATCH path read; longer ones are refused before they are parsed. */
export const MAX_PATH_LENGTH = 16_384;

/**
 * Parses the `path` of a PATCH operation and finds its attribute.
 *
 * @throws ScimError 400 invalidPath for a path that is malformed or names no attribute of the type, 400 invalidFilter
 * for a comparison in it that the attribute does not have
 * @example parsePatchPath(USER_TYPE, 'emails[type eq "work"].value', tolerance)
 */
export function parsePatchPath(type: ResourceType, text: string, tolerance: Tolerance): PatchPath {
  if (text.length > MAX_PATH_LENGTH)
    throw invalidPath(`A path is longer than ${MAX_PATH_LENGTH} characters.`);
  const bracket = text.indexOf('[');
  const name = (bracket < 0 ? text : text.slice(0, bracket)).trim();
  const resolved = resolvePath(type, name);
  if (resolved === undefined)
    throw invalidPath(`The path names no attribute of ${type.name}: ${shorten(name)}`);
  if (bracket < 0) {
    return 'extension' in resolved
      ? { kind: 'extension', extension: resolved.extension }
      : { kind: 'attribute', path: resolved.path };
  }
  if ('extension' in resolved || resolved.path.sub !== undefined || !resolved.path.attribute.multiValued)
    throw invalidPath(`A filter in a path needs a multi-valued attribute: ${shorten(name)}`);
  const { attribute, extension } = resolved.path;
  const { filter, rest } = parseElement(attribute, text.slice(bracket), tolerance);
  if (rest === '') return { kind: 'element', path: { extension, attribute, sub: undefined }, filter };
  const sub = rest.startsWith('.')
    ? attribute.subAttributeByName.get(rest.slice(1).toLowerCase())
    : undefined;
  if (sub === undefined)
    throw invalidPath(`The path names no sub-attribute of ${attribute.name}: ${shorten(rest)}`);
  return { kind: 'element', path: { extension, attribute, sub }, filter };
}

function parseElement(
  attribute: Attribute,
  text: string,
  tolerance: Tolerance,
): { filter: Filter<AttributePath>; rest: string } {
  const parser = new FilterParser(text, tolerance, invalidPath);
  const parsed = parser.bracketed();
  return {
    filter: bindFilter(elementScope(attribute), parsed, tolerance, invalidPath),
    rest: parser.rest().trim(),
  };
}
