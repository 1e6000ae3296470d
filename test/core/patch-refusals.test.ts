import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import {
  DEVICE_TYPE,
  device,
  LEASE_SCHEMA,
  type OperationJson,
  patch,
  patchUser,
  refused,
  user,
} from './fixtures.ts';

const MANAGER = `${ENTERPRISE_USER_SCHEMA}:manager`;

describe('RFC 7644 3.5.2: readOnly', () => {
  test.each([
    { op: 'replace', path: 'id', value: 'x' },
    { op: 'add', path: 'meta', value: { version: 'x' } },
    { op: 'replace', path: 'meta.created', value: '2011-05-13T04:42:34Z' },
    { op: 'remove', path: 'meta' },
    { op: 'add', path: 'groups', value: [{ value: 'g' }] },
    { op: 'remove', path: 'groups[value eq "g"]' },
    { op: 'replace', path: `${MANAGER}.displayName`, value: 'Boss' },
  ])('a path to it is 400 mutability in either dialect: %j', (operation) => {
    for (const dialect of ['strict', 'standard'] as const)
      expect(refused(() => patchUser({}, [operation], dialect))).toBe('400 mutability');
  });

  test.each([{ value: { id: 'other' } }, { value: { groups: [] } }, { value: { meta: { version: 'x' } } }])(
    'in a value it is 400 mutability in strict and ignored in standard: %j',
    ({ value }) => {
      expect(refused(() => patchUser({}, [{ op: 'replace', value }]))).toBe('400 mutability');
      expect(patchUser({}, [{ op: 'replace', value: { ...value, title: 'T' } }], 'standard')).toEqual(
        user({ title: 'T' }),
      );
    },
  );

  test('the value that it has may be sent back', () => {
    const before = Object.assign(user(), { id: 'u1' });
    expect(patch(USER_TYPE, before, [{ op: 'replace', value: { id: 'u1', title: 'T' } }]).resource).toEqual({
      ...before,
      title: 'T',
    });
  });

  test('in an extension too', () => {
    const before = device();
    (before[LEASE_SCHEMA] as JsonObject).contract = 'C-1';
    const same = { op: 'replace', value: { [LEASE_SCHEMA]: { contract: 'C-1', lessor: 'Beta' } } };
    const other = { op: 'replace', value: { [LEASE_SCHEMA]: { contract: 'C-2' } } };
    expect(patch(DEVICE_TYPE, before, [same]).resource[LEASE_SCHEMA]).toEqual({
      contract: 'C-1',
      lessor: 'Beta',
    });
    expect(refused(() => patch(DEVICE_TYPE, before, [other]))).toBe('400 mutability');
  });
});

describe('values that do not fit are 400 in either dialect', () => {
  test.each<{ operation: OperationJson; answer: string }>([
    { operation: { op: 'add', path: 'nickName' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'name' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'emails' }, answer: '400 invalidValue' },
    { operation: { op: 'add' }, answer: '400 invalidValue' },
    { operation: { op: 'add', value: 'x' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', value: [{ nickName: 'x' }] }, answer: '400 invalidValue' },
    { operation: { op: 'replace', value: null }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'active', value: 'perhaps' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'nickName', value: 5 }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'name', value: 'Barbara' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'name.givenName', value: {} }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'emails', value: 'b@x.org' }, answer: '400 invalidValue' },
    { operation: { op: 'add', value: { emails: 5 } }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: ENTERPRISE_USER_SCHEMA, value: 'x' }, answer: '400 invalidValue' },
    { operation: { op: 'add', path: 'nickName', value: 'a\u0000' }, answer: '400 invalidValue' },
    { operation: { op: 'replace', path: 'userName', value: 'a\u200bb' }, answer: '400 invalidValue' },
    { operation: { op: 'add', value: { nickName: 'a', NICKNAME: 'b' } }, answer: '400 invalidSyntax' },
    {
      operation: { op: 'add', path: 'name', value: { givenName: 'a', GivenName: 'b' } },
      answer: '400 invalidSyntax',
    },
    {
      operation: { op: 'add', path: ENTERPRISE_USER_SCHEMA, value: { department: 'a', Department: 'b' } },
      answer: '400 invalidSyntax',
    },
  ])('$operation', ({ operation, answer }) => {
    for (const dialect of ['strict', 'standard'] as const)
      expect(refused(() => patchUser({}, [operation], dialect))).toBe(answer);
  });
});
