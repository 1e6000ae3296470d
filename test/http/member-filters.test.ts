import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ requirePrimaryEmail: false });
});

afterAll(() => server.close());

const create = async (endpoint: string, body: object): Promise<string> =>
  (await client.request('POST', endpoint, body)).json.id;

const group = (displayName: string, members: readonly string[]): Promise<string> =>
  create('/Groups', { displayName, members: members.map((value) => ({ value })) });

const patch = (id: string, paths: readonly string[]) =>
  client.request('PATCH', `/Groups/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: paths.map((path) => ({ op: 'remove', path })),
  });

const membersOf = async (id: string): Promise<string[]> =>
  ((await client.request('GET', `/Groups/${id}`)).json.members as { value: string }[]).map(
    ({ value }) => value,
  );

test('a filter on members removes those that match all of it, whatever its shape', async () => {
  const [ann, bob, inner] = [
    await create('/Users', { userName: 'ann' }),
    await create('/Users', { userName: 'bob' }),
    await group('inner', []),
  ];
  const all = [ann, bob, inner];
  const cases: [string, string[]][] = [
    [`members[value eq "${ann}" and type eq "User"]`, [bob, inner]],
    [`members[value eq "${ann}" and type eq "Group"]`, all],
    [`members[(value eq "${ann}" or value eq "${inner}") and type eq "group"]`, [ann, bob]],
    [`members[value eq "${ann}" or type eq "Group"]`, [bob]],
    ['members[type eq "User"]', [inner]],
    [`members[not (value eq "${bob}")]`, [bob]],
    ['members[value eq "nobody" and type eq "User"]', all],
  ];
  for (const [path, left] of cases) {
    const id = await group('outer', all);
    expect((await patch(id, [path])).status, path).toBe(200);
    expect((await membersOf(id)).sort(), path).toEqual([...left].sort());
  }
});

test('filters that have to be tried on every member are bounded in number, those that name ids are not', async () => {
  const ann = await create('/Users', { userName: 'ann-2' });
  const id = await group('bounded', [ann]);
  const refused = await patch(
    id,
    Array.from({ length: 11 }, () => 'members[type eq "Group"]'),
  );
  expect([refused.status, refused.json.scimType]).toEqual([400, 'tooMany']);
  const named = Array.from({ length: 50 }, (_, index) => `members[value eq "${index}" and type eq "User"]`);
  expect((await patch(id, named)).status).toBe(200);
  expect(await membersOf(id)).toEqual([ann]);
});

test('query parameters are known in any case, as Entra ID sends startindex', async () => {
  const page = await client.request('GET', '/Users?startindex=2&COUNT=1');
  expect(page.json).toMatchObject({ startIndex: 2, itemsPerPage: 1 });
});
