import { invalidFilter } from '../../core/error.ts';
import { matches } from '../../core/match.ts';
import { type AttributePath, leafOf, pathText } from '../../core/path.ts';
import { allElements, elementIds, labelIds } from './element-sql.ts';
import {
  asksForGroups,
  type BoundFilter,
  type Comparison,
  type FilterScope,
  joinAnd,
  keyOf,
  SELECTIVITY,
  type Selectivity,
  selectivityOf,
  valueScope,
} from './filter-scope.ts';
import { type Fragment, joinFragments, ONE_LOOK, raw, sql } from './fragment.ts';
import { columnOf } from './index-columns.ts';
import { columnCondition, valueCondition } from './key-condition.ts';
import { asElement, relationIds } from './relation-sql.ts';

/** A condition on the resource row `r`, and how many rows it is likely to leave or to gather on the way. */
export interface CompiledFilter {
  readonly where: Fragment;
  readonly selectivity: Selectivity;
}

/**
 * Compiles a filter into a condition on `resource r`. Every comparison is answered by an index: columns of the row, rows of
 * `attribute_value`, or rows of `member`; no document is read. The most selective part of a conjunction drives the
 * query, the others are looked up for what it finds; `not` and `ne` are complements.
 *
 * @throws ScimError 400 invalidFilter for the few computed attributes that have no index
 */
export function compileFilter(scope: FilterScope, filter: BoundFilter): CompiledFilter {
  const selectivity = asksForGroups(filter) ? SELECTIVITY.common : selectivityOf(filter);
  return { where: driving(scope, filter), selectivity };
}

/** A condition that may use the index of its columns. */
function driving(scope: FilterScope, filter: BoundFilter): Fragment {
  if (filter.kind === 'and') {
    const [best, ...rest] = [...filter.filters].sort((a, b) => selectivityOf(a) - selectivityOf(b));
    return joinAnd([driving(scope, best as BoundFilter), ...rest.map((part) => checking(scope, part))]);
  }
  if (filter.kind === 'or') {
    const sets = filter.filters.map((part) => idSet(scope, part));
    if (sets.every((set) => set !== undefined)) return sql`r.id IN (${joinFragments(sets, ' UNION ')})`;
  }
  return condition(scope, filter, true);
}

/** A condition that is tried on rows found otherwise: its columns must not tempt the planner to another index. */
const checking = (scope: FilterScope, filter: BoundFilter): Fragment => condition(scope, filter, false);

function condition(scope: FilterScope, filter: BoundFilter, mayDrive: boolean): Fragment {
  switch (filter.kind) {
    case 'and':
      return joinAnd(filter.filters.map((part) => checking(scope, part)));
    case 'or':
      return sql`(${joinFragments(
        filter.filters.map((part) => checking(scope, part)),
        ' OR ',
      )})`;
    case 'not':
      return sql`NOT (${checking(scope, filter.filter)})`;
    case 'compare':
      if (filter.operator === 'ne') return negation(scope, filter);
      return comparison(scope, filter, mayDrive);
    case 'present':
      return presence(scope, filter.path, mayDrive);
    case 'element':
      return schemasCondition(scope, filter) ?? sql`r.id IN (${elementSet(scope, filter)})`;
  }
}

const negation = (scope: FilterScope, filter: Comparison): Fragment =>
  checking(scope, { kind: 'not', filter: { ...filter, operator: 'eq' } });

function comparison(scope: FilterScope, filter: Comparison, mayDrive: boolean): Fragment {
  const computed = constantResult(scope, filter) ?? schemasCondition(scope, filter);
  if (computed !== undefined) return computed;
  const column = columnOf(leafOf(filter.path).indexPath);
  const key = keyOf(filter);
  if (column !== undefined && filter.operator !== 'ne') {
    const name = mayDrive ? `r.${column}` : scope.dialect.unindexed(`r.${column}`);
    // a column without a value makes a comparison unknown, which NOT would leave unknown
    const found = columnCondition(scope.dialect, name, filter.operator, key);
    return mayDrive ? found : sql`(${raw(`r.${column}`)} IS NOT NULL AND ${found})`;
  }
  // a point look-up in the key of attribute_value; other comparisons are sets made once
  if (filter.operator === 'eq' && isPointLookup(filter.path) && !mayDrive)
    return sql`EXISTS (SELECT 1 FROM attribute_value v WHERE ${valueScope(scope, 'v', leafOf(filter.path).indexPath)}
      AND ${valueCondition(scope.dialect, 'v', 'eq', key)} AND v.resource_id = r.id ${ONE_LOOK})`;
  return sql`r.id IN (${comparisonSet(scope, filter)})`;
}

/** `type` and `primary` are no rows of their own, and membership has its own table. */
const isPointLookup = (path: AttributePath): boolean =>
  path.attribute.relation === undefined && !leafOf(path).isLabel;

function presence(scope: FilterScope, path: AttributePath, mayDrive: boolean): Fragment {
  const column = columnOf(leafOf(path).indexPath);
  if (leafOf(path).indexPath === 'schemas' || path.attribute.name === 'meta') return TRUE;
  if (column === undefined) return sql`r.id IN (${presenceSet(scope, path)})`;
  const name = mayDrive ? `r.${column}` : scope.dialect.unindexed(`r.${column}`);
  return sql`(${raw(`r.${column}`)} IS NOT NULL AND ${raw(name)} > '')`;
}

/** The ids that satisfy a filter as a query of their own; undefined for a complement, which is no set of its own. */
function idSet(scope: FilterScope, filter: BoundFilter): Fragment | undefined {
  switch (filter.kind) {
    case 'compare': {
      if (filter.operator === 'ne' || constantResult(scope, filter) !== undefined) return undefined;
      if (schemasCondition(scope, filter) !== undefined) return undefined;
      const column = columnOf(leafOf(filter.path).indexPath);
      if (column === undefined) return comparisonSet(scope, filter);
      return resourceSet(
        scope,
        columnCondition(scope.dialect, `r.${column}`, filter.operator, keyOf(filter)),
      );
    }
    case 'element':
      return schemasCondition(scope, filter) === undefined ? elementSet(scope, filter) : undefined;
    case 'and':
      return selectivityOf(filter) < SELECTIVITY.common
        ? resourceSet(scope, driving(scope, filter))
        : undefined;
    case 'or': {
      const sets = filter.filters.map((part) => idSet(scope, part));
      return sets.every((set) => set !== undefined) ? joinFragments(sets, ' UNION ') : undefined;
    }
    default:
      return undefined;
  }
}

const resourceSet = (scope: FilterScope, where: Fragment): Fragment =>
  sql`SELECT r.id FROM resource r WHERE r.tenant_id = ${scope.tenantId} AND r.type = ${scope.type} AND ${where}`;

function comparisonSet(scope: FilterScope, filter: Comparison): Fragment {
  const { path, operator } = filter;
  if (path.attribute.relation !== undefined) return relationIds(scope, path.attribute, asElement(filter));
  if (leafOf(path).isLabel) return labelIds(scope, path.attribute, filter);
  const value = valueCondition(scope.dialect, 'v', operator === 'ne' ? 'eq' : operator, keyOf(filter));
  return sql`SELECT v.resource_id FROM attribute_value v WHERE ${valueScope(scope, 'v', leafOf(path).indexPath)} AND ${value}`;
}

function presenceSet(scope: FilterScope, path: AttributePath): Fragment {
  if (path.attribute.relation !== undefined) return relationIds(scope, path.attribute, undefined);
  if (leafOf(path).isLabel) return labelIds(scope, path.attribute, { kind: 'present', path });
  const { indexPath, type } = leafOf(path);
  if (type !== 'complex')
    return sql`SELECT v.resource_id FROM attribute_value v WHERE ${valueScope(scope, 'v', indexPath)} AND v.value > ''`;
  const rows = sql`SELECT v.resource_id FROM attribute_value v WHERE ${allElements(scope, path.attribute, 'v')}
    AND (v.value > '' OR v.element_type > '' OR v.element_primary > '')`;
  const columns = leafOf(path).subAttributes.flatMap((sub) => columnOf(sub.indexPath) ?? []);
  const sets = columns.map((column) =>
    resourceSet(scope, sql`${raw(`r.${column}`)} IS NOT NULL AND ${raw(`r.${column}`)} > ''`),
  );
  return joinFragments([rows, ...sets], ' UNION ');
}

function elementSet(scope: FilterScope, filter: Extract<BoundFilter, { kind: 'element' }>): Fragment {
  const { attribute } = filter.path;
  return attribute.relation === undefined
    ? elementIds(scope, attribute, filter.filter)
    : relationIds(scope, attribute, filter.filter);
}

const TRUE = raw('1 = 1');
const FALSE = raw('1 = 0');

/**
 * What needs no index: `meta.resourceType` is the same for all resources of the type. `meta.location` and `meta.version` are
 * made for each answer.
 */
function constantResult(scope: FilterScope, filter: Comparison): Fragment | undefined {
  const { attribute, extension, sub } = filter.path;
  if (attribute.name !== 'meta' || extension !== undefined) return undefined;
  if (columnOf(leafOf(filter.path).indexPath) !== undefined) return undefined;
  if (sub?.name !== 'resourceType')
    throw invalidFilter(`This attribute cannot be filtered: ${pathText(filter.path)}`);
  return matches(filter, { meta: { resourceType: scope.type } }) ? TRUE : FALSE;
}

/**
 * A filter on `schemas`: every resource has the core schema, and has an extension when it has a value of it.
 *
 * @returns undefined for a filter on another attribute
 */
function schemasCondition(scope: FilterScope, filter: BoundFilter): Fragment | undefined {
  if (filter.kind !== 'compare' && filter.kind !== 'element') return undefined;
  if (filter.path.attribute.name !== 'schemas' || filter.path.extension !== undefined) return undefined;
  const { schema, extensions } = scope.resourceType;
  if (matches(filter, { schemas: [schema.id] })) return TRUE;
  const fitting = extensions.filter((extension) => matches(filter, { schemas: [extension.schema.id] }));
  if (fitting.length === 0) return FALSE;
  const sets = fitting.map(({ schema: { indexPrefix } }) => {
    const end = `${indexPrefix.slice(0, -1)};`;
    return sql`SELECT v.resource_id FROM attribute_value v WHERE v.tenant_id = ${scope.tenantId}
      AND v.type = ${scope.type} AND v.path >= ${indexPrefix} AND v.path < ${end}`;
  });
  return sql`r.id IN (${joinFragments(sets, ' UNION ')})`;
}
