import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  groupBody,
  idsOf,
  membersOf,
  newName,
  patchBody,
  read,
  userBody,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
});
afterAll(() => server.close());

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const versionOf = async (path: string): Promise<string> => (await read(client, path)).meta.version;

const add = (...members: Created[]) =>
  patchBody({ op: 'add', path: 'members', value: membersOf(...members) });

test('of 100 members that are added at once all are there, and versions are successes and one more', async () => {
  const users = await times(100, () => createUser(client));
  const group = await createGroup(client);
  const answers = await Promise.all(users.map((user) => strict.request('PATCH', group.path, add(user))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  for (const [index, { json }] of answers.entries())
    expect(json.members.map(({ value }: { value: string }) => value)).toContain(users[index]?.id);
  const { members, meta } = await read(client, group.path);
  expect(members.map(({ value }: { value: string }) => value)).toEqual(users.map(({ id }) => id).sort());
  expect(meta.version).toBe('W/"101"');
});

test('of members that come and go at once none is lost, and what changes nothing makes no version', async () => {
  const users = await times(20, () => createUser(client));
  const leaving = users.slice(0, 10);
  const group = await createGroup(client, { members: membersOf(...leaving) });
  const answers = await Promise.all(
    users.flatMap((user, index) => {
      const change =
        index < 10 ? patchBody({ op: 'remove', path: `members[value eq "${user.id}"]` }) : add(user);
      return [client.request('PATCH', group.path, change), client.request('PATCH', group.path, change)];
    }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { members, meta } = await read(client, group.path);
  const staying = users.slice(10).map(({ id }) => id);
  expect(members.map(({ value }: { value: string }) => value)).toEqual(staying.sort());
  expect(meta.version).toBe('W/"21"');
});

test('of groups that are nested in each other at once every edge is there', async () => {
  const groups = await times(10, () => createGroup(client));
  await Promise.all(
    groups.flatMap((outer) => groups.map((inner) => client.request('PATCH', outer.path, add(inner)))),
  );
  for (const { path } of groups) {
    const { members, meta } = await read(client, path);
    expect(members.map(({ value }: { value: string }) => value)).toEqual(groups.map(({ id }) => id).sort());
    expect(meta.version).toBe('W/"11"');
  }
});

test('of 50 identical POSTs one is 201 and 49 are 409 uniqueness', async () => {
  const body = userBody({ title: newName('title') });
  const answers = await times(50, () => client.request('POST', '/Users', body));
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(1);
  for (const answer of answers) if (answer.status !== 201) expectError(answer, 409, 'uniqueness');
  // nothing of the refused ones is left behind
  const ids = [made[0]?.json.id];
  expect(await idsOf(client, '/Users', `userName eq "${body.userName}"`)).toEqual(ids);
  expect(await idsOf(client, '/Users', `title eq "${(body as { title?: string }).title}"`)).toEqual(ids);
});

test('of 50 identical POSTs of a group all are 201, for its name is not unique', async () => {
  const body = groupBody();
  const answers = await times(50, () => client.request('POST', '/Groups', body));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const ids = answers.map(({ json }) => json.id).sort();
  expect(await idsOf(client, '/Groups', `displayName eq "${body.displayName}"`)).toEqual(ids);
});

test('RFC 7644 3.14: of 20 PATCHes of a group with one If-Match one is carried out whole, the others are 412', async () => {
  const users = await times(20, () => createUser(client));
  const group = await createGroup(client);
  let now = group.json;
  for (let round = 1; round <= 5; round++) {
    const match = { 'if-match': now.meta.version };
    const answers = await Promise.all(
      users.map((user, index) => {
        const rename = { op: 'replace', path: 'displayName', value: `${round}-${index}` };
        const replace = { op: 'replace', path: 'members', value: membersOf(user) };
        return strict.request('PATCH', group.path, patchBody(rename, replace), match);
      }),
    );
    const winner = answers.findIndex(({ status }) => status === 200);
    for (const [index, answer] of answers.entries()) if (index !== winner) expectError(answer, 412);
    now = await read(client, group.path);
    expect(now).toEqual(answers[winner]?.json);
    expect(now).toMatchObject({
      displayName: `${round}-${winner}`,
      members: [{ value: users[winner]?.id }],
      meta: { version: `W/"${round + 1}"` },
    });
  }
});

test.each(['PUT', 'PATCH', 'DELETE'])(
  'RFC 7644 3.14: of 20 %s requests with one If-Match one is carried out',
  async (method) => {
    const user = await createUser(client);
    const answers = await times(20, (index) => {
      const body = {
        PUT: userBody({ userName: user.json.userName, title: `T${index}` }),
        PATCH: patchBody({ op: 'replace', path: 'title', value: `T${index}` }),
        DELETE: undefined,
      }[method];
      return client.request(method, user.path, body, { 'if-match': 'W/"1"' });
    });
    const done = answers.filter(({ status }) => status < 300);
    expect(done).toHaveLength(1);
    for (const answer of answers)
      if (answer.status >= 300) expectError(answer, method === 'DELETE' ? 404 : 412);
    if (method === 'DELETE') expectError(await client.request('GET', user.path), 404);
    else expect(await versionOf(user.path)).toBe('W/"2"');
  },
);
