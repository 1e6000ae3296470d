import { describe, expect, test } from 'vitest';
import { ScimError } from '../../src/core/error.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { fitsName, readStoreName, renameInStore } from '../../src/core/store-name.ts';

const userName = USER_TYPE.storeAttribute as Attribute;
const displayName = GROUP_TYPE.storeAttribute as Attribute;
const stores = ['PRIMARY', 'AMRSNGHE', 'EU'].map((name) => ({ name, nameKey: name.toLowerCase() }));

describe('the user store in a name', () => {
  test.each([
    ['x', 'x', 'primary'],
    ['AMRSNGHE/x', 'AMRSNGHE/x', 'amrsnghe'],
    ['amrsnghe/X', 'AMRSNGHE/X', 'amrsnghe'],
    ['AmrSnghe/a/b', 'AMRSNGHE/a/b', 'amrsnghe'],
    ['AMRSNGHE/AMRSNGHE/x', 'AMRSNGHE/AMRSNGHE/x', 'amrsnghe'],
    ['\uff21MRSNGHE\uff0fx', 'AMRSNGHE/x', 'amrsnghe'],
    ['PRIMARY/x', 'x', 'primary'],
    ['primary//x', '/x', 'primary'],
    ['PRIMARY/a/b', 'a/b', 'primary'],
    ['/x', '/x', 'primary'],
    ['/AMRSNGHE/x', '/AMRSNGHE/x', 'primary'],
    ['a\nb/x', 'a\nb/x', 'primary'],
    [' AMRSNGHE/x', ' AMRSNGHE/x', 'primary'],
    ['Internal/x', 'Internal/x', 'primary'],
  ])('%j of a user is %j in %s', (text, name, store) => {
    const read = readStoreName(userName, text, stores);
    expect(read).toMatchObject({ name, store });
    // what is stored means the same when it is sent again
    expect(readStoreName(userName, read.name, stores)).toMatchObject({ name, store });
  });

  test.each([
    ['INTERNAL/x', 'Internal/x', 'internal'],
    ['application/x', 'Application/x', 'application'],
    ['PRIMARY/engineer', 'engineer', 'primary'],
    ['eu/engineer', 'EU/engineer', 'eu'],
  ])('%j of a group is %j in %s', (text, name, store) => {
    expect(readStoreName(displayName, text, stores)).toMatchObject({ name, store });
  });

  test('is not there where nothing is called so', () => {
    expect(readStoreName(userName, 'Acme/x', stores).unknownPrefix).toBe('Acme');
    expect(readStoreName(userName, 'Internal/x', stores).unknownPrefix).toBe('Internal');
    expect(readStoreName(displayName, 'Internal/x', stores).unknownPrefix).toBeUndefined();
    expect(readStoreName(userName, '/x', stores).unknownPrefix).toBeUndefined();
  });

  test.each(['PRIMARY/', 'AMRSNGHE/', 'amrsnghe/  ', 'PRIMARY/PRIMARY/x', 'PRIMARY/eu/x'])(
    '%j is refused',
    (text) => {
      expect(() => readStoreName(userName, text, stores)).toThrow(ScimError);
    },
  );
});

describe('a change of name where stores are fixed', () => {
  test.each([
    ['x', 'X', 'x'],
    ['x', 'primary/X', 'x'],
    ['EU/x', 'x', 'EU/x'],
    ['EU/x', 'eu/X', 'EU/x'],
    ['EU/a/b', 'a/b', 'EU/a/b'],
    ['a/b', 'A/b', 'a/b'],
    ['a/b', 'PRIMARY/a/b', 'a/b'],
  ])('a user %s may be called %s, and stays %s', (old, text, name) => {
    expect(renameInStore(userName, old, text, stores).name).toBe(name);
  });

  test.each([
    ['x', 'y'],
    ['x', 'EU/x'],
    ['EU/x', 'EU/y'],
    ['EU/x', 'y'],
    ['EU/x', 'PRIMARY/x'],
    ['EU/x', 'AMRSNGHE/x'],
    ['x', 'Nothing/x'],
  ])('a user %s may not become %s', (old, text) => {
    expect(() => renameInStore(userName, old, text, stores)).toThrow(/can't be changed/);
  });

  test.each([
    ['x', 'X', 'X'],
    ['x', 'PRIMARY/y', 'y'],
    ['EU/x', 'y', 'EU/y'],
    ['EU/x', 'eu/y', 'EU/y'],
    ['Internal/x', 'y', 'Internal/y'],
    ['a/b', 'a/B', 'a/B'],
  ])('a group %s called %s becomes %s', (old, text, name) => {
    expect(renameInStore(displayName, old, text, stores).name).toBe(name);
  });

  test.each([
    ['x', 'EU/x', /another user store/],
    ['EU/x', 'PRIMARY/x', /another user store/],
    ['x', 'Internal/x', /another user store/],
    ['x', 'Nothing/x', /no user store Nothing/],
  ])('a group %s may not become %s', (old, text, reason) => {
    expect(() => renameInStore(displayName, old, text, stores)).toThrow(reason);
  });
});

test.each([
  ['x', 'x', 'primary', true],
  ['X', 'x', 'primary', true],
  ['PRIMARY/x', 'x', 'primary', true],
  ['x', 'eu/x', 'eu', true],
  ['EU/X', 'eu/x', 'eu', true],
  ['y', 'x', 'primary', false],
  ['EU/x', 'x', 'primary', false],
  ['PRIMARY/x', 'eu/x', 'eu', false],
  ['EU/EU/x', 'eu/x', 'eu', false],
])('%s said of %s in %s: %s', (text, nameKey, store, fits) => {
  expect(fitsName(text, nameKey, store)).toBe(fits);
});
