import { describe, expect, test } from 'vitest';
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

describe('a value path that matches nothing', () => {
  test.each<OperationJson>([
    { op: 'add', path: 'emails[type eq "other"].value', value: 'n' },
    { op: 'replace', path: 'emails[type eq "other"].value', value: 'n' },
    { op: 'replace', path: 'emails[type eq "other"]', value: { value: 'n' } },
    { op: 'replace', path: 'emails[type eq "other"].value', value: null },
  ])('RFC 7644 3.5.2.3: is 400 noTarget in strict: %j', (operation) => {
    expect(refused(() => emailsAfter([work], [operation], 'strict'))).toBe('400 noTarget');
    expect(refused(() => emailsAfter([], [operation], 'strict'))).toBe('400 noTarget');
  });

  test.each<Row>([
    {
      name: 'by part',
      operations: [{ op: 'replace', path: 'emails[type eq "other"].value', value: 'n' }],
      after: [work, home, { type: 'other', value: 'n' }],
    },
    {
      name: 'as a whole',
      operations: [{ op: 'add', path: 'emails[type eq "other"]', value: { value: 'n', display: 'd' } }],
      after: [work, home, { type: 'other', value: 'n', display: 'd' }],
    },
    {
      name: 'from a filter of several terms',
      operations: [{ op: 'add', path: 'emails[type eq "other" and primary eq "True"].value', value: 'n' }],
      after: [{ ...work, primary: false }, home, { type: 'other', primary: true, value: 'n' }],
    },
    {
      name: 'that is not the primary one',
      operations: [{ op: 'add', path: 'emails[type eq "other" and primary eq false].value', value: 'n' }],
      after: [work, home, { type: 'other', primary: false, value: 'n' }],
    },
    {
      name: 'once for several operations',
      before: [],
      operations: [
        { op: 'add', path: 'emails[type eq "other"].value', value: 'n' },
        { op: 'replace', path: 'emails[type eq "other"].display', value: 'd' },
      ],
      after: [{ type: 'other', value: 'n', display: 'd' }],
    },
    {
      name: 'not for null',
      operations: [{ op: 'replace', path: 'emails[type eq "other"].value', value: null }],
      after: [work, home],
    },
    {
      name: 'not for blanks alone',
      operations: [{ op: 'replace', path: 'emails[type eq ""].value', value: '' }],
      after: [work, home],
    },
  ])('makes the element in standard $name', ({ before = [work, home], operations, after }) => {
    expect(emailsAfter(before, operations, 'standard')).toEqual(after);
  });

  test.each([
    'emails[type ne "work" and type ne "home"].value',
    'emails[value sw "n"].type',
    'emails[not (type pr)].type',
    'emails[type eq "a" or type eq "b"].value',
  ])('is 400 noTarget in standard too where the filter describes no element: %s', (path) => {
    expect(refused(() => emailsAfter([work, home], [{ op: 'replace', path, value: 'n' }], 'standard'))).toBe(
      '400 noTarget',
    );
  });

  test('makes no element whose parts are invalid', () => {
    const operation = { op: 'add', path: 'x509Certificates[value eq "no base64!"].display', value: 'd' };
    expect(refused(() => patchUser({}, [operation], 'standard'))).toBe('400 invalidValue');
    const site = { op: 'add', path: 'sites[type eq "a"].codes', value: ['x'] };
    expect(refused(() => patch(DEVICE_TYPE, device(), [site], 'standard'))).toBe('400 invalidValue');
  });

  test('simple values are not made from a filter', () => {
    const operation = { op: 'replace', path: 'tags[value eq "x"]', value: 'y' };
    expect(refused(() => patch(DEVICE_TYPE, device(), [operation], 'standard'))).toBe('400 noTarget');
  });
});
