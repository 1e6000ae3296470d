import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScimError } from '../../../src/core/error.ts';
import { readFilter } from '../../../src/core/filter-binding.ts';
import { matches } from '../../../src/core/match.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import type { ResourceType } from '../../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { decodeFilter1 } from '../../../src/core/v1/filter.ts';
import type { StoreNames } from '../../../src/core/v1/store-naming.ts';
import { DEVICE_TYPE, group, refusal, standard, strict, user } from '../fixtures.ts';

const ONE: StoreNames = { storeNames: ['PRIMARY', 'AMRSNGHE'] };
const NONE: StoreNames = { storeNames: [] };

const inUser = (text: string, names = NONE): string => decodeFilter1(USER_TYPE, text, names);
const inGroup = (text: string, names = NONE): string => decodeFilter1(GROUP_TYPE, text, names);

describe('a filter on users', () => {
  const rows: [text: string, filter: string][] = [
    ['userName Eq "hasinitg"', 'userName eq "hasinitg"'],
    ['Username EQ hasinitg', 'userName eq "hasinitg"'],
    ['userNameEqjohn', 'userName eq "john"'],
    ['usernameeq"john doe"', 'userName eq "john doe"'],
    ['userNameEq john', 'userName eq "john"'],
    ['userName eq "a b\\"c\\u00e9"', 'userName eq "a b\\"cé"'],
    ['  userName   eq\t"x"  ', 'userName eq "x"'],
    ['urn:scim:schemas:core:1.0:userName eq x', 'userName eq "x"'],
    ['displayName eq PRIMARY/x', 'displayName eq "PRIMARY/x"'],
    ['title eq 5', 'title eq "5"'],
    ['title eq true', 'title eq "true"'],
    ['title eq null', 'title eq "null"'],
    ['title eq eq', 'title eq "eq"'],
    ['titleeqequipment', 'title eq "equipment"'],
    ['active eq true', 'active eq true'],
    ['active eq FALSE', 'active eq false'],
    ['active eq "true"', 'active eq "true"'],
    ['title pr', 'title pr'],
    ['titlePr', 'title pr'],
    ['title PR', 'title pr'],
    ['name.familyName co "O\'Malley"', 'name.familyName co "O\'Malley"'],
    ['givenName sw J', 'name.givenName sw "J"'],
    ['emails co example.com', 'emails co "example.com"'],
    ['emails.work eq a@b', 'emails[type eq "work" and value eq "a@b"]'],
    ['emails.work pr', 'emails[type eq "work" and value pr]'],
    ['emails.homeEqa@b', 'emails[type eq "home" and value eq "a@b"]'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified gt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified ge 2011-05-13T04:42:34', 'meta.lastModified ge "2011-05-13T04:42:34"'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', 'meta.lastModified lt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', 'meta.lastModified le "2011-05-13T04:42:34Z"'],
    ['wso2Extension.employeeNumber eq 7', `${ENTERPRISE_USER_SCHEMA}:employeeNumber eq "7"`],
    ['wso2Extension.manager.managerId eq m', `${ENTERPRISE_USER_SCHEMA}:manager.value eq "m"`],
    ['title pr and userType eq "Employee"', 'title pr and userType eq "Employee"'],
    ['title pr OR userType eq "Intern"', 'title pr or userType eq "Intern"'],
    ['title pr or title eq a and title eq b', 'title pr or (title eq "a" and title eq "b")'],
    ['(title pr or title eq a)and(title eq b)', '(title pr or title eq "a") and title eq "b"'],
    [
      'userType eq "Employee" and (emails co "example.com" or emails\nco "example.org")',
      'userType eq "Employee" and (emails co "example.com" or emails co "example.org")',
    ],
    ['userType eq a and titleEqb', 'userType eq "a" and title eq "b"'],
    ['groups eq engineer', 'groups.value eq "engineer" or groups.display eq "engineer"'],
    ['groups eq PRIMARY/engineer', 'groups.value eq "PRIMARY/engineer" or groups.display eq "engineer"'],
    ['groups sw eng', 'groups.display sw "eng"'],
    ['groups pr', 'groups pr'],
    ['groups.value eq g1', 'groups.value eq "g1"'],
  ];
  test.each(rows)('%s', (text, filter) => {
    expect(inUser(text)).toBe(filter);
    // what comes out needs no tolerance but for booleans in quotes
    expect(() =>
      readFilter(USER_TYPE, filter, text.includes('"true"') ? standard() : strict()),
    ).not.toThrow();
  });

  const wrong: [text: string, detail: string][] = [
    ['', 'Expected the name of an attribute at position 1, found the end.'],
    ['nothing eq "x"', 'There is no attribute "nothing".'],
    ['nothingEqx', 'There is no attribute "nothingEqx".'],
    ['title ne "x"', 'The operator "ne" is not supported.'],
    ['title ew "x"', 'The operator "ew" is not supported.'],
    ['title regex "x"', 'The operator "regex" is not supported.'],
    ['not (title eq "x")', 'The operator "not" is not supported.'],
    ['title', 'Expected an operator at position 6, found the end.'],
    ['title "x"', 'Expected an operator at position 7, found ""x"".'],
    ['title eq', 'Expected a value at position 9, found the end.'],
    ['title eq )', 'Expected a value at position 10, found ")".'],
    ['title eq "x', 'A value in quotes that begins at position 10 is no JSON string.'],
    ['title eq "\\x"', 'A value in quotes that begins at position 10 is no JSON string.'],
    ['title eq x y', 'Expected "and", "or" or the end of the filter at position 12, found "y".'],
    ['title eq x and', 'Expected the name of an attribute at position 15, found the end.'],
    ['(title eq x', 'Expected ")" at position 12, found the end.'],
    ['title eq x)', 'Expected "and", "or" or the end of the filter at position 11, found ")".'],
    ['emails[type eq "work"]', 'There is no attribute "emails[type".'],
    ['title eq *a*b*', 'A pattern like this is not supported: *a*b*'],
    ['title eq ab*bc*d', 'A pattern like this is not supported: ab*bc*d'],
    ['title eq aaaaaaaaa*aaaaaaaaa', 'A pattern like this is not supported: aaaaaaaaa*aaaaaaaaa'],
    ['wso2Extension eq x', 'There is no attribute "wso2Extension".'],
    [`title eq ${'x'.repeat(20_000)}`, 'A filter is longer than 16384 characters.'],
    [`${'('.repeat(33)}title pr${')'.repeat(33)}`, 'A filter is nested deeper than 32 levels.'],
    [Array.from({ length: 101 }, () => 'title pr').join(' or '), 'A filter has more than 100 terms.'],
  ];
  test.each(wrong)('refused: %s', (text, detail) => {
    const { status, scimType, message } = refusal(() => inUser(text));
    expect({ status, scimType, message }).toEqual({
      status: 400,
      scimType: 'invalidFilter',
      message: detail,
    });
  });

  test('does not read a long word for long', () => {
    expect(refusal(() => inUser('eq'.repeat(8000))).scimType).toBe('invalidFilter');
    expect(inUser(`titleEq${'eq'.repeat(4000)}`)).toBe(`title eq "${'eq'.repeat(4000)}"`);
  });
});

describe('user stores', () => {
  const userNames = ['ann', 'AMRSNGHE/ann', 'AMRSNGHE/bob', 'amr', 'x/ann'];
  const users: [text: string, found: string[]][] = [
    ['userName eq ann', ['ann', 'AMRSNGHE/ann']],
    ['userName eq ANN', ['ann', 'AMRSNGHE/ann']],
    ['userName eq "amrsnghe/ann"', ['AMRSNGHE/ann']],
    ['userName eq "Primary/ann"', ['ann']],
    ['userName eq "x/ann"', ['x/ann']],
    ['userName eq bob', ['AMRSNGHE/bob']],
    ['userName sw a', ['ann', 'AMRSNGHE/ann', 'amr']],
    ['userName sw am', ['amr']],
    ['userName sw AMRSNGHE/a', ['AMRSNGHE/ann']],
    ['userName sw PRIMARY/a', ['ann', 'amr']],
    ['userName eq a*n', ['ann', 'AMRSNGHE/ann']],
    ['userName eq *b', ['AMRSNGHE/bob']],
    ['userName pr', userNames],
  ];
  test.each(users)('of users: %s', (text, found) => {
    const filter = readFilter(USER_TYPE, inUser(text, ONE), strict());
    expect(userNames.filter((userName) => matches(filter, user({ userName })))).toEqual(found);
  });

  const displayNames = ['engineer', 'AMRSNGHE/engineer', 'AMRSNGHE/zoo', 'Internal/engine', 'xax', 'ANY'];
  const groups: [text: string, found: string[]][] = [
    ['displayName Eq "engineer"', ['engineer']],
    ['displayNameEqengineer', ['engineer']],
    ['displayName eq PRIMARY/Engineer', ['engineer']],
    ['displayName eq amrsnghe/engineer', ['AMRSNGHE/engineer']],
    ['displayName eq internal/engine', ['Internal/engine']],
    ['displayName eq eng*', ['engineer', 'AMRSNGHE/engineer', 'Internal/engine']],
    ['displayName sw eng', ['engineer', 'AMRSNGHE/engineer', 'Internal/engine']],
    ['displayName eq a*', ['ANY']],
    ['displayName eq *x', ['xax']],
    // as on the page: what the first star stands for may hold the store
    ['displayName Eq *a*', ['AMRSNGHE/engineer', 'AMRSNGHE/zoo', 'Internal/engine', 'xax', 'ANY']],
    ['displayName eq PRIMARY/*a*', ['xax', 'ANY']],
    ['displayName eq PRIMARY/*', ['engineer', 'xax', 'ANY']],
    ['displayName eq AMRSNGHE/*', ['AMRSNGHE/engineer', 'AMRSNGHE/zoo']],
    ['displayName eq AMRSNGHE/*o', ['AMRSNGHE/zoo']],
    ['displayName eq AMRSNGHE/*ee*', ['AMRSNGHE/engineer']],
    ['displayName eq *', displayNames],
    ['displayName eq *engine*', ['engineer', 'AMRSNGHE/engineer', 'Internal/engine']],
    ['displayName co engine', ['engineer', 'AMRSNGHE/engineer', 'Internal/engine']],
    ['displayName co PRIMARY/eng', ['engineer']],
    ['displayName gt m', ['xax']],
    ['displayName pr', displayNames],
  ];
  test.each(groups)('of groups: %s', (text, found) => {
    const filter = readFilter(GROUP_TYPE, inGroup(text, ONE), strict());
    expect(displayNames.filter((displayName) => matches(filter, group({ displayName })))).toEqual(found);
  });

  test('a pattern that the name of its store gets in the way of is refused', () => {
    expect(refusal(() => inGroup('displayName eq AMRSNGHE/*a*', ONE)).scimType).toBe('invalidFilter');
  });

  test('a tenant with PRIMARY alone is asked for one name', () => {
    expect(inUser('userName eq x', { storeNames: ['PRIMARY'] })).toBe('userName eq "x"');
  });
});

describe('a pattern finds the values that it describes and no others', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 5 });
  const pattern = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 2 }), { minLength: 2, maxLength: 4 })
    .map((parts) => parts.join('*'));
  const isLike = (text: string, value: string): boolean =>
    new RegExp(`^${value.replaceAll('*', '.*')}$`, 'i').test(text);

  /** undefined where the pattern is refused. */
  function filterOf(type: ResourceType, text: string): string | undefined {
    try {
      return decodeFilter1(type, text, NONE);
    } catch (error) {
      if (error instanceof ScimError && error.scimType === 'invalidFilter') return undefined;
      throw error;
    }
  }

  test('in a single value and in elements', () => {
    let asked = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.array(
          letters.filter((text) => text !== ''),
          { minLength: 1, maxLength: 3 },
        ),
        (value, texts) => {
          const title = filterOf(USER_TYPE, `title eq "${value}"`);
          const emails = filterOf(USER_TYPE, `emails eq "${value}"`);
          expect(title === undefined).toBe(emails === undefined);
          if (title === undefined || emails === undefined) return;
          asked++;
          const resource = user({ title: texts[0] ?? '', emails: texts.map((text) => ({ value: text })) });
          const found = (filter: string): boolean =>
            matches(readFilter(USER_TYPE, filter, strict()), resource);
          expect(found(title)).toBe(isLike(texts[0] ?? '', value));
          expect(found(emails)).toBe(texts.some((text) => isLike(text, value)));
        },
      ),
      { numRuns: 1000 },
    );
    expect(asked).toBeGreaterThan(300);
  });

  test('whose letters may overlap', () => {
    expect(inUser('title eq ab*ba')).toBe('title sw "ab" and title ew "ba" and not (title eq "aba")');
    expect(inUser('title eq a*')).toBe('title sw "a"');
    expect(inUser('emails eq a*c')).toBe('emails[value sw "a" and value ew "c"]');
    expect(inUser('emails.work eq a*c')).toBe('emails[type eq "work" and (value sw "a" and value ew "c")]');
    expect(inUser('title eq *')).toBe('title pr');
  });

  test('of values without parts, and with regard to case where it counts', () => {
    const filter = readFilter(DEVICE_TYPE, decodeFilter1(DEVICE_TYPE, 'tags eq a*c', NONE), strict());
    expect(filter.kind).toBe('element');
    expect(decodeFilter1(DEVICE_TYPE, 'serial eq a*A', NONE)).toBe('serial sw "a" and serial ew "A"');
    expect(decodeFilter1(DEVICE_TYPE, 'ports eq 80', NONE)).toBe('ports eq 80');
    expect(decodeFilter1(DEVICE_TYPE, 'weight gt -1.5', NONE)).toBe('weight gt -1.5');
  });
});
