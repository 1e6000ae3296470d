import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  idsOf,
  isLater,
  membersOf,
  newName,
  read,
  UNKNOWN_ID,
  UUID,
  userBody,
} from './messages.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

const usersNamed = (userName: string) => idsOf(client, '/Users', `userName eq ${JSON.stringify(userName)}`);

describe('POST /Users', () => {
  it('RFC 7644 3.3: answers 201 with the resource, its Location and its version', async () => {
    const body = userBody({
      schemas: [USER_SCHEMA, SAP_USER_SCHEMA],
      name: { formatted: 'John Doe', familyName: 'Doe', givenName: 'John' },
      displayName: 'John Doe',
      active: true,
    });
    const { status, headers, json } = await client.request('POST', '/Users', body);
    expect(status).toBe(201);
    const { id, meta } = json;
    expect(id).toMatch(UUID);
    expect(json).toEqual({
      ...body,
      id,
      groups: [],
      [SAP_USER_SCHEMA]: { userUuid: expect.stringMatching(UUID) },
      meta: {
        resourceType: 'User',
        location: `${BASE_URL}/scim/v2/Users/${id}`,
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        lastModified: meta.created,
        version: 'W/"1"',
      },
    });
    expect(headers).toMatchObject({
      location: meta.location,
      etag: meta.version,
      'content-type': 'application/scim+json; charset=utf-8',
    });
    expect(await read(client, `/Users/${id}`)).toEqual(json);
  });

  it.each([
    ['another ASCII case', 'john.Doe', 'JOHN.dOE'],
    ['another case beyond ASCII', 'jörg.Ärger', 'JÖRG.äRGER'],
    ['a decomposed form', 'zoë', 'zoe\u0308'],
    ['full-width letters', 'wide.name', 'ｗｉｄｅ．ｎａｍｅ'],
    ['the same text', 'same.text', 'same.text'],
  ])('RFC 7643 4.1.1: refuses a userName that is taken, in %s', async (_, taken, other) => {
    const userName = `${taken}-${newName()}`;
    const first = await createUser(client, { userName });
    const again = userBody({ userName: userName.replace(taken, other) });
    expectError(await client.request('POST', '/Users', again), 409, 'uniqueness');
    expect(await usersNamed(userName)).toEqual([first.id]);
    expect((await read(client, first.path)).userName).toBe(userName);
  });

  it('lets one of many requests have a userName when all come at once', async () => {
    const userName = newName();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.request('POST', '/Users', userBody({ userName }))),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(await usersNamed(userName)).toHaveLength(1);
  });

  it.each([
    ['no userName', { userName: undefined }],
    ['a null userName', { userName: null }],
    ['an empty userName', { userName: '' }],
    ['a blank userName', { userName: ' \t ' }],
    ['a userName of 20,000 characters', { userName: 'x'.repeat(20_000) }],
    ['no e-mail', { emails: undefined }],
    ['an empty list of e-mails', { emails: [] }],
    ['null for e-mails', { emails: null }],
    ['an e-mail that is not primary', { emails: [{ value: 'a@example.com' }] }],
    ['an e-mail whose primary is false', { emails: [{ value: 'a@example.com', primary: false }] }],
    ['a primary e-mail without a value', { emails: [{ type: 'work', primary: true }] }],
    ['a primary e-mail with a blank value', { emails: [{ value: ' ', primary: true }] }],
    [
      'two primary e-mails',
      {
        emails: [
          { value: 'a@example.com', primary: true },
          { value: 'b@example.com', primary: true },
        ],
      },
    ],
  ])('RFC 7643 2.4, 4.1: refuses %s', async (_, attributes) => {
    const externalId = newName();
    const answer = await client.request('POST', '/Users', userBody({ externalId, ...attributes }));
    expectError(answer, 400, 'invalidValue');
    expect(await idsOf(client, '/Users', `externalId eq "${externalId}"`)).toEqual([]);
  });

  it('takes a user without a primary e-mail where the integration does not ask for one', async () => {
    const lenient = await server.connect({ requirePrimaryEmail: false });
    for (const emails of [undefined, [], [{ value: 'a@example.com' }]])
      expect((await lenient.request('POST', '/Users', userBody({ emails }))).status).toBe(201);
  });

  it('RFC 7644 3.3: ignores id, meta and groups of the client', async () => {
    const group = await createGroup(client);
    const { id, json } = await createUser(client, {
      id: UNKNOWN_ID,
      meta: {
        resourceType: 'Group',
        created: '2001-01-01T00:00:00Z',
        location: 'http://evil.test/1',
        version: 'W/"99"',
      },
      groups: [{ value: group.id }],
    });
    expect(id).not.toBe(UNKNOWN_ID);
    expect(json.meta).toMatchObject({
      resourceType: 'User',
      location: `${BASE_URL}/scim/v2/Users/${id}`,
      version: 'W/"1"',
    });
    expect(json.meta.created > '2020').toBe(true);
    expect(json.groups).toEqual([]);
    expect((await read(client, group.path)).members).toEqual([]);
    expectError(await client.request('GET', `/Users/${UNKNOWN_ID}`), 404);
  });

  it('keeps the userUuid that the client gives, and generates one when it is blank', async () => {
    const given = await createUser(client, { [SAP_USER_SCHEMA]: { userUuid: 'SAP-Person-1' } });
    expect(given.json[SAP_USER_SCHEMA]).toEqual({ userUuid: 'SAP-Person-1' });
    expect(given.json.schemas).toEqual([USER_SCHEMA, SAP_USER_SCHEMA]);
    const filter = `${SAP_USER_SCHEMA}:userUuid eq "SAP-Person-1"`;
    expect(await idsOf(client, '/Users', filter)).toEqual([given.id]);
    const blank = await createUser(client, { [SAP_USER_SCHEMA]: { userUuid: '' } });
    expect(blank.json[SAP_USER_SCHEMA].userUuid).toMatch(UUID);
    expect(blank.json[SAP_USER_SCHEMA].userUuid).not.toBe(blank.id);
  });

  it('RFC 7643 7: never returns a password', async () => {
    const password = 'correct-horse-battery';
    const { path, json } = await createUser(client, { password });
    const put = await client.request('PUT', path, { ...json, password });
    const answers = [
      JSON.stringify(json),
      put.text,
      (await client.request('GET', path)).text,
      (await client.request('GET', `${path}?attributes=password`)).text,
      (await client.request('GET', '/Users?attributes=password,userName')).text,
    ];
    for (const text of answers) expect(text).not.toMatch(/password|correct-horse/);
    expect(server.logLines.join()).not.toContain(password);
  });

  it('RFC 7643 2.1, 2.5: reads names in any case, null and [] as no value, and ignores unknown attributes', async () => {
    const { path } = await createUser(client, {
      DISPLAYNAME: 'Shown',
      nickName: null,
      phoneNumbers: [],
      addresses: null,
      favouriteColour: { red: [1] },
      [ENTERPRISE_USER_SCHEMA.toUpperCase()]: { Department: 'Sales', floor: 3 },
    });
    const json = await read(client, path);
    expect(json).toMatchObject({ displayName: 'Shown', [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' } });
    expect(Object.keys(json).sort()).toEqual(
      [
        'schemas',
        'id',
        'userName',
        'displayName',
        'emails',
        'groups',
        'meta',
        ENTERPRISE_USER_SCHEMA,
        SAP_USER_SCHEMA,
      ].sort(),
    );
    expect(json[ENTERPRISE_USER_SCHEMA]).toEqual({ department: 'Sales' });
  });

  it('keeps text of every script, quotes, markup and line breaks as they were sent', async () => {
    const displayName = 'Łukasz "Zażółć" 山田 太郎 👩‍👩‍👧 \\ <script>alert(1)</script>\r\n\u0007';
    const title = 'עברית العربية';
    const { path } = await createUser(client, { displayName, title });
    expect(await read(client, path)).toMatchObject({ displayName, title });
  });

  it('RFC 7644 3.9: answers with the attributes that the request names', async () => {
    const { json } = await client.request('POST', '/Users?attributes=userName', userBody());
    expect(Object.keys(json).sort()).toEqual(['id', 'schemas', 'userName']);
  });

  it.each([
    ['nothing', undefined],
    ['an empty body', ''],
  ])('RFC 7644 3.12: refuses %s instead of a resource', async (_, body) => {
    const answer = await client.request('POST', '/Users', body);
    expectError(answer, 400, 'invalidSyntax');
  });

  it('refuses unknown schemas by the letter, and takes them from the clients that send such', async () => {
    const body = () => userBody({ schemas: [USER_SCHEMA, 'urn:example:unknown'] });
    const strict = await server.connect({ dialect: 'strict' });
    expectError(await strict.request('POST', '/Users', body()), 400, 'invalidValue');
    const answer = await client.request('POST', '/Users', body());
    expect(answer.json.schemas).toEqual([USER_SCHEMA, SAP_USER_SCHEMA]);
  });
});

describe('GET /Users/{id}', () => {
  it('RFC 7644 3.4.1, 3.14: answers 200 with the version as ETag, and HEAD with the same header', async () => {
    const { path, json } = await createUser(client);
    const answer = await client.request('GET', path);
    expect([answer.status, answer.headers.etag, answer.json]).toEqual([200, 'W/"1"', json]);
    const head = await client.request('HEAD', path);
    expect([head.status, head.headers.etag, head.text]).toEqual([200, 'W/"1"', '']);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
  });

  it('shows the groups of the user under their present names', async () => {
    const user = await createUser(client);
    const first = await createGroup(client, { displayName: 'Sales "Süd"', members: membersOf(user) });
    const second = await createGroup(client, { members: membersOf(user) });
    expect((await read(client, user.path)).groups).toEqual(
      [first, second].map(({ id, json }) => ({
        value: id,
        $ref: `${BASE_URL}/scim/v2/Groups/${id}`,
        display: json.displayName,
        type: 'direct',
      })),
    );
    await client.request('PUT', first.path, { ...first.json, displayName: 'Sales' });
    await client.request('DELETE', second.path);
    const { groups } = await read(client, user.path);
    expect(groups).toMatchObject([{ value: first.id, display: 'Sales' }]);
  });

  it('RFC 7644 3.12: answers 404 for an unknown id of any shape, a userName and the id of a group', async () => {
    const { json } = await createUser(client, { externalId: '1' });
    const group = await createGroup(client);
    for (const id of [
      UNKNOWN_ID,
      json.userName,
      '1',
      '010101001010101011001010101011',
      group.id,
      json.id.toUpperCase(),
    ])
      expectError(await client.request('GET', `/Users/${encodeURIComponent(id)}`), 404);
  });
});

describe('PUT /Users/{id}', () => {
  it('RFC 7644 3.5.1: replaces all attributes, and keeps what is readOnly', async () => {
    const user = await createUser(client, { title: 'Boss', nickName: 'Jo', externalId: newName() });
    const group = await createGroup(client, { members: membersOf(user) });
    const body = userBody({
      id: UNKNOWN_ID,
      meta: { created: '2001-01-01T00:00:00Z', location: 'http://evil.test/' },
      groups: [],
      displayName: 'New',
    });
    const { status, headers, json } = await client.request('PUT', user.path, body);
    expect(status).toBe(200);
    expect(json).toEqual({
      schemas: [USER_SCHEMA, SAP_USER_SCHEMA],
      id: user.id,
      userName: body.userName,
      displayName: 'New',
      emails: body.emails,
      groups: [expect.objectContaining({ value: group.id })],
      [SAP_USER_SCHEMA]: user.json[SAP_USER_SCHEMA],
      meta: { ...user.json.meta, version: 'W/"2"', lastModified: expect.any(String) },
    });
    expect(isLater(json.meta, user.json.meta)).toBe(true);
    expect(headers.etag).toBe('W/"2"');
    expect(await read(client, user.path)).toEqual(json);
    expect(await usersNamed(user.json.userName)).toEqual([]);
    expect(await usersNamed(body.userName)).toEqual([user.id]);
  });

  it('keeps version and lastModified when it changes nothing', async () => {
    const user = await createUser(client, { title: 'Boss', phoneNumbers: [{ value: '1', type: 'work' }] });
    const { title, ...rest } = await read(client, user.path);
    const answer = await client.request('PUT', user.path, { title, ...rest });
    expect(answer.json).toEqual(user.json);
  });

  it('takes the primary e-mail away, which only POST asks for', async () => {
    const user = await createUser(client);
    const { status, json } = await client.request('PUT', user.path, userBody({ emails: null }));
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('emails');
  });

  it('RFC 7644 3.5.1: refuses the userName of another user in any case, and frees the one it replaces', async () => {
    const [first, second] = [await createUser(client), await createUser(client)];
    const taken = userBody({ userName: first.json.userName.toUpperCase(), title: 'Changed' });
    expectError(await client.request('PUT', second.path, taken), 409, 'uniqueness');
    expect(await read(client, second.path)).toEqual(second.json);
    // its own name in another case is no conflict
    const own = userBody({ userName: second.json.userName.toUpperCase() });
    expect((await client.request('PUT', second.path, own)).status).toBe(200);
    expect((await client.request('PUT', first.path, userBody())).status).toBe(200);
    expect((await client.request('PUT', second.path, taken)).status).toBe(200);
  });

  it.each([
    ['no userName', { userName: undefined }, 'invalidValue'],
    ['a wrong type', { active: 'maybe' }, 'invalidValue'],
    ['an attribute given twice', { title: 'a', TITLE: 'b' }, 'invalidSyntax'],
  ] as const)('refuses %s and changes nothing', async (_, attributes, scimType) => {
    const user = await createUser(client, { title: 'Boss' });
    const answer = await client.request('PUT', user.path, userBody(attributes));
    expectError(answer, 400, scimType);
    expect(await read(client, user.path)).toEqual(user.json);
  });

  it('answers 404 for an unknown id, and makes no user', async () => {
    const body = userBody();
    expectError(await client.request('PUT', `/Users/${UNKNOWN_ID}`, body), 404);
    expect(await usersNamed(body.userName)).toEqual([]);
  });
});

describe('DELETE /Users/{id}', () => {
  it('RFC 7644 3.6: answers 204 without a body; the user is gone everywhere, and the userName is free', async () => {
    const user = await createUser(client, { externalId: newName() });
    const { total } = await totals();
    const { status, text, headers } = await client.request('DELETE', user.path);
    expect([status, text, headers['content-type']]).toEqual([204, '', undefined]);
    for (const method of ['GET', 'DELETE']) expectError(await client.request(method, user.path), 404);
    expectError(await client.request('PUT', user.path, userBody()), 404);
    expect(await usersNamed(user.json.userName)).toEqual([]);
    expect(await idsOf(client, '/Users', `emails.value eq "${user.json.userName}"`)).toEqual([]);
    expect((await totals()).total).toBe(total - 1);
    const again = await createUser(client, { userName: user.json.userName });
    expect(again.id).not.toBe(user.id);
  });

  it('takes a Content-Type without a body', async () => {
    const user = await createUser(client);
    const headers = { 'content-type': 'application/json' };
    expect((await client.request('DELETE', user.path, undefined, headers)).status).toBe(204);
  });

  it('answers 404 for an unknown id and for the id of a group, which stays', async () => {
    const group = await createGroup(client);
    for (const id of [UNKNOWN_ID, group.id]) expectError(await client.request('DELETE', `/Users/${id}`), 404);
    expect(await read(client, group.path)).toEqual(group.json);
  });

  const totals = async () => ({ total: (await read(client, '/Users?count=0')).totalResults as number });
});
