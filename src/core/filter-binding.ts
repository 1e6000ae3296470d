import { comparisonKey } from './compare.ts';
import { invalidFilter, type ScimError } from './error.ts';
import { COMPARE_OPERATORS, type CompareOperator, type Filter, type FilterValue } from './filter.ts';
import { parseFilter, type TermPositions } from './filter-parser.ts';
import { type AttributePath, elementScope, leafOf, pathText, resolvePath, shorten } from './path.ts';
import type { ResourceType } from './resource-type.ts';
import { comparedName } from './store-name.ts';
import type { Tolerance } from './tolerance.ts';

type Fail = (detail: string, position?: number) => ScimError;

/**
 * Parses a filter and binds it to the attributes of a resource type.
 *
 * @throws ScimError 400 invalidFilter for bad grammar, an attribute nobody knows or may read, or an operator that the
 * attribute's type does not have
 * @example readFilter(USER_TYPE, 'userName eq "bjensen"', tolerance)
 */
export function readFilter(type: ResourceType, text: string, tolerance: Tolerance): Filter<AttributePath> {
  const positions: TermPositions = new Map();
  const filter = parseFilter(text, tolerance, positions);
  return bindFilter(typeScope(type), filter, tolerance, invalidFilter, positions);
}

/** Binds a tree of written names to the attributes of a resource type. @throws ScimError as `readFilter` */
export const bindToType = (
  type: ResourceType,
  filter: Filter<string>,
  tolerance: Tolerance,
): Filter<AttributePath> => bindFilter(typeScope(type), filter, tolerance, invalidFilter);

const typeScope =
  (type: ResourceType): Scope =>
  (name) => {
    const resolved = resolvePath(type, name);
    return resolved !== undefined && 'path' in resolved ? resolved.path : undefined;
  };

/**
 * Binds a filter over several resource types. Of an attribute that a type does not have, its resources have no value
 * (RFC 7644 section 3.4.2.1), which may decide the filter for all of them.
 *
 * @returns for each type its filter, or whether all or none of its resources satisfy it
 * @throws ScimError 400 invalidFilter, also for an attribute that none of the types has
 */
export function readFilterAcross(
  types: readonly ResourceType[],
  text: string,
  tolerance: Tolerance,
): (Filter<AttributePath> | boolean)[] {
  const filter = parseFilter(text, tolerance);
  const scopes = types.map(typeScope);
  for (const name of namesIn(filter))
    if (scopes.every((scope) => scope(name) === undefined)) throw unknownAttribute(name, invalidFilter);
  return scopes.map((scope) => bindWhereKnown(scope, filter, tolerance));
}

function namesIn(filter: Filter<string>): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(namesIn);
    case 'not':
      return namesIn(filter.filter);
    default:
      return [filter.path];
  }
}

function bindWhereKnown(
  scope: Scope,
  filter: Filter<string>,
  tolerance: Tolerance,
): Filter<AttributePath> | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      // what decides the whole when one part says so
      const decisive = filter.kind === 'or';
      const parts = filter.filters.map((part) => bindWhereKnown(scope, part, tolerance));
      if (parts.includes(decisive)) return decisive;
      const open = parts.filter((part) => typeof part !== 'boolean');
      const [only, ...more] = open;
      if (only === undefined) return !decisive;
      return more.length === 0 ? only : { kind: filter.kind, filters: open };
    }
    case 'not': {
      const inner = bindWhereKnown(scope, filter.filter, tolerance);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', filter: inner };
    }
    case 'compare':
      if (scope(filter.path) === undefined) return (filter.operator === 'ne') !== (filter.value === null);
      return bindFilter(scope, filter, tolerance, invalidFilter);
    default:
      if (scope(filter.path) === undefined) return false;
      return bindFilter(scope, filter, tolerance, invalidFilter);
  }
}

const unknownAttribute = (name: string, fail: Fail, position?: number): ScimError =>
  fail(`No such attribute: ${shorten(name)}`, position);

type Scope = (name: string) => AttributePath | undefined;

/**
 * Replaces written names by attributes and values by what the attribute's type makes of them.
 *
 * @param fail makes the error for a name that is no attribute here
 * @param positions where the terms of the filter begin
 * @throws ScimError that of `fail`; 400 invalidFilter for a comparison that the attribute does not have
 */
export function bindFilter(
  scope: Scope,
  filter: Filter<string>,
  tolerance: Tolerance,
  fail: Fail,
  positions?: TermPositions,
): Filter<AttributePath> {
  const position = positions?.get(filter);
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        kind: filter.kind,
        filters: filter.filters.map((part) => bindFilter(scope, part, tolerance, fail, positions)),
      };
    case 'not':
      return { kind: 'not', filter: bindFilter(scope, filter.filter, tolerance, fail, positions) };
    case 'present':
      return { kind: 'present', path: find(scope, filter.path, fail, position) };
    case 'element': {
      const path = find(scope, filter.path, fail, position);
      if (!path.attribute.multiValued || path.sub !== undefined)
        throw fail(`A value path needs a multi-valued attribute: ${pathText(path)}`, position);
      return {
        kind: 'element',
        path,
        filter: bindFilter(elementScope(path.attribute), filter.filter, tolerance, fail, positions),
      };
    }
    case 'compare':
      return bindComparison(find(scope, filter.path, fail, position), filter, tolerance, position);
  }
}

function find(scope: Scope, name: string, fail: Fail, position: number | undefined): AttributePath {
  const path = scope(name);
  if (path === undefined) throw unknownAttribute(name, fail, position);
  // what cannot be read cannot be asked about either, or counts would reveal it
  if (path.attribute.returned === 'never' || leafOf(path).returned === 'never')
    throw fail(`This attribute cannot be filtered: ${pathText(path)}`, position);
  return path;
}

/** RFC 7644 table 9: a comparison that its attribute does not have is invalidFilter, in the path of a PATCH too. */
function bindComparison(
  written: AttributePath,
  { operator, value }: Pick<Extract<Filter<string>, { kind: 'compare' }>, 'operator' | 'value'>,
  tolerance: Tolerance,
  position: number | undefined,
): Filter<AttributePath> {
  const path = withDefaultSubAttribute(written);
  const leaf = leafOf(path);
  if (leaf.type === 'complex')
    throw invalidFilter(`A complex attribute cannot be compared: ${pathText(path)}`, position);
  if (value === null) {
    // null is the same as no value at all (RFC 7643 section 2.5)
    if (operator === 'eq') return { kind: 'not', filter: { kind: 'present', path: written } };
    if (operator === 'ne') return { kind: 'present', path: written };
    throw invalidFilter(`null can only be compared by "eq" and "ne": ${pathText(path)}`, position);
  }
  if (!operatorsOf(leaf.type).includes(operator))
    throw invalidFilter(
      `"${operator}" cannot be used on ${pathText(path)}, which is of type ${leaf.type}.`,
      position,
    );
  const typed = typedValue(leaf.type, value, tolerance);
  if (typed === undefined || comparisonKey(leaf, typed) === undefined)
    throw invalidFilter(`The value compared with ${pathText(path)} is not of type ${leaf.type}.`, position);
  if (leaf.isLabel && typed === false) {
    const isFalse = notPrimary(path);
    return operator === 'eq' ? isFalse : { kind: 'not', filter: isFalse };
  }
  const isWhole = WHOLE_OPERATORS.includes(operator);
  const compared = isWhole && typeof typed === 'string' ? comparedName(leaf, typed) : typed;
  return { kind: 'compare', path, operator, value: compared };
}

/** An element that does not say whether it is primary is not (RFC 7643 section 2.4). */
function notPrimary({ sub, ...path }: AttributePath): Filter<AttributePath> {
  const label = sub === undefined ? path : { extension: undefined, attribute: sub };
  const filter: Filter<AttributePath> = {
    kind: 'not',
    filter: { kind: 'compare', path: { ...label, sub: undefined }, operator: 'eq', value: true },
  };
  return sub === undefined ? filter : { kind: 'element', path: { ...path, sub: undefined }, filter };
}

/** `emails eq "x"` means `emails.value eq "x"` (RFC 7644 section 3.4.2.2, RFC 7643 section 2.4). */
function withDefaultSubAttribute(path: AttributePath): AttributePath {
  const value = path.sub === undefined ? path.attribute.subAttributeByName.get('value') : undefined;
  return value === undefined ? path : { ...path, sub: value };
}

/** Operators that look at a text from its beginning, where a prefix stands. */
const WHOLE_OPERATORS: readonly string[] = ['eq', 'ne', 'sw'];

const TEXT_OPERATORS = COMPARE_OPERATORS;
const EQUALITY_OPERATORS = ['eq', 'ne'] as const;
const ORDER_OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const BINARY_OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew'] as const;

/** RFC 7644 table 3: booleans and binaries have no order; substrings are those of text. */
function operatorsOf(type: string): readonly CompareOperator[] {
  if (type === 'boolean') return EQUALITY_OPERATORS;
  if (type === 'binary') return BINARY_OPERATORS;
  return type === 'string' || type === 'reference' ? TEXT_OPERATORS : ORDER_OPERATORS;
}

function typedValue(
  type: string,
  value: string | number | boolean,
  tolerance: Tolerance,
): FilterValue | undefined {
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    if ((word === 'true' || word === 'false') && tolerance.accept('boolean-as-string'))
      return word === 'true';
    return undefined;
  }
  if (type === 'integer' || type === 'decimal') return typeof value === 'number' ? value : undefined;
  if (typeof value === 'string') return value;
  // a bare word that happens to look like a number or a boolean
  return tolerance.accept('unquoted-filter-value') ? String(value) : undefined;
}
