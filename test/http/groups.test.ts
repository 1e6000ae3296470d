import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  groupBody,
  groupIdsOf,
  idsOf,
  isLater,
  memberIdsOf,
  membersOf,
  newName,
  read,
  UNKNOWN_ID,
  UUID,
} from './messages.ts';

let server: TestServer;
let client: Client;
let ann: Created;
let bob: Created;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  ann = await createUser(client);
  bob = await createUser(client);
});
afterAll(() => server.close());

describe('POST /Groups', () => {
  it('RFC 7644 3.3: answers 201 with $ref and type of each member, which a client may leave out', async () => {
    const nested = await createGroup(client);
    const body = groupBody({
      externalId: newName(),
      members: [{ value: ann.id, type: 'User' }, { value: bob.id, $ref: null }, { value: nested.id }],
    });
    const { status, headers, json } = await client.request('POST', '/Groups', body);
    expect(status).toBe(201);
    expect(json).toEqual({
      ...body,
      id: expect.stringMatching(UUID),
      members: expect.any(Array),
      meta: {
        resourceType: 'Group',
        location: `${BASE_URL}/scim/v2/Groups/${json.id}`,
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        lastModified: json.meta.created,
        version: 'W/"1"',
      },
    });
    expect(json.schemas).toEqual([GROUP_SCHEMA]);
    expect(new Set(json.members)).toEqual(
      new Set([
        { value: ann.id, $ref: `${BASE_URL}/scim/v2/Users/${ann.id}`, type: 'User' },
        { value: bob.id, $ref: `${BASE_URL}/scim/v2/Users/${bob.id}`, type: 'User' },
        { value: nested.id, $ref: `${BASE_URL}/scim/v2/Groups/${nested.id}`, type: 'Group' },
      ]),
    );
    expect(headers).toMatchObject({ location: json.meta.location, etag: 'W/"1"' });
    expect(await read(client, `/Groups/${json.id}`)).toEqual(json);
    expect(await groupIdsOf(client, ann.path)).toContain(json.id);
    expect(await groupIdsOf(client, bob.path)).toContain(json.id);
  });

  it('makes groups of the same name: names are not unique', async () => {
    const displayName = newName('same');
    const groups = [await createGroup(client, { displayName }), await createGroup(client, { displayName })];
    expect(await idsOf(client, '/Groups', `displayName eq "${displayName.toUpperCase()}"`)).toEqual(
      groups.map(({ id }) => id),
    );
  });

  it.each([
    ['no members', undefined],
    ['null', null],
    ['an empty list', []],
  ])('makes a group with %s', async (_, members) => {
    const group = await createGroup(client, { members });
    expect(group.json.members).toEqual([]);
    expect(await read(client, group.path)).toEqual(group.json);
  });

  it('takes a member once that is named twice', async () => {
    const group = await createGroup(client, { members: membersOf(ann, ann, ann) });
    expect(await memberIdsOf(client, group.path)).toEqual([ann.id]);
  });

  it.each([
    ['no displayName', { displayName: undefined }],
    ['a null displayName', { displayName: null }],
    ['a blank displayName', { displayName: '  ' }],
    ['a displayName that is no string', { displayName: { x: 1 } }],
    ['members that are strings', { members: ['x'] }],
    ['a member without a value', { members: [{ type: 'User' }] }],
    ['a member whose value is a number', { members: [{ value: 1 }] }],
    ['an unknown member', { members: [{ value: UNKNOWN_ID }] }],
    ['an unknown member of another shape', { members: [{ value: "x' OR '1'='1" }] }],
    ['a blank member', { members: [{ value: ' ', type: 'User' }] }],
  ])('refuses %s, and makes nothing', async (_, attributes) => {
    const externalId = newName();
    const answer = await client.request('POST', '/Groups', groupBody({ externalId, ...attributes }));
    expectError(answer, 400, 'invalidValue');
    expect(await idsOf(client, '/Groups', `externalId eq "${externalId}"`)).toEqual([]);
  });

  it('refuses all members when one of them is unknown or of another type', async () => {
    for (const wrong of [{ value: UNKNOWN_ID }, { value: bob.id, type: 'Group' }]) {
      const externalId = newName();
      const before = await groupIdsOf(client, ann.path);
      const body = groupBody({ externalId, members: [{ value: ann.id }, wrong] });
      expectError(await client.request('POST', '/Groups', body), 400, 'invalidValue');
      expect(await groupIdsOf(client, ann.path)).toEqual(before);
      expect(await idsOf(client, '/Groups', `externalId eq "${externalId}"`)).toEqual([]);
    }
  });
});

describe('GET /Groups/{id}', () => {
  it('RFC 7644 3.9: leaves the members out for excludedAttributes and when attributes names others', async () => {
    const group = await createGroup(client, { members: membersOf(ann) });
    const { members, ...rest } = group.json;
    expect(members).toHaveLength(1);
    expect(await read(client, `${group.path}?excludedAttributes=members`)).toEqual(rest);
    expect(await read(client, `${group.path}?attributes=displayName`)).toEqual({
      schemas: rest.schemas,
      id: rest.id,
      displayName: rest.displayName,
    });
    expect((await read(client, `${group.path}?attributes=members.value`)).members).toEqual([
      { value: ann.id },
    ]);
    expect((await read(client, `${group.path}?excludedAttributes=members.$ref`)).members).toEqual([
      { value: ann.id, type: 'User' },
    ]);
  });

  it('answers 404 for an unknown id and for the id of a user', async () => {
    for (const id of [UNKNOWN_ID, ann.id, 'x', '*'])
      expectError(await client.request('GET', `/Groups/${id}`), 404);
  });
});

describe('PUT /Groups/{id}', () => {
  it('RFC 7644 3.5.1: replaces all attributes including members, and keeps what is readOnly', async () => {
    const group = await createGroup(client, { externalId: newName(), members: membersOf(ann) });
    const body = groupBody({
      id: UNKNOWN_ID,
      meta: { created: '2001-01-01T00:00:00Z' },
      members: membersOf(bob),
    });
    const { status, headers, json } = await client.request('PUT', group.path, body);
    expect(status).toBe(200);
    expect(json).toEqual({
      schemas: [GROUP_SCHEMA],
      id: group.id,
      displayName: body.displayName,
      members: [{ value: bob.id, $ref: `${BASE_URL}/scim/v2/Users/${bob.id}`, type: 'User' }],
      meta: { ...group.json.meta, version: 'W/"2"', lastModified: expect.any(String) },
    });
    expect(isLater(json.meta, group.json.meta)).toBe(true);
    expect(headers.etag).toBe('W/"2"');
    expect(await read(client, group.path)).toEqual(json);
    expect(await groupIdsOf(client, ann.path)).not.toContain(group.id);
    expect(await groupIdsOf(client, bob.path)).toContain(group.id);
  });

  it('empties a group whose body names no members', async () => {
    const group = await createGroup(client, { members: membersOf(ann, bob) });
    const { json } = await client.request('PUT', group.path, groupBody());
    expect([json.members, json.meta.version]).toEqual([[], 'W/"2"']);
  });

  it('keeps version and lastModified when it changes nothing, in any order of the members', async () => {
    const group = await createGroup(client, { members: membersOf(ann, bob) });
    const body = { ...group.json, members: group.json.members.toReversed() };
    const { status, json } = await client.request('PUT', group.path, body);
    expect([status, json]).toEqual([200, group.json]);
  });

  it.each([
    ['an unknown member', { members: [{ value: UNKNOWN_ID }] }, 'invalidValue'],
    ['no displayName', { displayName: undefined, members: [] }, 'invalidValue'],
    ['members that are strings', { members: ['x'] }, 'invalidValue'],
    ['a member of unknown parts only', { members: [{ display: 'x' }] }, 'invalidValue'],
    ['an empty member', { members: [{ value: '' }] }, 'invalidValue'],
    ['members given twice', { members: [], Members: [] }, 'invalidSyntax'],
  ] as const)('refuses %s and changes nothing', async (_, attributes, scimType) => {
    const group = await createGroup(client, { members: membersOf(ann, bob) });
    expectError(await client.request('PUT', group.path, groupBody(attributes)), 400, scimType);
    expect(await read(client, group.path)).toEqual(group.json);
  });

  it('answers 404 for an unknown id', async () => {
    expectError(await client.request('PUT', `/Groups/${UNKNOWN_ID}`, groupBody()), 404);
  });
});

describe('DELETE', () => {
  it('RFC 7644 3.6: a group is gone with its memberships, and its members stay', async () => {
    const group = await createGroup(client, { members: membersOf(ann) });
    const outer = await createGroup(client, { members: membersOf(group, bob) });
    const { status, text } = await client.request('DELETE', group.path);
    expect([status, text]).toEqual([204, '']);
    for (const method of ['GET', 'DELETE']) expectError(await client.request(method, group.path), 404);
    expect(await groupIdsOf(client, ann.path)).not.toContain(group.id);
    expect(await memberIdsOf(client, outer.path)).toEqual([bob.id]);
    expect(await idsOf(client, '/Groups', `members.value eq "${group.id}"`)).toEqual([]);
  });

  it('of a user takes it out of all groups and changes their version, and no other', async () => {
    const user = await createUser(client);
    const groups = [
      await createGroup(client, { members: membersOf(user, ann) }),
      await createGroup(client, { members: membersOf(user) }),
    ];
    const other = await createGroup(client, { members: membersOf(ann) });
    expect((await client.request('DELETE', user.path)).status).toBe(204);
    for (const { path, json } of groups) {
      const now = await read(client, path);
      expect(now.members).toEqual(json.members.filter(({ value }: { value: string }) => value !== user.id));
      expect(now.meta.version).toBe('W/"2"');
      expect(isLater(now.meta, json.meta)).toBe(true);
    }
    expect(await read(client, other.path)).toEqual(other.json);
    expect(await idsOf(client, '/Groups', `members eq "${user.id}"`)).toEqual([]);
  });
});
