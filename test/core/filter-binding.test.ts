import { describe, expect, test } from 'vitest';
import { readFilter } from '../../src/core/filter-binding.ts';
import { pathText } from '../../src/core/path.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { DEVICE_TYPE, refusal, refused, standard, strict } from './fixtures.ts';

describe('readFilter binds names to attributes', () => {
  test.each<[text: string, path: string, value: unknown]>([
    ['USERNAME eq "x"', 'userName', 'x'],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "x"', 'userName', 'x'],
    [`${ENTERPRISE_USER_SCHEMA}:department eq "x"`, `${ENTERPRISE_USER_SCHEMA}:department`, 'x'],
    [`${ENTERPRISE_USER_SCHEMA}:Manager.Value eq "x"`, `${ENTERPRISE_USER_SCHEMA}:manager.value`, 'x'],
    ['emails co "x"', 'emails.value', 'x'],
    ['emails.type eq "work"', 'emails.type', 'work'],
    ['active eq true', 'active', true],
    ['emails.primary ne true', 'emails.primary', true],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified', '2011-05-13T04:42:34Z'],
    ['schemas eq "urn:x"', 'schemas', 'urn:x'],
    ['groups eq "g"', 'groups.value', 'g'],
  ])('%s', (text, path, value) => {
    const filter = readFilter(USER_TYPE, text, strict());
    if (filter.kind !== 'compare') throw new Error('not a comparison');
    expect([pathText(filter.path), filter.value]).toEqual([path, value]);
  });

  test('RFC 7643 2.5: a comparison with null is one of presence', () => {
    const present = readFilter(USER_TYPE, 'nickName pr', strict());
    expect(readFilter(USER_TYPE, 'nickName ne null', strict())).toEqual(present);
    expect(readFilter(USER_TYPE, 'nickName eq null', strict())).toEqual({ kind: 'not', filter: present });
  });

  test.each([
    ['emails.primary eq false', 'emails[not (primary eq true)]'],
    ['emails.primary ne false', 'not (emails[not (primary eq true)])'],
    ['emails[primary eq false]', 'emails[not (primary eq true)]'],
    ['emails[primary ne false]', 'emails[not (not (primary eq true))]'],
  ])('RFC 7643 2.4: without a word an element is not primary, %s is %s', (text, same) => {
    expect(readFilter(USER_TYPE, text, strict())).toEqual(readFilter(USER_TYPE, same, strict()));
  });

  test('every attribute of Group is found, members too', () => {
    expect(() => readFilter(GROUP_TYPE, 'id eq "g" and members eq "u"', strict())).not.toThrow();
    expect(() => readFilter(GROUP_TYPE, 'members[value eq "u" and type eq "User"]', strict())).not.toThrow();
  });
});

describe('RFC 7644 table 3: what does not fit the attribute is 400 invalidFilter', () => {
  test.each([
    'unknown pr',
    'department eq "x"',
    '__proto__ pr',
    'constructor eq "x"',
    'name.__proto__ pr',
    'emails[__proto__ pr]',
    'emails[userName eq "x"]',
    'emails[emails.type eq "x"]',
    'emails[type[value eq "x"]]',
    'name[familyName eq "x"]',
    'userName[value eq "x"]',
    'emails.type[value eq "x"]',
    `${ENTERPRISE_USER_SCHEMA} pr`,
    'password eq "x"',
    'password pr',
    'PASSWORD sw "a"',
    'name eq "x"',
    'addresses eq "x"',
    'meta gt "2011-05-13T04:42:34Z"',
    'active eq "maybe"',
    'active eq 1',
    'active gt true',
    'active co true',
    'active sw "t"',
    'emails[primary le true]',
    'x509Certificates.value gt "AQID"',
    'x509Certificates[value le "AQID"]',
    'meta.created eq "yesterday"',
    'meta.created gt 5',
    'meta.created co "2011"',
    'userName gt null',
    'userName co null',
  ])('%s', (text) => {
    expect(refused(() => readFilter(USER_TYPE, text, standard()))).toBe('400 invalidFilter');
  });

  test.each([
    'ports co 1',
    'ports eq "1"',
    'weight eq true',
    'ports sw "1"',
    'weight eq 1e999',
    'secret pr',
    'owner.pin pr',
  ])('%s of a device', (text) => {
    expect(refused(() => readFilter(DEVICE_TYPE, text, standard()))).toBe('400 invalidFilter');
  });

  test('a message names the attribute that may not be asked about, never a value', () => {
    expect(refusal(() => readFilter(USER_TYPE, 'password eq "tops3cret"', strict())).message).not.toContain(
      'tops3cret',
    );
  });
});
