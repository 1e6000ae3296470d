import { compareKeys, comparisonKey } from './compare.ts';
import { invalidPath, invalidValue } from './error.ts';
import { isObject, type JsonValue } from './json.ts';
import { type AttributePath, leafOf, pathText, resolvePath, shorten } from './path.ts';
import { attributeValue, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';

/** The order in which a client wants to see resources (RFC 7644 section 3.4.2.3). */
export interface Sort {
  readonly path: AttributePath;
  readonly descending: boolean;
}

/** Attributes that are made for each answer or the same on all resources of a type: they give no order. */
const WITHOUT_ORDER = new Set(['schemas', 'meta.resourceType', 'meta.location', 'meta.version']);

/**
 * Reads `sortBy` and `sortOrder`.
 *
 * @returns undefined when there is no `sortBy`
 * @throws ScimError 400 invalidPath for an attribute that resources cannot be sorted by, 400 invalidValue for another order
 */
export function readSort(
  type: ResourceType,
  sortBy: string | undefined,
  sortOrder: string | undefined,
): Sort | undefined {
  const order = sortOrder?.toLowerCase() ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending')
    throw invalidValue('sortOrder must be ascending or descending.');
  if (sortBy === undefined) return undefined;
  const resolved = resolvePath(type, sortBy.trim());
  if (resolved === undefined || 'extension' in resolved)
    throw invalidPath(`sortBy names no attribute of ${type.name}: ${shorten(sortBy)}`);
  const path = withValue(resolved.path);
  const leaf = leafOf(path);
  const hasSeveral = path.sub?.multiValued === true;
  const isUnfit = leaf.type === 'complex' || hasSeveral || path.attribute.relation !== undefined;
  if (isUnfit || path.attribute.returned === 'never' || leaf.returned === 'never')
    throw invalidPath(`Resources cannot be sorted by ${pathText(path)}.`);
  if (WITHOUT_ORDER.has(leaf.indexPath))
    throw invalidPath(`Resources cannot be sorted by ${pathText(path)}.`);
  return { path, descending: order === 'descending' };
}

/**
 * Reads `sortBy` and `sortOrder` for several resource types.
 *
 * @returns for each type its order; undefined for one that does not have the attribute, and for all without `sortBy`
 * @throws ScimError as `readSort`, for an attribute that none of the types has
 */
export function readSortAcross(
  types: readonly ResourceType[],
  sortBy: string | undefined,
  sortOrder: string | undefined,
): (Sort | undefined)[] {
  const knows = types.map((type) => sortBy !== undefined && resolvePath(type, sortBy.trim()) !== undefined);
  const isKnown = knows.includes(true);
  return types.map((type, index) =>
    isKnown && !knows[index] ? undefined : readSort(type, sortBy, sortOrder),
  );
}

/** `emails` means `emails.value`, as in a filter (RFC 7643 section 2.4). */
function withValue(path: AttributePath): AttributePath {
  const value = path.sub === undefined ? path.attribute.subAttributeByName.get('value') : undefined;
  return value === undefined ? path : { ...path, sub: value };
}

/** The element of a multi-valued attribute that stands for it: the primary one, or else the first. */
export function representative(elements: readonly JsonValue[]): number {
  const primary = elements.findIndex((element) => isObject(element) && element.primary === true);
  return Math.max(primary, 0);
}

/** What a resource is sorted by; undefined when it has no such value. */
function sortKey({ path }: Sort, resource: Resource): string | undefined {
  const value = attributeValue(resource, path);
  const element = Array.isArray(value) ? value[representative(value)] : value;
  const part = path.sub === undefined || !isObject(element) ? element : element[path.sub.name];
  const one = Array.isArray(part) ? part[0] : part;
  return one === undefined ? undefined : comparisonKey(leafOf(path), one);
}

/**
 * The reference order: resources without a value come last when ascending and first when descending; those with the same
 * value are in the order of their ids, so that pages follow each other.
 */
export function compareBySort(sort: Sort, a: Resource, b: Resource): number {
  const [x, y] = [sortKey(sort, a), sortKey(sort, b)];
  const order = compareOptional(x, y) || compareKeys(String(a.id), String(b.id));
  return sort.descending ? -order : order;
}

function compareOptional(x: string | undefined, y: string | undefined): number {
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  return compareKeys(x, y);
}
