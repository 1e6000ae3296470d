import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeResource } from '../../../src/core/decode.ts';
import { ScimError } from '../../../src/core/error.ts';
import { readFilter } from '../../../src/core/filter-binding.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { applyPatch } from '../../../src/core/patch.ts';
import { decodePatch } from '../../../src/core/patch-operation.ts';
import { BUILT_IN, GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import { compileResourceType } from '../../../src/core/resource-type.ts';
import { docText } from '../../../src/core/stored.ts';
import { answerText1 } from '../../../src/core/v1/answer.ts';
import { readAttributes1 } from '../../../src/core/v1/attributes.ts';
import { decodeBody1 } from '../../../src/core/v1/body.ts';
import { decodeBulk1 } from '../../../src/core/v1/bulk.ts';
import { decodeFilter1 } from '../../../src/core/v1/filter.ts';
import { decodePatch1 } from '../../../src/core/v1/patch.ts';
import { DEVICE_TYPE, deepFreeze, standard } from '../fixtures.ts';
import { arbitraryResource } from '../generators.ts';
import { anyBody, FILTER_WORDS, likelyValue, soup } from '../hostile-generators.ts';

/** Runs what may be refused with a ScimError; any other error fails the test. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

const TYPES = [USER_TYPE, GROUP_TYPE, DEVICE_TYPE];
const NAMES = { storeNames: ['AMRSNGHE'] };
const WORDS_1 = [
  'Eq',
  'userNameEq',
  'emails.work',
  'wso2Extension.',
  'displayName',
  '*',
  'a*b',
  'PRIMARY/x',
  'AMRSNGHE/',
];
const KEYS_1 = [
  'meta',
  'emails',
  'name',
  'wso2Extension',
  'urn:scim:schemas:extension:enterprise:1.0',
  'members',
  'tags',
  '__proto__',
  'sites',
];

/** A part of a resource as 1.1 patches it, likely and not. */
const anyPatch: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(...KEYS_1),
  fc.oneof(
    likelyValue,
    fc.record({
      attributes: fc.array(
        fc.constantFrom('emails', 'name.givenName', 'emails.work', 'wso2Extension', 'members', 'id'),
      ),
    }),
    fc.array(
      fc.record({
        value: fc.constantFrom<JsonValue>('a', '', 5, null),
        operation: fc.constantFrom('delete', 'x', ''),
      }),
    ),
  ) as fc.Arbitrary<JsonValue>,
);

describe('whatever comes is read or refused with a ScimError', () => {
  test('as a resource', () => {
    fc.assert(
      fc.property(anyBody(), (body) => {
        for (const type of TYPES)
          attempt(() => decodeResource(type, decodeBody1(type, deepFreeze(body)), standard()));
      }),
      { numRuns: 300 },
    );
  });

  test('as a PATCH', () => {
    fc.assert(
      fc.property(arbitraryResource(USER_TYPE), fc.oneof(anyPatch, anyBody()), (resource, body) => {
        for (const type of TYPES)
          attempt(() =>
            applyPatch(type, resource, decodePatch(type, decodePatch1(type, body), standard()), standard()),
          );
      }),
      { numRuns: 300 },
    );
  });

  test('as a Bulk request', () => {
    const operation = fc.record({
      method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'x'),
      path: fc.constantFrom('/Users', '/Users/u', '/Groups/batchId:b', '/Nothing'),
      bulkId: fc.constantFrom('b', 'c'),
      data: fc.oneof(anyPatch, anyBody()),
    });
    fc.assert(
      fc.property(fc.array(operation), anyBody(), (operations, body) => {
        attempt(() => decodeBulk1(BUILT_IN, { Operations: operations as unknown as JsonValue }));
        attempt(() => decodeBulk1(BUILT_IN, body));
      }),
      { numRuns: 300 },
    );
  });

  test('as a filter, and then it is one of 2.0', () => {
    const text = fc.oneof(soup([...FILTER_WORDS, ...WORDS_1]), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, (filter) => {
        for (const type of TYPES) {
          const in2 = attempt(() => decodeFilter1(type, filter, NAMES));
          if (in2 !== undefined) attempt(() => readFilter(type, in2, standard()));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('as a list of attributes', () => {
    fc.assert(
      fc.property(fc.array(soup([...FILTER_WORDS, ...WORDS_1])), (names) => {
        for (const type of TYPES) expect(readAttributes1(type, names)?.wanted).toBeDefined();
      }),
    );
  });
});

test('attributes may be called like what every object has', () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
  const urn = 'urn:example:Odd';
  const type = compileResourceType({
    name: 'User',
    endpoint: '/Users',
    description: 'User',
    schema: {
      id: 'urn:example:Core',
      name: 'Core',
      description: 'Core',
      attributes: names.map((name) => ({ name })),
    },
    extensions: [
      {
        required: false,
        schema: { id: urn, name: 'Odd', description: 'Odd', attributes: names.map((name) => ({ name })) },
      },
    ],
  });
  const values = Object.fromEntries(names.map((name) => [name, 'x']));
  const body = decodeBody1(type, { ...values, [urn]: values });
  const resource = decodeResource(type, body, standard());
  const stored = { id: 'u1', doc: docText(type, 'u1', resource), version: 1, created: '', lastModified: '' };
  for (const projection of [undefined, readAttributes1(type, [...names, urn])]) {
    const { before, after } = answerText1(type, stored, 'x', projection, undefined, NAMES);
    expect(JSON.parse(before + after)).toMatchObject({ ...values, [urn]: values });
  }
  expect(decodePatch1(type, { [urn]: values }).Operations).toEqual([{ op: 'add', value: { [urn]: values } }]);
  for (const name of names) expect(decodeFilter1(type, `${name} eq x`, NAMES)).toBe(`${name} eq "x"`);
});
