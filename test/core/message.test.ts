import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/core/json.ts';
import { checkMessageSchema, messageMember } from '../../src/core/message.ts';
import { refused, standard, strict } from './fixtures.ts';

const URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

describe('checkMessageSchema', () => {
  test.each<{ schemas: JsonValue }>([
    { schemas: [URN] },
    { schemas: ['urn:example:other', URN] },
    { schemas: [URN.toUpperCase()] },
  ])('takes $schemas in either dialect, without a tolerance', ({ schemas }) => {
    const tolerance = standard();
    checkMessageSchema({ SCHEMAS: schemas }, URN, tolerance);
    checkMessageSchema({ schemas }, URN, strict());
    expect(tolerance.used.size).toBe(0);
  });

  test.each<{ schemas: JsonValue }>([
    { schemas: null },
    { schemas: URN },
    { schemas: [] },
    { schemas: [1] },
    { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'] },
  ])('takes $schemas in standard only', ({ schemas }) => {
    const tolerance = standard();
    checkMessageSchema({ schemas }, URN, tolerance);
    expect([...tolerance.used]).toEqual(['message-schema-missing']);
    expect(refused(() => checkMessageSchema({ schemas }, URN, strict()))).toBe('400 invalidSyntax');
  });

  test('takes no schemas at all in standard only', () => {
    checkMessageSchema({}, URN, standard());
    expect(refused(() => checkMessageSchema({}, URN, strict()))).toBe('400 invalidSyntax');
  });
});

test('messageMember finds a name in any case, and refuses it twice', () => {
  expect(messageMember({ Operations: [1] }, 'operations')).toEqual([1]);
  expect(messageMember({}, 'operations')).toBeUndefined();
  expect(refused(() => messageMember({ op: 'add', OP: 'add' }, 'op'))).toBe('400 invalidSyntax');
});
