import { comparisonKey } from './compare.ts';
import { isBlank } from './decode.ts';
import { invalidValue } from './error.ts';
import { isObject, type JsonValue } from './json.ts';
import { leafOf, pathText } from './path.ts';
import { attributeValue, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';

/** A value that no other resource of the type may have (RFC 7643 section 7, "uniqueness"). */
export interface UniqueValue {
  /** The attribute as index rows call it. */
  readonly path: string;
  /** The attribute as people write it. */
  readonly name: string;
  /** The comparison key of the value. */
  readonly key: string;
}

/** Longest key of a unique value; it is kept as a whole. */
const MAX_UNIQUE_KEY = 512;

/**
 * The values of a resource that must be its own, each once; blank ones are no values.
 *
 * @throws ScimError 400 invalidValue for one of more than 512 characters
 */
export function uniqueValues(type: ResourceType, resource: Resource): UniqueValue[] {
  return type.uniquePaths.flatMap((path) => {
    const leaf = leafOf(path);
    const values = asArray(attributeValue(resource, path)).flatMap((value) =>
      path.sub === undefined ? [value] : isObject(value) ? asArray(value[path.sub.name]) : [],
    );
    const keys = new Set(
      values.filter((value) => !isBlank(value)).flatMap((value) => comparisonKey(leaf, value) ?? []),
    );
    return [...keys].map((key) => {
      if (key.length > MAX_UNIQUE_KEY)
        throw invalidValue(`${pathText(path)} is longer than ${MAX_UNIQUE_KEY} characters.`);
      return { path: leaf.indexPath, name: pathText(path), key };
    });
  });
}

const asArray = (value: JsonValue | undefined): JsonValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
