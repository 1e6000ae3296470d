import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { decodePatch, MAX_PATCH_OPERATIONS, PATCH_SCHEMA } from '../../src/core/patch-operation.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { deepFreeze, patchBody, refused, standard, strict } from './fixtures.ts';

const withOperations = (...operations: JsonValue[]): JsonObject => ({
  schemas: [PATCH_SCHEMA],
  Operations: operations,
});
const replace = { op: 'replace', path: 'nickName', value: 'x' };

describe('RFC 7644 3.5.2: decodePatch reads', () => {
  test('operations in their order, with their paths found in the schema', () => {
    const body = deepFreeze(
      patchBody(replace, { op: 'remove', path: 'title' }, { op: 'add', value: { active: true } }),
    );
    const operations = decodePatch(USER_TYPE, body, strict());
    expect(operations.map(({ op, value }) => [op, value])).toEqual([
      ['replace', 'x'],
      ['remove', undefined],
      ['add', { active: true }],
    ]);
    expect(operations.map(({ path }) => path?.kind)).toEqual(['attribute', 'attribute', undefined]);
  });

  test('RFC 7643 2.1: names of members in any case', () => {
    const body = { SCHEMAS: [PATCH_SCHEMA], operations: [{ OP: 'replace', Path: 'nickName', VALUE: 'x' }] };
    expect(decodePatch(USER_TYPE, body, strict())).toMatchObject([{ op: 'replace', value: 'x' }]);
  });

  test.each<{ path: JsonValue }>([{ path: null }, { path: '' }])('path $path as no path', ({ path }) => {
    const [operation] = decodePatch(USER_TYPE, withOperations({ op: 'add', path, value: {} }), strict());
    expect(operation?.path).toBeUndefined();
  });

  test('a value of null as a value, and none as none', () => {
    const body = withOperations(
      { op: 'replace', path: 'title', value: null },
      { op: 'replace', path: 'title' },
    );
    expect(decodePatch(USER_TYPE, body, strict()).map(({ value }) => value)).toEqual([null, undefined]);
  });

  test('members that it does not know, without a look', () => {
    const body = {
      ...patchBody(replace),
      extra: 1,
      Operations: [{ ...replace, from: 'x' }],
    };
    expect(decodePatch(USER_TYPE, body, strict())).toMatchObject([{ op: 'replace' }]);
  });

  test(`${MAX_PATCH_OPERATIONS} operations`, () => {
    const body = withOperations(...Array.from({ length: MAX_PATCH_OPERATIONS }, () => replace));
    expect(decodePatch(USER_TYPE, body, strict())).toHaveLength(MAX_PATCH_OPERATIONS);
  });
});

describe('refused in either dialect', () => {
  test.each<{ name: string; body: JsonValue; answer: string }>([
    { name: 'a body that is no object', body: [replace], answer: '400 invalidSyntax' },
    { name: 'a body that is null', body: null, answer: '400 invalidSyntax' },
    { name: 'no Operations', body: { schemas: [PATCH_SCHEMA] }, answer: '400 invalidSyntax' },
    {
      name: 'Operations that is an object',
      body: { schemas: [PATCH_SCHEMA], Operations: replace },
      answer: '400 invalidSyntax',
    },
    {
      name: 'Operations given twice',
      body: { ...withOperations(replace), operations: [] },
      answer: '400 invalidSyntax',
    },
    { name: 'an operation that is no object', body: withOperations('add'), answer: '400 invalidSyntax' },
    { name: 'an operation that is null', body: withOperations(null), answer: '400 invalidSyntax' },
    { name: 'no op', body: withOperations({ path: 'title', value: 'x' }), answer: '400 invalidSyntax' },
    { name: 'an unknown op', body: withOperations({ ...replace, op: 'move' }), answer: '400 invalidSyntax' },
    {
      name: 'an op that is no string',
      body: withOperations({ ...replace, op: ['add'] }),
      answer: '400 invalidSyntax',
    },
    { name: 'two ops', body: withOperations({ ...replace, OP: 'remove' }), answer: '400 invalidSyntax' },
    {
      name: 'RFC 7644 3.5.2.2: remove without path',
      body: withOperations({ op: 'remove' }),
      answer: '400 noTarget',
    },
    {
      name: 'remove with an empty path',
      body: withOperations({ op: 'remove', path: '' }),
      answer: '400 noTarget',
    },
    {
      name: 'a path that is no string',
      body: withOperations({ ...replace, path: ['title'] }),
      answer: '400 invalidPath',
    },
    {
      name: 'a path to an unknown attribute',
      body: withOperations({ ...replace, path: 'isAdmin' }),
      answer: '400 invalidPath',
    },
    {
      name: 'too many operations',
      body: withOperations(...Array.from({ length: MAX_PATCH_OPERATIONS + 1 }, () => replace)),
      answer: '400 tooMany',
    },
  ])('$name', ({ body, answer }) => {
    expect(refused(() => decodePatch(USER_TYPE, body, strict()))).toBe(answer);
    expect(refused(() => decodePatch(USER_TYPE, body, standard()))).toBe(answer);
  });
});

describe('RFC 7644 3.5.2: the body MUST have the PatchOp schema and at least one operation', () => {
  test.each<{ name: string; body: JsonObject }>([
    { name: 'no schemas', body: { Operations: [replace] } },
    {
      name: 'another schema',
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], Operations: [replace] },
    },
    { name: 'schemas that is a string', body: { schemas: PATCH_SCHEMA, Operations: [replace] } },
    { name: 'no operation', body: { schemas: [PATCH_SCHEMA], Operations: [] } },
  ])('$name is 400 invalidSyntax in strict', ({ body }) => {
    expect(refused(() => decodePatch(USER_TYPE, body, strict()))).toBe('400 invalidSyntax');
    expect(() => decodePatch(USER_TYPE, body, standard())).not.toThrow();
  });
});
