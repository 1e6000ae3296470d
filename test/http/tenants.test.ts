import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  filtered,
  groupBody,
  membersOf,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from './messages.ts';

let server: TestServer;
let client: Client;
let other: Client;
let own: Created;
let foreignUser: Created;
let foreignGroup: Created;

/** What another tenant has; every test ends with the check that it still is what it was. */
beforeAll(async () => {
  server = await startServer();
  client = await server.connect({}, await server.tenants.create('acme.com'));
  other = await server.connect({}, await server.tenants.create('umbrella.example'));
  own = await createUser(client, { userName: 'own@acme.com' });
  foreignUser = await createUser(other, {
    userName: 'shared@example.com',
    externalId: 'X-1',
    name: { familyName: 'Wesker' },
    [ENTERPRISE_USER_SCHEMA]: { department: 'Virology' },
  });
  foreignGroup = await createGroup(other, { displayName: 'Scientists', members: membersOf(foreignUser) });
});
afterAll(() => server.close());

async function expectUntouched(): Promise<void> {
  expect(await read(other, foreignGroup.path)).toEqual(foreignGroup.json);
  const { groups } = await read(other, foreignUser.path);
  expect(groups).toMatchObject([{ value: foreignGroup.id }]);
  expect((await read(other, '/Users')).totalResults).toBe(1);
}

/** An answer without the id that it was asked for: what the client can tell apart. */
const shapeOf = ({ status, headers, text }: Answer) => ({ status, type: headers['content-type'], text });

describe('a resource of another tenant', () => {
  const patch = patchBody({ op: 'replace', path: 'displayName', value: 'Taken' });

  it.each([
    ['GET', undefined],
    ['HEAD', undefined],
    ['PUT', 'resource'],
    ['PATCH', patch],
    ['PATCH', patchBody({ op: 'remove', path: 'displayName' })],
    ['DELETE', undefined],
  ])('is answered as an unknown one: %s', async (method, body) => {
    for (const [endpoint, { id }, make] of [
      ['/Users', foreignUser, userBody],
      ['/Groups', foreignGroup, groupBody],
    ] as const) {
      const sent = body === 'resource' ? make() : body;
      const answers = await Promise.all(
        [id, UNKNOWN_ID].map((each) => client.request(method, `${endpoint}/${each}`, sent)),
      );
      const [foreign, unknown] = answers as [Answer, Answer];
      expect(foreign.status).toBe(404);
      expect(shapeOf(foreign)).toEqual(shapeOf(unknown));
      if (method !== 'HEAD') expectError(foreign, 404);
    }
    await expectUntouched();
  });

  it('is not to be read by its tenant in the URL either', async () => {
    const { authorization } = client;
    for (const path of [foreignUser.path, foreignGroup.path, '/Users', '/Groups']) {
      const answer = await server.send('GET', `/t/umbrella.example/scim/v2${path}`, { authorization });
      expectError(answer, 401);
    }
  });

  it.each([
    'id eq "{user}"',
    'id pr',
    'userName eq "shared@example.com"',
    'userName sw "s"',
    'not (userName eq "own@acme.com")',
    'userName ne "own@acme.com"',
    'externalId eq "X-1"',
    'name.familyName eq "Wesker"',
    'emails.value co "@"',
    'emails[type eq "work"]',
    'not (title pr)',
    `${ENTERPRISE_USER_SCHEMA}:department eq "Virology"`,
    'groups.value eq "{group}"',
    'groups.display eq "Scientists"',
    'groups pr',
    'meta.resourceType eq "User"',
    'userName eq "own@acme.com" or userName eq "shared@example.com"',
  ])('is found by no filter: %s', async (filter) => {
    const text = filter.replace('{user}', foreignUser.id).replace('{group}', foreignGroup.id);
    const { Resources, totalResults } = await read(client, filtered('/Users', text));
    expect(Resources.filter(({ id }: { id: string }) => id !== own.id)).toEqual([]);
    expect(totalResults).toBe(Resources.length);
  });

  it.each([
    'displayName pr',
    'members.value eq "{user}"',
    'members pr',
    'members[type eq "User"]',
    'not (externalId pr)',
  ])('is found by no filter on groups: %s', async (filter) => {
    const text = filter.replace('{user}', foreignUser.id);
    expect(await read(client, filtered('/Groups', text))).toMatchObject({ totalResults: 0, Resources: [] });
  });

  it('is in no list and in no total', async () => {
    expect(await read(client, '/Users')).toMatchObject({ totalResults: 1, Resources: [{ id: own.id }] });
    expect(await read(client, '/Groups')).toMatchObject({ totalResults: 0, Resources: [] });
    expect(await read(client, '/Users?count=0')).toMatchObject({ totalResults: 1 });
  });
});

describe('a member of another tenant', () => {
  it('is refused as an unknown one, in POST, PUT and PATCH, and nothing changes', async () => {
    const group = await createGroup(client, { members: membersOf(own) });
    for (const { id } of [foreignUser, foreignGroup]) {
      const members = [{ value: own.id }, { value: id }];
      const unknown = [{ value: own.id }, { value: UNKNOWN_ID }];
      const displayName = 'Mixed';
      for (const [method, path, body] of [
        ['POST', '/Groups', (list: object) => groupBody({ displayName, members: list })],
        ['PUT', group.path, (list: object) => groupBody({ displayName, members: list })],
        ['PATCH', group.path, (list: object) => patchBody({ op: 'add', path: 'members', value: list })],
        ['PATCH', group.path, (list: object) => patchBody({ op: 'replace', value: { members: list } })],
      ] as const) {
        const answer = await client.request(method, path, body(members));
        expectError(answer, 400, 'invalidValue');
        // the id that the client has sent is said again, and nothing else tells the two apart
        const { text, ...rest } = shapeOf(await client.request(method, path, body(unknown)));
        expect(shapeOf(answer)).toEqual({ ...rest, text: text.replace(UNKNOWN_ID, id) });
      }
    }
    expect(await read(client, group.path)).toEqual(group.json);
    expect((await read(client, filtered('/Groups', 'displayName eq "Mixed"'))).totalResults).toBe(0);
    await expectUntouched();
  });

  it('is not removed by its id', async () => {
    const group = await createGroup(client, { members: membersOf(own) });
    const body = patchBody({ op: 'remove', path: `members[value eq "${foreignUser.id}"]` });
    expect((await client.request('PATCH', group.path, body)).json).toEqual(group.json);
    await expectUntouched();
  });
});

describe('names', () => {
  it('are unique in their tenant only', async () => {
    const twin = await createUser(client, { userName: 'SHARED@example.com', externalId: 'X-1' });
    const again = userBody({ userName: 'shared@EXAMPLE.com' });
    expectError(await client.request('POST', '/Users', again), 409, 'uniqueness');
    expect((await client.request('DELETE', twin.path)).status).toBe(204);
    await expectUntouched();
  });

  it('of a manager are kept, whoever has the id', async () => {
    const { json } = await createUser(client, {
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: foreignUser.id, displayName: 'Wesker' } },
    });
    expect(json[ENTERPRISE_USER_SCHEMA]).toEqual({ manager: { value: foreignUser.id } });
    await client.request('DELETE', `/Users/${json.id}`);
  });
});
