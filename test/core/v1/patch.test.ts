import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { applyPatch, type Patched } from '../../../src/core/patch.ts';
import { decodePatch } from '../../../src/core/patch-operation.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import type { Resource } from '../../../src/core/resource.ts';
import type { ResourceType } from '../../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { decodePatch1 } from '../../../src/core/v1/patch.ts';
import { DEVICE_TYPE, deepFreeze, device, group, refused, standard, user } from '../fixtures.ts';

const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';

function patch1(type: ResourceType, resource: Resource, body: JsonValue): Patched {
  const operations = decodePatch(type, decodePatch1(type, body), standard());
  return applyPatch(type, deepFreeze(resource), operations, standard());
}

/** The user after a PATCH of 1.1, `schemas` apart. */
function patched(attributes: JsonObject, body: JsonValue): JsonObject {
  const { schemas: _schemas, ...rest } = patch1(USER_TYPE, user(attributes), body).resource;
  return rest;
}

const work = (value: string, more: JsonObject = {}): JsonObject => ({ value, type: 'work', ...more });
const home = (value: string, more: JsonObject = {}): JsonObject => ({ value, type: 'home', ...more });
const address = { type: 'work', streetAddress: '100 Universal City Plaza', locality: 'Hollywood' };

describe('a PATCH of a user', () => {
  const rows: [title: string, before: JsonObject, body: JsonObject, after: JsonObject][] = [
    [
      'as the page sends it',
      { name: { familyName: 'gunasinghe', givenName: 'hasinitg' }, emails: [home('h'), work('w')] },
      {
        schemas: ['urn:scim:schemas:core:1.0'],
        name: { familyName: 'Tester' },
        userName: 'bjensen',
        meta: { attributes: [] },
      },
      { name: { familyName: 'Tester', givenName: 'hasinitg' }, emails: [home('h'), work('w')] },
    ],
    ['replaces a single value', { nickName: 'a' }, { NICKNAME: 'Barbie' }, { nickName: 'Barbie' }],
    [
      'ignores what it does not know',
      { nickName: 'a' },
      { foo: 1, id: 'x', groups: [{ value: 'g' }] },
      { nickName: 'a' },
    ],
    [
      'leaves what is empty or null',
      { nickName: 'a', title: 't' },
      { nickName: '', title: null },
      { nickName: 'a', title: 't' },
    ],
    [
      'leaves parts that are empty or null',
      { name: { familyName: 'J', givenName: 'B' } },
      { name: { familyName: null, givenName: '' } },
      { name: { familyName: 'J', givenName: 'B' } },
    ],
    ['of nothing', { nickName: 'a' }, {}, { nickName: 'a' }],
    [
      'removes an attribute',
      { nickName: 'N', title: 't' },
      { meta: { attributes: ['nickName'] } },
      { title: 't' },
    ],
    [
      'removes what is not there',
      { title: 't' },
      { meta: { attributes: ['nickName', 'name.formatted'] } },
      { title: 't' },
    ],
    [
      'removes parts',
      { name: { familyName: 'J', givenName: 'B', formatted: 'B J' } },
      { meta: { attributes: ['name.formatted', 'urn:scim:schemas:core:1.0:name.givenName'] } },
      { name: { familyName: 'J' } },
    ],
    [
      'removes a part by its bare name',
      { name: { familyName: 'J', givenName: 'B' } },
      { Meta: { Attributes: ['givenName'] } },
      { name: { familyName: 'J' } },
    ],
    [
      'removes a part and gives another',
      { name: { familyName: 'J', givenName: 'B' } },
      { name: { givenName: 'C' }, meta: { attributes: ['name.familyName'] } },
      { name: { givenName: 'C' } },
    ],
    [
      'replaces a part that it removes too',
      { name: { familyName: 'J', givenName: 'B' } },
      { name: { givenName: 'C' }, meta: { attributes: ['name.givenName'] } },
      { name: { familyName: 'J', givenName: 'C' } },
    ],
    [
      'replaces a complex value',
      { name: { familyName: 'J', givenName: 'B' } },
      { name: { givenName: 'C' }, meta: { attributes: ['name'] } },
      { name: { givenName: 'C' } },
    ],
    [
      'replaces a required value that it removes too',
      {},
      { userName: 'x', meta: { attributes: ['userName'] } },
      { userName: 'x' },
    ],
    [
      'replaces all elements',
      { emails: [work('a'), home('b')] },
      {
        emails: [
          { value: 'c', type: 'other' },
          { value: 'a', operation: 'delete' },
        ],
        meta: { attributes: ['emails'] },
      },
      { emails: [{ value: 'c', type: 'other' }] },
    ],
    [
      'removes all elements',
      { emails: [work('a')] },
      { meta: { attributes: ['emails'] }, emails: [work('a', { operation: 'delete' })] },
      {},
    ],
    [
      'removes the elements of a type',
      { emails: [work('a'), home('b')] },
      { meta: { attributes: ['emails.work'] } },
      { emails: [home('b')] },
    ],
    ['adds an element', { emails: [work('a')] }, { emails: [work('b')] }, { emails: [work('a'), work('b')] }],
    ['adds the first element', {}, { emails: [work('b')] }, { emails: [work('b')] }],
    [
      'adds elements that are texts',
      { emails: [work('a')] },
      { emails: ['b', 'A'] },
      { emails: [work('A'), { value: 'b' }] },
    ],
    [
      'merges an element by its value',
      { emails: [work('a', { display: 'D' })] },
      { emails: [home('a')] },
      { emails: [home('a', { display: 'D' })] },
    ],
    [
      'keeps an element that is there',
      { emails: [work('a', { primary: true })] },
      { emails: [{ value: 'a' }] },
      { emails: [work('a', { primary: true })] },
    ],
    [
      'makes another element the primary one',
      { emails: [work('a', { primary: true }), home('b')] },
      { emails: [{ value: 'b', primary: true }] },
      { emails: [work('a', { primary: false }), home('b', { primary: true })] },
    ],
    [
      'adds a primary element',
      { emails: [work('a', { primary: true })] },
      { emails: [{ value: 'b', primary: true }] },
      { emails: [work('a', { primary: false }), { value: 'b', primary: true }] },
    ],
    [
      'deletes an element by its value',
      { emails: [work('a'), home('b')] },
      { emails: [{ value: 'A', operation: 'Delete' }] },
      { emails: [home('b')] },
    ],
    [
      'deletes an element whose type is another',
      { emails: [work('a'), home('b')] },
      { emails: [home('a', { operation: 'delete' })] },
      { emails: [home('b')] },
    ],
    [
      'deletes what is not there',
      { emails: [work('a')] },
      { emails: [{ value: 'z', operation: 'delete' }] },
      { emails: [work('a')] },
    ],
    [
      'deletes nothing when the element says nothing',
      { emails: [work('a')] },
      { emails: [{ operation: 'delete' }] },
      { emails: [work('a')] },
    ],
    [
      'deletes before it adds',
      { emails: [work('a', { primary: true })] },
      { emails: [home('a'), work('a', { operation: 'delete' })] },
      { emails: [home('a')] },
    ],
    [
      'tells elements of one value by their type',
      { emails: [work('a'), home('a')] },
      { emails: [home('a', { display: 'D' })] },
      { emails: [work('a'), home('a', { display: 'D' })] },
    ],
    [
      'adds a type of a value that there are several of',
      { emails: [work('a'), home('a')] },
      { emails: [{ value: 'a', type: 'other' }] },
      { emails: [work('a'), home('a'), { value: 'a', type: 'other' }] },
    ],
    [
      'deletes one of two elements of one value',
      { emails: [work('a'), home('a')] },
      { emails: [home('a', { operation: 'delete' })] },
      { emails: [work('a')] },
    ],
    [
      'deletes both where only the value is said',
      { emails: [work('a'), home('a')] },
      { emails: [{ value: 'a', operation: 'delete' }] },
      {},
    ],
    [
      'keeps elements with an empty value apart',
      { emails: [work(''), home('')] },
      { emails: [home(''), work('a')] },
      { emails: [work(''), home(''), work('a')] },
    ],
    [
      'changes an address',
      { addresses: [{ ...address, primary: true }] },
      {
        addresses: [
          { ...address, primary: true, operation: 'delete' },
          { ...address, locality: 'LA', primary: true },
        ],
      },
      { addresses: [{ ...address, locality: 'LA', primary: true }] },
    ],
    [
      'adds an address',
      { addresses: [address] },
      { addresses: { ...address, locality: 'LA' } },
      { addresses: [address, { ...address, locality: 'LA' }] },
    ],
    [
      'keeps an address that is there',
      { addresses: [address] },
      { addresses: [address] },
      { addresses: [address] },
    ],
    [
      'merges an extension',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', manager: { value: 'm' } } },
      { [ENTERPRISE_1]: { department: 'x' }, wso2Extension: { manager: { managerId: 'n' } } },
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', department: 'x', manager: { value: 'n' } } },
    ],
    [
      'removes from an extension',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', department: 'x', manager: { value: 'm' } } },
      { meta: { attributes: [`${ENTERPRISE_1}:department`, 'wso2Extension.manager.managerId'] } },
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd' } },
    ],
    [
      'removes an extension',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd' } },
      { meta: { attributes: ['wso2Extension'] } },
      {},
    ],
    [
      'replaces an extension',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', department: 'x' } },
      { [ENTERPRISE_1]: { department: 'y' }, meta: { attributes: [ENTERPRISE_1] } },
      { [ENTERPRISE_USER_SCHEMA]: { department: 'y' } },
    ],
  ];
  test.each(rows)('%s', (_, before, body, after) => {
    expect(patched(before, body)).toEqual({ userName: 'bjensen', ...after });
  });

  test('finds values that no path could hold', () => {
    const photo = `data:image/png;base64,${'A'.repeat(20_000)}`;
    const photos = [{ value: photo, type: 'photo' }];
    expect(patched({}, { photos }).photos).toEqual(photos);
    expect(patched({ photos }, { photos }).photos).toEqual(photos);
    expect(patched({ photos }, { photos: [{ value: photo, operation: 'delete' }] })).not.toHaveProperty(
      'photos',
    );
  });

  test('changes a password as it stands', () => {
    const { Operations } = decodePatch1(USER_TYPE, { password: ' p ' });
    expect(Operations).toEqual([{ op: 'add', value: { password: ' p ' } }]);
    expect(decodePatch1(USER_TYPE, { password: '' }).Operations).toEqual([]);
  });

  const wrong: [title: string, body: JsonValue, expected: string][] = [
    ['that is no object', [], '400 invalidSyntax'],
    ['with meta but without attributes', { meta: {} }, '400 invalidSyntax'],
    ['with meta that is a text', { meta: 'x' }, '400 invalidSyntax'],
    ['with attributes that are no list', { meta: { attributes: 'nickName' } }, '400 invalidSyntax'],
    ['with attributes that are no names', { meta: { attributes: [1] } }, '400 invalidSyntax'],
    [
      'that removes what nobody knows',
      { meta: { attributes: ['urn:hr:schemas:user:age'] } },
      '400 invalidPath',
    ],
    ['with very many attributes', { meta: { attributes: Array(2001).fill('title') } }, '400 tooMany'],
    ['that removes the userName', { meta: { attributes: ['userName'] } }, '400 mutability'],
    ['that removes the id', { meta: { attributes: ['id'] } }, '400 mutability'],
    ['that removes groups', { meta: { attributes: ['groups'] } }, '400 mutability'],
    ['with another operation', { emails: [{ value: 'a', operation: 'replace' }] }, '400 invalidValue'],
    ['with a value of another type', { nickName: 3 }, '400 invalidValue'],
    ['with an e-mail that is a number', { emails: [3] }, '400 invalidValue'],
    [
      'with two primary e-mails',
      {
        emails: [work('a', { primary: true }), work('b', { primary: true })],
        meta: { attributes: ['emails'] },
      },
      '400 invalidValue',
    ],
    ['with a name given twice', { nickName: 'a', nickname: 'b' }, '400 invalidSyntax'],
  ];
  test.each(wrong)('is refused %s', (_, body, expected) => {
    expect(refused(() => patched({}, body))).toBe(expected);
  });
});

describe('a PATCH of a group', () => {
  const add = (...ids: string[]): JsonObject => ({
    kind: 'add',
    members: ids.map((value) => expect.objectContaining({ value })),
  });
  const rows: [title: string, body: JsonObject, changes: JsonValue][] = [
    ['adds a member', { members: [{ display: 'Dwight Schrute', value: 'u1' }] }, [add('u1')]],
    [
      'deletes a member',
      { members: [{ value: 'u1', operation: 'delete' }] },
      [{ kind: 'remove', ids: ['u1'] }],
    ],
    [
      'adds one and deletes another',
      { members: [{ value: 'u2' }, { display: 'D', value: 'u1', operation: 'delete' }] },
      [{ kind: 'remove', ids: ['u1'] }, add('u2')],
    ],
    ['removes all members', { meta: { attributes: ['members'] } }, [{ kind: 'clear' }]],
    [
      'replaces all members',
      { meta: { attributes: ['members'] }, members: [{ value: 'u1', display: 'D' }, 'u2'] },
      [{ kind: 'clear' }, add('u1', 'u2')],
    ],
  ];
  test.each(rows)('%s', (_, body, changes) => {
    expect(patch1(GROUP_TYPE, group(), body).members).toEqual(changes);
  });

  test('renames it by the name that it is given', () => {
    expect(patch1(GROUP_TYPE, group(), { displayName: 'PRIMARY/executive' }).resource.displayName).toBe(
      'PRIMARY/executive',
    );
    const both = { displayName: 'executive', meta: { attributes: ['displayName'] } };
    expect(patch1(GROUP_TYPE, group(), both).resource.displayName).toBe('executive');
  });

  test('is refused without the id of a member', () => {
    const nameless = { members: [{ display: 'D', operation: 'delete' }] };
    expect(refused(() => patch1(GROUP_TYPE, group(), nameless))).toBe('400 invalidValue');
  });
});

describe('a PATCH of values without parts', () => {
  const rows: [body: JsonObject, tags: string[]][] = [
    [{ tags: ['old'] }, ['new', 'red', 'old']],
    [{ tags: ['NEW'] }, ['new', 'red']],
    [{ tags: ['old', { value: 'new', operation: 'delete' }] }, ['red', 'old']],
    [{ tags: 'old', meta: { attributes: ['tags'] } }, ['old']],
  ];
  test.each(rows)('%j', (body, tags) => {
    expect(patch1(DEVICE_TYPE, device({ tags: ['new', 'red'] }), body).resource.tags).toEqual(tags);
  });
});
