import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import {
  DEVICE_TYPE,
  deepFreeze,
  device,
  LEASE_SCHEMA,
  type OperationJson,
  patch,
  patchUser,
  refused,
  user,
} from './fixtures.ts';

interface Row {
  name: string;
  before?: JsonObject;
  operations: OperationJson[];
  /** Attributes as they are afterwards; undefined: gone. */
  after: Record<string, unknown>;
}

const DEPARTMENT = `${ENTERPRISE_USER_SCHEMA}:department`;
const MANAGER = `${ENTERPRISE_USER_SCHEMA}:manager`;
const name = { familyName: 'Jensen', givenName: 'Barbara' };

function check({ before = {}, operations, after }: Row): void {
  for (const dialect of ['strict', 'standard'] as const) {
    const resource = patchUser(before, operations, dialect);
    for (const [key, value] of Object.entries(after)) expect([key, resource[key]]).toEqual([key, value]);
  }
}

describe('RFC 7644 3.5.2.1: add', () => {
  test.each<Row>([
    {
      name: 'sets a single-valued attribute that has no value',
      operations: [{ op: 'add', path: 'nickName', value: 'Babs' }],
      after: { nickName: 'Babs' },
    },
    {
      name: 'replaces the value of a single-valued attribute',
      before: { nickName: 'old' },
      operations: [{ op: 'add', path: 'nickName', value: 'Babs' }],
      after: { nickName: 'Babs' },
    },
    {
      name: 'sets the parts of a complex attribute that the value names, and leaves the others',
      before: { name },
      operations: [{ op: 'add', path: 'name', value: { givenName: 'Babs', middleName: 'J' } }],
      after: { name: { familyName: 'Jensen', givenName: 'Babs', middleName: 'J' } },
    },
    {
      name: 'sets a part of a complex attribute that has no value',
      operations: [{ op: 'add', path: 'name.givenName', value: 'Babs' }],
      after: { name: { givenName: 'Babs' } },
    },
    {
      name: 'without path adds to each attribute that the value names',
      before: { nickName: 'old', emails: [{ value: 'a@x.org' }], name },
      operations: [
        {
          op: 'add',
          value: { NickName: 'Babs', emails: [{ value: 'b@x.org', type: 'home' }], name: { givenName: 'B' } },
        },
      ],
      after: {
        nickName: 'Babs',
        emails: [{ value: 'a@x.org' }, { value: 'b@x.org', type: 'home' }],
        name: { familyName: 'Jensen', givenName: 'B' },
      },
    },
    {
      name: 'of null or nothing changes nothing',
      before: {
        nickName: 'Babs',
        name,
        emails: [{ value: 'a@x.org' }],
        [ENTERPRISE_USER_SCHEMA]: { department: 'R' },
      },
      operations: [
        { op: 'add', path: 'nickName', value: null },
        { op: 'add', path: 'name', value: null },
        { op: 'add', path: 'name', value: { givenName: null } },
        { op: 'add', path: 'name.givenName', value: null },
        { op: 'add', path: 'emails', value: [] },
        { op: 'add', path: 'emails.value', value: null },
        { op: 'add', path: 'emails[value pr].value', value: null },
        { op: 'add', path: 'emails[value pr]', value: null },
        { op: 'add', path: ENTERPRISE_USER_SCHEMA, value: null },
        { op: 'add', value: {} },
      ],
      after: {
        nickName: 'Babs',
        name,
        emails: [{ value: 'a@x.org' }],
        [ENTERPRISE_USER_SCHEMA]: { department: 'R' },
      },
    },
  ])('$name', check);
});

describe('RFC 7644 3.5.2.2: remove', () => {
  test.each<Row>([
    {
      name: 'of a single-valued attribute leaves it unassigned',
      before: { nickName: 'Babs' },
      operations: [{ op: 'remove', path: 'nickName' }],
      after: { nickName: undefined },
    },
    {
      name: 'of a multi-valued attribute removes all values',
      before: { emails: [{ value: 'a' }, { value: 'b' }] },
      operations: [{ op: 'remove', path: 'emails' }],
      after: { emails: undefined },
    },
    {
      name: 'of a complex attribute removes all parts',
      before: { name },
      operations: [{ op: 'remove', path: 'name' }],
      after: { name: undefined },
    },
    {
      name: 'of a part leaves the others, and of the last part nothing',
      before: { name, [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
      operations: [
        { op: 'remove', path: 'name.givenName' },
        { op: 'remove', path: `${MANAGER}.value` },
      ],
      after: { name: { familyName: 'Jensen' }, [ENTERPRISE_USER_SCHEMA]: undefined, schemas: [USER_SCHEMA] },
    },
    {
      name: 'of what is not there changes nothing',
      before: { name },
      operations: [
        { op: 'remove', path: 'nickName' },
        { op: 'remove', path: 'emails' },
        { op: 'remove', path: 'emails[type eq "work"]' },
        { op: 'remove', path: 'emails.type' },
        { op: 'remove', path: 'name.middleName' },
        { op: 'remove', path: DEPARTMENT },
        { op: 'remove', path: ENTERPRISE_USER_SCHEMA },
      ],
      after: { name, emails: undefined, [ENTERPRISE_USER_SCHEMA]: undefined },
    },
    {
      name: 'with a value of null is a remove without value',
      before: { nickName: 'Babs' },
      operations: [{ op: 'remove', path: 'nickName', value: null }],
      after: { nickName: undefined },
    },
  ])('$name', check);

  test.each([
    { op: 'remove', path: 'userName' },
    { op: 'replace', path: 'userName', value: null },
    { op: 'replace', value: { userName: null } },
    { op: 'replace', path: 'userName', value: [] },
  ])('a required attribute that becomes unassigned is 400 mutability: %j', (operation) => {
    expect(refused(() => patchUser({}, [operation]))).toBe('400 mutability');
    expect(refused(() => patchUser({}, [operation], 'standard'))).toBe('400 mutability');
  });

  test.each([
    { op: 'remove', path: 'tags' },
    { op: 'remove', path: 'tags[value eq "new"]' },
    { op: 'replace', path: 'tags', value: [] },
    { op: 'remove', path: 'owner.value' },
    { op: 'replace', path: 'owner.value', value: null },
    { op: 'remove', path: 'sites.value' },
    { op: 'remove', path: 'sites[type eq "a"].value' },
    { op: 'replace', path: 'sites[type eq "a"].value', value: null },
    { op: 'remove', path: LEASE_SCHEMA },
    { op: 'remove', path: `${LEASE_SCHEMA}:lessor` },
  ])('so is a required list, part or attribute of an extension: %j', (operation) => {
    const before = device({ owner: { value: 'o', display: 'x' }, sites: [{ value: 's', type: 'a' }] });
    expect(refused(() => patch(DEVICE_TYPE, before, [operation]))).toBe('400 mutability');
  });
});

describe('RFC 7644 3.5.2.3: replace', () => {
  test.each<Row>([
    {
      name: 'replaces the value of a single-valued attribute',
      before: { nickName: 'old', active: true },
      operations: [
        { op: 'replace', path: 'nickName', value: 'Babs' },
        { op: 'replace', path: 'active', value: false },
      ],
      after: { nickName: 'Babs', active: false },
    },
    {
      name: 'of an attribute without value is an add',
      operations: [
        { op: 'replace', path: 'nickName', value: 'Babs' },
        { op: 'replace', path: 'name.givenName', value: 'B' },
        { op: 'replace', path: 'emails', value: [{ value: 'a' }] },
      ],
      after: { nickName: 'Babs', name: { givenName: 'B' }, emails: [{ value: 'a' }] },
    },
    {
      name: 'of a multi-valued attribute replaces all values',
      before: { emails: [{ value: 'a' }, { value: 'b' }] },
      operations: [{ op: 'replace', path: 'emails', value: [{ value: 'c' }] }],
      after: { emails: [{ value: 'c' }] },
    },
    {
      name: 'of a complex attribute leaves the parts that the value does not name',
      before: { name },
      operations: [{ op: 'replace', path: 'name', value: { givenName: 'Babs' } }],
      after: { name: { familyName: 'Jensen', givenName: 'Babs' } },
    },
    {
      name: 'of parts with null takes them away',
      before: { name },
      operations: [{ op: 'replace', path: 'name', value: { givenName: null, middleName: 'J' } }],
      after: { name: { familyName: 'Jensen', middleName: 'J' } },
    },
    {
      name: 'without path replaces each attribute that the value names',
      before: { emails: [{ value: 'a' }], nickName: 'old', title: 'T' },
      operations: [{ op: 'replace', value: { emails: [{ value: 'b' }], nickName: 'new' } }],
      after: { emails: [{ value: 'b' }], nickName: 'new', title: 'T' },
    },
    {
      name: 'RFC 7643 2.5: by null or [] unassigns',
      before: { nickName: 'x', emails: [{ value: 'a' }], roles: [{ value: 'r' }], name, title: 'T' },
      operations: [
        { op: 'replace', path: 'nickName', value: null },
        { op: 'replace', path: 'emails', value: [] },
        { op: 'replace', value: { roles: null, name: null, title: null } },
      ],
      after: { nickName: undefined, emails: undefined, roles: undefined, name: undefined, title: undefined },
    },
    {
      name: 'by the value that is there changes nothing',
      before: { nickName: 'Babs', name, emails: [{ value: 'a', primary: true }] },
      operations: [
        { op: 'replace', value: { nickName: 'Babs', name, emails: [{ value: 'a', primary: true }] } },
      ],
      after: { nickName: 'Babs', name, emails: [{ value: 'a', primary: true }] },
    },
  ])('$name', check);
});

describe('RFC 7644 3.5.2: extensions and schemas', () => {
  test.each<Row>([
    {
      name: 'an attribute with a fully qualified name adds its schema',
      operations: [{ op: 'add', path: DEPARTMENT, value: 'R' }],
      after: {
        [ENTERPRISE_USER_SCHEMA]: { department: 'R' },
        schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
      },
    },
    {
      name: 'the last attribute of an extension takes its schema away',
      before: { [ENTERPRISE_USER_SCHEMA]: { department: 'R' }, [SAP_USER_SCHEMA]: { userUuid: 'u' } },
      operations: [{ op: 'remove', path: DEPARTMENT }],
      after: { [ENTERPRISE_USER_SCHEMA]: undefined, schemas: [USER_SCHEMA, SAP_USER_SCHEMA] },
    },
    {
      name: 'an extension as the key of a value, whatever its case',
      before: { [ENTERPRISE_USER_SCHEMA]: { department: 'R', division: 'D' } },
      operations: [{ op: 'replace', value: { [ENTERPRISE_USER_SCHEMA.toLowerCase()]: { DEPARTMENT: 'S' } } }],
      after: { [ENTERPRISE_USER_SCHEMA]: { department: 'S', division: 'D' } },
    },
    {
      name: 'an extension as the path',
      before: { [ENTERPRISE_USER_SCHEMA]: { department: 'R' } },
      operations: [
        {
          op: 'add',
          path: ENTERPRISE_USER_SCHEMA,
          value: { division: 'D', manager: { value: 'm' }, unknown: 1 },
        },
        { op: 'replace', path: SAP_USER_SCHEMA, value: { userUuid: 'u' } },
      ],
      after: {
        [ENTERPRISE_USER_SCHEMA]: { department: 'R', division: 'D', manager: { value: 'm' } },
        [SAP_USER_SCHEMA]: { userUuid: 'u' },
      },
    },
    {
      name: 'an extension as a whole removed or replaced by null',
      before: {
        [ENTERPRISE_USER_SCHEMA]: { department: 'R', division: 'D' },
        [SAP_USER_SCHEMA]: { userUuid: 'u' },
      },
      operations: [
        { op: 'remove', path: ENTERPRISE_USER_SCHEMA },
        { op: 'replace', path: SAP_USER_SCHEMA, value: null },
      ],
      after: { [ENTERPRISE_USER_SCHEMA]: undefined, [SAP_USER_SCHEMA]: undefined, schemas: [USER_SCHEMA] },
    },
    {
      name: "schemas is the server's to say",
      operations: [
        { op: 'replace', path: 'schemas', value: ['urn:x'] },
        { op: 'add', value: { schemas: ['urn:y'], nickName: 'B' } },
      ],
      after: { schemas: [USER_SCHEMA], nickName: 'B' },
    },
    {
      name: 'unknown attributes in a value are ignored',
      operations: [
        { op: 'add', value: { isAdmin: true, department: 'R', 'urn:x:y': { z: 1 }, nickName: 'B' } },
      ],
      after: { isAdmin: undefined, department: undefined, 'urn:x:y': undefined, nickName: 'B' },
    },
  ])('$name', check);
});

describe('RFC 7644 3.5.2: operations', () => {
  test('are applied in their order, each to what the one before left', () => {
    const after = patchUser({}, [
      { op: 'add', path: 'nickName', value: 'a' },
      { op: 'replace', path: 'nickName', value: 'b' },
      { op: 'add', path: 'emails', value: [{ value: 'x', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'y' },
      { op: 'remove', path: 'nickName' },
    ]);
    expect(after).toEqual(user({ emails: [{ value: 'y', type: 'work' }] }));
  });

  test('are all or none: a failing one leaves the resource as it was', () => {
    const before = deepFreeze(
      user({ name, emails: [{ value: 'a' }], [ENTERPRISE_USER_SCHEMA]: { department: 'R' } }),
    );
    const copy = JSON.stringify(before);
    const operations = [
      { op: 'remove', path: 'emails' },
      { op: 'replace', path: 'name.givenName', value: 'changed' },
      { op: 'replace', path: DEPARTMENT, value: 'changed' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    ];
    expect(refused(() => patch(USER_TYPE, before, operations))).toBe('400 invalidValue');
    expect(JSON.stringify(before)).toBe(copy);
  });

  test('the outcome shares nothing with the resource or the request', () => {
    const before = user({ name, emails: [{ value: 'a' }] });
    const value = { emails: [{ value: 'b' }] };
    const { resource } = patch(USER_TYPE, before, [{ op: 'add', value }]);
    (resource.name as JsonObject).givenName = 'changed';
    (resource.emails as JsonObject[]).forEach((email) => {
      email.value = 'changed';
    });
    expect(before).toEqual(user({ name, emails: [{ value: 'a' }] }));
    expect(value).toEqual({ emails: [{ value: 'b' }] });
  });

  test('without any, nothing changes', () => {
    expect(patchUser({ name }, [], 'standard')).toEqual(user({ name }));
  });
});
