import { describe, expect, test } from 'vitest';
import { decodeResource, isBlank, isPrimary, MAX_ELEMENTS } from '../../src/core/decode.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_TYPE, deepFreeze, device, refusal, refused, standard, strict, user } from './fixtures.ts';

const decoded = (attributes: JsonObject): JsonObject => {
  const { schemas: _schemas, userName: _userName, ...rest } = user(deepFreeze(attributes));
  return rest;
};

describe('RFC 7643 2.1, 2.5: decodeResource reads', () => {
  test.each<{ name: string; sent: JsonObject; kept: JsonObject }>([
    { name: 'canonical names as they are', sent: { nickName: 'Babs' }, kept: { nickName: 'Babs' } },
    {
      name: 'names in any case, sub-attributes and URNs too',
      sent: {
        NICKNAME: 'Babs',
        Name: { GIVENNAME: 'Barbara' },
        EMAILS: [{ Value: 'b@x.org', TYPE: 'Work' }],
        [ENTERPRISE_USER_SCHEMA.toUpperCase()]: { Department: 'R' },
      },
      kept: {
        nickName: 'Babs',
        name: { givenName: 'Barbara' },
        emails: [{ value: 'b@x.org', type: 'Work' }],
        [ENTERPRISE_USER_SCHEMA]: { department: 'R' },
      },
    },
    {
      name: 'values as sent, blanks and case included',
      sent: { title: ' MiXed ' },
      kept: { title: ' MiXed ' },
    },
    { name: 'the empty string', sent: { nickName: '' }, kept: { nickName: '' } },
    {
      name: 'null, [] and {} as no value',
      sent: { nickName: null, emails: [], name: {}, phoneNumbers: null, [ENTERPRISE_USER_SCHEMA]: {} },
      kept: {},
    },
    {
      name: 'nothing of elements without content',
      sent: { emails: [null, {}, { value: null }, { value: 'x', display: null }], roles: [null] },
      kept: { emails: [{ value: 'x' }] },
    },
    {
      name: 'nothing of parts without value',
      sent: { name: { givenName: 'B', familyName: null, middleName: [] } },
      kept: { name: { givenName: 'B' } },
    },
    {
      name: 'nothing of an extension whose attributes are all unassigned',
      sent: { [ENTERPRISE_USER_SCHEMA]: { department: null, manager: {} }, [SAP_USER_SCHEMA]: null },
      kept: {},
    },
    {
      name: 'nothing that is readOnly',
      sent: {
        id: 'x',
        meta: { created: 'x' },
        groups: [{ value: 'g' }],
        [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm', displayName: 'Boss' } },
      },
      kept: { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
    },
    {
      name: 'nothing that no schema knows',
      sent: {
        isAdmin: true,
        department: 'R',
        name: { nick: 'x' },
        emails: [{ value: 'x', valid: true }],
        'urn:x': {},
      },
      kept: { emails: [{ value: 'x' }] },
    },
    {
      name: 'types that the schema only suggests',
      sent: { emails: [{ value: 'x', type: 'holiday' }], addresses: [{ type: '', country: 'XX' }] },
      kept: { emails: [{ value: 'x', type: 'holiday' }], addresses: [{ type: '', country: 'XX' }] },
    },
    {
      name: 'one primary among several values',
      sent: {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: false },
        ],
      },
      kept: {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: false },
        ],
      },
    },
    {
      name: 'base64 with and without padding, line breaks and the URL alphabet',
      sent: {
        x509Certificates: [{ value: 'AQ==' }, { value: 'AQ' }, { value: 'A\nQ= \n' }, { value: '-_' }],
      },
      kept: {
        x509Certificates: [{ value: 'AQ==' }, { value: 'AQ' }, { value: 'A\nQ= \n' }, { value: '-_' }],
      },
    },
  ])('$name', ({ sent, kept }) => {
    expect(decoded(sent)).toEqual(kept);
  });

  test('the types that User leaves out', () => {
    const values = {
      ports: [1, -1],
      weight: 0.5,
      bought: '2020-01-01T00:00:00+01:00',
      key: 'AA',
      tags: ['a', 'a'],
    };
    expect(device(values)).toMatchObject(values);
  });

  test('members, however many', () => {
    const members = Array.from({ length: MAX_ELEMENTS + 1 }, (_, index) => ({ value: `u${index}` }));
    const body = { schemas: [GROUP_SCHEMA], displayName: 'G', members };
    expect(decodeResource(GROUP_TYPE, body, strict()).members).toHaveLength(MAX_ELEMENTS + 1);
  });

  test('into objects without prototype', () => {
    const { name, emails } = user({ name: { givenName: 'x' }, emails: [{ value: 'x' }] }) as Record<
      string,
      JsonValue
    >;
    for (const object of [user(), name, (emails as JsonValue[])[0]])
      expect(Object.getPrototypeOf(object)).toBeNull();
  });
});

describe('RFC 7643 3: schemas', () => {
  test('are those whose attributes the resource has, whatever was declared', () => {
    expect(user().schemas).toEqual([USER_SCHEMA]);
    expect(
      decodeResource(
        USER_TYPE,
        { schemas: [USER_SCHEMA.toUpperCase()], userName: 'b', [SAP_USER_SCHEMA]: { userUuid: 'u' } },
        strict(),
      ).schemas,
    ).toEqual([USER_SCHEMA, SAP_USER_SCHEMA]);
  });

  test.each<{ name: string; schemas: JsonValue | undefined }>([
    { name: 'missing', schemas: undefined },
    { name: 'null', schemas: null },
    { name: 'empty', schemas: [] },
    { name: 'of an extension alone', schemas: [ENTERPRISE_USER_SCHEMA] },
    { name: 'of another type', schemas: [GROUP_SCHEMA] },
    { name: 'of SCIM 1.1', schemas: ['urn:scim:schemas:core:1.0', USER_SCHEMA] },
  ])('$name: refused in strict, taken for the type of the endpoint in standard', ({ schemas }) => {
    const body: JsonObject = { userName: 'b', ...(schemas === undefined ? {} : { schemas }) };
    expect(refused(() => decodeResource(USER_TYPE, body, strict()))).toBe('400 invalidValue');
    expect(decodeResource(USER_TYPE, body, standard()).schemas).toEqual([USER_SCHEMA]);
  });

  test.each<{ schemas: JsonValue }>([
    { schemas: USER_SCHEMA },
    { schemas: [1] },
    { schemas: {} },
    { schemas: [null] },
  ])('$schemas is no list of URNs in either dialect', ({ schemas }) => {
    for (const tolerance of [strict(), standard()])
      expect(refused(() => decodeResource(USER_TYPE, { schemas, userName: 'b' }, tolerance))).toBe(
        '400 invalidValue',
      );
  });
});

describe('400 invalidSyntax in either dialect', () => {
  test.each<{ name: string; body: JsonValue }>([
    { name: 'a body that is an array', body: [] },
    { name: 'a body that is a string', body: 'x' },
    { name: 'a body that is null', body: null },
    { name: 'an attribute given twice in two cases', body: { userName: 'a', USERNAME: 'b' } },
    {
      name: 'a sub-attribute given twice',
      body: { userName: 'a', name: { givenName: 'a', GivenName: 'b' } },
    },
    { name: 'schemas given twice', body: { schemas: [USER_SCHEMA], Schemas: [USER_SCHEMA] } },
    {
      name: 'an extension given twice',
      body: { [ENTERPRISE_USER_SCHEMA]: {}, [ENTERPRISE_USER_SCHEMA.toUpperCase()]: { department: 'x' } },
    },
  ])('$name', ({ body }) => {
    for (const tolerance of [strict(), standard()])
      expect(refused(() => decodeResource(USER_TYPE, body, tolerance))).toBe('400 invalidSyntax');
  });
});

describe('RFC 7643 2.3: a value of the wrong type is 400 invalidValue in either dialect', () => {
  const body: JsonObject = { schemas: [USER_SCHEMA], userName: 'b' };
  test.each<{ name: string; attributes: JsonObject }>([
    { name: 'a number for a string', attributes: { userName: 1 } },
    { name: 'a boolean for a string', attributes: { externalId: true } },
    { name: 'an object for a string', attributes: { nickName: { value: 'x' } } },
    { name: 'several values for one', attributes: { nickName: ['a', 'b'] } },
    { name: 'a word for a boolean', attributes: { active: 'maybe' } },
    { name: 'a number for a boolean', attributes: { active: 1 } },
    { name: 'an object for a boolean', attributes: { active: {} } },
    { name: 'a string for a list', attributes: { emails: 'b@x.org' } },
    { name: 'a string for an element', attributes: { emails: ['b@x.org'] } },
    { name: 'a list for an element', attributes: { emails: [[{ value: 'x' }]] } },
    { name: 'a number for a complex value', attributes: { name: 5 } },
    { name: 'a string for a complex value without "value"', attributes: { name: 'Barbara' } },
    { name: 'a number in a part', attributes: { name: { givenName: 1 } } },
    { name: 'a word for primary', attributes: { emails: [{ value: 'x', primary: 'yes' }] } },
    { name: 'an extension that is no object', attributes: { [ENTERPRISE_USER_SCHEMA]: 'x' } },
    { name: 'an extension that is a list', attributes: { [ENTERPRISE_USER_SCHEMA]: [{ department: 'x' }] } },
    { name: 'what is not base64', attributes: { x509Certificates: [{ value: 'no base64!' }] } },
    { name: 'base64 with too much padding', attributes: { x509Certificates: [{ value: 'A===' }] } },
    {
      name: 'a megabyte of blanks for base64',
      attributes: { x509Certificates: [{ value: `${' '.repeat(1 << 20)}!` }] },
    },
    { name: 'NUL in a string', attributes: { nickName: 'a\u0000b' } },
    { name: 'half of a surrogate pair', attributes: { emails: [{ value: '\ud83d' }] } },
    { name: 'a control character in userName', attributes: { userName: 'a\nb' } },
    { name: 'an invisible character in userName', attributes: { userName: 'a\u200bb' } },
    { name: 'an unassigned character in userName', attributes: { userName: 'a\u0378' } },
    { name: 'a userName of 513 characters', attributes: { userName: 'x'.repeat(513) } },
    {
      name: 'two primary values',
      attributes: {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
    },
    {
      name: 'more than 1000 values',
      attributes: { emails: Array.from({ length: MAX_ELEMENTS + 1 }, () => ({ value: 'x' })) },
    },
  ])('$name', ({ attributes }) => {
    for (const tolerance of [strict(), standard()])
      expect(refused(() => decodeResource(USER_TYPE, { ...body, ...attributes }, tolerance))).toBe(
        '400 invalidValue',
      );
  });

  test.each<{ name: string; attributes: JsonObject }>([
    { name: 'a fraction for an integer', attributes: { ports: [1.5] } },
    { name: 'an integer past 2^53', attributes: { ports: [2 ** 53] } },
    { name: 'a string for an integer', attributes: { ports: ['1'] } },
    { name: 'infinity for a decimal', attributes: { weight: Number.POSITIVE_INFINITY } },
    { name: 'a date without time', attributes: { bought: '2020-01-01' } },
    { name: 'a number for a dateTime', attributes: { bought: 1577836800 } },
    { name: 'a complex value without its required part', attributes: { owner: { display: 'x' } } },
    {
      name: 'a complex value whose required part is blank',
      attributes: { owner: { value: ' ', display: 'x' } },
    },
    { name: 'an element without its required part', attributes: { sites: [{ type: 'x' }] } },
    { name: 'an empty element of an attribute with a required part', attributes: { sites: [{}] } },
    { name: 'a blank element of such an attribute', attributes: { sites: [{ value: '', type: ' ' }] } },
    { name: 'a list in a list', attributes: { sites: [{ value: 'x', codes: [['y']] }] } },
  ])('$name', ({ attributes }) => {
    for (const tolerance of [strict(), standard()])
      expect(refused(() => decodeResource(DEVICE_TYPE, { ...device(), ...attributes }, tolerance))).toBe(
        '400 invalidValue',
      );
  });

  test('the message names the attribute and not the value', () => {
    const { message } = refusal(() => user({ password: ['tops3cret', 'x'] }));
    expect(message).toContain('password');
    expect(message).not.toContain('tops3cret');
  });
});

test('a userName may hold what people have in their names', () => {
  for (const userName of [
    "O'Hara, Ünal <x@y.z>",
    'bjensen@例え.jp',
    'ＢＪ',
    '😀',
    ' leading',
    'x'.repeat(512),
  ])
    expect(user({ userName }).userName).toBe(userName);
});

test('isPrimary and isBlank', () => {
  expect([{ primary: true }, { primary: 'true' }, {}, null, 'x'].map(isPrimary)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect([undefined, null, [], '', ' \t', 'x', 0, false, {}].map(isBlank)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
