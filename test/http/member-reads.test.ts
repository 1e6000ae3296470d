import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  filtered,
  groupBody,
  membersOf,
  newName,
  patchBody,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let ann: Created;
let group: Created;
const statements: string[] = [];

beforeAll(async () => {
  server = await startServer({ onStatement: (sql) => statements.push(sql) });
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  ann = await createUser(client);
  group = await createGroup(client, { members: membersOf(ann) });
});
afterAll(() => server.close());

/** What a request asks of the table of memberships. */
async function membershipStatements(
  dialect: Client,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; touching: string[] }> {
  statements.length = 0;
  const { status } = await dialect.request(method, path, body);
  return { status, touching: statements.filter((sql) => /\bmember\b/i.test(sql)) };
}

const rename = () => patchBody({ op: 'replace', path: 'displayName', value: newName('renamed') });
const WITHOUT = ['excludedAttributes=members', 'attributes=displayName', 'attributes=id,meta'];

test.each(WITHOUT)('RFC 7644 3.9: GET with %s reads no member', async (query) => {
  expect(await membershipStatements(client, 'GET', `${group.path}?${query}`)).toEqual({
    status: 200,
    touching: [],
  });
  const list = filtered('/Groups', `displayName eq "${group.json.displayName}"`);
  for (const path of [`/Groups?${query}`, `${list}&${query}`, `/Groups?sortBy=displayName&${query}`])
    expect(await membershipStatements(client, 'GET', path), path).toEqual({ status: 200, touching: [] });
});

test.each(WITHOUT)('RFC 7644 3.9: PATCH with %s reads no member', async (query) => {
  const inStrict = await membershipStatements(strict, 'PATCH', `${group.path}?${query}`, rename());
  expect(inStrict).toEqual({ status: 200, touching: [] });
  const inStandard = await membershipStatements(client, 'PATCH', `${group.path}?${query}`, rename());
  expect(inStandard).toEqual({ status: query.startsWith('excluded') ? 204 : 200, touching: [] });
});

test('a PATCH that adds a member writes its row and reads no other', async () => {
  const bob = await createUser(client);
  const add = patchBody({ op: 'add', path: 'members', value: membersOf(bob) });
  const { touching } = await membershipStatements(
    strict,
    'PATCH',
    `${group.path}?excludedAttributes=members`,
    add,
  );
  expect(touching).toEqual([expect.stringMatching(/^INSERT INTO member /)]);
});

test('POST of a group without members reads none', async () => {
  const { status, touching } = await membershipStatements(client, 'POST', '/Groups', groupBody());
  expect([status, touching]).toEqual([201, []]);
});

test('users without their groups are read without a look at any', async () => {
  for (const path of [ann.path, '/Users'])
    expect(await membershipStatements(client, 'GET', `${path}?excludedAttributes=groups`)).toEqual({
      status: 200,
      touching: [],
    });
});

test('an answer that shows members reads them', async () => {
  for (const path of [group.path, '/Groups'])
    expect((await membershipStatements(client, 'GET', path)).touching).not.toEqual([]);
});
