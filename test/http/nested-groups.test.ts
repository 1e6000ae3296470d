import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  filtered,
  groupBody,
  groupIdsOf,
  idsOf,
  memberIdsOf,
  membersOf,
  patchBody,
  read,
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

describe('nested groups', () => {
  it('may form a circle and hold themselves; they are read and deleted like others', async () => {
    const [first, second] = [await createGroup(client), await createGroup(client)];
    const put = (group: Created, ...members: Created[]) =>
      client.request('PUT', group.path, { ...group.json, members: membersOf(...members) });
    expect((await put(first, first, second)).status).toBe(200);
    expect((await put(second, first)).status).toBe(200);
    expect(await memberIdsOf(client, first.path)).toEqual([first.id, second.id].sort());
    expect((await client.request('DELETE', first.path)).status).toBe(204);
    expectError(await client.request('GET', first.path), 404);
    expect(await memberIdsOf(client, second.path)).toEqual([]);
  });

  it('are deleted out of the groups that hold them, which get a new version and keep their other members', async () => {
    const inner = await createGroup(client, { members: membersOf(ann) });
    const middle = await createGroup(client, { members: membersOf(inner, bob) });
    const outer = await createGroup(client, { members: membersOf(middle, middle) });
    expect((await client.request('DELETE', middle.path)).status).toBe(204);
    expect(await read(client, outer.path)).toMatchObject({ members: [], meta: { version: 'W/"2"' } });
    expect(await read(client, inner.path)).toEqual(inner.json);
    const ids = await groupIdsOf(client, ann.path);
    expect(ids).toContain(inner.id);
    for (const gone of [middle, outer]) expect(ids).not.toContain(gone.id);
  });

  it('are found by the members that they have', async () => {
    const inner = await createGroup(client, { members: membersOf(ann) });
    const outer = await createGroup(client, { members: membersOf(inner, bob) });
    const found = (filter: string) => idsOf(client, '/Groups', filter);
    const all = [inner.id, outer.id];
    for (const [filter, ids] of [
      [`members.value eq "${inner.id}"`, [outer.id]],
      [`members[value eq "${inner.id}"]`, [outer.id]],
      [`members[value eq "${inner.id}" and type eq "group"]`, [outer.id]],
      [`members[value eq "${inner.id}" and type eq "User"]`, []],
      [`id eq "${outer.id}" and members.type eq "Group"`, [outer.id]],
      [`id eq "${inner.id}" and members.type eq "Group"`, []],
      [`id eq "${outer.id}" and members eq "${ann.id}"`, []],
      [`members.$ref pr and (id eq "${inner.id}" or id eq "${outer.id}")`, all],
    ] as const)
      expect(await found(filter), filter).toEqual(ids);
    const byReference = await client.request('GET', filtered('/Groups', 'members.$ref eq "x"'));
    expectError(byReference, 400, 'invalidFilter');
  });

  it('are taken out by their $ref too, and named by it alone they are no members', async () => {
    const inner = await createGroup(client);
    const outer = await createGroup(client, { members: membersOf(inner, bob) });
    const $ref = `${BASE_URL}/scim/v2/Groups/${inner.id}`;
    const remove = patchBody({ op: 'remove', path: `members[$ref eq "${$ref}"]` });
    expect((await client.request('PATCH', outer.path, remove)).json.members).toMatchObject([
      { value: bob.id },
    ]);
    const add = patchBody({ op: 'add', path: 'members', value: [{ $ref }] });
    expectError(await client.request('PATCH', outer.path, add), 400, 'invalidValue');
  });
});

describe('RFC 7643 4.1.2: groups of a user', () => {
  const edge = ({ id, json }: Created, type: string) => ({
    value: id,
    $ref: `${BASE_URL}/scim/v2/Groups/${id}`,
    display: json.displayName,
    type,
  });

  it('are direct ones and those reached through nested groups, each once', async () => {
    const user = await createUser(client);
    const inner = await createGroup(client, { members: membersOf(user) });
    const middle = await createGroup(client, { members: membersOf(inner) });
    const both = await createGroup(client, { members: membersOf(inner, middle, user) });
    const outer = await createGroup(client, { members: membersOf(both, middle) });
    const wanted = [
      edge(inner, 'direct'),
      edge(middle, 'indirect'),
      edge(both, 'direct'),
      edge(outer, 'indirect'),
    ];
    expect((await read(client, user.path)).groups).toEqual(wanted);
    const [listed] = (await read(client, filtered('/Users', `id eq "${user.id}"`))).Resources;
    expect(listed.groups).toEqual(wanted);
    const values = await read(client, `${user.path}?attributes=groups.value`);
    expect(values.groups).toEqual(wanted.map(({ value }) => ({ value })));
    const types = await read(client, `${user.path}?excludedAttributes=groups.display,groups.$ref`);
    expect(types.groups).toEqual(wanted.map(({ value, type }) => ({ value, type })));

    await client.request('PUT', middle.path, groupBody({ displayName: middle.json.displayName }));
    expect((await read(client, user.path)).groups).toEqual([
      edge(inner, 'direct'),
      edge(both, 'direct'),
      edge(outer, 'indirect'),
    ]);
    await client.request('DELETE', both.path);
    expect((await read(client, user.path)).groups).toEqual([edge(inner, 'direct')]);
  });

  it('end where groups form a circle or hold themselves', async () => {
    const user = await createUser(client);
    const first = await createGroup(client, { members: membersOf(user) });
    const second = await createGroup(client, { members: membersOf(first) });
    const third = await createGroup(client, { members: membersOf(second) });
    const add = (...members: Created[]) =>
      patchBody({ op: 'add', path: 'members', value: membersOf(...members) });
    expect((await client.request('PATCH', first.path, add(third, first))).status).toBe(200);
    expect((await client.request('PATCH', third.path, add(third))).status).toBe(200);
    expect((await read(client, user.path)).groups).toEqual([
      edge(first, 'direct'),
      edge(second, 'indirect'),
      edge(third, 'indirect'),
    ]);
    for (const [filter, ids] of [
      [`groups.value eq "${third.id}"`, [user.id]],
      [`groups[value eq "${third.id}" and type eq "indirect"]`, [user.id]],
      [`groups[value eq "${first.id}" and type eq "indirect"]`, []],
      [`groups.display eq "${second.json.displayName.toUpperCase()}"`, [user.id]],
      [
        `userName eq "${user.json.userName}" and groups[type eq "indirect" and display sw "group-"]`,
        [user.id],
      ],
      [`userName eq "${user.json.userName}" and not (groups.value eq "${second.id}")`, []],
    ] as const)
      expect(await idsOf(client, '/Users', filter), filter).toEqual(ids);
  });
});
