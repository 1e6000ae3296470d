import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
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
  userBody,
} from './messages.ts';

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

describe('a filter on indirect membership', () => {
  it('is refused with tooMany where it would look at too many memberships', async () => {
    const other = await server.connect(
      { requirePrimaryEmail: false },
      await server.tenants.create('walk.example'),
    );
    const post = async (path: string, datas: object[]): Promise<string[]> => {
      const Operations = datas.map((data, at) => ({ method: 'POST', path, bulkId: `n${at}`, data }));
      const { json } = await other.request('POST', '/Bulk', { schemas: [BULK], Operations });
      return json.Operations.map(({ location }: { location: string }) => location.split('/').at(-1));
    };
    const users = await post(
      '/Users',
      Array.from({ length: 300 }, (_, at) => userBody({ userName: `walker-${at}` })),
    );
    // each is in the one before: all pairs of them, times their members, are more than a million
    const chain = Array.from({ length: 90 }, (_, at) => ({
      ...groupBody({ displayName: `Chain ${at}` }),
      members: [...users.map((value) => ({ value })), ...(at < 89 ? [{ value: `bulkId:n${at + 1}` }] : [])],
    }));
    const ids = await post('/Groups', chain);
    const ask = (filter: string) => other.request('GET', `${filtered('/Users', filter)}&count=0`);
    const many = 'groups[type eq "indirect" and display sw "chain"]';
    for (const filter of [many, `not (${many})`, `userName eq "walker-1" and ${many}`, `title pr or ${many}`])
      expectError(await ask(filter), 400, 'tooMany');
    expectError(await other.request('GET', filtered('/', many)), 400, 'tooMany');
    for (const [filter, total] of [
      ['groups.display sw "chain"', 300],
      [`groups.value eq "${ids[0]}"`, 300],
      ['groups[type eq "direct" and display sw "chain"]', 300],
      [`groups[type eq "indirect" and value eq "${ids[0]}"]`, 0],
      ['groups[type eq "indirect" and display sw "chain 8"]', 0],
      ['groups.type eq "indirect"', 0],
    ] as const)
      expect([filter, (await ask(filter)).json.totalResults]).toEqual([filter, total]);
  });
});
