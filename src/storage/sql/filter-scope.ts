import { comparisonKey } from '../../core/compare.ts';
import type { Filter } from '../../core/filter.ts';
import { type AttributePath, leafOf } from '../../core/path.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import type { SqlDialect } from './engine.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';

export type BoundFilter = Filter<AttributePath>;
export type Comparison = Extract<BoundFilter, { kind: 'compare' }>;

/** Whose resources a filter is about, and the database it is written for. */
export interface FilterScope {
  readonly dialect: SqlDialect;
  readonly tenantId: string;
  readonly type: string;
  readonly resourceType: ResourceType;
}

/** The guess that decides what drives a query; smaller is fewer rows. */
export const SELECTIVITY = {
  unique: 0,
  equal: 1,
  prefix: 2,
  range: 3,
  substring: 4,
  common: 5,
  complement: 6,
} as const;
export type Selectivity = (typeof SELECTIVITY)[keyof typeof SELECTIVITY];

/** The filter's value in the form that storage holds. */
export const keyOf = (filter: Comparison): string =>
  comparisonKey(leafOf(filter.path), filter.value) ?? String(filter.value);

/** The leading part of attribute_value's key. */
export const valueScope = (scope: FilterScope, alias: string, indexPath: string): Fragment =>
  sql`${raw(alias)}.tenant_id = ${scope.tenantId} AND ${raw(alias)}.type = ${scope.type} AND ${raw(alias)}.path = ${indexPath}`;

export const joinAnd = (parts: readonly Fragment[]): Fragment => joinFragments(parts, ' AND ');

export function selectivityOf(filter: BoundFilter): Selectivity {
  switch (filter.kind) {
    case 'and':
      return Math.min(...filter.filters.map(selectivityOf)) as Selectivity;
    case 'or':
      return Math.max(...filter.filters.map(selectivityOf)) as Selectivity;
    case 'not':
      return SELECTIVITY.complement;
    case 'present':
      return SELECTIVITY.common;
    case 'element':
      return Math.max(selectivityOf(filter.filter), leastOf(filter.path)) as Selectivity;
    case 'compare':
      return comparisonSelectivity(filter);
  }
}

function comparisonSelectivity({ path, operator }: Comparison): Selectivity {
  const leaf = leafOf(path);
  const hasFewValues = leaf.type === 'boolean' || leaf.isLabel || leaf.name === 'schemas';
  if (operator === 'ne') return SELECTIVITY.complement;
  if (hasFewValues) return SELECTIVITY.common;
  if (isOfGroups(path)) return SELECTIVITY.range;
  if (operator === 'eq') return leaf.uniqueness === 'none' ? SELECTIVITY.equal : SELECTIVITY.unique;
  if (operator === 'sw') return SELECTIVITY.prefix;
  return operator === 'co' || operator === 'ew' ? SELECTIVITY.substring : SELECTIVITY.range;
}

const leastOf = (path: AttributePath): Selectivity =>
  isOfGroups(path) ? SELECTIVITY.range : SELECTIVITY.equal;

/** One group may have any number of members. */
const isOfGroups = (path: AttributePath): boolean => path.attribute.relation === 'memberOf';

/** Whether a filter asks for members of groups anywhere, whose ids are gathered before the rest is looked at. */
export function asksForGroups(filter: BoundFilter): boolean {
  if ('filters' in filter) return filter.filters.some(asksForGroups);
  return filter.kind === 'not' ? asksForGroups(filter.filter) : isOfGroups(filter.path);
}
