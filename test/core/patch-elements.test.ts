import { describe, expect, test } from 'vitest';
import { MAX_ELEMENTS } from '../../src/core/decode.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import type { Dialect } from '../../src/core/tolerance.ts';
import { DEVICE_TYPE, device, type OperationJson, patch, patchUser, refused } from './fixtures.ts';

const work = { value: 'work@x.org', type: 'work', primary: true };
const home = { value: 'home@x.org', type: 'home' };

interface Row {
  name: string;
  before?: JsonObject[];
  operations: OperationJson[];
  after: JsonObject[] | undefined;
}

const emailsAfter = (
  before: JsonObject[],
  operations: OperationJson[],
  dialect: Dialect,
): JsonValue | undefined => patchUser({ emails: before }, operations, dialect).emails;

function check({ before = [work, home], operations, after }: Row): void {
  for (const dialect of ['strict', 'standard'] as const)
    expect(emailsAfter(before, operations, dialect)).toEqual(after);
}

describe('RFC 7644 3.5.2.1: add to a multi-valued attribute', () => {
  test.each<Row>([
    {
      name: 'appends',
      operations: [{ op: 'add', path: 'emails', value: [{ value: 'new@x.org' }] }],
      after: [work, home, { value: 'new@x.org' }],
    },
    {
      name: 'takes one value for a list of one',
      operations: [{ op: 'add', path: 'emails', value: { value: 'new@x.org' } }],
      after: [work, home, { value: 'new@x.org' }],
    },
    {
      name: 'of values that are there changes nothing',
      operations: [
        { op: 'add', path: 'emails', value: [home, work] },
        { op: 'add', value: { emails: [work] } },
      ],
      after: [work, home],
    },
    {
      name: 'of a value that is there merges parts, and does not double it',
      operations: [{ op: 'add', path: 'emails', value: [{ ...home, display: 'Home' }] }],
      after: [work, { ...home, display: 'Home' }],
    },
    {
      name: 'tells the same value of two types apart',
      operations: [{ op: 'add', path: 'emails', value: [{ value: 'work@x.org', type: 'other' }] }],
      after: [work, home, { value: 'work@x.org', type: 'other' }],
    },
    {
      name: 'adds a value once, however often it is listed',
      operations: [{ op: 'add', path: 'emails', value: [{ value: 'n' }, { value: 'N' }] }],
      after: [work, home, { value: 'N' }],
    },
    {
      name: 'compares elements without value as a whole',
      before: [{ display: 'x' }],
      operations: [{ op: 'add', path: 'emails', value: [{ display: 'x' }, { display: 'x', type: 'y' }] }],
      after: [{ display: 'x' }, { display: 'x', type: 'y' }],
    },
    {
      name: 'of a part to an attribute without values makes an element',
      before: [],
      operations: [{ op: 'add', path: 'emails.value', value: 'n' }],
      after: [{ value: 'n' }],
    },
    {
      name: 'of a part sets it in every element',
      operations: [{ op: 'add', path: 'emails.display', value: 'd' }],
      after: [
        { ...work, display: 'd' },
        { ...home, display: 'd' },
      ],
    },
  ])('$name', check);
});

describe('RFC 7644 3.5.2: one primary', () => {
  test.each<Row>([
    {
      name: 'an added primary resets the one before',
      operations: [{ op: 'add', path: 'emails', value: [{ value: 'n', primary: true }] }],
      after: [{ ...work, primary: false }, home, { value: 'n', primary: true }],
    },
    {
      name: 'so does an element made primary by a value path',
      operations: [{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }],
      after: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
    {
      name: 'so does an element replaced as a whole',
      operations: [{ op: 'replace', path: 'emails[type eq "home"]', value: { value: 'n', primary: true } }],
      after: [
        { ...work, primary: false },
        { value: 'n', primary: true },
      ],
    },
    {
      name: 'so does a merged one',
      operations: [{ op: 'add', path: 'emails', value: [{ ...home, primary: true }] }],
      after: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
    {
      name: 'the primary one may be set again',
      operations: [{ op: 'replace', path: 'emails[type eq "work"].primary', value: true }],
      after: [work, home],
    },
  ])('$name', check);

  test.each<OperationJson>([
    {
      op: 'add',
      path: 'emails',
      value: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    },
    { op: 'replace', path: 'emails', value: [work, { ...home, primary: true }] },
    { op: 'replace', value: { emails: [work, { ...home, primary: true }] } },
    { op: 'replace', path: 'emails.primary', value: true },
    { op: 'replace', path: 'emails[value pr].primary', value: true },
  ])('one operation that writes two is 400 invalidValue: %j', (operation) => {
    for (const dialect of ['strict', 'standard'] as const)
      expect(refused(() => emailsAfter([work, home], [operation], dialect))).toBe('400 invalidValue');
  });
});

describe('RFC 7644 3.5.2.2: remove of values', () => {
  test.each<Row>([
    {
      name: 'those that match go',
      operations: [{ op: 'remove', path: 'emails[type eq "WORK"]' }],
      after: [home],
    },
    {
      name: 'the last one takes the attribute with it',
      operations: [{ op: 'remove', path: 'emails[type eq "work" or type eq "home"]' }],
      after: undefined,
    },
    {
      name: 'a filter over several parts',
      operations: [{ op: 'remove', path: 'emails[type eq "work" and value ew "x.org"]' }],
      after: [home],
    },
    {
      name: 'none match: no change',
      operations: [{ op: 'remove', path: 'emails[type eq "x"]' }],
      after: [work, home],
    },
    {
      name: 'a part of those that match',
      operations: [{ op: 'remove', path: 'emails[type eq "work"].primary' }],
      after: [{ value: 'work@x.org', type: 'work' }, home],
    },
    {
      name: 'a part of all',
      operations: [{ op: 'remove', path: 'emails.type' }],
      after: [{ value: 'work@x.org', primary: true }, { value: 'home@x.org' }],
    },
    {
      name: 'an element that loses its last part goes too',
      before: [{ value: 'x' }, home],
      operations: [{ op: 'remove', path: 'emails.value' }],
      after: [{ type: 'home' }],
    },
    {
      name: 'and the attribute with its last element',
      before: [{ value: 'x' }],
      operations: [{ op: 'remove', path: 'emails[value eq "x"].value' }],
      after: undefined,
    },
  ])('$name', check);
});

describe('RFC 7644 3.5.2.3: replace of values', () => {
  test.each<Row>([
    {
      name: 'the whole of those that match',
      operations: [{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'n', type: 'work' } }],
      after: [{ value: 'n', type: 'work' }, home],
    },
    {
      name: 'all that match',
      operations: [{ op: 'replace', path: 'emails[value ew "x.org"].display', value: 'd' }],
      after: [
        { ...work, display: 'd' },
        { ...home, display: 'd' },
      ],
    },
    {
      name: 'the part of those that match',
      operations: [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'n' }],
      after: [work, { ...home, value: 'n' }],
    },
    {
      name: 'the part of all',
      operations: [{ op: 'replace', path: 'emails.type', value: 'other' }],
      after: [
        { ...work, type: 'other' },
        { ...home, type: 'other' },
      ],
    },
    {
      name: 'by null removes those that match',
      operations: [{ op: 'replace', path: 'emails[type eq "home"]', value: null }],
      after: [work],
    },
    {
      name: 'of a part by null removes it, and what has no other part',
      before: [{ value: 'x' }, work],
      operations: [
        { op: 'replace', path: 'emails[type eq "work"].primary', value: null },
        { op: 'replace', path: 'emails[value eq "x"].value', value: null },
      ],
      after: [{ value: 'work@x.org', type: 'work' }],
    },
    {
      name: 'of a part of all by null',
      before: [{ value: 'x' }, home],
      operations: [{ op: 'replace', path: 'emails.value', value: null }],
      after: [{ type: 'home' }],
    },
  ])('$name', check);

  test('add on a value path adds parts and keeps the others', () => {
    check({
      name: '',
      operations: [{ op: 'add', path: 'emails[type eq "home"]', value: { display: 'd' } }],
      after: [work, { ...home, display: 'd' }],
    });
  });

  test.each<OperationJson>([
    { op: 'replace', path: 'emails[type eq "home"]' },
    { op: 'add', path: 'emails[type eq "home"].value' },
    { op: 'replace', path: 'emails[type eq "home"]', value: [home, work] },
    { op: 'replace', path: 'emails[type eq "home"]', value: 'x' },
    { op: 'replace', path: 'emails[type eq "home"].primary', value: 'x' },
    { op: 'replace', path: 'emails[type eq "home"].value', value: 5 },
  ])('a value that does not fit is 400 invalidValue: %j', (operation) => {
    for (const dialect of ['strict', 'standard'] as const)
      expect(refused(() => emailsAfter([work, home], [operation], dialect))).toBe('400 invalidValue');
  });
});

describe('RFC 7643 2.2: required parts', () => {
  const before = () => device({ owner: { value: 'o', display: 'd' }, sites: [{ value: 's', type: 'a' }] });

  test.each<{ operation: OperationJson; after: Record<string, unknown> }>([
    {
      operation: { op: 'replace', path: 'owner', value: { display: 'e' } },
      after: { owner: { value: 'o', display: 'e' } },
    },
    {
      operation: { op: 'add', value: { owner: { kind: 'k' } } },
      after: { owner: { value: 'o', display: 'd', kind: 'k' } },
    },
    {
      operation: { op: 'add', path: 'sites[type eq "a"]', value: { codes: ['x'] } },
      after: { sites: [{ value: 's', type: 'a', codes: ['x'] }] },
    },
  ])('stay when a value does not name them: $operation', ({ operation, after }) => {
    expect(patch(DEVICE_TYPE, before(), [operation]).resource).toMatchObject(after);
  });

  test.each<OperationJson>([
    { op: 'replace', path: 'owner.value', value: ' ' },
    { op: 'replace', path: 'owner', value: { value: '', display: 'x' } },
    { op: 'replace', path: 'sites[type eq "a"].value', value: '' },
    { op: 'replace', path: 'sites.value', value: '' },
    { op: 'replace', path: 'sites[type eq "a"]', value: { type: 'b' } },
    { op: 'add', path: 'sites', value: [{ type: 'b' }] },
  ])('must not be blank or left out of what is replaced: %j', (operation) => {
    for (const dialect of ['strict', 'standard'] as const)
      expect(refused(() => patch(DEVICE_TYPE, before(), [operation], dialect))).toBe('400 invalidValue');
  });

  test('must come with the first part', () => {
    for (const path of ['owner.display', 'sites.type'])
      expect(refused(() => patch(DEVICE_TYPE, device(), [{ op: 'add', path, value: 'x' }]))).toBe(
        '400 invalidValue',
      );
  });
});

test('values of a simple attribute are added once, replaced and removed', () => {
  const tags = (...operations: OperationJson[]): unknown =>
    patch(DEVICE_TYPE, device({ tags: ['a', 'b'] }), operations).resource.tags;
  expect(tags({ op: 'add', path: 'tags', value: ['B', 'c', 'C'] })).toEqual(['a', 'b', 'c']);
  expect(tags({ op: 'add', path: 'tags', value: 'c' })).toEqual(['a', 'b', 'c']);
  expect(tags({ op: 'replace', path: 'tags[value eq "A"]', value: 'x' })).toEqual(['x', 'b']);
  expect(tags({ op: 'remove', path: 'tags[value sw "a"]' })).toEqual(['b']);
});

describe('remove with a value list removes the listed values only', () => {
  test.each<{ name: string; value: JsonValue; after: JsonObject[] | undefined }>([
    { name: 'by value', value: [{ value: 'WORK@x.org' }], after: [home] },
    { name: 'one value for a list of one', value: { value: 'home@x.org' }, after: [work] },
    { name: 'by all parts given', value: [{ value: 'work@x.org', type: 'home' }], after: [work, home] },
    { name: 'several', value: [home, { type: 'work' }], after: undefined },
    { name: 'none of them there', value: [{ value: 'x' }], after: [work, home] },
    { name: 'an empty list', value: [], after: [work, home] },
    { name: 'empty elements', value: [{}, null, { unknown: 1 }], after: [work, home] },
  ])('$name', ({ value, after }) => {
    expect(emailsAfter([work, home], [{ op: 'remove', path: 'emails', value }], 'standard')).toEqual(after);
    expect(
      refused(() => emailsAfter([work, home], [{ op: 'remove', path: 'emails', value }], 'strict')),
    ).toBe('400 invalidSyntax');
  });
});

test('no attribute gets more than 1000 values', () => {
  const full = Array.from({ length: MAX_ELEMENTS }, (_, index) => ({ value: `v${index}` }));
  const more = { op: 'add', path: 'emails', value: [{ value: 'one more' }] };
  expect(refused(() => emailsAfter(full, [more], 'strict'))).toBe('400 invalidValue');
  expect(emailsAfter(full, [{ ...more, value: [{ value: 'V7' }] }], 'strict')).toHaveLength(MAX_ELEMENTS);
});

describe('a path that selects several elements', () => {
  const work = { value: 'a', type: 'work' };
  const home = { value: 'a', type: 'home' };
  const rows: [title: string, operation: OperationJson, after: JsonValue | undefined][] = [
    [
      'changes the one of the type that an added value of theirs has',
      { op: 'add', path: 'emails[value eq "a"]', value: { value: 'A', type: 'home', display: 'D' } },
      [work, { value: 'A', type: 'home', display: 'D' }],
    ],
    [
      'has another one of a type that none of them has',
      { op: 'add', path: 'emails[value eq "a"]', value: { value: 'a', type: 'other' } },
      [work, home, { value: 'a', type: 'other' }],
    ],
    [
      'changes them all where the value says nothing of their type',
      { op: 'add', path: 'emails[value eq "a"]', value: { value: 'a', display: 'D' } },
      [
        { ...work, display: 'D' },
        { ...home, display: 'D' },
      ],
    ],
    [
      'loses those that are listed',
      { op: 'remove', path: 'emails[value eq "a"]', value: [{ value: 'a', type: 'home' }] },
      [work],
    ],
    [
      'loses none when none is listed',
      { op: 'remove', path: 'emails[value eq "a"]', value: { type: 'x' } },
      [work, home],
    ],
    [
      'loses all where the value lists nothing',
      { op: 'remove', path: 'emails[value eq "a"]', value: 'x' },
      undefined,
    ],
  ];
  test.each(rows)('%s', (_, operation, after) => {
    expect(patchUser({ emails: [work, home] }, [operation], 'standard').emails).toEqual(after);
  });
});
