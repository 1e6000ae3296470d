import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { type Created, createGroup, createUser, filtered, membersOf, patchBody, read } from './messages.ts';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const MANY = 300;

let server: TestServer;
let client: Client;
const statements: string[] = [];

beforeAll(async () => {
  server = await startServer({ onStatement: (sql) => void statements.push(sql) });
  client = await server.connect();
});
afterAll(() => server.close());

/** Creates groups by one Bulk. @returns their ids in order */
async function createGroups(count: number, membersOf: (number: number) => object[]): Promise<string[]> {
  const { json } = await client.request('POST', '/Bulk', {
    schemas: [BULK],
    Operations: Array.from({ length: count }, (_, number) => ({
      method: 'POST',
      path: '/Groups',
      bulkId: `g${number}`,
      data: { displayName: `Group ${number}`, members: membersOf(number) },
    })),
  });
  return json.Operations.map(({ location }: { location: string }) => location.split('/').at(-1));
}

/** The statements that a request runs to read membership: bounded ones on the event loop, others in a worker. */
async function readsOf(path: string) {
  statements.length = 0;
  const json = await read(client, path);
  return {
    json,
    reads: statements.filter((sql) => sql.includes('AS relation')).map((sql) => sql.includes(`'*'`)),
  };
}

describe('a user in very many groups', () => {
  const shown = (found: { json: { groups: { value: string; type: string }[] } }) =>
    found.json.groups.map(({ value, type }) => `${type} ${value}`).sort();

  it.each([
    ['direct ones', (user: Created) => () => membersOf(user)],
    [
      'nested ones',
      (user: Created) => (number: number) =>
        number === 0 ? membersOf(user) : [{ value: `bulkId:g${number - 1}` }],
    ],
  ])('has all of them in the answer, read in a worker: %s', async (what, membersFor) => {
    const user = await createUser(client);
    const ids = await createGroups(MANY, membersFor(user));
    const type = (number: number) => (what === 'nested ones' && number > 0 ? 'indirect' : 'direct');
    const wanted = ids.map((id, number) => `${type(number)} ${id}`).sort();
    const one = await readsOf(user.path);
    expect(shown(one)).toEqual(wanted);
    expect(one.reads).toEqual([true, false]);
    const listed = await readsOf(filtered('/Users', `userName eq "${user.json.userName}"`));
    expect(listed.json.Resources).toEqual([one.json]);
    expect(listed.reads).toEqual([true, false]);
    const values = await read(client, `${user.path}?attributes=groups.value`);
    expect(values.groups.map(({ value }: { value: string }) => value).sort()).toEqual([...ids].sort());
    const patched = await client.request(
      'PATCH',
      user.path,
      patchBody({ op: 'add', path: 'title', value: 'T' }),
    );
    expect(patched.json.groups).toEqual(one.json.groups);
  });

  it('while one in a few is read at once', async () => {
    const user = await createUser(client);
    const inner = await createGroup(client, { members: membersOf(user) });
    await createGroup(client, { members: membersOf(inner) });
    const { json, reads } = await readsOf(user.path);
    expect([json.groups.length, reads]).toEqual([2, [true]]);
  });
});
