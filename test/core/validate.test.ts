import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { checkImmutable, checkPrimaryEmail, checkRequired } from '../../src/core/validate.ts';
import { DEVICE_TYPE, device, group, LEASE_SCHEMA, refusal, refused, user } from './fixtures.ts';

const without = (resource: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => key !== name));

describe('RFC 7643 2.2: required', () => {
  test('complete resources pass', () => {
    expect(() => checkRequired(USER_TYPE, user())).not.toThrow();
    expect(() => checkRequired(GROUP_TYPE, group())).not.toThrow();
    expect(() => checkRequired(DEVICE_TYPE, device())).not.toThrow();
  });

  test.each<[name: string, check: () => void, mentions: string]>([
    ['a user without userName', () => checkRequired(USER_TYPE, without(user(), 'userName')), 'userName'],
    ['a blank userName', () => checkRequired(USER_TYPE, user({ userName: '' })), 'userName'],
    ['a userName of blanks', () => checkRequired(USER_TYPE, user({ userName: ' \t ' })), 'userName'],
    [
      'a group without displayName',
      () => checkRequired(GROUP_TYPE, without(group(), 'displayName')),
      'displayName',
    ],
    ['a required list that is empty', () => checkRequired(DEVICE_TYPE, device({ tags: [] })), 'tags'],
    ['a required extension', () => checkRequired(DEVICE_TYPE, without(device(), LEASE_SCHEMA)), LEASE_SCHEMA],
    [
      'a required attribute of an extension',
      () => checkRequired(DEVICE_TYPE, device({ [LEASE_SCHEMA]: { until: '2030-01-01T00:00:00Z' } })),
      'lessor',
    ],
  ])('%s is 400 invalidValue', (_, check, mentions) => {
    const error = refusal(check);
    expect(error).toMatchObject({ status: 400, scimType: 'invalidValue' });
    expect(error.message).toContain(mentions);
  });
});

describe('RFC 7643 7: immutable', () => {
  const owner = { value: 'o', since: '2020', display: 'x' };

  test.each<[name: string, before: JsonObject, after: JsonObject]>([
    ['nothing changed', {}, {}],
    ['another attribute changed', { label: 'a' }, { label: 'b' }],
    ['an immutable part got its first value', { owner: { value: 'o' } }, { owner }],
    ['another part changed', { owner }, { owner: { ...owner, display: 'y' } }],
  ])('%s: allowed', (_, before, after) => {
    expect(() => checkImmutable(DEVICE_TYPE, device(before), device(after))).not.toThrow();
  });

  test('an immutable attribute may get its first value', () => {
    expect(() => checkImmutable(DEVICE_TYPE, without(device(), 'serial'), device())).not.toThrow();
  });

  test.each<[name: string, before: JsonObject, after: JsonObject]>([
    ['a changed value', device(), device({ serial: 'S-2' })],
    ['a change of case alone', device(), device({ serial: 's-1' })],
    ['a removed value', device(), without(device(), 'serial')],
    ['a changed part', device({ owner }), device({ owner: { ...owner, since: '2021' } })],
    ['a removed part', device({ owner }), device({ owner: { value: 'o' } })],
    ['a part removed with its parent', device({ owner }), device()],
  ])('%s is 400 mutability', (_, before, after) => {
    expect(refused(() => checkImmutable(DEVICE_TYPE, before, after))).toBe('400 mutability');
  });
});

describe('checkPrimaryEmail', () => {
  test.each<JsonValue[]>([
    [[{ value: 'a@x.org', primary: true }]],
    [[{ value: 'a@x.org' }, { value: 'b@x.org', primary: true, type: 'home' }]],
  ])('%j passes', (emails) => {
    expect(() => checkPrimaryEmail(user({ emails }))).not.toThrow();
  });

  test.each<{ emails: JsonValue }>([
    { emails: [] },
    { emails: [{ value: 'a@x.org' }] },
    { emails: [{ value: 'a@x.org', primary: false }] },
    { emails: [{ value: ' ', primary: true }] },
    { emails: [{ type: 'work', primary: true }] },
  ])('$emails is 400 invalidValue', ({ emails }) => {
    expect(refused(() => checkPrimaryEmail(user({ emails })))).toBe('400 invalidValue');
  });
});
