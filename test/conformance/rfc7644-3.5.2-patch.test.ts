import { describe, expect, test } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  membersOf,
  patchBody,
  read,
  UNKNOWN_ID,
} from '../http/messages.ts';
import type { Answer } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const patch = ({ path }: Created, ...operations: object[]): Promise<Answer> =>
  provider.client.request('PATCH', path, patchBody(...operations));

/** Refused, and the resource is as it was. */
async function expectRefused(
  created: Created,
  body: object,
  scimType: 'invalidSyntax' | 'noTarget' | 'mutability',
) {
  expectError(await provider.client.request('PATCH', created.path, body), 400, scimType);
  expect(await read(provider.client, created.path)).toEqual(created.json);
}

const TITLE = { op: 'replace', path: 'title', value: 'T' };

describe('RFC 7644 section 3.5.2: the request', () => {
  test('RFC 7644 3.5.2 [7644-3.5.2-1] PATCH is announced and works', async () => {
    const user = await createUser(provider.client);
    expect((await read(provider.client, '/ServiceProviderConfig')).patch).toEqual({ supported: true });
    expect((await patch(user, TITLE)).json.title).toBe('T');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-2] a body without the PatchOp schema is refused', async () => {
    const user = await createUser(provider.client);
    await expectRefused(user, { Operations: [TITLE] }, 'invalidSyntax');
    await expectRefused(user, { schemas: [], Operations: [TITLE] }, 'invalidSyntax');
    await expectRefused(user, { schemas: user.json.schemas, Operations: [TITLE] }, 'invalidSyntax');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-3] a body without operations is refused', async () => {
    const user = await createUser(provider.client);
    const { schemas } = patchBody();
    for (const body of [{ schemas }, { schemas, Operations: [] }, { schemas, Operations: TITLE }])
      await expectRefused(user, body, 'invalidSyntax');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-4] an operation has one op: add, replace or remove', async () => {
    const user = await createUser(provider.client);
    for (const op of [undefined, null, '', 'move', 'Replace', 'copy', 1, ['add']])
      await expectRefused(user, patchBody({ ...TITLE, op }), 'invalidSyntax');
    for (const op of ['add', 'replace']) expect((await patch(user, { ...TITLE, op })).json.title).toBe('T');
    expect((await patch(user, { op: 'remove', path: 'title' })).json).not.toHaveProperty('title');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-5] add and replace take a value without a path', async () => {
    const user = await createUser(provider.client);
    expect((await patch(user, { op: 'add', value: { title: 'T' } })).json.title).toBe('T');
    const { json } = await patch(user, { op: 'replace', value: { title: 'U', nickName: 'N' } });
    expect([json.title, json.nickName]).toEqual(['U', 'N']);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-6] remove without a path is 400 noTarget', async () => {
    const user = await createUser(provider.client, { title: 'T' });
    await expectRefused(user, patchBody({ op: 'remove' }), 'noTarget');
    await expectRefused(user, patchBody({ op: 'remove', value: { title: 'T' } }), 'noTarget');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-7] [7644-3.5.2-10] an operation has to fit the schema of the attribute', async () => {
    const user = await createUser(provider.client);
    for (const [path, value, scimType] of [
      ['active', 'yes', 'invalidValue'],
      ['title', 7, 'invalidValue'],
      ['title', ['T'], 'invalidValue'],
      ['emails', 'a@example.com', 'invalidValue'],
      ['emails[type eq "work"].colour', 'blue', 'invalidPath'],
      ['favouriteColour', 'blue', 'invalidPath'],
      ['name.colour', 'blue', 'invalidPath'],
      ['title[', 'T', 'invalidPath'],
    ] as const)
      expectError(await patch(user, { op: 'replace', path, value }), 400, scimType);
    expect(await read(provider.client, user.path)).toEqual(user.json);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-8] [7644-3.5.2-10] readOnly and immutable attributes are not changed', async () => {
    const { client } = provider;
    const user = await createUser(client);
    for (const [path, value] of [
      ['id', UNKNOWN_ID],
      ['meta.created', '2001-01-01T00:00:00Z'],
      ['meta', { resourceType: 'Group' }],
      ['groups', [{ value: UNKNOWN_ID }]],
      [`${ENTERPRISE_USER_SCHEMA}:manager.displayName`, 'Boss'],
    ] as const)
      for (const op of ['add', 'replace'])
        await expectRefused(user, patchBody({ op, path, value }), 'mutability');
    const group = await createGroup(client, { members: membersOf(user) });
    const path = `members[value eq "${user.id}"].value`;
    const answer = await patch(group, { op: 'replace', path, value: UNKNOWN_ID });
    expectError(answer, 400, 'mutability');
    expect(await read(client, group.path)).toEqual(group.json);
  });
});

describe('RFC 7644 section 3.5.2: what it does', () => {
  test('RFC 7644 3.5.2 [7644-3.5.2-11] paths without a URN are those of the core schema', async () => {
    const user = await createUser(provider.client, { [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' } });
    expect((await patch(user, TITLE)).json).toMatchObject({
      title: 'T',
      [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' },
    });
    const answer = await patch(user, { op: 'replace', path: 'department', value: 'Legal' });
    expectError(answer, 400, 'invalidPath');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-12] [7644-3.5.2-13] an attribute of an extension brings its schema', async () => {
    const user = await createUser(provider.client);
    expect(user.json.schemas).not.toContain(ENTERPRISE_USER_SCHEMA);
    const path = (name: string) => `${ENTERPRISE_USER_SCHEMA}:${name}`;
    const { json } = await patch(
      user,
      { op: 'add', path: path('employeeNumber'), value: '1' },
      { op: 'add', path: path('department'), value: 'Sales' },
      { op: 'remove', path: path('employeeNumber') },
    );
    expect(json.schemas).toContain(ENTERPRISE_USER_SCHEMA);
    expect(json[ENTERPRISE_USER_SCHEMA]).toEqual({ department: 'Sales' });
    const without = await patch(user, { op: 'remove', path: path('department') });
    expect(without.json.schemas).not.toContain(ENTERPRISE_USER_SCHEMA);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-14] a value set primary makes the others not primary', async () => {
    const emails = [
      { value: 'a@example.com', type: 'work', primary: true },
      { value: 'b@example.com', type: 'home' },
    ];
    for (const operation of [
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com', primary: true }] },
      { op: 'replace', path: 'emails[type eq "home"]', value: { value: 'b@example.com', primary: true } },
    ]) {
      const { json } = await patch(await createUser(provider.client, { emails }), operation);
      const primary = json.emails.filter((email: { primary?: boolean }) => email.primary === true);
      expect(primary).toHaveLength(1);
      expect(primary[0].value).not.toBe('a@example.com');
    }
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-15] [7644-3.5.2-16] [7644-3.5.2-17] [7644-3.5.2-18] all operations or none', async () => {
    const { client } = provider;
    const user = await createUser(client, { title: 'A' });
    const wrong = { op: 'replace', path: 'active', value: 'maybe' };
    expectError(await patch(user, TITLE, { op: 'remove', path: 'emails' }, wrong), 400, 'invalidValue');
    expect(await read(client, user.path)).toEqual(user.json);
    const group = await createGroup(client);
    const add = { op: 'add', path: 'members', value: membersOf(user) };
    expectError(await patch(group, add, { op: 'remove', path: 'displayName' }), 400, 'mutability');
    expect(await read(client, group.path)).toEqual(group.json);
    expect((await read(client, user.path)).groups).toEqual([]);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-15] operations are applied one after the other', async () => {
    const user = await createUser(provider.client, { title: 'A' });
    const { json } = await patch(
      user,
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'title', value: 'B' },
      { op: 'replace', path: 'title', value: 'C' },
    );
    expect(json.title).toBe('C');
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-19] a success is 200 with the whole resource', async () => {
    const user = await createUser(provider.client, { nickName: 'N' });
    const { status, headers, json } = await patch(user, TITLE);
    expect(status).toBe(200);
    expect(json).toEqual({ ...user.json, title: 'T', meta: json.meta });
    expect(headers.etag).toBe(json.meta.version);
    expect(await read(provider.client, user.path)).toEqual(json);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-20] [7644-3.5.2-21] standard answers 204 where no members are shown, but 200 with attributes', async () => {
    const client = await provider.server.connect({ dialect: 'standard' });
    const group = await createGroup(client);
    const to = (displayName: string) => patchBody({ op: 'replace', path: 'displayName', value: displayName });
    const short = await client.request('PATCH', `${group.path}?excludedAttributes=members`, to('Short'));
    expect([short.status, short.text, short.headers.etag]).toEqual([204, '', 'W/"2"']);
    const { schemas, id } = group.json;
    const named = await client.request('PATCH', `${group.path}?attributes=displayName`, to('Named'));
    expect([named.status, named.json]).toEqual([200, { schemas, id, displayName: 'Named' }]);
  });
});
