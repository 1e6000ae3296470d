import { type AttributePath, leafOf } from '../../core/path.ts';
import type { Sort } from '../../core/sort.ts';
import { allElements, labelColumn } from './element-sql.ts';
import { type FilterScope, valueScope } from './filter-scope.ts';
import { type Fragment, raw, sql } from './fragment.ts';
import { columnOf } from './index-columns.ts';

/**
 * A part of a sorted list: the resources that have a value, in its order, or those that have none. Each is one walk
 * along an index; a page is taken from the first part and, where that ends, from the second.
 */
export interface SortedPart {
  /** A query for ids, complete but for LIMIT and OFFSET. */
  readonly ids: Fragment;
  readonly count: Fragment;
}

/** Element 0 of a multi-valued attribute is the one that it is sorted by; see `indexValues` in the core. */
const SORTED_ELEMENT = 0;

/** @param where the condition on `resource r` that a resource must satisfy, tenant and type included */
export function sortedParts(scope: FilterScope, { path, descending }: Sort, where: Fragment): SortedPart[] {
  const direction = raw(descending ? 'DESC' : 'ASC');
  const column = columnOf(leafOf(path).indexPath);
  const [present, absent] =
    column === undefined
      ? partsByValue(scope, path, where, direction)
      : partsByColumn(column, where, direction);
  if (isOnEveryResource(path)) return [present];
  return descending ? [absent, present] : [present, absent];
}

const isOnEveryResource = ({ attribute, extension, sub }: AttributePath): boolean =>
  extension === undefined &&
  (attribute.name === 'id' || attribute.name === 'meta' || (attribute.required && sub === undefined));

function partsByColumn(column: string, where: Fragment, direction: Fragment): [SortedPart, SortedPart] {
  const name = raw(`r.${column}`);
  const part = (condition: Fragment, order: Fragment): SortedPart => ({
    ids: sql`SELECT r.id FROM resource r WHERE ${where} AND ${condition} ORDER BY ${order}`,
    count: sql`SELECT count(*) AS total FROM resource r WHERE ${where} AND ${condition}`,
  });
  return [
    part(sql`${name} IS NOT NULL`, sql`${name} ${direction}, r.id ${direction}`),
    part(sql`${name} IS NULL`, sql`r.id ${direction}`),
  ];
}

function partsByValue(
  scope: FilterScope,
  path: AttributePath,
  where: Fragment,
  direction: Fragment,
): [SortedPart, SortedPart] {
  const rows = sortedRows(scope, path);
  // CROSS JOIN, because SQLite takes it as the order in which to join, and so walks the values in theirs
  const present = sql`FROM (${rows}) s CROSS JOIN resource r WHERE ${where} AND r.id = s.resource_id`;
  const absent = sql`FROM resource r WHERE ${where} AND r.id NOT IN (SELECT s.resource_id FROM (${rows}) s)`;
  return [
    {
      ids: sql`SELECT r.id ${present} ORDER BY s.value ${direction}, s.resource_id ${direction}`,
      count: sql`SELECT count(*) AS total ${present}`,
    },
    {
      ids: sql`SELECT r.id ${absent} ORDER BY r.id ${direction}`,
      count: sql`SELECT count(*) AS total ${absent}`,
    },
  ];
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
