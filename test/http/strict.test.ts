import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScimType } from '../../src/core/error.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  filtered,
  groupBody,
  membersOf,
  newName,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from './messages.ts';

// What RFC 7644 sections 3.5.2 and 3.12 have a server refuse, in the dialect `strict`.

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let server: TestServer;
let client: Client;
let user: Created;
let group: Created;
let member: Created;
let stranger: Created;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict' });
  user = await createUser(client, {
    externalId: 'strict',
    title: 'Guide',
    phoneNumbers: [{ value: '1', type: 'work' }],
  });
  member = await createUser(client);
  stranger = await createUser(client);
  group = await createGroup(client, { members: membersOf(member) });
});
afterAll(() => server.close());

/** Sends what must be refused, and expects that both resources stay what they are. */
async function expectRefused(
  method: string,
  path: string,
  body: unknown,
  status: number,
  scimType: ScimType | undefined,
): Promise<void> {
  const before = [await read(client, user.path), await read(client, group.path)];
  expectError(await client.request(method, path, body), status, scimType);
  expect([await read(client, user.path), await read(client, group.path)]).toEqual(before);
}

const title = { op: 'replace', path: 'title', value: 'Changed' };

describe('PATCH of a user: an operation behind one that would work is refused, and neither is done', () => {
  const rows: readonly [ScimType, object][] = [
    ['noTarget', { op: 'replace', path: 'phoneNumbers[type eq "home"].value', value: '2' }],
    ['noTarget', { op: 'replace', path: 'phoneNumbers[type eq "home"]', value: { value: '2' } }],
    ['noTarget', { op: 'replace', path: 'emails[value eq "nobody"].type', value: 'home' }],
    ['noTarget', { op: 'add', path: 'addresses[type eq "work"].country', value: 'US' }],
    ['noTarget', { op: 'remove' }],
    ['noTarget', { op: 'remove', value: { title: 'Guide' } }],
    ['mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['mutability', { op: 'add', path: 'meta.version', value: 'x' }],
    ['mutability', { op: 'add', path: 'groups', value: [{ value: UNKNOWN_ID }] }],
    ['mutability', { op: 'replace', value: { id: 'x' } }],
    ['mutability', { op: 'replace', value: { groups: [{ value: UNKNOWN_ID }] } }],
    ['mutability', { op: 'add', path: `${ENTERPRISE}:manager.displayName`, value: 'Boss' }],
    ['mutability', { op: 'remove', path: 'userName' }],
    ['mutability', { op: 'replace', path: 'userName', value: null }],
    ['invalidPath', { op: 'replace', path: 'unknown', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'name.unknown', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work"', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work"].unknown', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[unknown eq "work"].value', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'title[value eq "x"]', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[0].value', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 5, value: 'x' }],
    ['invalidPath', { op: 'replace', value: { 'name.givenName': 'x' } }],
    ['invalidFilter', { op: 'replace', path: 'emails[primary gt true].value', value: 'x' }],
    ['invalidFilter', { op: 'replace', path: 'emails[primary eq "true"].value', value: 'x' }],
    ['invalidSyntax', { op: 'Replace', path: 'title', value: 'x' }],
    ['invalidSyntax', { op: 'move', path: 'title', value: 'x' }],
    ['invalidSyntax', { path: 'title', value: 'x' }],
    ['invalidSyntax', { op: 'remove', path: 'emails', value: [{ value: 'x' }] }],
    ['invalidValue', { op: 'add', path: 'nickName' }],
    ['invalidValue', { op: 'replace', path: 'nickName', value: 5 }],
    ['invalidValue', { op: 'replace', path: 'nickName', value: ['x'] }],
    ['invalidValue', { op: 'replace', path: 'active', value: 'False' }],
    ['invalidValue', { op: 'replace', path: 'emails', value: 'x' }],
    ['invalidValue', { op: 'replace', path: `${ENTERPRISE}:manager`, value: 'x' }],
    ['invalidValue', { op: 'add', value: 'x' }],
    ['invalidValue', { op: 'add', path: 'roles', value: [{ primary: true }, { primary: true, value: 'x' }] }],
  ];
  it.each(rows)('RFC 7644 3.12: %s for %j', async (scimType, operation) => {
    await expectRefused('PATCH', user.path, patchBody(title, operation), 400, scimType);
  });

  it('RFC 7644 3.12: uniqueness for the name of another user', async () => {
    const operation = { op: 'replace', path: 'userName', value: member.json.userName.toUpperCase() };
    await expectRefused('PATCH', user.path, patchBody(title, operation), 409, 'uniqueness');
  });

  it('RFC 7644 3.12: tooMany for more than 2,000 operations', async () => {
    const operations = Array.from({ length: 2001 }, () => title);
    await expectRefused('PATCH', user.path, patchBody(...operations), 400, 'tooMany');
  });

  it.each<[string, unknown]>([
    ['no schemas', { Operations: [title] }],
    [
      'another schema',
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [title] },
    ],
    ['no operations', { schemas: [PATCH_OP] }],
    ['an empty list of operations', { schemas: [PATCH_OP], Operations: [] }],
    ['operations that are no list', { schemas: [PATCH_OP], Operations: title }],
    ['an operation that is no object', { schemas: [PATCH_OP], Operations: ['x'] }],
    ['no object', [title]],
    ['no JSON', '{'],
  ])('RFC 7644 3.5.2: invalidSyntax for a message with %s', async (_, body) => {
    await expectRefused('PATCH', user.path, body, 400, 'invalidSyntax');
  });
});

describe('PATCH of the members of a group', () => {
  const replaceBy = (id: string) => [{ value: id }];

  it.each<[ScimType, (...ids: string[]) => object]>([
    [
      'noTarget',
      (_, other) => ({
        op: 'replace',
        path: `members[value eq "${other}"]`,
        value: replaceBy(String(other)),
      }),
    ],
    [
      'noTarget',
      (_, other) => ({ op: 'replace', path: 'members[type eq "Group"]', value: replaceBy(String(other)) }),
    ],
    [
      'noTarget',
      (_, other) => ({
        op: 'replace',
        path: `members[value eq "${other}" and type eq "User"]`,
        value: replaceBy(String(other)),
      }),
    ],
    ['mutability', (id, other) => ({ op: 'replace', path: `members[value eq "${id}"].value`, value: other })],
    ['mutability', () => ({ op: 'replace', path: 'members.type', value: 'Group' })],
    ['invalidSyntax', (id) => ({ op: 'remove', path: 'members', value: replaceBy(String(id)) })],
    ['invalidValue', () => ({ op: 'add', path: 'members', value: replaceBy(UNKNOWN_ID) })],
    ['invalidValue', (_, other) => ({ op: 'add', path: 'members', value: other })],
    ['invalidValue', () => ({ op: 'add', path: 'members', value: [{ display: 'x' }] })],
    ['invalidPath', () => ({ op: 'remove', path: 'members[value eq "x"' })],
    ['mutability', () => ({ op: 'remove', path: 'displayName' })],
  ])('RFC 7644 3.12: %s, row %#', async (scimType, operationOf) => {
    const rename = { op: 'replace', path: 'displayName', value: newName('group') };
    const body = patchBody(rename, operationOf(member.id, stranger.id));
    await expectRefused('PATCH', group.path, body, 400, scimType);
  });

  it('RFC 7644 3.5.2.3: noTarget also when all members go before or after', async () => {
    const replacement = {
      op: 'replace',
      path: `members[value eq "${stranger.id}"]`,
      value: replaceBy(stranger.id),
    };
    const clear = { op: 'remove', path: 'members' };
    await expectRefused('PATCH', group.path, patchBody(replacement, clear), 400, 'noTarget');
    await expectRefused('PATCH', group.path, patchBody(clear, replacement), 400, 'noTarget');
  });

  it('RFC 7644 3.5.2.3: what is there is replaced, also when it was added just before', async () => {
    const other = await createGroup(client, { members: membersOf(member) });
    const replacement = {
      op: 'replace',
      path: `members[value eq "${member.id}"]`,
      value: replaceBy(stranger.id),
    };
    expect((await client.request('PATCH', other.path, patchBody(replacement))).status).toBe(200);
    const add = { op: 'add', path: 'members', value: replaceBy(member.id) };
    const clear = { op: 'remove', path: 'members' };
    expect((await client.request('PATCH', other.path, patchBody(clear, add, replacement))).status).toBe(200);
    const { members } = await read(client, other.path);
    expect(members.map(({ value }: { value: string }) => value)).toEqual([stranger.id]);
  });

  it('RFC 7644 3.12: tooMany for member filters that have to be tried on every member', async () => {
    const scans = Array.from({ length: 11 }, () => ({ op: 'remove', path: 'members[type eq "Group"]' }));
    await expectRefused('PATCH', group.path, patchBody(...scans), 400, 'tooMany');
  });

  it('in standard such a replacement adds, and is named in the log', async () => {
    const standard = await server.connect();
    const other = await createGroup(standard, { members: membersOf(member) });
    const replacement = {
      op: 'replace',
      path: `members[value eq "${stranger.id}"]`,
      value: replaceBy(stranger.id),
    };
    expect((await standard.request('PATCH', other.path, patchBody(replacement))).status).toBe(200);
    expect(JSON.parse(server.logLines.at(-1) ?? '{}').tolerances).toEqual(['create-missing-element']);
    const { members } = await read(standard, other.path);
    expect(members.map(({ value }: { value: string }) => value).sort()).toEqual(
      [member.id, stranger.id].sort(),
    );
  });
});

describe('POST and PUT', () => {
  it.each<[ScimType, object | string]>([
    ['invalidSyntax', '{"userName": '],
    ['invalidSyntax', '[]'],
    ['invalidSyntax', '{"userName":"a","USERNAME":"b"}'],
    ['invalidValue', { userName: undefined }],
    ['invalidValue', { userName: ' ' }],
    ['invalidValue', { userName: 5 }],
    ['invalidValue', { active: 'true' }],
    ['invalidValue', { emails: { value: 'x' } }],
    ['invalidValue', { title: ['x'] }],
    ['invalidValue', { schemas: undefined }],
    ['invalidValue', { schemas: [] }],
    ['invalidValue', { schemas: ['urn:scim:schemas:core:1.0'] }],
    ['invalidValue', { profileUrl: 5 }],
    ['invalidValue', { [ENTERPRISE]: 'x' }],
  ])('RFC 7644 3.12: %s for %j', async (scimType, change) => {
    const body = typeof change === 'string' ? change : userBody(change);
    await expectRefused('POST', '/Users', body, 400, scimType);
    await expectRefused('PUT', user.path, body, 400, scimType);
  });

  it('RFC 7644 3.3, 3.5.1: uniqueness for the name of another user', async () => {
    const body = userBody({ userName: member.json.userName });
    await expectRefused('POST', '/Users', body, 409, 'uniqueness');
    await expectRefused('PUT', user.path, body, 409, 'uniqueness');
  });

  it('RFC 7644 3.5.1: readOnly attributes are ignored', async () => {
    const body = { ...user.json, id: 'x', meta: { version: 'x' }, groups: [{ value: UNKNOWN_ID }] };
    const { status, json } = await client.request('PUT', user.path, body);
    expect([status, json]).toEqual([200, user.json]);
  });

  it('a group without a name, or with a member that is not there', async () => {
    await expectRefused('POST', '/Groups', groupBody({ displayName: undefined }), 400, 'invalidValue');
    await expectRefused(
      'PUT',
      group.path,
      groupBody({ members: [{ value: UNKNOWN_ID }] }),
      400,
      'invalidValue',
    );
  });
});

describe('GET', () => {
  it.each<[ScimType, string]>([
    ['invalidFilter', 'userName eq bjensen'],
    ['invalidFilter', 'userName = "x"'],
    ['invalidFilter', 'userName eq'],
    ['invalidFilter', '(userName eq "x"'],
    ['invalidFilter', 'unknown eq "x"'],
    ['invalidFilter', 'active gt true'],
    ['invalidFilter', 'active eq "true"'],
    ['invalidFilter', 'meta.created gt 5'],
    ['invalidFilter', 'x509Certificates.value gt "AA=="'],
    ['invalidFilter', 'emails[type eq "work"].value eq "x"'],
    ['invalidFilter', 'password eq "x"'],
    ['invalidFilter', 'name eq "x"'],
  ])('RFC 7644 3.4.2.2: %s for %s', async (scimType, filter) => {
    expectError(await client.request('GET', filtered('/Users', filter)), 400, scimType);
  });

  it.each(['startIndex=x', 'count=1.5', 'count=1e3'])('RFC 7644 3.12: invalidValue for %s', async (query) => {
    expectError(await client.request('GET', `/Users?${query}`), 400, 'invalidValue');
  });
});
