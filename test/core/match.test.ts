import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFilter } from '../../src/core/filter-binding.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { compareKey, matches, matchesElement } from '../../src/core/match.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_TYPE, deepFreeze, device, strict, user } from './fixtures.ts';
import { arbitraryFilter, arbitraryResource } from './generators.ts';

const meta = {
  created: '2011-05-13T04:42:34Z',
  lastModified: '2012-01-01T00:00:00.5Z',
  resourceType: 'User',
};

const babs = deepFreeze(
  Object.assign(
    user({
      userName: 'BJensen',
      externalId: 'Ext-1',
      name: { familyName: 'Jensen', givenName: 'Barbara' },
      nickName: '',
      title: '100% _real_',
      active: false,
      profileUrl: 'https://example.com/Babs',
      emails: [
        { value: 'babs@jensen.org', type: 'home', primary: false },
        { value: 'BJensen@Example.com', type: 'work', primary: true },
      ],
      x509Certificates: [{ value: 'AQID' }],
      [ENTERPRISE_USER_SCHEMA]: { department: 'Straße', manager: { value: 'M-1' } },
    }),
    { id: 'Id-1', meta, groups: [{ value: 'G-1', display: 'Guides' }] },
  ) as JsonObject,
);

const holds = (text: string, resource = babs, type: ResourceType = USER_TYPE): boolean =>
  matches(readFilter(type, text, strict()), resource);

describe('RFC 7644 table 3: operators', () => {
  test.each<[yes: string, no: string]>([
    ['userName eq "bjensen"', 'userName eq "bjensen2"'],
    ['userName ne "x"', 'userName ne "BJENSEN"'],
    ['userName co "JENS"', 'userName co "jans"'],
    ['userName sw "bj"', 'userName sw "jensen"'],
    ['userName sw "bjensen"', 'userName sw "bjensenx"'],
    ['userName ew "SEN"', 'userName ew "jense"'],
    ['userName gt "bjense"', 'userName gt "bjensen"'],
    ['userName ge "bjensen"', 'userName ge "bjenseo"'],
    ['userName lt "bjenseo"', 'userName lt "bjensen"'],
    ['userName le "BJENSEN"', 'userName le "bjense"'],
    ['userName pr', 'displayName pr'],
    ['title co "%"', 'title co "%x"'],
    ['title co "_real_"', 'title co "_eal_"'],
    ['title sw "100%"', 'title sw "1_0"'],
    ['active eq false', 'active eq true'],
    ['active ne true', 'active ne false'],
    ['x509Certificates.value co "QI"', 'x509Certificates.value co "qi"'],
    ['meta.created eq "2011-05-13T06:42:34.0+02:00"', 'meta.created eq "2011-05-13T04:42:34.1Z"'],
    ['meta.lastModified gt "2012-01-01T00:00:00Z"', 'meta.lastModified gt "2012-01-01T00:00:00.50Z"'],
    ['meta.lastModified lt "2012-01-01T00:00:01Z"', 'meta.lastModified le "2012-01-01T00:00:00.499Z"'],
    [`${ENTERPRISE_USER_SCHEMA}:department sw "STRAß"`, `${ENTERPRISE_USER_SCHEMA}:department eq "Strasse"`],
    [`${ENTERPRISE_USER_SCHEMA}:manager eq "M-1"`, `${ENTERPRISE_USER_SCHEMA}:manager eq "m-1"`],
    [`${USER_SCHEMA}:name.familyName eq "jensen"`, `${USER_SCHEMA}:name.familyName eq "barbara"`],
  ])('%s, but not %s', (yes, no) => {
    expect(holds(yes)).toBe(true);
    expect(holds(no)).toBe(false);
  });
});

describe('RFC 7643 2.2: case counts only where the attribute is caseExact', () => {
  test.each<[text: string, expected: boolean]>([
    ['externalId eq "Ext-1"', true],
    ['externalId eq "ext-1"', false],
    ['id eq "Id-1"', true],
    ['id eq "id-1"', false],
    ['profileUrl eq "https://example.com/Babs"', true],
    ['profileUrl eq "https://example.com/babs"', false],
    ['emails.value eq "BABS@JENSEN.ORG"', true],
    ['schemas eq "URN:ietf:params:scim:schemas:core:2.0:user"', true],
    [`schemas eq "${ENTERPRISE_USER_SCHEMA}"`, true],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"', false],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe('RFC 7644 3.4.2.2: multi-valued attributes and value paths', () => {
  test.each<[text: string, expected: boolean]>([
    ['emails co "jensen.org"', true],
    ['emails.value co "jensen.org" and emails.type eq "work"', true],
    ['emails[value co "jensen.org" and type eq "work"]', false],
    ['emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "work" or type eq "other"]', true],
    ['emails[not (type eq "work")]', true],
    ['emails[not (type pr)]', false],
    ['not (emails[type eq "work"])', false],
    ['emails[display pr]', false],
    ['emails[primary eq true and value sw "bj"]', true],
    ['emails[display ne "x"]', true],
    ['phoneNumbers[display ne "x"]', false],
    ['emails.type ne "work"', false],
    ['emails.type ne "other"', true],
    ['groups eq "G-1"', true],
    ['groups[display eq "guides" and value eq "G-1"]', true],
    ['schemas[value ew "core:2.0:User"]', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe('absent and empty values', () => {
  test.each<[text: string, expected: boolean]>([
    ['displayName eq "undefined"', false],
    ['displayName co "undef"', false],
    ['displayName eq ""', false],
    ['displayName ne "x"', true],
    ['not (displayName eq "x")', true],
    ['displayName eq null', true],
    ['displayName ne null', false],
    ['displayName lt "z"', false],
    ['displayName ge ""', false],
    ['nickName pr', false],
    ['nickName eq ""', true],
    ['nickName co ""', true],
    ['nickName eq null', true],
    ['active pr', true],
    ['name pr', true],
    ['name.middleName pr', false],
    ['emails pr', true],
    ['emails.display pr', false],
    ['emails.display eq null', true],
    ['phoneNumbers pr', false],
    ['phoneNumbers ne "1"', true],
    ['groups pr', true],
    ['meta pr', true],
    ['not (userName pr or active eq false)', false],
    ['not (userName pr and active eq true)', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  test('RFC 7644 table 3: pr is false for null, for the empty array and for a complex value without parts', () => {
    const bare = {
      nickName: null,
      emails: [],
      name: {},
      phoneNumbers: [{}],
      ims: [{ value: '' }],
      roles: [null],
    };
    for (const name of Object.keys(bare)) expect([name, holds(`${name} pr`, bare)]).toEqual([name, false]);
  });

  test('a value of another type than the schema says matches nothing', () => {
    const odd = { userName: 5, active: 'false', emails: 'x', name: [] };
    for (const text of ['userName eq "5"', 'active eq false', 'emails co "x"', 'name.familyName eq "x"'])
      expect([text, holds(text, odd)]).toEqual([text, false]);
  });
});

describe('types that User and Group leave out', () => {
  const resource = device({
    ports: [9, 80, 443],
    weight: -0.5,
    bought: '2020-02-29T12:00:00Z',
    tags: ['Red', 'Blue'],
    sites: [
      { value: 'a', codes: ['X', 'Y'] },
      { value: 'b', codes: ['Z'] },
    ],
  });
  test.each<[text: string, expected: boolean]>([
    ['ports eq 80', true],
    ['ports gt 443', false],
    ['ports gt 100', true],
    ['ports[value gt 9 and value lt 443]', true],
    ['ports[value gt 9 and value lt 80]', false],
    ['weight lt 0', true],
    ['weight gt -0.49', false],
    ['bought ge "2020-02-29T13:00:00+01:00"', true],
    ['tags eq "red"', true],
    ['tags[value eq "red"]', true],
    ['tags[not (value eq "red")]', true],
    ['tags ne "red"', false],
    ['sites[codes eq "x" and codes eq "y"]', true],
    ['sites[codes eq "x" and codes eq "z"]', false],
    ['sites.codes eq "z"', true],
    ['sites.codes pr', true],
  ])('%s is %s', (text, expected) => {
    expect(holds(text, resource, DEVICE_TYPE)).toBe(expected);
  });
});

test('matchesElement looks at one element', () => {
  const filter = readFilter(USER_TYPE, 'emails[type eq "work" and not (primary eq true)]', strict());
  if (filter.kind !== 'element') throw new Error('not a value path');
  expect(matchesElement(filter.filter, { type: 'Work' })).toBe(true);
  expect(matchesElement(filter.filter, { type: 'work', primary: true })).toBe(false);
  expect(matchesElement(filter.filter, { type: 'home' })).toBe(false);
  expect(matchesElement(filter.filter, null)).toBe(false);
});

test('compareKey compares keys as they are', () => {
  expect(compareKey('eq', 'a', 'A')).toBe(false);
  expect(compareKey('gt', '\u{1f600}', '\uffff')).toBe(true);
});

describe.each([
  { name: 'User', type: USER_TYPE },
  { name: 'Group', type: GROUP_TYPE },
  { name: 'Device', type: DEVICE_TYPE },
])('random filters on $name', ({ type }) => {
  const resource = arbitraryResource(type, { server: true });
  const filter = arbitraryFilter(type, { membership: true, server: true });
  const check = (predicate: (text: string, other: string, resource: JsonObject) => void): void =>
    fc.assert(
      fc.property(filter, filter, resource, (text, other, value) =>
        predicate(text, other, deepFreeze(value)),
      ),
      { numRuns: 250 },
    );

  test('not is the complement', () => {
    check((text, _, value) => {
      expect(holds(`not (${text})`, value, type)).toBe(!holds(text, value, type));
    });
  });

  test('and, or and not obey De Morgan', () => {
    check((a, b, value) => {
      const both = holds(a, value, type) && holds(b, value, type);
      expect(holds(`(${a}) and (${b})`, value, type)).toBe(both);
      expect(holds(`not (not (${a}) or not (${b}))`, value, type)).toBe(both);
    });
  });

  test('the generator makes filters of which some match and some do not', () => {
    const pairs = fc.sample(fc.tuple(filter, resource), { numRuns: 300, seed: 7 });
    const share = pairs.filter(([text, value]) => holds(text, value, type)).length / pairs.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });
});
