import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  filtered,
  groupBody,
  idsOf,
  membersOf,
  newName,
  patchBody,
  patched,
  read,
  UNKNOWN_ID,
  userBody,
} from '../http/messages.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';

// What every identity provider that is known to Roster needs, in the dialect `standard`: rules 1 to 10, for requests and answers.

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

describe('rule 1: a lookup without a hit is 200 with an empty list', () => {
  it.each([
    ['/Users', 'userName eq "nobody@example.com"'],
    ['/Users', 'externalId eq "nobody"'],
    ['/Users', `id eq "${UNKNOWN_ID}"`],
    ['/Users', 'emails[type eq "work"].value eq "nobody@example.com"'],
    ['/Users', 'emails.value eq "nobody@example.com"'],
    ['/Groups', 'displayName eq "nothing"'],
    ['/Groups', 'externalId eq "nothing"'],
    ['/Groups', `id eq "${UNKNOWN_ID}" and members eq "${UNKNOWN_ID}"`],
  ])('%s by %s', async (endpoint, filter) => {
    const answer = await client.request('GET', `${filtered(endpoint, filter)}&excludedAttributes=members`);
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        itemsPerPage: 0,
        startIndex: 1,
        Resources: [],
      },
    ]);
  });
});

describe('rule 2: names compare without case and keep it, ids are exact', () => {
  it('userName', async () => {
    const userName = newName('Barbara.Jensen');
    const user = await createUser(client, { userName });
    expect(user.json.userName).toBe(userName);
    for (const name of [userName.toUpperCase(), userName.toLowerCase()])
      expect(await idsOf(client, '/Users', `userName eq "${name}"`)).toEqual([user.id]);
    const again = await client.request('POST', '/Users', userBody({ userName: userName.toUpperCase() }));
    expectError(again, 409, 'uniqueness');
    expect((await read(client, user.path)).userName).toBe(userName);
  });

  it('displayName of a group', async () => {
    const displayName = newName('Tour Guides');
    const group = await createGroup(client, { displayName });
    expect(await idsOf(client, '/Groups', `displayName eq "${displayName.toUpperCase()}"`)).toEqual([
      group.id,
    ]);
    expect((await read(client, group.path)).displayName).toBe(displayName);
  });

  it('externalId and id', async () => {
    const externalId = newName('External');
    const user = await createUser(client, { externalId });
    expect(await idsOf(client, '/Users', `externalId eq "${externalId}"`)).toEqual([user.id]);
    expect(await idsOf(client, '/Users', `externalId eq "${externalId.toUpperCase()}"`)).toEqual([]);
    expect(await idsOf(client, '/Users', `id eq "${user.id}"`)).toEqual([user.id]);
    expect(await idsOf(client, '/Users', `id eq "${user.id.toUpperCase()}"`)).toEqual([]);
    expectError(await client.request('GET', `/Users/${user.id.toUpperCase()}`), 404);
  });
});

describe('rule 3: what is a name compares without case', () => {
  it.each(['add', 'Add', 'ADD', 'replace', 'Replace', 'rePLACE'])('op %s', async (op) => {
    expect(await patched(client, await createUser(client), { op, path: 'title', value: 'T' })).toMatchObject({
      title: 'T',
    });
  });

  it('op Remove', async () => {
    const user = await createUser(client, { title: 'T' });
    expect((await patched(client, user, { op: 'Remove', path: 'TITLE' })).title).toBeUndefined();
  });

  it('operators and attribute names in filters', async () => {
    const user = await createUser(client, { title: newName('Title') });
    const { userName, title } = user.json;
    for (const filter of [
      `username Eq "${userName}"`,
      `USERNAME EQ "${userName}"`,
      `Emails.Value Co "${userName}"`,
      `Title Sw "${title}" And Active Pr Or UserName Eq "${userName}"`,
      `${CORE.toUpperCase()}:USER:userName eq "${userName}"`,
    ])
      expect([filter, ...(await idsOf(client, '/Users', filter))]).toEqual([filter, user.id]);
  });

  it('attribute names and URNs in bodies', async () => {
    const body = {
      SCHEMAS: [`${CORE}:user`],
      UserName: newName(),
      EMAILS: [{ Value: 'a@example.com', TYPE: 'work', Primary: true }],
      [ENTERPRISE.toUpperCase()]: { Department: 'R&D' },
    };
    const { status, json } = await client.request('POST', '/Users', body);
    expect([status, json]).toMatchObject([
      201,
      {
        userName: body.UserName,
        emails: [{ value: 'a@example.com', type: 'work', primary: true }],
        [ENTERPRISE]: { department: 'R&D' },
      },
    ]);
  });

  it('attribute names and URNs in PATCH', async () => {
    const changed = await patched(
      client,
      await createUser(client),
      { op: 'add', path: `${ENTERPRISE.toUpperCase()}:DEPARTMENT`, value: 'R&D' },
      { op: 'replace', value: { NICKNAME: 'B', 'NAME.familyname': 'Jensen' } },
      { op: 'replace', path: 'Emails[Type Eq "work"].Value', value: 'new@example.com' },
    );
    expect(changed).toMatchObject({
      nickName: 'B',
      name: { familyName: 'Jensen' },
      emails: [{ value: 'new@example.com' }],
      [ENTERPRISE]: { department: 'R&D' },
    });
  });
});

describe('rule 4: media types', () => {
  const types = [
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON; Charset="utf-8"',
  ];

  it.each(types)('%s is taken on every write', async (type) => {
    const headers = { 'content-type': type };
    const created = await client.request('POST', '/Users', userBody(), headers);
    expect(created.status).toBe(201);
    const path = `/Users/${created.json.id}`;
    expect((await client.request('PUT', path, created.json, headers)).status).toBe(200);
    const patch = patchBody({ op: 'replace', path: 'active', value: false });
    expect((await client.request('PATCH', path, patch, headers)).status).toBe(200);
  });

  it.each([
    [undefined, 'application/scim+json; charset=utf-8'],
    ['*/*', 'application/scim+json; charset=utf-8'],
    ['application/scim+json', 'application/scim+json; charset=utf-8'],
    ['application/scim+json, application/json', 'application/scim+json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
  ])('Accept %s is answered as %s', async (accept, expected) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const user = await createUser(client);
    for (const path of ['/Users?count=1', user.path, '/Schemas'])
      expect((await client.request('GET', path, undefined, headers)).headers['content-type']).toBe(expected);
  });
});

describe('rule 5: the query', () => {
  it('unknown parameters and a loose end are ignored, and both forms of a blank are read', async () => {
    const user = await createUser(client);
    const value = encodeURIComponent(`"${user.json.userName}"`);
    for (const query of [
      `filter=userName+eq+${value}`,
      `filter=userName%20eq%20${value}`,
      `filter=userName+eq%20${value}&`,
      `&filter=userName+eq+${value}&&foo=bar&_=1&sortBy=&sortOrder=ascending`,
      `filter=userName+eq+${value}&startindex=0&Count=10`,
    ]) {
      const { Resources } = await read(client, `/Users?${query}`);
      expect([query, ...Resources.map(({ id }: Created) => id)]).toEqual([query, user.id]);
    }
    expect((await read(client, `${user.path}?`)).id).toBe(user.id);
    expect((await client.request('PUT', `${user.path}?`, user.json)).status).toBe(200);
    expect((await client.request('GET', '/Users?')).status).toBe(200);
  });
});

describe('rule 6: an unknown id of any shape is 404 with a SCIM error', () => {
  const ids = [UNKNOWN_ID, '010101001010101011001010101011', '0', '-1', 'x', 'a%20b', '%F0%9F%98%80', 'null'];
  it.each(ids)('%s', async (id) => {
    const patch = patchBody({ op: 'replace', path: 'displayName', value: 'x' });
    for (const [endpoint, body] of [
      ['/Users', userBody()],
      ['/Groups', groupBody()],
    ] as const) {
      expectError(await client.request('GET', `${endpoint}/${id}`), 404);
      expectError(await client.request('PUT', `${endpoint}/${id}`, body), 404);
      expectError(await client.request('PATCH', `${endpoint}/${id}`, patch), 404);
      expectError(await client.request('DELETE', `${endpoint}/${id}`), 404);
    }
  });
});

describe('rule 7: the answer to a PATCH', () => {
  it('of a user is 200 with the whole resource', async () => {
    const user = await createUser(client, { title: 'Guide' });
    const patch = patchBody({ op: 'replace', path: 'active', value: false });
    const { status, json } = await client.request('PATCH', user.path, patch);
    expect(status).toBe(200);
    expect(json).toEqual({ ...user.json, active: false, meta: json.meta });
    expect(json).toEqual(await read(client, user.path));
  });

  it('of a group is 200 with the whole resource, or 204 without a body', async () => {
    const group = await createGroup(client, { members: membersOf(await createUser(client)) });
    const patch = patchBody({ op: 'replace', path: 'displayName', value: newName('group') });
    const { status, json, text } = await client.request('PATCH', group.path, patch);
    expect([200, 204]).toContain(status);
    if (status === 204) expect(text).toBe('');
    else expect(json).toEqual(await read(client, group.path));
  });
});

describe('rule 8: inactive users stay visible', () => {
  it('in GET and lists until they are deleted', async () => {
    const user = await createUser(client);
    await patched(client, user, { op: 'replace', path: 'active', value: false });
    const lookup = `userName eq "${user.json.userName}"`;
    expect((await read(client, user.path)).active).toBe(false);
    expect(await idsOf(client, '/Users', lookup)).toEqual([user.id]);
    expect((await client.request('DELETE', user.path)).status).toBe(204);
    expectError(await client.request('GET', user.path), 404);
    expect(await idsOf(client, '/Users', lookup)).toEqual([]);
  });
});

describe('rules 9 and 10: pages', () => {
  it('9: counts are integers, and itemsPerPage is what came', async () => {
    const title = newName('Nine');
    for (let count = 0; count < 3; count++) await createUser(client, { title });
    const list = filtered('/Users', `title eq "${title}"`);
    for (const [query, startIndex, items] of [
      ['', 1, 3],
      ['&count=2', 1, 2],
      ['&startIndex=3&count=2', 3, 1],
      ['&startIndex=9', 9, 0],
      ['&count=0', 1, 0],
    ] as const) {
      const json = await read(client, list + query);
      expect(json).toMatchObject({ totalResults: 3, startIndex, itemsPerPage: items });
      expect(json.Resources ?? []).toHaveLength(items);
    }
  });

  it('10: the order is the same on every page, with changes in between', async () => {
    const title = newName('Ten');
    const users: Created[] = [];
    for (let count = 0; count < 10; count++) users.push(await createUser(client, { title }));
    const list = filtered('/Users', `title eq "${title}"`);
    const whole = (await read(client, list)).Resources.map(({ id }: Created) => id);
    const paged: string[] = [];
    for (let startIndex = 1; startIndex <= 10; startIndex += 3) {
      const { Resources } = await read(client, `${list}&startIndex=${startIndex}&count=3`);
      paged.push(...Resources.map(({ id }: Created) => id));
      await patched(client, users[(startIndex * 7) % 10] as Created, {
        op: 'add',
        path: 'nickName',
        value: 'x',
      });
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(10);
  });
});
