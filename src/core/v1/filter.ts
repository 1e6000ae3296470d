import { foldText } from '../compare.ts';
import { type Filter, type FilterValue, printFilter } from '../filter.ts';
import { type AttributePath, leafOf, pathText } from '../path.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { PRIMARY_STORE } from '../store-name.ts';
import { type Filter1, type Operator1, parseFilter1, type Term1 } from './filter-parser.ts';
import { compare, join, type Pattern, patternFilter, readPattern, type Target } from './filter-pattern.ts';
import { type Resolved1, resolvePath1 } from './names.ts';
import { prefixesOf, type StoreNames, type StoreNaming, splitName, storeNaming } from './store-naming.ts';

/**
 * Reads a filter of SCIM 1.1 (REST API 1.1 section 3.2.2.1) as the text of one of 2.0, with what WSO2 Identity Server
 * takes: values without quotes, `displayNameEqengineer`, `*` for any text in values that are compared by `eq`. A user
 * name without a user store means that of any store, a group's name without one that in PRIMARY; patterns and `sw`
 * reach all stores.
 *
 * @param names the user stores of the tenant
 * @throws ScimError 400 invalidFilter
 * @example decodeFilter1(USER_TYPE, 'userName Eq x', { storeNames: ['A'] }) === 'userName eq "x" or userName eq "A/x"'
 */
export function decodeFilter1(type: ResourceType, text: string, names: StoreNames): string {
  const pathOf = (name: string): Named | undefined => {
    const resolved = resolvePath1(type, name);
    return resolved !== undefined && 'path' in resolved ? resolved : undefined;
  };
  const naming = storeNaming(type);
  const translate = (filter: Filter1): Filter<string> => {
    if (filter.kind !== 'term') return { kind: filter.kind, filters: filter.filters.map(translate) };
    const { term } = filter;
    // the parser has taken it for a name
    const named = pathOf(term.name) as Named;
    const isStoreName = naming !== undefined && named.path.attribute === naming.attribute;
    return isStoreName ? nameFilter(naming, names, term) : termFilter(named, term);
  };
  return printFilter(translate(parseFilter1(text, (word) => pathOf(word) !== undefined)));
}

type Named = Extract<Resolved1, { path: AttributePath }>;

function termFilter({ path, label }: Named, term: Term1): Filter<string> {
  const { attribute, sub } = path;
  if (label !== undefined) {
    const value = attribute.subAttributeByName.get('value');
    const conditions = [
      compare('type', 'eq', label),
      ...(value === undefined ? [] : [leafFilter({ name: 'value', leaf: value, element: undefined }, term)]),
    ];
    return { kind: 'element', path: pathText(path), filter: join('and', conditions) };
  }
  const display = attribute.subAttributeByName.get('display');
  if (attribute.relation === 'memberOf' && sub === undefined && display !== undefined && term.operator)
    return roleFilter(path, display, term);
  return leafFilter(targetOf(path), term);
}

/** `groups eq "engineer"`: who has the role of that name, or of that id. */
function roleFilter(path: AttributePath, display: Attribute, term: Term1): Filter<string> {
  const isPrimary = foldText(term.value).startsWith(foldText(`${PRIMARY_STORE}/`));
  const value = isPrimary ? term.value.slice(PRIMARY_STORE.length + 1) : term.value;
  const byName = leafFilter(targetOf({ ...path, sub: display }), { ...term, value });
  if (term.operator !== 'eq') return byName;
  return join('or', [compare(`${pathText(path)}.value`, 'eq', term.value), byName]);
}

function targetOf(path: AttributePath): Target {
  const { attribute } = path;
  const sub = path.sub ?? attribute.subAttributeByName.get('value');
  return {
    name: pathText(path),
    leaf: attribute.multiValued && sub !== undefined ? sub : leafOf(path),
    element: attribute.multiValued
      ? { path: pathText({ ...path, sub: undefined }), name: sub?.name ?? 'value' }
      : undefined,
  };
}

function leafFilter(target: Target, { operator, value, isQuoted }: Term1): Filter<string> {
  const { name, leaf } = target;
  if (operator === undefined) return { kind: 'present', path: name };
  const isText = leaf.type === 'string' || leaf.type === 'reference';
  if (operator === 'eq' && isText && value.includes('*')) return patternFilter(target, readPattern(value));
  return compare(name, operator, isQuoted ? value : typedValue(leaf, value));
}

/** A value without quotes by what its attribute takes: `true` may be the text as well. */
function typedValue({ type }: Attribute, text: string): FilterValue {
  const word = text.toLowerCase();
  if (type === 'boolean' && (word === 'true' || word === 'false')) return word === 'true';
  if ((type === 'integer' || type === 'decimal') && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  return text;
}

/** A comparison of the name that tells the user store. */
function nameFilter(naming: StoreNaming, names: StoreNames, term: Term1): Filter<string> {
  const { attribute, namesPrimary } = naming;
  const { operator } = term;
  const target = targetOf({ extension: undefined, attribute, sub: undefined });
  if (operator === undefined) return { kind: 'present', path: target.name };
  const { prefix, local } = splitName(naming, names, term.value);
  const stored = prefix === undefined || prefix === PRIMARY_STORE ? local : `${prefix}/${local}`;
  const pattern = patternOf(operator, prefix, local);
  if (pattern !== undefined) return storePattern(target, prefix, pattern, prefixesOf(naming, names));
  if (operator !== 'eq' || prefix !== undefined || namesPrimary)
    return compare(target.name, operator, stored);
  const everywhere = [local, ...names.storeNames.filter(isSecondary).map((store) => `${store}/${local}`)];
  return join(
    'or',
    everywhere.map((name) => compare(target.name, 'eq', name)),
  );
}

const isSecondary = (store: string): boolean => store !== PRIMARY_STORE;

/** What a comparison says of the name within its store; undefined: no more than of any text. */
function patternOf(operator: Operator1, prefix: string | undefined, local: string): Pattern | undefined {
  if (operator === 'eq') return local.includes('*') ? readPattern(local) : undefined;
  // PRIMARY is only at the beginning of a name, and never stored
  const isStart = operator === 'sw' || (operator === 'co' && prefix === PRIMARY_STORE);
  return isStart ? { start: local, middle: '', end: '' } : undefined;
}

/**
 * A pattern of names. One that begins with `*` may have the store's name in what that stands for; any other begins where
 * the name within the store does.
 *
 * @param prefix the store; undefined: any
 * @param prefixes all that names may begin with, PRIMARY apart
 */
function storePattern(
  target: Target,
  prefix: string | undefined,
  pattern: Pattern,
  prefixes: readonly string[],
): Filter<string> {
  const within = (store: string): Filter<string> =>
    patternFilter(target, { ...pattern, start: `${store}/${pattern.start}` });
  if (prefix !== undefined && prefix !== PRIMARY_STORE) return within(prefix);
  const isAnywhere = prefix === undefined && pattern.start === '';
  const primary = patternFilter(target, pattern);
  if (isAnywhere) return primary;
  const start = foldText(pattern.start);
  const others = prefixes
    .map((store) => `${store}/`)
    .filter((other) => foldText(other).startsWith(start) || start.startsWith(foldText(other)));
  const inPrimary =
    others.length === 0
      ? primary
      : join('and', [
          primary,
          {
            kind: 'not',
            filter: join(
              'or',
              others.map((other) => compare(target.name, 'sw', other)),
            ),
          },
        ]);
  return prefix === undefined ? join('or', [inPrimary, ...prefixes.map(within)]) : inPrimary;
}
