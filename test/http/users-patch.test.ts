import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  idsOf,
  isLater,
  membersOf,
  newName,
  patchBody,
  read,
  UNKNOWN_ID,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
});
afterAll(() => server.close());

/** What the user has that the changes are made to. */
const BEFORE = {
  userName: 'set by the test',
  name: { givenName: 'Ann', familyName: 'Lee' },
  displayName: 'Ann Lee',
  title: 'Boss',
  active: true,
  emails: [
    { value: 'work@example.com', type: 'work', primary: true },
    { value: 'home@example.com', type: 'home' },
  ],
  [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', manager: { value: 'm1' } },
};
const [WORK, HOME] = BEFORE.emails;
const NEW_HOME = { value: 'new@example.com', type: 'home' };
const person = () => createUser(client, { ...BEFORE, userName: newName() });

describe('PATCH /Users/{id}', () => {
  it('RFC 7644 3.5.2: carries out the operations of the page, and answers 200 with the whole resource', async () => {
    const user = await createUser(client);
    const body = patchBody(
      { op: 'replace', path: 'active', value: false },
      { op: 'add', path: 'emails', value: [{ value: 'secondary@example.com', type: 'home' }] },
    );
    const { status, headers, json } = await client.request('PATCH', user.path, body);
    expect(status).toBe(200);
    expect(json).toEqual({
      ...user.json,
      active: false,
      emails: [...user.json.emails, { value: 'secondary@example.com', type: 'home' }],
      meta: { ...user.json.meta, version: 'W/"2"', lastModified: expect.any(String) },
    });
    expect(isLater(json.meta, user.json.meta)).toBe(true);
    expect(headers.etag).toBe('W/"2"');
    expect(await read(client, user.path)).toEqual(json);
    expect(await idsOf(client, '/Users', 'emails.value eq "secondary@example.com"')).toEqual([user.id]);
  });

  it.each([
    ['3.5.2.1: add of a new attribute', [{ op: 'add', path: 'nickName', value: 'A' }], { nickName: 'A' }],
    [
      '3.5.2.1: add of a value that is there',
      [{ op: 'add', path: 'title', value: 'Head' }],
      { title: 'Head' },
    ],
    [
      '3.5.2.1: add of an element',
      [{ op: 'add', path: 'emails', value: [NEW_HOME] }],
      { emails: [WORK, HOME, NEW_HOME] },
    ],
    [
      '3.5.2.1: add without a path',
      [{ op: 'add', value: { title: 'Head', nickName: 'A' } }],
      { title: 'Head', nickName: 'A' },
    ],
    [
      '3.5.2.1: add of a sub-attribute',
      [{ op: 'add', path: 'name.middleName', value: 'B' }],
      { name: { ...BEFORE.name, middleName: 'B' } },
    ],
    ['3.5.2.2: remove of an attribute', [{ op: 'remove', path: 'title' }], { title: undefined }],
    ['3.5.2.2: remove of all elements', [{ op: 'remove', path: 'emails' }], { emails: undefined }],
    [
      '3.5.2.2: remove of the elements that match',
      [{ op: 'remove', path: 'emails[type eq "home"]' }],
      { emails: [WORK] },
    ],
    [
      '3.5.2.2: remove of a part of them',
      [{ op: 'remove', path: 'emails[type eq "home"].type' }],
      { emails: [WORK, { value: HOME?.value }] },
    ],
    [
      '3.5.2.2: remove of an extension attribute',
      [{ op: 'remove', path: `${ENTERPRISE_USER_SCHEMA}:department` }],
      { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm1' } } },
    ],
    [
      '3.5.2.3: replace of an attribute',
      [{ op: 'replace', path: 'title', value: 'Head' }],
      { title: 'Head' },
    ],
    [
      '3.5.2.3: replace of all elements',
      [{ op: 'replace', path: 'emails', value: [NEW_HOME] }],
      { emails: [NEW_HOME] },
    ],
    [
      '3.5.2.3: replace of a part of an element',
      [{ op: 'replace', path: 'emails[type eq "home"].value', value: NEW_HOME.value }],
      { emails: [WORK, NEW_HOME] },
    ],
    [
      '3.5.2.3: replace of the parts that the value names',
      [{ op: 'replace', path: 'name', value: { givenName: 'Eve' } }],
      { name: { givenName: 'Eve', familyName: 'Lee' } },
    ],
    ['3.5.2.3: replace without a path', [{ op: 'replace', value: { active: false } }], { active: false }],
    [
      '3.5.2: a new primary takes the place of the old one',
      [{ op: 'add', path: 'emails', value: [{ ...NEW_HOME, primary: true }] }],
      { emails: [{ ...WORK, primary: false }, HOME, { ...NEW_HOME, primary: true }] },
    ],
    [
      '3.10: a path with the URN of the core schema',
      [{ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:title', value: 'Head' }],
      { title: 'Head' },
    ],
    [
      '3.10: names in any case',
      [{ op: 'replace', path: 'NAME.GIVENNAME', value: 'Eve' }],
      { name: { givenName: 'Eve', familyName: 'Lee' } },
    ],
    [
      'operations in order',
      [
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'Head' },
      ],
      { title: 'Head' },
    ],
  ])('RFC 7644 %s', async (_, operations, after) => {
    const user = await person();
    const { status, json, text } = await strict.request('PATCH', user.path, patchBody(...operations));
    expect(status, text).toBe(200);
    const { meta, ...expected } = JSON.parse(JSON.stringify({ ...user.json, ...after }));
    expect(json).toEqual({
      ...expected,
      meta: { ...meta, version: 'W/"2"', lastModified: expect.any(String) },
    });
  });

  it.each([
    [
      'Entra ID: operation names in any case',
      [{ op: 'Replace', path: 'title', value: 'Head' }],
      { title: 'Head' },
    ],
    ['Entra ID: booleans as strings', [{ op: 'Replace', path: 'active', value: 'False' }], { active: false }],
    [
      'Entra ID: a value path that matches nothing makes the element',
      [
        { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].value', value: '1' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].display', value: 'One' },
      ],
      { phoneNumbers: [{ type: 'mobile', value: '1', display: 'One' }] },
    ],
    [
      'Entra ID: keys that are paths',
      [{ op: 'replace', value: { 'name.givenName': 'Eve', [`${ENTERPRISE_USER_SCHEMA}:department`]: 'IT' } }],
      {
        name: { givenName: 'Eve', familyName: 'Lee' },
        [ENTERPRISE_USER_SCHEMA]: { department: 'IT', manager: { value: 'm1' } },
      },
    ],
    [
      'Entra ID: the manager as a plain string',
      [{ op: 'Add', path: `${ENTERPRISE_USER_SCHEMA}:manager`, value: 'm2' }],
      { [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', manager: { value: 'm2' } } },
    ],
    ['Okta: deactivation', [{ op: 'replace', value: { active: false } }], { active: false }],
    [
      'Okta: readOnly attributes in a value',
      [{ op: 'replace', value: { id: 'x', title: 'Head' } }],
      { title: 'Head' },
    ],
  ])('takes what providers send. %s', async (_, operations, after) => {
    const user = await person();
    const { status, json, text } = await client.request('PATCH', user.path, patchBody(...operations));
    expect(status, text).toBe(200);
    expect(json).toMatchObject({ id: user.id, ...after });
  });

  it.each([
    ['no op', { path: 'title', value: 'x' }, 'invalidSyntax'],
    ['an unknown op', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['no object', 'title', 'invalidSyntax'],
    ['no value to add', { op: 'add', path: 'title' }, 'invalidValue'],
    ['no value to replace', { op: 'replace', path: 'title' }, 'invalidValue'],
    ['neither path nor object', { op: 'replace', value: 'x' }, 'invalidValue'],
    ['3.5.2.2: remove without a path', { op: 'remove' }, 'noTarget'],
    ['an unknown attribute', { op: 'replace', path: 'isAdmin', value: true }, 'invalidPath'],
    ['an unknown sub-attribute', { op: 'replace', path: 'name.nick', value: 'x' }, 'invalidPath'],
    ['an attribute of groups', { op: 'add', path: 'members', value: [] }, 'invalidPath'],
    ['a path that is no string', { op: 'replace', path: ['title'], value: 'x' }, 'invalidPath'],
    ['a filter that never ends', { op: 'remove', path: 'emails[type eq "work"' }, 'invalidPath'],
    ['SQL as a path', { op: 'replace', path: "title'; DROP TABLE resource;--", value: 'x' }, 'invalidPath'],
    ['a filter on a single value', { op: 'replace', path: 'title[value eq "x"]', value: 'x' }, 'invalidPath'],
    ['a wrong type', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
    ['a wrong type of a part', { op: 'replace', path: 'name.givenName', value: { x: 1 } }, 'invalidValue'],
    [
      'two primaries',
      { op: 'replace', path: 'emails', value: [WORK, { ...HOME, primary: true }] },
      'invalidValue',
    ],
    ['a blank userName', { op: 'replace', path: 'userName', value: ' ' }, 'invalidValue'],
    ['3.5.2.2: remove of userName', { op: 'remove', path: 'userName' }, 'mutability'],
    ['null for userName', { op: 'replace', path: 'userName', value: null }, 'mutability'],
    ['3.5.2: id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['3.5.2: meta', { op: 'replace', path: 'meta.created', value: '2001-01-01T00:00:00Z' }, 'mutability'],
    ['3.5.2: groups', { op: 'add', path: 'groups', value: [{ value: 'x' }] }, 'mutability'],
  ] as const)('RFC 7644 3.12: refuses %s, and undoes what came before', async (_, operation, scimType) => {
    const user = await person();
    for (const each of [client, strict]) {
      const body = patchBody({ op: 'replace', path: 'title', value: 'Undone' }, operation as object);
      expectError(await each.request('PATCH', user.path, body), 400, scimType);
      expect(await read(client, user.path)).toEqual(user.json);
    }
    expect(await idsOf(client, '/Users', 'title eq "Undone"')).toEqual([]);
  });

  it.each([
    [
      '3.5.2.3: a value path that matches nothing',
      { op: 'replace', path: 'emails[type eq "x"].value', value: 'x' },
      'noTarget',
    ],
    ['operation names in another case', { op: 'Replace', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['booleans as strings', { op: 'replace', path: 'active', value: 'False' }, 'invalidValue'],
    ['remove with a value', { op: 'remove', path: 'emails', value: [WORK] }, 'invalidSyntax'],
    ['keys that are paths', { op: 'replace', value: { 'name.givenName': 'x' } }, 'invalidPath'],
    ['readOnly attributes in a value', { op: 'replace', value: { id: 'x' } }, 'mutability'],
  ] as const)('RFC 7644 strict dialect refuses %s', async (_, operation, scimType) => {
    const user = await person();
    expectError(await strict.request('PATCH', user.path, patchBody(operation)), 400, scimType);
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it.each([
    ['no Operations', { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }],
    ['Operations that are no array', { ...patchBody(), Operations: { op: 'add' } }],
    ['Operations given twice', { ...patchBody({ op: 'remove', path: 'title' }), operations: [] }],
    ['an array', [patchBody({ op: 'remove', path: 'title' })]],
    ['a string', '"remove title"'],
    ['null', 'null'],
    ['no body', undefined],
  ])('refuses %s as a request', async (_, body) => {
    const user = await person();
    expectError(await client.request('PATCH', user.path, body), 400, 'invalidSyntax');
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it.each([
    ['add of the value that is there', { op: 'add', path: 'title', value: 'Boss' }],
    ['add of an element that is there', { op: 'add', path: 'emails', value: [HOME] }],
    ['replace by the same', { op: 'replace', path: 'name', value: BEFORE.name }],
    ['remove of what is not there', { op: 'remove', path: 'nickName' }],
    ['remove that matches nothing', { op: 'remove', path: 'emails[type eq "other"]' }],
  ])('RFC 7644 3.5.2.1: keeps version and lastModified after %s', async (_, operation) => {
    const user = await person();
    const { status, json } = await strict.request('PATCH', user.path, patchBody(operation));
    expect([status, json]).toEqual([200, user.json]);
  });

  it('refuses a userName that is taken, in any case, and frees the one it replaces', async () => {
    const [first, second] = [await person(), await person()];
    const rename = patchBody({ op: 'replace', path: 'userName', value: first.json.userName.toUpperCase() });
    expectError(await client.request('PATCH', second.path, rename), 409, 'uniqueness');
    expect(await read(client, second.path)).toEqual(second.json);
    const away = patchBody({ op: 'replace', path: 'userName', value: newName() });
    expect((await client.request('PATCH', first.path, away)).status).toBe(200);
    expect((await client.request('PATCH', second.path, rename)).status).toBe(200);
  });

  it('changes the userUuid and keeps it when the extension is not named', async () => {
    const user = await person();
    const path = `${SAP_USER_SCHEMA}:userUuid`;
    const { json } = await client.request(
      'PATCH',
      user.path,
      patchBody({ op: 'replace', path, value: 'u-1' }),
    );
    expect(json[SAP_USER_SCHEMA]).toEqual({ userUuid: 'u-1' });
    const other = patchBody({ op: 'replace', value: { title: 'Head' } });
    expect((await client.request('PATCH', user.path, other)).json[SAP_USER_SCHEMA]).toEqual({
      userUuid: 'u-1',
    });
  });

  it('takes a password and shows it nowhere', async () => {
    const user = await person();
    const body = patchBody({ op: 'replace', value: { password: 'battery-staple', title: 'Head' } });
    const answer = await client.request('PATCH', user.path, body);
    expect([answer.status, answer.json.title]).toEqual([200, 'Head']);
    expect(answer.text + (await client.request('GET', user.path)).text).not.toMatch(/password|battery/);
    expect(server.logLines.join()).not.toContain('battery-staple');
  });

  it('RFC 7644 3.9: answers with the attributes that the request names', async () => {
    const user = await person();
    const body = patchBody({ op: 'replace', path: 'title', value: 'Head' });
    const { json } = await client.request('PATCH', `${user.path}?attributes=title`, body);
    expect(json).toEqual({ schemas: user.json.schemas, id: user.id, title: 'Head' });
  });

  it('keeps the groups of the user', async () => {
    const user = await person();
    const group = await createGroup(client, { members: membersOf(user) });
    const body = patchBody({ op: 'replace', value: { groups: [], title: 'Head' } });
    const { json } = await client.request('PATCH', user.path, body);
    expect(json.groups).toMatchObject([{ value: group.id }]);
    expect((await read(client, group.path)).members).toMatchObject([{ value: user.id }]);
  });

  it('makes every change of many that come at once', async () => {
    const user = await person();
    const values = Array.from({ length: 20 }, (_, index) => `parallel-${index}@example.com`);
    const answers = await Promise.all(
      values.map((value) =>
        client.request('PATCH', user.path, patchBody({ op: 'add', path: 'emails', value: [{ value }] })),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { emails, meta } = await read(client, user.path);
    expect(emails.map(({ value }: { value: string }) => value)).toEqual(expect.arrayContaining(values));
    expect(meta.version).toBe('W/"21"');
  });

  it('refuses more operations than it carries out in one request', async () => {
    const user = await person();
    const many = Array.from({ length: 5001 }, () => ({ op: 'replace', path: 'title', value: 'x' }));
    expectError(await client.request('PATCH', user.path, patchBody(...many)), 400, 'tooMany');
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it('answers 404 for an unknown id and for the id of a group', async () => {
    const group = await createGroup(client);
    const body = patchBody({ op: 'replace', path: 'displayName', value: 'x' });
    for (const id of [UNKNOWN_ID, group.id, 'x'])
      expectError(await client.request('PATCH', `/Users/${id}`, body), 404);
    expect(await read(client, group.path)).toEqual(group.json);
  });
});
