import { LABELS_ONLY } from '../../core/index-values.ts';
import { leafOf } from '../../core/path.ts';
import type { Attribute } from '../../core/schema.ts';
import {
  type BoundFilter,
  type Comparison,
  type FilterScope,
  joinAnd,
  keyOf,
  selectivityOf,
  valueScope,
} from './filter-scope.ts';
import { type Fragment, joinFragments, ONE_LOOK, raw, sql } from './fragment.ts';
import { columnCondition, valueCondition } from './key-condition.ts';

type Presence = Extract<BoundFilter, { kind: 'present' }>;

/** What a row of `attribute_value` says of the element it belongs to. */
const ELEMENT = (alias: string): Fragment =>
  raw(`${alias}.resource_id, ${alias}.element, ${alias}.element_type, ${alias}.element_primary`);

/**
 * The resources with an element of a multi-valued attribute that satisfies the filter of a value path. Parts of one
 * element are rows with the same resource and element number; its `type` and `primary` stand on each of them.
 */
export function elementIds(scope: FilterScope, attribute: Attribute, filter: BoundFilter): Fragment {
  return sql`SELECT e.resource_id FROM (${elements(scope, attribute, filter)}) e`;
}

function elements(scope: FilterScope, attribute: Attribute, filter: BoundFilter): Fragment {
  if (filter.kind === 'or') {
    const sets = filter.filters.map(
      (part) => sql`SELECT ${ELEMENT('o')} FROM (${elements(scope, attribute, part)}) o`,
    );
    return joinFragments(sets, ' UNION ');
  }
  if (filter.kind === 'and') {
    const [best, ...rest] = [...filter.filters].sort((a, b) => selectivityOf(a) - selectivityOf(b));
    const checks = rest.map((part) => check(scope, part, 'd'));
    const found = elements(scope, attribute, best as BoundFilter);
    return sql`SELECT ${ELEMENT('d')} FROM (${found}) d WHERE ${joinAnd(checks)}`;
  }
  const isValue = filter.kind === 'compare' || filter.kind === 'present';
  if (isValue && !leafOf(filter.path).isLabel && !(filter.kind === 'compare' && filter.operator === 'ne'))
    return valueRows(scope, filter);
  return sql`SELECT DISTINCT ${ELEMENT('a')} FROM attribute_value a
    WHERE ${allElements(scope, attribute, 'a')} AND ${check(scope, filter, 'a')}`;
}

/** The rows of a multi-valued attribute, whichever part they hold: their paths share a beginning. */
export function allElements(scope: FilterScope, attribute: Attribute, alias: string): Fragment {
  const name = raw(alias);
  const { indexPath } = attribute;
  const paths =
    attribute.type === 'complex'
      ? sql`${name}.path >= ${indexPath + LABELS_ONLY} AND ${name}.path < ${`${indexPath}/`}`
      : sql`${name}.path = ${indexPath}`;
  return sql`${name}.tenant_id = ${scope.tenantId} AND ${name}.type = ${scope.type} AND ${paths}`;
}

function valueRows(scope: FilterScope, filter: Comparison | Presence): Fragment {
  return sql`SELECT ${ELEMENT('c')} FROM attribute_value c
    WHERE ${valueScope(scope, 'c', leafOf(filter.path).indexPath)} AND ${rowCondition(scope, filter, 'c')}`;
}

function rowCondition(scope: FilterScope, filter: Comparison | Presence, alias: string): Fragment {
  if (filter.kind === 'present') return raw(`${alias}.value > ''`);
  return valueCondition(
    scope.dialect,
    alias,
    filter.operator === 'ne' ? 'eq' : filter.operator,
    keyOf(filter),
  );
}

/** A condition on the element that the row with the alias belongs to. */
function check(scope: FilterScope, filter: BoundFilter, alias: 'a' | 'd'): Fragment {
  switch (filter.kind) {
    case 'and':
      return joinAnd(filter.filters.map((part) => check(scope, part, alias)));
    case 'or':
      return sql`(${joinFragments(
        filter.filters.map((part) => check(scope, part, alias)),
        ' OR ',
      )})`;
    case 'not':
      return sql`NOT (${check(scope, filter.filter, alias)})`;
    case 'compare':
      if (filter.operator === 'ne') return sql`NOT (${check(scope, { ...filter, operator: 'eq' }, alias)})`;
      return leafOf(filter.path).isLabel
        ? labelCondition(scope, filter, alias)
        : otherRow(scope, filter, alias);
    case 'present':
      return leafOf(filter.path).isLabel ? labelPresence(filter, alias) : otherRow(scope, filter, alias);
    case 'element':
      // sub-attributes have no value paths of their own
      return raw('1 = 0');
  }
}

/** Another row of the same element: by its whole key for `eq`, else one of a set made once. */
function otherRow(scope: FilterScope, filter: Comparison | Presence, alias: string): Fragment {
  if (filter.kind === 'compare' && filter.operator === 'eq')
    return sql`EXISTS (SELECT 1 FROM attribute_value x WHERE ${valueScope(scope, 'x', leafOf(filter.path).indexPath)}
      AND ${rowCondition(scope, filter, 'x')}
      AND ${raw(`x.resource_id = ${alias}.resource_id AND x.element = ${alias}.element`)} ${ONE_LOOK})`;
  return sql`${raw(`(${alias}.resource_id, ${alias}.element)`)} IN (SELECT s.resource_id, s.element FROM attribute_value s
    WHERE ${valueScope(scope, 's', leafOf(filter.path).indexPath)} AND ${rowCondition(scope, filter, 's')})`;
}

/** The column that holds `type` or `primary` of the element that a row belongs to. */
export const labelColumn = (label: Attribute, alias: string): string =>
  `${alias}.${label.name === 'primary' ? 'element_primary' : 'element_type'}`;

function labelCondition(scope: FilterScope, filter: Comparison, alias: string): Fragment {
  const column = labelColumn(leafOf(filter.path), alias);
  const found = columnCondition(
    scope.dialect,
    column,
    filter.operator === 'ne' ? 'eq' : filter.operator,
    keyOf(filter),
  );
  return sql`(${raw(`${column} IS NOT NULL`)} AND ${found})`;
}

function labelPresence(filter: Presence, alias: string): Fragment {
  const column = labelColumn(leafOf(filter.path), alias);
  return raw(`(${column} IS NOT NULL AND ${column} > '')`);
}

/** The resources of which some element has the label that a filter names (`emails.type eq "work"`). */
export function labelIds(scope: FilterScope, attribute: Attribute, filter: Comparison | Presence): Fragment {
  const condition =
    filter.kind === 'present' ? labelPresence(filter, 'l') : labelCondition(scope, filter, 'l');
  return sql`SELECT l.resource_id FROM attribute_value l WHERE ${allElements(scope, attribute, 'l')} AND ${condition}`;
}
