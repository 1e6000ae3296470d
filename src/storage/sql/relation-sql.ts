import { foldText } from '../../core/compare.ts';
import { invalidFilter } from '../../core/error.ts';
import { compareKey } from '../../core/match.ts';
import type { Attribute } from '../../core/schema.ts';
import { type BoundFilter, type Comparison, type FilterScope, joinAnd, keyOf } from './filter-scope.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { columnCondition } from './key-condition.ts';

/** How the parts of a membership value are read from `member m`, seen from the group or from the member. */
const PARTS = {
  members: { id: 'm.group_id', value: 'm.member_id', type: 'm.member_type' },
  memberOf: { id: 'm.member_id', value: 'm.group_id', display: 'g.display_name' },
} as const;

const MEMBER_OF_TYPE = 'direct';

/**
 * The ids of the resources with a membership value that satisfies a filter (`members[...]` of groups, `groups[...]` of
 * users); any value at all when there is no filter.
 */
export function relationIds(
  scope: FilterScope,
  attribute: Attribute,
  filter: BoundFilter | undefined,
): Fragment {
  const kind = attribute.relation === 'memberOf' ? 'memberOf' : 'members';
  const group =
    kind === 'memberOf'
      ? raw(" JOIN resource g ON g.tenant_id = m.tenant_id AND g.type = 'Group' AND g.id = m.group_id")
      : raw('');
  const where = filter === undefined ? raw('') : sql` AND ${edgeCondition(scope, kind, filter)}`;
  return sql`SELECT ${raw(PARTS[kind].id)} FROM member m${group} WHERE m.tenant_id = ${scope.tenantId}${where}`;
}

/** A condition on one edge. Every column of it has a value, so that NOT needs no care. */
function edgeCondition(scope: FilterScope, kind: keyof typeof PARTS, filter: BoundFilter): Fragment {
  switch (filter.kind) {
    case 'and':
      return joinAnd(filter.filters.map((part) => edgeCondition(scope, kind, part)));
    case 'or':
      return sql`(${joinFragments(
        filter.filters.map((part) => edgeCondition(scope, kind, part)),
        ' OR ',
      )})`;
    case 'not':
      return sql`NOT (${edgeCondition(scope, kind, filter.filter)})`;
    case 'present':
      partColumn(kind, filter.path.attribute);
      return raw('1 = 1');
    case 'compare':
      return edgeComparison(scope, kind, filter);
    case 'element':
      return raw('1 = 0');
  }
}

function edgeComparison(scope: FilterScope, kind: keyof typeof PARTS, filter: Comparison): Fragment {
  if (filter.operator === 'ne')
    return sql`NOT (${edgeComparison(scope, kind, { ...filter, operator: 'eq' })})`;
  const { attribute } = filter.path;
  const column = partColumn(kind, attribute);
  const key = keyOf(filter);
  if (column === undefined) return raw(compareKey(filter.operator, MEMBER_OF_TYPE, key) ? '1 = 1' : '1 = 0');
  if (column !== 'm.member_type') return columnCondition(scope.dialect, column, filter.operator, key);
  // types are stored as they are spelled and compared without case: the few that fit are named
  const { operator } = filter;
  const types = (attribute.canonicalValues ?? []).filter((type) => compareKey(operator, foldText(type), key));
  return types.length === 0
    ? raw('1 = 0')
    : sql`m.member_type IN (${joinFragments(
        types.map((type) => sql`${type}`),
        ', ',
      )})`;
}

/** @returns undefined for the part that is the same on every edge */
function partColumn(kind: keyof typeof PARTS, attribute: Attribute): string | undefined {
  if (kind === 'memberOf' && attribute.name === 'type') return undefined;
  const column = (PARTS[kind] as Record<string, string | undefined>)[attribute.name];
  if (column === undefined) throw invalidFilter(`This sub-attribute cannot be filtered: ${attribute.name}`);
  return column;
}
