import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Filter, printFilter } from '../../src/core/filter.ts';
import { parseFilter } from '../../src/core/filter-parser.ts';
import { strict } from './fixtures.ts';
import { arbitraryTree } from './generators.ts';

const present = (path: string): Filter<string> => ({ kind: 'present', path });

test.each<[filter: Filter<string>, text: string]>([
  [present('title'), 'title pr'],
  [{ kind: 'compare', path: 'a.b', operator: 'co', value: 'say "hi"\\' }, 'a.b co "say \\"hi\\"\\\\"'],
  [{ kind: 'compare', path: 'a', operator: 'eq', value: null }, 'a eq null'],
  [{ kind: 'compare', path: 'a', operator: 'gt', value: -1.5 }, 'a gt -1.5'],
  [{ kind: 'not', filter: present('a') }, 'not (a pr)'],
  [{ kind: 'element', path: 'a', filter: present('b') }, 'a[b pr]'],
  [
    { kind: 'and', filters: [present('a'), { kind: 'or', filters: [present('b'), present('c')] }] },
    'a pr and (b pr or c pr)',
  ],
])('printFilter %j', (filter, text) => {
  expect(printFilter(filter)).toBe(text);
});

test('RFC 7644 figure 1: parsing what was printed gives the same tree', () => {
  fc.assert(
    fc.property(arbitraryTree(), (tree) => {
      expect(parseFilter(printFilter(tree), strict())).toEqual(tree);
    }),
    { numRuns: 500 },
  );
});
