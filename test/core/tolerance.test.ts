import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/core/json.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import {
  differencesFrom,
  TOLERANCE_NAMES,
  TOLERANCES,
  type Tolerance,
  toleranceOf,
} from '../../src/core/tolerance.ts';
import { tolerancesDocument } from '../tolerances-document.ts';
import { refused, standard, strict } from './fixtures.ts';
import {
  ANSWER_ROWS,
  CASES,
  found,
  home,
  MANAGER,
  memberSteps,
  patched,
  posted,
  work,
} from './tolerance-cases.ts';

describe.each(CASES)('$row: $name', ({ row, request, outcome, refusal }) => {
  test('is accepted in standard, and named as used', () => {
    const tolerance = standard();
    expect(request(tolerance)).toEqual(outcome);
    expect([...tolerance.used]).toContain(row);
  });

  test('is refused in strict', () => {
    const tolerance = strict();
    expect(refused(() => request(tolerance))).toBe(refusal);
    expect(tolerance.used.size).toBe(0);
  });
});

describe('each row is switched by itself', () => {
  const others = TOLERANCE_NAMES.filter((name) => name !== 'empty-operations');

  test('off in standard', () => {
    const tolerance = toleranceOf('standard', { 'empty-operations': false });
    expect(tolerance.accept('empty-operations')).toBe(false);
    expect(others.every((name) => tolerance.accept(name))).toBe(true);
    expect([...tolerance.used]).toEqual(others);
  });

  test('on in strict', () => {
    const tolerance = toleranceOf('strict', { 'empty-operations': true });
    expect(others.some((name) => tolerance.accept(name))).toBe(false);
    expect(tolerance.accept('empty-operations')).toBe(true);
    expect([...tolerance.used]).toEqual(['empty-operations']);
  });

  test.each(CASES)('$row: $name', ({ row, request, outcome, refusal }) => {
    expect(refused(() => request(toleranceOf('standard', { [row]: false })))).toBe(refusal);
    expect(request(toleranceOf('strict', { [row]: true }))).toEqual(outcome);
  });

  test('and only what differs from the dialect is a difference', () => {
    const overrides = { 'scalar-member': true, 'empty-operations': false };
    expect(differencesFrom('standard', overrides)).toEqual({ accepted: [], refused: ['empty-operations'] });
    expect(differencesFrom('strict', overrides)).toEqual({ accepted: ['scalar-member'], refused: [] });
    expect(differencesFrom('strict')).toEqual({ accepted: [], refused: [] });
  });
});

describe('empty-complex-value: parts that are all blank', () => {
  const sent = {
    name: { givenName: '', familyName: ' ' },
    [ENTERPRISE_USER_SCHEMA]: { manager: { value: '', displayName: ' ' } },
  };

  test('mean no value in standard, and are named as used', () => {
    const tolerance = standard();
    expect(posted(sent)(tolerance)).toEqual({});
    expect(patched({ op: 'replace', value: sent }, { name: { givenName: 'B' } })(tolerance)).toEqual({});
    expect([...tolerance.used]).toEqual(['empty-complex-value']);
  });

  test('take away the parts that they name and no others, and with "value" all of them', () => {
    const before = {
      name: { givenName: 'B', familyName: 'J' },
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm', $ref: '../Users/m' } },
    };
    const blank = {
      name: { givenName: '' },
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: '', $ref: ' ' } },
    };
    expect(patched({ op: 'replace', value: blank }, before)(standard())).toEqual({
      name: { familyName: 'J' },
    });
    expect(patched({ op: 'add', value: blank }, before)(standard())).toEqual(before);
    expect(patched({ op: 'add', path: MANAGER, value: '' }, before)(standard())).toEqual(before);
  });

  test('take away the element that a value path replaces, and add nothing to it', () => {
    const path = 'emails[type eq "work"]';
    expect(
      patched({ op: 'replace', path, value: { value: '' } }, { emails: [work, home] })(standard()),
    ).toEqual({ emails: [home] });
    expect(patched({ op: 'replace', path, value: [null] }, { emails: [work, home] })(standard())).toEqual({
      emails: [home],
    });
    expect(patched({ op: 'add', path, value: { display: '' } }, { emails: [work] })(standard())).toEqual({
      emails: [work],
    });
  });

  test('are values like others in strict, but never the value of a required part', () => {
    const { name } = sent;
    expect(posted({ name })(strict())).toEqual({ name });
    expect(refused(() => memberSteps({ op: 'add', path: 'members', value: [{ value: '' }] })(strict()))).toBe(
      '400 invalidValue',
    );
  });
});

test('every row has a case here', () => {
  const covered = new Set<string>([...CASES.map(({ row }) => row), 'empty-complex-value', ...ANSWER_ROWS]);
  expect([...covered].sort()).toEqual([...TOLERANCE_NAMES].sort());
});

test('every row says who sends it, where that is known from, and what is accepted', () => {
  for (const row of Object.values(TOLERANCES))
    for (const text of [row.provider, row.source, row.accepts]) expect(text).not.toBe('');
});

test('the rows are all in the reference', async () => {
  await expect(tolerancesDocument()).toMatchFileSnapshot('../../docs/reference/tolerances.md');
});

test('a request that keeps to the RFCs uses no row', () => {
  const requests: [name: string, run: (tolerance: Tolerance) => unknown][] = [
    ['POST', posted({ active: true, emails: [work], [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } })],
    [
      'PATCH',
      patched({ op: 'replace', path: 'emails[type eq "work"].value', value: 'n' }, { emails: [work] }),
    ],
    ['PATCH without path', patched({ op: 'add', value: { title: 'T', emails: [home] } })],
    ['PATCH of members', memberSteps({ op: 'add', path: 'members', value: [{ value: 'a' }] })],
    ['filter', found('userName eq "bjensen" and active eq true or emails[type eq "work" and value pr]')],
  ];
  for (const [name, run] of requests) {
    const tolerance = standard();
    run(tolerance);
    expect([name, ...tolerance.used]).toEqual([name]);
  }
});

test('the rows of one request are its own', () => {
  const first = toleranceOf('standard');
  first.accept('empty-operations');
  expect(toleranceOf('standard').used.size).toBe(0);
});

test('what no row names is refused in standard too', () => {
  const values: JsonValue[] = ['yes', 'on', '1', 'Truee', 1];
  for (const active of values) expect(refused(() => posted({ active })(standard()))).toBe('400 invalidValue');
  expect(refused(() => posted({ emails: ['w@x.org'] })(standard()))).toBe('400 invalidValue');
  expect(refused(() => posted({ title: ['a', 'b'] })(standard()))).toBe('400 invalidValue');
  expect(refused(() => patched({ op: 'Move', path: 'title' })(standard()))).toBe('400 invalidSyntax');
});
