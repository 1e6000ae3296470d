import { describe, expect, test } from 'vitest';
import { decodeResource } from '../../../src/core/decode.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../../src/core/schemas/user.ts';
import { decodeBody1 } from '../../../src/core/v1/body.ts';
import { DEVICE_TYPE, refused, standard, strict } from '../fixtures.ts';

const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';

/** What a user's body comes to, `schemas` apart. */
function userOf(body: JsonObject): JsonObject {
  const { schemas, ...rest } = decodeResource(USER_TYPE, decodeBody1(USER_TYPE, body), standard());
  expect(schemas).toContain(USER_SCHEMA);
  return rest;
}

describe('a user in SCIM 1.1', () => {
  const rows: [title: string, body: JsonObject, expected: JsonObject][] = [
    [
      'as the page creates it',
      {
        schemas: [],
        name: { familyName: 'gunasinghe', givenName: 'hasinitg' },
        userName: 'hasinitg',
        password: 'hasinitg',
        emails: [
          { primary: true, value: '', type: 'home' },
          { value: '', type: 'work' },
        ],
      },
      {
        name: { familyName: 'gunasinghe', givenName: 'hasinitg' },
        userName: 'hasinitg',
        password: 'hasinitg',
        emails: [
          { primary: true, value: '', type: 'home' },
          { value: '', type: 'work' },
        ],
      },
    ],
    [
      'as the data of a Bulk operation of the page',
      {
        schemas: ['urn:scim:schemas:core:1.0'],
        path: '/Users',
        userName: 'hasini',
        method: 'POST',
        emails: [{ value: '[email protected]' }, { value: '[email protected]' }],
        bulkId: 'bulkIDUser1',
        preferredLanguage: 'Sinhala',
      },
      {
        userName: 'hasini',
        emails: [{ value: '[email protected]' }, { value: '[email protected]' }],
        preferredLanguage: 'Sinhala',
      },
    ],
    ['with anything as schemas', { schemas: 'x', userName: 'b' }, { userName: 'b' }],
    [
      'with names in any case',
      { USERNAME: 'b', Name: { GivenName: 'B' } },
      { userName: 'b', name: { givenName: 'B' } },
    ],
    [
      'with what only the server says',
      { userName: 'b', id: 'mine', meta: { created: '2001-01-01T00:00:00' }, groups: [{ value: 'x' }] },
      { userName: 'b' },
    ],
    [
      'with empty texts where a value is single',
      {
        userName: 'b',
        title: '',
        name: { familyName: '', givenName: 'B' },
        active: '',
        emails: '',
        password: '',
      },
      { userName: 'b', name: { givenName: 'B' } },
    ],
    [
      'with a name of nothing',
      { userName: 'b', name: { familyName: '' }, nickName: null },
      { userName: 'b' },
    ],
    [
      'with blanks around the password',
      { userName: 'b', password: ' pass ' },
      { userName: 'b', password: ' pass ' },
    ],
    [
      'with e-mails as texts',
      { userName: 'b', emails: ['a@b', 'c'] },
      { userName: 'b', emails: [{ value: 'a@b' }, { value: 'c' }] },
    ],
    [
      'with an e-mail as one text',
      { userName: 'b', emails: 'x@y' },
      { userName: 'b', emails: [{ value: 'x@y' }] },
    ],
    [
      'with one e-mail object',
      { userName: 'b', emails: { value: 'x' } },
      { userName: 'b', emails: [{ value: 'x' }] },
    ],
    [
      'with one address',
      { userName: 'b', addresses: { country: 'LK' } },
      { userName: 'b', addresses: [{ country: 'LK' }] },
    ],
    [
      'with roles as texts',
      { userName: 'b', roles: ['r', 's'] },
      { userName: 'b', roles: [{ value: 'r' }, { value: 's' }] },
    ],
    [
      'with the enterprise extension',
      {
        userName: 'b',
        [ENTERPRISE_1]: { employeeNumber: '7', manager: { managerId: 'm', displayName: 'M' } },
      },
      { userName: 'b', [ENTERPRISE_USER_SCHEMA]: { employeeNumber: '7', manager: { value: 'm' } } },
    ],
    [
      "with WSO2's extension",
      { userName: 'b', wso2Extension: { costCenter: '7', manager: { managerId: 'm' }, askPassword: true } },
      { userName: 'b', [ENTERPRISE_USER_SCHEMA]: { costCenter: '7', manager: { value: 'm' } } },
    ],
    [
      'with both extensions',
      {
        userName: 'b',
        wso2Extension: { costCenter: '7', division: 'd' },
        [ENTERPRISE_1]: { costCenter: '7', department: 'e' },
      },
      { userName: 'b', [ENTERPRISE_USER_SCHEMA]: { costCenter: '7', division: 'd', department: 'e' } },
    ],
    [
      'with an empty extension',
      { userName: 'b', wso2Extension: {}, [ENTERPRISE_1]: null },
      { userName: 'b' },
    ],
    [
      'with an extension of 2.0',
      { userName: 'b', [SAP_USER_SCHEMA]: { groups: [] }, [ENTERPRISE_USER_SCHEMA]: { division: 'd' } },
      { userName: 'b', [ENTERPRISE_USER_SCHEMA]: { division: 'd' } },
    ],
  ];
  test.each(rows)('%s', (_, body, expected) => {
    expect(userOf(body)).toEqual(expected);
  });

  test('names its schemas as 2.0 does, so that no tolerance is needed', () => {
    const body = decodeBody1(USER_TYPE, { schemas: [], userName: 'b', wso2Extension: { division: 'd' } });
    expect(body.schemas).toEqual([USER_SCHEMA, ENTERPRISE_USER_SCHEMA]);
    expect(decodeResource(USER_TYPE, body, strict()).userName).toBe('b');
  });

  const wrong: [title: string, body: JsonValue, expected: string][] = [
    ['that is no object', ['x'], '400 invalidSyntax'],
    ['that is a text', 'x', '400 invalidSyntax'],
    ['with a name given twice', { userName: 'a', USERNAME: 'b' }, '400 invalidSyntax'],
    [
      'with two department',
      { wso2Extension: { department: 'a' }, [ENTERPRISE_1]: { department: 'b' } },
      '400 invalidSyntax',
    ],
    ['with an extension that is a text', { wso2Extension: 'x' }, '400 invalidValue'],
    ['with an address that is a text', { userName: 'b', addresses: ['x'] }, '400 invalidValue'],
    ['with a name that is a text', { userName: 'b', name: 'x' }, '400 invalidValue'],
    ['with a number as title', { userName: 'b', title: 3 }, '400 invalidValue'],
    [
      'with two primary e-mails',
      {
        userName: 'b',
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      '400 invalidValue',
    ],
  ];
  test.each(wrong)('is refused %s', (_, body, expected) => {
    expect(refused(() => decodeResource(USER_TYPE, decodeBody1(USER_TYPE, body), standard()))).toBe(expected);
  });
});

describe('a group in SCIM 1.1', () => {
  test('has members with what they are said to be called, whatever their type is called', () => {
    const members = [{ value: 'u1', display: 'hasinitg', type: 'user' }, { value: 'u2' }];
    expect(decodeBody1(GROUP_TYPE, { displayName: 'PRIMARY/engineer', members })).toEqual({
      schemas: [GROUP_TYPE.schema.id],
      displayName: 'PRIMARY/engineer',
      members: [{ value: 'u1', display: 'hasinitg' }, { value: 'u2' }],
    });
  });

  test('may have members as texts', () => {
    const { members } = decodeBody1(GROUP_TYPE, { displayName: 'e', members: ['u1'] });
    expect(members).toEqual([{ value: 'u1' }]);
  });
});

test('values without parts may be given as objects', () => {
  const { tags, ports } = decodeBody1(DEVICE_TYPE, { tags: [{ value: 'a' }, 'b'], ports: 80 });
  expect(tags).toEqual(['a', 'b']);
  expect(ports).toEqual([80]);
});
