import { foldText } from '../../core/compare.ts';
import { invalidFilter } from '../../core/error.ts';
import { compareKey } from '../../core/match.ts';
import { pathText } from '../../core/path.ts';
import type { Attribute } from '../../core/schema.ts';
import { type BoundFilter, type Comparison, type FilterScope, joinAnd, keyOf } from './filter-scope.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { columnCondition } from './key-condition.ts';

/** How the parts of a membership value are read: of a row `member m`, and of the group `resource g` that a member is in. */
const MEMBER_PARTS: PartColumns = { value: 'm.member_id', type: 'm.member_type' };
const GROUP_PARTS: PartColumns = { value: 'g.id', display: 'g.display_name' };

type PartColumns = Readonly<Record<string, string>>;

/**
 * The ids of the resources with a membership value that satisfies a filter (`members[...]` of groups, `groups[...]` of
 * users); any value at all when there is no filter.
 */
export function relationIds(
  scope: FilterScope,
  attribute: Attribute,
  filter: BoundFilter | undefined,
): Fragment {
  if (attribute.relation === 'memberOf') return idsByGroup(scope, filter);
  const where = filter === undefined ? TRUE : partCondition(scope, MEMBER_PARTS, filter);
  return sql`SELECT m.group_id FROM member m WHERE m.tenant_id = ${scope.tenantId} AND ${where}`;
}

/**
 * The members of groups, direct and through nested groups. Which of the two a value is, is settled before: a filter leaves
 * one condition on the groups for direct members and one for the others.
 */
function idsByGroup(scope: FilterScope, filter: BoundFilter | undefined): Fragment {
  const { direct, indirect } = byType(filter);
  // who is in a group through another is in that other
  if (direct === true) return sql`SELECT m.member_id FROM member m WHERE m.tenant_id = ${scope.tenantId}`;
  if (direct !== false && isSame(direct, indirect)) return membersAtAnyDepth(scope, groupSet(scope, direct));
  const sets = [
    ...(direct === false ? [] : [directMembers(scope, groupSet(scope, direct))]),
    ...(indirect === false ? [] : [indirectMembers(scope, indirect)]),
  ];
  return sets.length === 0 ? NONE : joinFragments(sets, ' UNION ');
}

const byType = (filter: BoundFilter | undefined) => ({
  direct: filter === undefined || withType(filter, 'direct'),
  indirect: filter === undefined || withType(filter, 'indirect'),
});

const isSame = (one: BoundFilter | boolean, other: BoundFilter | boolean): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * What a filter on membership in groups costs where it asks for indirect members alone: a row for each membership that is
 * looked at, once for each group above it that the filter names.
 *
 * @returns undefined for a filter that takes each group once
 */
export function indirectWalk(scope: FilterScope, filter: BoundFilter | undefined): Fragment | undefined {
  const { direct, indirect } = byType(filter);
  if (direct === true || indirect === false || isSame(direct, indirect)) return undefined;
  return sql`SELECT 1 FROM (${groupsUnder(scope, indirect)}) s
    LEFT JOIN member m ON m.tenant_id = ${scope.tenantId} AND m.group_id = s.id`;
}

const NONE = raw(`SELECT '' AS member_id WHERE 1 = 0`);

/** A filter on `groups` values that all are of one type: what is left to ask of the group, or the result. */
function withType(filter: BoundFilter, type: 'direct' | 'indirect'): BoundFilter | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((part) => withType(part, type));
      const decides = filter.kind === 'or';
      if (parts.includes(decides)) return decides;
      const open = parts.filter((part) => typeof part !== 'boolean');
      return open.length === 0 ? !decides : { kind: filter.kind, filters: open };
    }
    case 'not': {
      const inner = withType(filter.filter, type);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', filter: inner };
    }
    case 'present':
      // all parts of a value are always there
      return true;
    case 'compare': {
      const { operator, path } = filter;
      if (path.attribute.name !== 'type') return filter;
      if (operator === 'ne') return !compareKey('eq', type, keyOf(filter));
      return compareKey(operator, type, keyOf(filter));
    }
    case 'element':
      return false;
  }
}

/** The ids of the groups that satisfy a filter on `value` and `display`. */
const groupSet = (scope: FilterScope, filter: BoundFilter): Fragment =>
  sql`SELECT g.id FROM resource g WHERE g.tenant_id = ${scope.tenantId} AND g.type = 'Group'
    AND ${partCondition(scope, GROUP_PARTS, filter)}`;

// CROSS JOIN in these, because SQLite takes it as the order in which to join

const directMembers = ({ tenantId }: FilterScope, groups: Fragment): Fragment =>
  sql`SELECT m.member_id FROM (${groups}) s CROSS JOIN member m WHERE m.tenant_id = ${tenantId} AND m.group_id = s.id`;

/** UNION takes each group once, so that circles end. */
const membersAtAnyDepth = ({ tenantId }: FilterScope, groups: Fragment): Fragment =>
  sql`SELECT m.member_id FROM (WITH RECURSIVE reached (id) AS (
      ${groups} UNION SELECT n.member_id FROM reached x CROSS JOIN member n WHERE ${innerOf('x.id', tenantId)})
    SELECT id FROM reached) s CROSS JOIN member m WHERE m.tenant_id = ${tenantId} AND m.group_id = s.id`;

/** Members of groups below a group, but for those that are its direct members too. The walk begins where groups are nested. */
function indirectMembers(scope: FilterScope, filter: BoundFilter | true): Fragment {
  const { tenantId } = scope;
  return sql`SELECT m.member_id FROM (${groupsUnder(scope, filter)}) s CROSS JOIN member m
    WHERE m.tenant_id = ${tenantId} AND m.group_id = s.id AND NOT EXISTS (SELECT 1 FROM member d
      WHERE d.tenant_id = ${tenantId} AND d.group_id = s.root AND d.member_id = m.member_id)`;
}

/** Groups (`id`), each with a group above it that a filter names (`root`). */
const groupsUnder = (scope: FilterScope, filter: BoundFilter | true): Fragment =>
  filter === true ? groupsInside(scope.tenantId) : groupsBelow(scope, filter);

/** Who is in any group indirectly is so by one step from a direct one: no walk is needed. */
const groupsInside = (tenantId: string): Fragment =>
  sql`SELECT n.group_id AS root, n.member_id AS id FROM member n
    WHERE n.tenant_id = ${tenantId} AND n.member_type = 'Group'`;

function groupsBelow(scope: FilterScope, filter: BoundFilter): Fragment {
  const { tenantId } = scope;
  return sql`WITH RECURSIVE reached (root, id) AS (
      SELECT n.group_id, n.member_id FROM (${groupSet(scope, filter)}) s CROSS JOIN member n
        WHERE ${innerOf('s.id', tenantId)}
      UNION SELECT x.root, n.member_id FROM reached x CROSS JOIN member n WHERE ${innerOf('x.id', tenantId)})
    SELECT root, id FROM reached`;
}

/** The rows `member n` of the groups that are members of a group. */
const innerOf = (groupId: string, tenantId: string): Fragment =>
  sql`n.tenant_id = ${tenantId} AND n.group_id = ${raw(groupId)} AND n.member_type = 'Group'`;

/** `members.value eq "x"` as the filter inside `members[...]`. */
export function asElement(filter: Comparison): BoundFilter {
  const { sub } = filter.path;
  if (sub === undefined) throw invalidFilter(`This attribute cannot be filtered: ${pathText(filter.path)}`);
  return { ...filter, path: { extension: undefined, attribute: sub, sub: undefined } };
}

const TRUE = raw('1 = 1');
const FALSE = raw('1 = 0');

/** A condition on one membership value. Every column of it has a value, so that NOT needs no care. */
function partCondition(scope: FilterScope, columns: PartColumns, filter: BoundFilter): Fragment {
  switch (filter.kind) {
    case 'and':
      return joinAnd(filter.filters.map((part) => partCondition(scope, columns, part)));
    case 'or':
      return sql`(${joinFragments(
        filter.filters.map((part) => partCondition(scope, columns, part)),
        ' OR ',
      )})`;
    case 'not':
      return sql`NOT (${partCondition(scope, columns, filter.filter)})`;
    case 'present':
      return TRUE;
    case 'compare':
      return partComparison(scope, columns, filter);
    case 'element':
      return FALSE;
  }
}

function partComparison(scope: FilterScope, columns: PartColumns, filter: Comparison): Fragment {
  const { operator, path } = filter;
  if (operator === 'ne') return sql`NOT (${partComparison(scope, columns, { ...filter, operator: 'eq' })})`;
  const { attribute } = path;
  const column = columns[attribute.name];
  if (column === undefined) throw invalidFilter(`This sub-attribute cannot be filtered: ${attribute.name}`);
  const key = keyOf(filter);
  if (attribute.canonicalValues === undefined) return columnCondition(scope.dialect, column, operator, key);
  // types are stored as they are spelled and compared without case: the few that fit are named, as text that the index
  // of nested groups is known by
  const types = attribute.canonicalValues.filter((type) => compareKey(operator, foldText(type), key));
  const tests = types.map((type) => raw(`${column} = '${type}'`));
  return tests.length === 0 ? FALSE : sql`(${joinFragments(tests, ' OR ')})`;
}
