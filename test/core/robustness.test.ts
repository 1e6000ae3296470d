import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeResource } from '../../src/core/decode.ts';
import { ScimError } from '../../src/core/error.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { parseFilter } from '../../src/core/filter-parser.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from '../../src/core/json.ts';
import { matches } from '../../src/core/match.ts';
import { applyPatch } from '../../src/core/patch.ts';
import { decodePatch, PATCH_SCHEMA } from '../../src/core/patch-operation.ts';
import { parsePatchPath } from '../../src/core/patch-path.ts';
import { project, readProjection } from '../../src/core/project.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { docText } from '../../src/core/stored.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import { DEVICE_TYPE, deepFreeze, strict } from './fixtures.ts';
import { arbitraryFilter, arbitraryResource } from './generators.ts';
import { anyBody, anyOperation, FILTER_WORDS, likelyValue, PATHS, soup } from './hostile-generators.ts';

/** Runs what may be refused with a ScimError; any other error fails the test. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype, Map.prototype];
const ownKeys = (): PropertyKey[][] => prototypes.map((prototype) => Reflect.ownKeys(prototype));
const keysBefore = ownKeys();
afterAll(() => {
  expect(ownKeys()).toEqual(keysBefore);
});

const TYPES = [
  { name: 'User', type: USER_TYPE },
  { name: 'Group', type: GROUP_TYPE },
  { name: 'Device', type: DEVICE_TYPE },
];
const dialect = fc.constantFrom('strict' as const, 'standard' as const);

describe('any text is parsed or refused with a ScimError', () => {
  test('by parseFilter and readFilter', () => {
    fc.assert(
      fc.property(fc.oneof(soup(FILTER_WORDS), fc.string({ unit: 'binary' })), dialect, (text, name) => {
        attempt(() => parseFilter(text, toleranceOf(name)));
        attempt(() => matches(readFilter(USER_TYPE, text, toleranceOf(name)), {}));
      }),
      { numRuns: 500 },
    );
  });

  test('by parsePatchPath', () => {
    fc.assert(
      fc.property(fc.oneof(soup(FILTER_WORDS), fc.string({ unit: 'binary' })), dialect, (text, name) => {
        for (const { type } of TYPES) attempt(() => parsePatchPath(type, text, toleranceOf(name)));
      }),
      { numRuns: 500 },
    );
  });

  test('by parseJson, which accepts nothing that JSON.parse refuses', () => {
    const words = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u0061',
      '"a"',
      '"a":',
      '{"a":1',
      '1',
      'null',
      ' ',
      '__proto__',
    ];
    fc.assert(
      fc.property(fc.oneof(soup(words), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const value = attempt(() => parseJson(text));
        if (value !== undefined) expect(value).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('and a filter that is parsed still is when cut anywhere or not at all', () => {
    fc.assert(
      fc.property(arbitraryFilter(USER_TYPE), fc.nat(200), (text, length) => {
        readFilter(USER_TYPE, text, strict());
        attempt(() => readFilter(USER_TYPE, text.slice(0, length), strict()));
      }),
      { numRuns: 300 },
    );
  });
});

const patchOf = (operations: JsonValue[]): JsonObject => ({
  schemas: [PATCH_SCHEMA],
  Operations: operations,
});

/** What must hold for every resource that the core lets through: decoding it again changes nothing. */
function expectSound(type: ResourceType, resource: JsonObject): void {
  expect(decodeResource(type, resource, strict())).toEqual(resource);
  expect(Object.getPrototypeOf(resource)).toBeNull();
  expect(() => JSON.parse(docText(type, 'x', resource))).not.toThrow();
  indexValues(type, resource);
  project(type, resource, readProjection(type, undefined, ['name']));
}

describe.each(TYPES)(
  'any request for a $name is carried out or refused with a ScimError, and never written to',
  ({ type }) => {
    test('bodies', () => {
      fc.assert(
        fc.property(anyBody(), dialect, (body, name) => {
          const resource = attempt(() => decodeResource(type, deepFreeze(body), toleranceOf(name)));
          if (resource !== undefined) expectSound(type, resource);
        }),
        { numRuns: 400 },
      );
    });

    test('patches, whose outcome is a sound resource', () => {
      let applied = 0;
      fc.assert(
        fc.property(
          arbitraryResource(type),
          fc.array(anyOperation, { maxLength: 3 }),
          dialect,
          (resource, operations, name) => {
            const tolerance = toleranceOf(name);
            const body = deepFreeze(patchOf(operations));
            const patched = attempt(() =>
              applyPatch(type, deepFreeze(resource), decodePatch(type, body, tolerance), tolerance),
            );
            if (patched === undefined) return;
            applied++;
            expectSound(type, patched.resource);
          },
        ),
        { numRuns: 500 },
      );
      expect(applied).toBeGreaterThan(50);
    });

    test('any PATCH body at all', () => {
      fc.assert(
        fc.property(anyBody(), dialect, (body, name) => {
          const tolerance = toleranceOf(name);
          const whole = isObject(body) ? { ...body, schemas: [PATCH_SCHEMA] } : body;
          attempt(() => applyPatch(type, {}, decodePatch(type, deepFreeze(whole), tolerance), tolerance));
        }),
        { numRuns: 200 },
      );
    });

    test('RFC 7644 3.5.2: operations applied together are those applied one after the other', () => {
      fc.assert(
        fc.property(arbitraryResource(type), anyOperation, anyOperation, (resource, first, second) => {
          const run = (before: JsonObject, ...operations: JsonValue[]) =>
            attempt(() => {
              const tolerance = toleranceOf('standard');
              return applyPatch(type, before, decodePatch(type, patchOf(operations), tolerance), tolerance);
            });
          const together = run(resource, first, second);
          const before = run(resource, first);
          const after = before && run(before.resource, second);
          expect(together?.resource).toEqual(after?.resource);
          expect(together?.members).toEqual(after && before && [...before.members, ...after.members]);
        }),
        { numRuns: 300 },
      );
    });

    test('RFC 7644 3.5.2.1: adding twice is adding once', () => {
      const paths = PATHS.filter((path) => !path.includes('['));
      const addition = fc.record({
        op: fc.constant('add'),
        path: fc.constantFrom(...paths),
        value: likelyValue,
      });
      fc.assert(
        fc.property(arbitraryResource(type), addition, (resource, operation) => {
          const run = (times: number): JsonObject | undefined =>
            attempt(() => {
              const tolerance = toleranceOf('standard');
              const body = patchOf(Array.from({ length: times }, () => operation));
              return applyPatch(type, resource, decodePatch(type, body, tolerance), tolerance).resource;
            });
          expect(run(2)).toEqual(run(1));
        }),
        { numRuns: 300 },
      );
    });
  },
);
