import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/core/json.ts';
import { type MemberChange, memberReferences } from '../../src/core/patch-members.ts';
import { GROUP_TYPE } from '../../src/core/registry.ts';
import type { Dialect } from '../../src/core/tolerance.ts';
import { deepFreeze, group, type OperationJson, patch, refused } from './fixtures.ts';

const changes = (operations: OperationJson[], dialect: Dialect = 'strict'): readonly MemberChange[] =>
  patch(GROUP_TYPE, deepFreeze(group()), operations, dialect).members;

const member = (value: string, type?: string) => ({ value, type });
const clear = { kind: 'clear' };
const add = (...values: string[]) => ({ kind: 'add', members: values.map((value) => member(value)) });
const remove = (...ids: string[]) => ({ kind: 'remove', ids });

describe('RFC 7644 3.5.2: what a PATCH of members comes to, in either dialect', () => {
  test.each<{ name: string; operations: OperationJson[]; steps: unknown[] }>([
    {
      name: 'add',
      operations: [{ op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'b' }] }],
      steps: [add('a', 'b')],
    },
    {
      name: 'add of one member',
      operations: [{ op: 'add', path: 'Members', value: { value: 'a' } }],
      steps: [add('a')],
    },
    {
      name: 'add without path',
      operations: [{ op: 'add', value: { MEMBERS: [{ value: 'a' }] } }],
      steps: [add('a')],
    },
    {
      name: 'a null $ref and unknown parts are of no account, type and display are kept',
      operations: [
        {
          op: 'add',
          path: 'members',
          value: [{ $ref: null, value: 'a', display: 'A', type: 'Group', x: 1 }],
        },
      ],
      steps: [{ kind: 'add', members: [{ ...member('a', 'Group'), display: 'A' }] }],
    },
    {
      name: 'a display that is no text is of no account',
      operations: [{ op: 'add', path: 'members', value: [{ value: 'a', Display: 5 }] }],
      steps: [add('a')],
    },
    { name: 'add of an empty list', operations: [{ op: 'add', path: 'members', value: [] }], steps: [add()] },
    {
      name: 'replace',
      operations: [{ op: 'replace', path: 'members', value: [{ value: 'a' }] }],
      steps: [clear, add('a')],
    },
    {
      name: 'replace by an empty list',
      operations: [{ op: 'replace', path: 'members', value: [] }],
      steps: [clear, add()],
    },
    {
      name: 'replace by null',
      operations: [{ op: 'replace', value: { members: null } }],
      steps: [clear, add()],
    },
    { name: 'remove', operations: [{ op: 'remove', path: 'members' }], steps: [clear] },
    {
      name: 'remove with a null value',
      operations: [{ op: 'remove', path: 'members', value: null }],
      steps: [clear],
    },
    {
      name: 'remove of one',
      operations: [{ op: 'remove', path: 'members[value eq "a"]' }],
      steps: [remove('a')],
    },
    {
      name: 'remove of several',
      operations: [{ op: 'remove', path: 'members[value eq "a" or (value eq "b" or VALUE Eq "c")]' }],
      steps: [remove('a', 'b', 'c')],
    },
    {
      name: 'replace of one',
      operations: [{ op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } }],
      steps: [{ ...remove('a'), mustMatch: true }, add('b')],
    },
    {
      name: 'add on a value path',
      operations: [{ op: 'add', path: 'members[value eq "a"]', value: { value: 'b' } }],
      steps: [add('b')],
    },
    {
      name: 'operations in their order',
      operations: [
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [{ value: 'a' }] },
        { op: 'remove', path: 'members[value eq "a"]' },
      ],
      steps: [clear, add('a'), remove('a')],
    },
    {
      name: 'a replace that names no members',
      operations: [{ op: 'replace', value: { displayName: 'New' } }],
      steps: [],
    },
  ])('$name', ({ operations, steps }) => {
    expect(changes(operations, 'strict')).toEqual(steps);
    expect(changes(operations, 'standard')).toEqual(steps);
  });

  test.each([
    'type eq "User"',
    'value sw "a"',
    'value eq "a" and type eq "User"',
    'not (value eq "a")',
    'value eq "a" or type pr',
    'value ne "a"',
  ])('remove by another filter is left to the rows: [%s]', (filter) => {
    expect(changes([{ op: 'remove', path: `members[${filter}]` }])).toMatchObject([
      { kind: 'removeMatching', filter: expect.any(Object) },
    ]);
  });

  test('members never become part of the resource', () => {
    const operations = [{ op: 'add', value: { members: [{ value: 'a' }], displayName: 'New' } }];
    expect(patch(GROUP_TYPE, group(), operations).resource).toEqual(group({ displayName: 'New' }));
  });
});

describe('remove with a value list, as Entra ID sends it', () => {
  test.each<{ name: string; value: JsonValue; ids: string[] }>([
    { name: 'a list', value: [{ value: 'a', $ref: null }, { value: 'b' }], ids: ['a', 'b'] },
    { name: 'one member', value: { value: 'a' }, ids: ['a'] },
    { name: 'plain ids', value: ['a', 'b'], ids: ['a', 'b'] },
    { name: 'an empty list removes nobody', value: [], ids: [] },
    { name: 'null removes nobody', value: [null], ids: [] },
  ])('$name', ({ value, ids }) => {
    expect(changes([{ op: 'remove', path: 'members', value }], 'standard')).toEqual([remove(...ids)]);
    expect(refused(() => changes([{ op: 'remove', path: 'members', value }], 'strict'))).toBe(
      '400 invalidSyntax',
    );
  });
});

describe('refused in either dialect', () => {
  test.each<{ operation: OperationJson; answer: string }>([
    { operation: { op: 'add', path: 'members' }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: [{ type: 'User' }] }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: [{ value: 5 }] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members', value: [{}] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members', value: [{ value: '' }] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members', value: [{ display: 'a' }] }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: [{}] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members', value: [{ display: 'A' }] }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: [{ value: '' }] }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: 5 }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'members', value: [['a']] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members[value eq "a"]' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members[value eq "a"]', value: null }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'members.value', value: 'a' }, answer: '400 mutability' },
    { operation: { op: 'remove', path: 'members.type' }, answer: '400 mutability' },
    {
      operation: { op: 'replace', path: 'members[value eq "a"].type', value: 'Group' },
      answer: '400 mutability',
    },
    { operation: { op: 'remove', path: 'members[value eq "x" or 1=1]' }, answer: '400 invalidPath' },
    { operation: { op: 'remove', path: 'members[unknown eq "x"]' }, answer: '400 invalidPath' },
  ])('$operation', ({ operation, answer }) => {
    expect(refused(() => changes([operation], 'strict'))).toBe(answer);
    expect(refused(() => changes([operation], 'standard'))).toBe(answer);
  });
});

test('memberReferences reads the members of a decoded group', () => {
  expect(
    memberReferences(group({ members: [{ value: 'a', type: 'User' }, { value: 'b' }] }).members),
  ).toEqual([member('a', 'User'), member('b')]);
  expect(memberReferences(undefined)).toEqual([]);
});
