import { type AttributePath, leafOf } from '../../core/path.ts';
import type { Sort } from '../../core/sort.ts';
import { allElements, labelColumn } from './element-sql.ts';
import { type FilterScope, valueScope } from './filter-scope.ts';
import { eachWith, type Fragment, raw, sql } from './fragment.ts';
import { columnOf } from './index-columns.ts';

/** Resources in an order that one walk along an index gives: by key and id, or by id where there is no key. */
export interface Stream {
  /** `FROM … WHERE …`, to which conditions can be added. */
  readonly from: Fragment;
  readonly id: Fragment;
  /** undefined: all have the same. */
  readonly key: Fragment | undefined;
}

/** Element 0 of a multi-valued attribute is the one that it is sorted by; see `indexValues` in the core. */
const SORTED_ELEMENT = 0;

/**
 * The two halves of a sorted list: the resources that have a value, and those that have none.
 *
 * @param where the condition on `resource r` that a resource must satisfy, tenant and type included
 * @returns without the second half when every resource has a value
 */
export function sortedStreams(
  scope: FilterScope,
  { path }: Sort,
  where: Fragment,
): { readonly present: Stream; readonly absent: Stream | undefined } {
  const column = columnOf(leafOf(path).indexPath);
  const { present, absent } =
    column === undefined ? streamsByValue(scope, path, where) : streamsByColumn(column, where);
  return { present, absent: isOnEveryResource(path) ? undefined : absent };
}

/** All resources that satisfy a condition, in the order of their ids. */
export const streamById = (where: Fragment): Stream => ({
  from: sql`FROM resource r WHERE ${where}`,
  id: raw('r.id'),
  key: undefined,
});

const isOnEveryResource = ({ attribute, extension, sub }: AttributePath): boolean =>
  extension === undefined &&
  (attribute.name === 'id' || attribute.name === 'meta' || (attribute.required && sub === undefined));

function streamsByColumn(column: string, where: Fragment): { present: Stream; absent: Stream } {
  const key = raw(`r.${column}`);
  return {
    present: { ...streamById(sql`${where} AND ${key} IS NOT NULL`), key },
    absent: streamById(sql`${where} AND ${key} IS NULL`),
  };
}

function streamsByValue(
  scope: FilterScope,
  path: AttributePath,
  where: Fragment,
): { present: Stream; absent: Stream } {
  const rows = sortedRows(scope, path);
  return {
    present: {
      // the values are walked in their order
      from: sql`FROM (${rows}) s ${eachWith(scope.dialect, 'resource', 'r', sql`${where} AND r.id = s.resource_id`)}`,
      id: raw('s.resource_id'),
      key: raw('s.value'),
    },
    absent: streamById(sql`${where} AND r.id NOT IN (SELECT s.resource_id FROM (${rows}) s)`),
  };
}

/** One row for each resource that has the value: its id and the value, which stands in the order of the index. */
function sortedRows(scope: FilterScope, path: AttributePath): Fragment {
  const leaf = leafOf(path);
  if (!leaf.isLabel)
    return sql`SELECT v.resource_id, v.value FROM attribute_value v
      WHERE ${valueScope(scope, 'v', leaf.indexPath)} AND v.element = ${SORTED_ELEMENT}`;
  const label = raw(labelColumn(leaf, 'v'));
  return sql`SELECT DISTINCT v.resource_id, ${label} AS value FROM attribute_value v
    WHERE ${allElements(scope, path.attribute, 'v')} AND v.element = ${SORTED_ELEMENT} AND ${label} IS NOT NULL`;
}
