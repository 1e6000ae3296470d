import { foldText } from '../compare.ts';
import { invalidFilter } from '../error.ts';
import type { CompareOperator, Filter, FilterValue } from '../filter.ts';
import { shorten } from '../path.ts';
import type { Attribute } from '../schema.ts';

/** A value with `*` in it: what it begins with, what comes in between, what it ends with; empty: anything. */
export interface Pattern {
  readonly start: string;
  readonly middle: string;
  readonly end: string;
}

/** What is compared with a pattern. */
export interface Target {
  /** The name for a single condition: `emails.value`. */
  readonly name: string;
  readonly leaf: Attribute;
  /** How several conditions are said of one element: inside the value path `path`, where the leaf is called `name`. */
  readonly element: { readonly path: string; readonly name: string } | undefined;
}

export const compare = (path: string, operator: CompareOperator, value: FilterValue): Filter<string> => ({
  kind: 'compare',
  path,
  operator,
  value,
});

/** Most values that a pattern may have to leave out one by one. */
const MAX_OVERLAPS = 8;

/** Joins filters; one alone stays as it is. */
export function join(kind: 'and' | 'or', filters: readonly Filter<string>[]): Filter<string> {
  const [only, ...more] = filters;
  return only !== undefined && more.length === 0 ? only : { kind, filters };
}

/**
 * Reads a value with `*` for any text.
 *
 * @throws ScimError 400 invalidFilter for a pattern that `sw`, `co` and `ew` can't say: their parts would have to stand in
 * an order
 */
export function readPattern(text: string): Pattern {
  const parts = text.split('*');
  const [middle = '', ...more] = parts.slice(1, -1).filter((part) => part !== '');
  if (more.length > 0) throw unsayable(text);
  return { start: parts[0] ?? '', middle, end: parts.at(-1) ?? '' };
}

/**
 * The filter of 2.0 that is satisfied by exactly the values of a pattern.
 *
 * @throws ScimError 400 invalidFilter where no filter is: when a part of the pattern may be found inside another part
 */
export function patternFilter({ name, leaf, element }: Target, pattern: Pattern): Filter<string> {
  const { start, middle, end } = pattern;
  const fold = leaf.caseExact ? (text: string): string => text.normalize('NFC') : foldText;
  const [first, between, last] = [fold(start), fold(middle), fold(end)];
  if (middle !== '' && (touches(first, between) || touches(between, last)))
    throw unsayable([start, middle, end].join('*'));
  const tooShort = middle === '' ? overlaps(first, last) : [];
  if (tooShort.length > MAX_OVERLAPS) throw unsayable([start, end].join('*'));
  const conditions = (path: string): Filter<string>[] => [
    ...(start === '' ? [] : [compare(path, 'sw', start)]),
    ...(middle === '' ? [] : [compare(path, 'co', middle)]),
    ...(end === '' ? [] : [compare(path, 'ew', end)]),
    ...excluded(path, tooShort),
  ];
  const alone = conditions(name);
  if (alone.length === 0) return { kind: 'present', path: name };
  if (alone.length === 1 || element === undefined) return join('and', alone);
  return { kind: 'element', path: element.path, filter: join('and', conditions(element.name)) };
}

const excluded = (path: string, values: readonly string[]): Filter<string>[] =>
  values.length === 0
    ? []
    : [
        {
          kind: 'not',
          filter: join(
            'or',
            values.map((value) => compare(path, 'eq', value)),
          ),
        },
      ];

/** The values that begin with one text and end with another, but are too short to hold one behind the other. */
function overlaps(first: string, last: string): string[] {
  const values: string[] = [];
  for (let length = 1; length <= Math.min(first.length, last.length); length++)
    if (first.endsWith(last.slice(0, length))) values.push(first + last.slice(length));
  return values;
}

/** Whether a text that stands somewhere in a value may be found where another one stands, in part at least. */
const touches = (before: string, behind: string): boolean =>
  before !== '' &&
  behind !== '' &&
  (before.includes(behind) || behind.includes(before) || overlaps(before, behind).length > 0);

const unsayable = (pattern: string): ReturnType<typeof invalidFilter> =>
  invalidFilter(`A pattern like this is not supported: ${shorten(pattern)}`);
