import { describe, expect, test } from 'vitest';
import { decodeResource } from '../../src/core/decode.ts';
import { MAX_FILTER_TERMS } from '../../src/core/filter.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { type JsonObject, type JsonValue, parseJson } from '../../src/core/json.ts';
import { matches } from '../../src/core/match.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import type { Dialect } from '../../src/core/tolerance.ts';
import {
  deepFreeze,
  group,
  type OperationJson,
  patch,
  patchUser,
  refused,
  standard,
  strict,
  user,
} from './fixtures.ts';

/*
 * Faults that were found in SCIM libraries for JavaScript, each shown not to be one of Roster's.
 */

const DIALECTS: readonly Dialect[] = ['strict', 'standard'];
const work = { value: 'w@x.org', type: 'work', primary: true };
const home = { value: 'h@x.org', type: 'home' };

const holds = (filter: string, resource: JsonObject = user()): boolean =>
  matches(readFilter(USER_TYPE, filter, strict()), resource);

describe('the prototype chain cannot be written to', () => {
  const paths = [
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'name.__proto__.polluted',
    'name.constructor.prototype',
    `${ENTERPRISE_USER_SCHEMA}:__proto__.polluted`,
    '__proto__[value eq "x"].polluted',
    'emails[value eq "x"].__proto__',
    'emails[__proto__ eq "x"].value',
  ];

  const unpolluted = (): void => {
    expect('polluted' in {}).toBe(false);
    expect('polluted' in []).toBe(false);
    expect('polluted' in Object).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
  };

  test.each(paths)('through a PATCH path: %s', (path) => {
    for (const dialect of DIALECTS)
      for (const op of ['add', 'replace'])
        expect(refused(() => patchUser({ emails: [work] }, [{ op, path, value: 'yes' }], dialect))).toBe(
          '400 invalidPath',
        );
    unpolluted();
  });

  test.each(paths)('through a key of a path-less value: %s', (key) => {
    const value = parseJson(`{${JSON.stringify(key)}:"yes","title":"T"}`);
    try {
      expect(patchUser({}, [{ op: 'add', value }], 'standard')).toEqual(user({ title: 'T' }));
    } catch (error) {
      expect(error).toMatchObject({ status: 400, scimType: 'invalidPath' });
    }
    unpolluted();
  });

  test.each([
    '{"__proto__":{"polluted":"yes"}}',
    '{"constructor":{"prototype":{"polluted":"yes"}}}',
    '{"name":{"__proto__":{"polluted":"yes"},"givenName":"B"}}',
    `{"${ENTERPRISE_USER_SCHEMA}":{"__proto__":{"polluted":"yes"}}}`,
    '{"emails":[{"__proto__":{"polluted":"yes"},"value":"x"}]}',
  ])('through a nested value or a body: %s', (json) => {
    const value = deepFreeze(parseJson(json)) as JsonObject;
    for (const dialect of DIALECTS)
      for (const op of ['add', 'replace']) {
        const after = patchUser({}, [{ op, value }], dialect);
        expect(JSON.stringify(after)).not.toContain('polluted');
        expect(after.polluted).toBeUndefined();
      }
    expect(JSON.stringify(decodeResource(USER_TYPE, { ...user(), ...value }, standard()))).not.toContain(
      'polluted',
    );
    unpolluted();
  });

  test.each([
    '__proto__ pr',
    'constructor pr',
    'toString pr',
    'name.constructor pr',
    'emails[hasOwnProperty pr]',
  ])('nor read through a filter: %s', (filter) => {
    expect(refused(() => holds(filter))).toBe('400 invalidFilter');
  });
});

describe('paths and names', () => {
  test('a path-less value keyed by a whole extension URN is that extension', () => {
    const value = { [ENTERPRISE_USER_SCHEMA]: { department: 'R' } };
    for (const dialect of DIALECTS)
      expect(patchUser({}, [{ op: 'add', value }], dialect)).toEqual(
        user({ [ENTERPRISE_USER_SCHEMA]: { department: 'R' } }),
      );
  });

  test('USERNAME is userName, in values, paths and filters', () => {
    expect(patchUser({}, [{ op: 'replace', value: { USERNAME: 'x' } }])).toEqual(user({ userName: 'x' }));
    expect(patchUser({}, [{ op: 'replace', path: 'USERNAME', value: 'x' }])).toEqual(user({ userName: 'x' }));
    expect(holds('USERNAME eq "bjensen"')).toBe(true);
  });

  test('REPLACE is replace', () => {
    expect(patchUser({}, [{ op: 'REPLACE', path: 'title', value: 'T' }], 'standard')).toEqual(
      user({ title: 'T' }),
    );
  });

  test('the readOnly id is never overwritten', () => {
    const before = deepFreeze(Object.assign(user(), { id: 'u1' }));
    const set = (operation: OperationJson, dialect: Dialect): JsonValue | undefined =>
      patch(USER_TYPE, before, [operation], dialect).resource.id;
    for (const dialect of DIALECTS)
      expect(refused(() => set({ op: 'replace', path: 'id', value: 'x' }, dialect))).toBe('400 mutability');
    expect(refused(() => set({ op: 'replace', value: { id: 'x' } }, 'strict'))).toBe('400 mutability');
    for (const key of ['id', 'ID', `${USER_SCHEMA}:id`])
      expect(set({ op: 'replace', value: { [key]: 'x' } }, 'standard')).toBe('u1');
  });

  test('the required userName is never removed', () => {
    for (const dialect of DIALECTS)
      for (const operation of [
        { op: 'remove', path: 'userName' },
        { op: 'remove', path: `${USER_SCHEMA}:USERNAME` },
        { op: 'replace', value: { userName: null } },
      ])
        expect(refused(() => patchUser({}, [operation], dialect))).toBe('400 mutability');
  });

  test('a colon inside a quoted filter value is part of the value', () => {
    const ims = [
      { value: 'sip:b@x.org', type: 'xmpp' },
      { value: 'urn:a:b.c', type: 'aim' },
    ];
    expect(patchUser({ ims }, [{ op: 'remove', path: 'ims[value eq "sip:b@x.org"]' }]).ims).toEqual([ims[1]]);
    expect(
      patchUser({ ims }, [{ op: 'replace', path: 'ims[value eq "urn:a:b.c"].type', value: 'qq' }]).ims,
    ).toEqual([ims[0], { value: 'urn:a:b.c', type: 'qq' }]);
  });

  test('a core URN path is the attribute', () => {
    expect(patchUser({}, [{ op: 'add', path: `${USER_SCHEMA}:name.givenName`, value: 'B' }]).name).toEqual({
      givenName: 'B',
    });
    expect(holds(`${USER_SCHEMA}:userName eq "bjensen"`)).toBe(true);
  });
});

describe('multi-valued attributes', () => {
  test('two primaries are never left', () => {
    const isPrimary = (emails: JsonValue | undefined): unknown[] =>
      (emails as JsonObject[]).map(({ primary }) => primary === true);
    const next = { value: 'n', primary: true };
    for (const dialect of DIALECTS) {
      const after = patchUser(
        { emails: [work, home] },
        [{ op: 'add', path: 'emails', value: [next] }],
        dialect,
      );
      expect(isPrimary(after.emails)).toEqual([false, false, true]);
      expect(
        refused(() => patchUser({}, [{ op: 'add', path: 'emails', value: [work, next] }], dialect)),
      ).toBe('400 invalidValue');
    }
    expect(refused(() => user({ emails: [work, next] }))).toBe('400 invalidValue');
  });

  test('a path-less add of members is the add with a path, and doubles nobody', () => {
    const steps = (operation: OperationJson): unknown => patch(GROUP_TYPE, group(), [operation]).members;
    const members = [{ value: 'a' }];
    expect(steps({ op: 'add', value: { members } })).toEqual(
      steps({ op: 'add', path: 'members', value: members }),
    );
    const twice = [
      { op: 'add', value: { emails: [work] } },
      { op: 'add', value: { emails: [{ ...work, value: 'W@X.ORG' }] } },
    ];
    expect(patchUser({ emails: [work] }, twice).emails).toHaveLength(1);
  });

  test('no empty list is left when all values are removed', () => {
    for (const operation of [
      { op: 'Remove', path: 'emails', value: [{ value: 'w@x.org' }] },
      { op: 'Remove', path: 'emails[value eq "w@x.org"]' },
      { op: 'Replace', path: 'emails', value: [] },
    ])
      expect(Object.keys(patchUser({ emails: [work] }, [operation], 'standard'))).not.toContain('emails');
    const remaining = patch(
      GROUP_TYPE,
      group(),
      [{ op: 'Remove', path: 'members', value: [{ value: 'a' }] }],
      'standard',
    );
    expect(Object.keys(remaining.resource)).not.toContain('members');
  });

  test('a compound filter on an absent element makes the element', () => {
    const path = 'addresses[type eq "work" and primary eq true].locality';
    expect(patchUser({}, [{ op: 'Add', path, value: 'Oslo' }], 'standard').addresses).toEqual([
      { type: 'work', primary: true, locality: 'Oslo' },
    ]);
  });

  test('so does an add to an absent phoneNumbers[type eq "mobile"].value', () => {
    const operation = { op: 'add', path: 'phoneNumbers[type eq "mobile"].value', value: '1' };
    expect(patchUser({}, [operation], 'standard').phoneNumbers).toEqual([{ type: 'mobile', value: '1' }]);
  });

  test('canonical types are suggestions', () => {
    const emails = [{ value: 'x', type: 'holiday-home' }];
    expect(user({ emails }).emails).toEqual(emails);
    expect(
      patchUser({ emails: [work] }, [{ op: 'replace', path: 'emails.type', value: 'Büro' }]).emails,
    ).toEqual([{ ...work, type: 'Büro' }]);
  });
});

describe('requests', () => {
  test('Remove without path is a 400', () => {
    for (const dialect of DIALECTS) {
      const op = dialect === 'strict' ? 'remove' : 'Remove';
      expect(refused(() => patchUser({}, [{ op }], dialect))).toBe('400 noTarget');
      expect(refused(() => patchUser({}, [{ op, value: { title: 'x' } }], dialect))).toBe('400 noTarget');
    }
  });

  test('the resource is not touched when a later operation fails', () => {
    const before = user({ name: { givenName: 'B' }, emails: [work] });
    const text = JSON.stringify(before);
    const operations = [
      { op: 'replace', path: 'name.givenName', value: 'x' },
      { op: 'remove', path: 'emails[type eq "work"]' },
      { op: 'replace', path: 'unknown', value: 'x' },
    ];
    expect(refused(() => patch(USER_TYPE, before, operations))).toBe('400 invalidPath');
    expect(
      refused(() =>
        patch(USER_TYPE, before, [...operations.slice(0, 2), { op: 'add', path: 'active', value: 1 }]),
      ),
    ).toBe('400 invalidValue');
    expect(JSON.stringify(before)).toBe(text);
  });

  test('"False" from Entra ID is false', () => {
    const operation = { op: 'Replace', path: 'active', value: 'False' };
    expect(patchUser({ active: true }, [operation], 'standard').active).toBe(false);
  });
});

describe('filters', () => {
  test('text compares without case unless the attribute is caseExact', () => {
    const babs = user({ userName: 'BJensen', externalId: 'X', emails: [work] });
    for (const filter of [
      'userName eq "bJENSEN"',
      'userName sw "BJ"',
      'emails[type eq "WORK"]',
      'emails co "X.ORG"',
    ])
      expect([filter, holds(filter, babs)]).toEqual([filter, true]);
    expect(holds('externalId eq "x"', babs)).toBe(false);
  });

  test('pr is false for null and for the empty list, and throws for neither', () => {
    const resource = { userName: 'b', title: null, emails: [], roles: [null], name: null };
    for (const filter of [
      'title pr',
      'emails pr',
      'emails.value pr',
      'roles pr',
      'name.givenName pr',
      'emails[value pr]',
    ])
      expect([filter, holds(filter, resource)]).toEqual([filter, false]);
  });

  test('schema-qualified names match', () => {
    const resource = user({ [ENTERPRISE_USER_SCHEMA]: { department: 'R', manager: { value: 'm' } } });
    expect(holds(`${ENTERPRISE_USER_SCHEMA}:department eq "r"`, resource)).toBe(true);
    expect(holds(`${ENTERPRISE_USER_SCHEMA}:manager.value eq "m"`, resource)).toBe(true);
    expect(holds(`${USER_SCHEMA.toUpperCase()}:USERNAME eq "bjensen"`, resource)).toBe(true);
  });

  test('value is the sub-attribute of an attribute without one', () => {
    expect(holds('emails eq "w@x.org"', user({ emails: [home, work] }))).toBe(true);
    expect(holds('emails eq "work"', user({ emails: [home, work] }))).toBe(false);
  });

  test('5,000 parentheses are refused, not followed', () => {
    for (const open of ['(', 'not (', 'not('])
      expect(refused(() => holds(`${open.repeat(5000)}title pr${')'.repeat(5000)}`))).toBe(
        '400 invalidFilter',
      );
    expect(refused(() => holds('('.repeat(5000)))).toBe('400 invalidFilter');
  });

  test.each([14, 18, MAX_FILTER_TERMS / 2])(
    '%d joined or-terms stay as many terms as were written',
    (count) => {
      const pair = '(title eq "a" or nickName eq "b")';
      const filter = readFilter(USER_TYPE, Array.from({ length: count }, () => pair).join(' and '), strict());
      expect(JSON.stringify(filter).split('"kind":"compare"').length - 1).toBe(2 * count);
      expect(matches(filter, user({ nickName: 'B' }))).toBe(true);
      expect(matches(filter, user({ nickName: 'c' }))).toBe(false);
    },
  );

  test('more terms than are allowed are refused', () => {
    const filter = Array.from({ length: 51 }, () => '(title eq "a" or nickName eq "b")').join(' and ');
    expect(refused(() => holds(filter))).toBe('400 invalidFilter');
  });

  test('not (userName pr or active eq false) is false for who has a userName', () => {
    expect(holds('not (userName pr or active eq false)')).toBe(false);
    expect(holds('not (title pr or active eq false)')).toBe(true);
  });

  test('nickName co "undef" matches no absent nickName', () => {
    for (const filter of [
      'nickName co "undef"',
      'nickName sw "und"',
      'nickName eq "undefined"',
      'nickName ew "null"',
    ])
      expect([filter, holds(filter)]).toEqual([filter, false]);
  });

  test.each(['userName eq "bjensen" and', 'userName pr or', 'userName pr and or title pr'])(
    '%s is refused',
    (filter) => {
      expect(refused(() => holds(filter))).toBe('400 invalidFilter');
      expect(refused(() => readFilter(USER_TYPE, filter, standard()))).toBe('400 invalidFilter');
    },
  );

  test('an unquoted string is refused in strict', () => {
    expect(refused(() => holds('userName eq bjensen'))).toBe('400 invalidFilter');
  });

  test('an escaped quote is part of the value', () => {
    expect(holds('nickName eq "say \\"hi\\""', user({ nickName: 'say "hi"' }))).toBe(true);
    expect(holds('nickName co "\\\\"', user({ nickName: 'a\\b' }))).toBe(true);
  });
});
