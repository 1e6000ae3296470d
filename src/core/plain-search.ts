import type { Filter } from './filter.ts';
import { bindToType } from './filter-binding.ts';
import { type AttributePath, pathText } from './path.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import { hasPrefix, PRIMARY_STORE, type StoreName } from './store-name.ts';
import { toleranceOf } from './tolerance.ts';

/** Words of a search that count. */
const MAX_WORDS = 4;

/** Attributes that a type is searched by, and the user stores that names are looked for in. */
const MAX_ALTERNATIVES = 10;

/**
 * The filter that finds what people mean by a few words: resources of which every word begins a name or an address, or all words
 * together do; or the one that has the words as its id. Each part of it is a stretch of an index.
 *
 * @param stores the user stores of the tenant, in all of which names are looked for
 * @returns undefined for a search without words
 */
export function searchFilter(
  type: ResourceType,
  search: string,
  stores: readonly StoreName[],
): Filter<AttributePath> | undefined {
  const words = search
    .normalize('NFC')
    // what no value can have
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
    .split(' ')
    .filter((word) => word !== '');
  const names = searchedPaths(type);
  const [first, ...more] = words;
  if (first === undefined) return undefined;
  const prefixes = stores.map(({ name }) => name).filter((name) => name !== PRIMARY_STORE);
  const begins = (text: string): Filter<string>[] =>
    names.flatMap((path) => textsFor(path, text, prefixes).map((value) => beginning(path, value)));
  const whole = words.join(' ');
  const alternatives: Filter<string>[] = [
    ...begins(whole),
    { kind: 'compare', path: 'id', operator: 'eq', value: whole },
  ];
  if (more.length > 0 && names.length > 0)
    alternatives.push({
      kind: 'and',
      filters: words.slice(0, MAX_WORDS).map((word) => ({ kind: 'or', filters: begins(word) })),
    });
  return bindToType(type, { kind: 'or', filters: alternatives }, toleranceOf('strict'));
}

const beginning = (path: AttributePath, value: string): Filter<string> => ({
  kind: 'compare',
  path: pathText(path),
  operator: 'sw',
  value,
});

/** A name that is written without its user store is looked for in all of them. */
function textsFor({ attribute }: AttributePath, text: string, prefixes: readonly string[]): string[] {
  if (attribute.storePrefixes === undefined || hasPrefix(text)) return [text];
  return [text, ...prefixes.slice(0, MAX_ALTERNATIVES).map((prefix) => `${prefix}/${text}`)];
}

/** The attributes that say so; of a type where none does, the text attributes of its core schema. */
function searchedPaths(type: ResourceType): AttributePath[] {
  const marked = pathsWhere(type, ({ searched }) => searched);
  if (marked.length > 0) return marked;
  const isText = ({ type: kind, multiValued, returned, isLabel }: Attribute): boolean =>
    kind === 'string' && !multiValued && !isLabel && returned !== 'never';
  return pathsWhere(type, isText).slice(0, MAX_ALTERNATIVES);
}

const pathsWhere = ({ schema }: ResourceType, fits: (attribute: Attribute) => boolean): AttributePath[] =>
  schema.attributes.flatMap((attribute) => [
    ...(fits(attribute) ? [{ extension: undefined, attribute, sub: undefined }] : []),
    ...attribute.subAttributes
      .filter((sub) => attribute.returned !== 'never' && attribute.relation === undefined && fits(sub))
      .map((sub) => ({ extension: undefined, attribute, sub })),
  ]);
