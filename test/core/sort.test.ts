import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { compareBySort, readSort, representative, type Sort } from '../../src/core/sort.ts';
import { DEVICE_TYPE, refused, user } from './fixtures.ts';

describe('RFC 7644 3.4.2.3: sortBy and sortOrder', () => {
  test.each([
    ['userName', undefined, 'userName', false],
    ['USERNAME', 'Descending', 'userName', true],
    ['name.familyName', 'ascending', 'name.familyName', false],
    ['emails', undefined, 'emails.value', false],
    ['urn:ietf:params:scim:schemas:core:2.0:User:title', undefined, 'title', false],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
      undefined,
      'enterprise:manager.value',
      false,
    ],
    ['meta.lastModified', undefined, 'meta.lastModified', false],
  ])('%s %s', (sortBy, sortOrder, indexPath, descending) => {
    const { path, ...sort } = readSort(USER_TYPE, sortBy, sortOrder) as Sort;
    expect([(path.sub ?? path.attribute).indexPath, sort.descending]).toEqual([indexPath, descending]);
  });

  test('without sortBy there is no order, whatever sortOrder says', () => {
    expect(readSort(USER_TYPE, undefined, 'descending')).toBeUndefined();
  });

  test.each([
    'nobody',
    'name',
    'addresses',
    'groups',
    'password',
    'schemas',
    'meta',
    'meta.version',
    'meta.location',
    '__proto__',
    '',
  ])('an attribute that gives no order is 400 invalidPath: %j', (sortBy) => {
    expect(refused(() => readSort(USER_TYPE, sortBy, undefined))).toBe('400 invalidPath');
  });

  test('several values in one element give no order', () => {
    expect(refused(() => readSort(DEVICE_TYPE, 'sites.codes', undefined))).toBe('400 invalidPath');
  });

  test('another sortOrder is 400 invalidValue', () => {
    expect(refused(() => readSort(USER_TYPE, 'userName', 'up'))).toBe('400 invalidValue');
  });
});

describe('the reference order', () => {
  const order = (sortBy: string, sortOrder: string, ...resources: JsonObject[]): string[] => {
    const sort = readSort(USER_TYPE, sortBy, sortOrder) as Sort;
    const named = resources.map((resource, index) => Object.assign(user(resource), { id: String(index) }));
    return named.sort((a, b) => compareBySort(sort, a, b)).map(({ id }) => String(id));
  };

  test('is without case for text that has none, with those without a value last, or first when descending', () => {
    const titles = [{ title: 'b' }, {}, { title: 'A' }, { title: 'C' }];
    expect(order('title', 'ascending', ...titles)).toEqual(['2', '0', '3', '1']);
    expect(order('title', 'descending', ...titles)).toEqual(['1', '3', '0', '2']);
  });

  test('takes the primary value of several, or else the first', () => {
    const emails = [
      { emails: [{ value: 'z' }, { value: 'a', primary: true }] },
      { emails: [{ value: 'm' }, { value: '0' }] },
      { emails: [{ value: 'b', primary: false }] },
    ];
    expect(order('emails.value', 'ascending', ...emails)).toEqual(['0', '2', '1']);
    expect(representative([{ primary: false }, { primary: true }])).toBe(1);
    expect(representative([])).toBe(0);
  });

  test('keeps those with the same value in the order of their ids', () => {
    expect(order('active', 'ascending', { active: true }, { active: false }, { active: true })).toEqual([
      '1',
      '0',
      '2',
    ]);
  });
});
