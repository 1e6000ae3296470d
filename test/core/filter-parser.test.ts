import { describe, expect, test } from 'vitest';
import { type Filter, MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS } from '../../src/core/filter.ts';
import { parseFilter } from '../../src/core/filter-parser.ts';
import { refusal, refused, standard, strict } from './fixtures.ts';

type Tree = Filter<string>;
const term = (name: string): Tree => ({ kind: 'present', path: name });
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(term) as [Tree, Tree, Tree, Tree];

describe('RFC 7644 3.4.2.2: order of operations', () => {
  test.each<[text: string, tree: Tree]>([
    ['a pr', a],
    ['a pr and b pr', { kind: 'and', filters: [a, b] }],
    ['a pr and b pr and c pr', { kind: 'and', filters: [a, b, c] }],
    ['a pr or b pr and c pr', { kind: 'or', filters: [a, { kind: 'and', filters: [b, c] }] }],
    ['a pr and b pr or c pr', { kind: 'or', filters: [{ kind: 'and', filters: [a, b] }, c] }],
    ['(a pr or b pr) and c pr', { kind: 'and', filters: [{ kind: 'or', filters: [a, b] }, c] }],
    ['a pr and (b pr and c pr)', { kind: 'and', filters: [a, { kind: 'and', filters: [b, c] }] }],
    ['not (a pr) and b pr', { kind: 'and', filters: [{ kind: 'not', filter: a }, b] }],
    ['not (a pr and b pr)', { kind: 'not', filter: { kind: 'and', filters: [a, b] } }],
    ['not(not(a pr))', { kind: 'not', filter: { kind: 'not', filter: a } }],
    ['((a pr))', a],
    [
      'a[b pr or c pr] and d pr',
      { kind: 'and', filters: [{ kind: 'element', path: 'a', filter: { kind: 'or', filters: [b, c] } }, d] },
    ],
    ['a[not (b pr)]', { kind: 'element', path: 'a', filter: { kind: 'not', filter: b } }],
  ])('%s', (text, tree) => {
    expect(parseFilter(text, strict())).toEqual(tree);
  });
});

describe('values, names and blanks', () => {
  test.each<[text: string, path: string, operator: string, value: unknown]>([
    ['a eq "x"', 'a', 'eq', 'x'],
    ['A.b Eq "x"', 'A.b', 'eq', 'x'],
    ['a NE true', 'a', 'ne', true],
    ['a eq false', 'a', 'eq', false],
    ['a eq null', 'a', 'eq', null],
    ['a gt -1.5e3', 'a', 'gt', -1500],
    ['a eq 0', 'a', 'eq', 0],
    ['a co ""', 'a', 'co', ''],
    ['a sw "say \\"hi\\""', 'a', 'sw', 'say "hi"'],
    ['a ew "back\\\\slash\\/"', 'a', 'ew', 'back\\slash/'],
    ['a lt "\\u00e9\\n\\ud83d\\ude00"', 'a', 'lt', 'é\n😀'],
    ['a le "(x) [y] and pr"', 'a', 'le', '(x) [y] and pr'],
    ['a ge "%_\'; --"', 'a', 'ge', "%_'; --"],
    ['  a\t eq \n"x" ', 'a', 'eq', 'x'],
    ['a eq"x"', 'a', 'eq', 'x'],
    ['urn:x:core:2.0:User:name.b eq "x"', 'urn:x:core:2.0:User:name.b', 'eq', 'x'],
    ['$ref eq "x"', '$ref', 'eq', 'x'],
    ['not eq "x"', 'not', 'eq', 'x'],
  ])('%s', (text, path, operator, value) => {
    expect(parseFilter(text, strict())).toEqual({ kind: 'compare', path, operator, value });
  });
});

const MALFORMED = [
  '',
  ' ',
  'a',
  'a eq',
  'a eq and b pr',
  'eq "x"',
  'or a eq "x"',
  'and',
  'a pr and',
  'a pr or',
  'a pr "x"',
  'a pr b pr',
  'a eq "x" "y"',
  'a regex "x"',
  'a eq "x',
  'a eq x"',
  'a eq "x\\"',
  'a eq "\\x41"',
  'a eq "\\u12"',
  'a eq "line\nbreak"',
  'a eq "\\u0000"',
  'a eq "\\ud83d"',
  'a == "x"',
  'a = "x"',
  '(a pr',
  'a pr)',
  '()',
  'not ()',
  'not a pr',
  'not',
  '(&(uid=*)(objectClass=*))',
  'a[b pr',
  'a[b pr]]',
  'a[]',
  'a b pr]',
  '[b pr]',
  'a eq [1]',
  'a eq (1)',
  '"a" eq "x"',
  '1 eq 1',
  'a eq "x"; DELETE FROM users; --',
  "a eq 'x' or 1=1",
  'é eq "x"',
];

describe('RFC 7644 3.4.2.2: a filter that breaks the grammar is 400 invalidFilter, in either dialect', () => {
  test.each(MALFORMED)('%j', (text) => {
    expect(refused(() => parseFilter(text, strict()))).toBe('400 invalidFilter');
    expect(refused(() => parseFilter(text, standard()))).toBe('400 invalidFilter');
  });

  test('the message says where reading stopped and what was expected', () => {
    expect(refusal(() => parseFilter('a eq "x" xor b pr', strict())).message).toBe(
      'Expected the end of the filter, "and" or "or" at position 10, found "xor b pr".',
    );
    expect(refusal(() => parseFilter('a eq', strict())).message).toContain('position 5, found the end');
  });

  test('the message repeats little of a long filter', () => {
    expect(refusal(() => parseFilter(`a eq ${'y'.repeat(5000)}`, strict())).message.length).toBeLessThan(100);
  });
});

describe('limits', () => {
  const terms = (count: number): string => Array.from({ length: count }, () => 'a pr').join(' or ');
  const deep = (levels: number, open = '('): string =>
    `${open.repeat(levels)}a pr${(open.endsWith('[') ? ']' : ')').repeat(levels)}`;

  test.each<[name: string, text: string]>([
    [`${MAX_FILTER_LENGTH} characters`, `a eq "${'x'.repeat(MAX_FILTER_LENGTH - 7)}"`],
    [`${MAX_FILTER_TERMS} terms`, terms(MAX_FILTER_TERMS)],
    [`${MAX_FILTER_DEPTH} levels`, deep(MAX_FILTER_DEPTH)],
    [`${MAX_FILTER_DEPTH} levels of not`, deep(MAX_FILTER_DEPTH, 'not (')],
    [`${MAX_FILTER_DEPTH} levels of brackets`, deep(MAX_FILTER_DEPTH, 'a[')],
    ['groups side by side', Array.from({ length: 90 }, () => '(a pr)').join(' and ')],
  ])('%s are read', (_, text) => {
    expect(() => parseFilter(text, strict())).not.toThrow();
  });

  test.each<[name: string, text: string]>([
    ['a character too many', `a eq "${'x'.repeat(MAX_FILTER_LENGTH - 6)}"`],
    ['a term too many', terms(MAX_FILTER_TERMS + 1)],
    ['a level too many', deep(MAX_FILTER_DEPTH + 1)],
    ['a level of not too many', deep(MAX_FILTER_DEPTH + 1, 'not(')],
    ['a level of brackets too many', deep(MAX_FILTER_DEPTH + 1, 'a[')],
    ['terms too many inside brackets', `a[${terms(MAX_FILTER_TERMS)}]`],
    ['terms too many behind brackets', Array.from({ length: 34 }, () => 'a[b pr].c pr').join(' or ')],
  ])('%s is refused', (_, text) => {
    expect(refused(() => parseFilter(text, standard()))).toBe('400 invalidFilter');
  });
});
