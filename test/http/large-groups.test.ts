import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USER_TYPE } from '../../src/core/registry.ts';
import { loadResources } from '../../src/service/load.ts';
import { BASE_URL, type Client, startServer, strictContext, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  groupBody,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from './messages.ts';

const SIZE = 5000;

let server: TestServer;
let client: Client;
/** In the order of their ids, which is the order of members in an answer. */
const ids: string[] = [];
let group: Created;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  const bodies = Array.from({ length: SIZE }, () => userBody());
  await loadResources(server.services, strictContext(server), USER_TYPE, bodies, (loaded) =>
    ids.push(...loaded),
  );
  ids.sort();
  group = await createGroup(client, { members: ids.map((value) => ({ value })) });
});
afterAll(() => server.close());

const reference = (value: string) => ({ value, $ref: `${BASE_URL}/scim/v2/Users/${value}`, type: 'User' });
const versionNow = async (): Promise<string> =>
  (await read(client, `${group.path}?excludedAttributes=members`)).meta.version;

describe('a group of 5,000 members', () => {
  it('RFC 7644 3.3: was answered in full to the POST that made it', () => {
    expect(group.json.members).toEqual(ids.map(reference));
  });

  it('is read in full, as one JSON text', async () => {
    const { status, headers, json } = await client.request('GET', group.path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/scim+json; charset=utf-8',
      etag: 'W/"1"',
    });
    expect(json).toEqual(group.json);
    const head = await client.request('HEAD', group.path);
    expect([head.status, head.text, head.headers.etag]).toEqual([200, '', 'W/"1"']);
    const values = await read(client, `${group.path}?attributes=members.value`);
    expect(values).toEqual({
      schemas: group.json.schemas,
      id: group.id,
      members: ids.map((value) => ({ value })),
    });
  });

  it('is listed in full, and without members where they are excluded', async () => {
    const { Resources } = await read(client, '/Groups');
    expect(Resources).toEqual([group.json]);
    const { text } = await client.request('GET', '/Groups?excludedAttributes=members');
    expect(text.length).toBeLessThan(1000);
  });

  it('is on each of its members', async () => {
    for (const id of [ids[0], ids[SIZE / 2], ids[SIZE - 1]])
      expect((await read(client, `/Users/${id}`)).groups).toMatchObject([{ value: group.id }]);
  });

  it('keeps its version when PUT sends the same list, in any order', async () => {
    const members = ids.map((value) => ({ value }));
    for (const list of [members, members.toReversed()]) {
      const { status, headers, json } = await client.request('PUT', group.path, {
        ...group.json,
        members: list,
      });
      expect([status, headers.etag]).toEqual([200, 'W/"1"']);
      expect(json).toEqual(group.json);
    }
  });

  it('takes one more member by PATCH and gives one up, answered with 204 and the ETag', async () => {
    const user = await createUser(client);
    const add = patchBody({ op: 'add', path: 'members', value: [{ value: user.id }] });
    const added = await client.request('PATCH', group.path, add);
    expect([added.status, added.headers.etag, added.text]).toEqual([204, 'W/"2"', '']);
    expect((await read(client, group.path)).members).toEqual([...ids, user.id].sort().map(reference));
    const again = await client.request('PATCH', group.path, add);
    expect([again.status, again.headers.etag]).toEqual([204, 'W/"2"']);
    const remove = patchBody({ op: 'remove', path: `members[value eq "${user.id}"]` });
    const removed = await client.request('PATCH', group.path, remove);
    expect([removed.status, removed.headers.etag]).toEqual([204, 'W/"3"']);
    expect((await read(client, group.path)).members).toEqual(group.json.members);
  });

  it('changes not at all when one of many members is unknown', async () => {
    const before = await versionNow();
    const members = [...ids.slice(1).map((value) => ({ value })), { value: UNKNOWN_ID }];
    const put = await client.request('PUT', group.path, groupBody({ members }));
    expectError(put, 400, 'invalidValue');
    const replace = patchBody(
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: members },
    );
    expectError(await client.request('PATCH', group.path, replace), 400, 'invalidValue');
    const { members: now, meta } = await read(client, group.path);
    expect([now.length, meta.version]).toEqual([SIZE, before]);
  });

  it('is cut to half by PUT, emptied and filled again by PATCH', async () => {
    const half = ids.slice(0, SIZE / 2).map((value) => ({ value }));
    const { json } = await client.request('PUT', group.path, { ...group.json, members: half });
    expect(json.members).toEqual(half.map(({ value }) => reference(value)));
    const emptied = await client.request('PATCH', group.path, patchBody({ op: 'remove', path: 'members' }));
    expect([emptied.status, emptied.json.members]).toEqual([200, []]);
    const fill = patchBody({ op: 'replace', path: 'members', value: ids.map((value) => ({ value })) });
    expect((await client.request('PATCH', group.path, fill)).status).toBe(204);
    expect((await read(client, group.path)).members).toEqual(group.json.members);
  });

  it('is deleted with all its memberships', async () => {
    expect((await client.request('DELETE', group.path)).status).toBe(204);
    const { totalResults } = await read(client, '/Users?count=0&filter=groups%20pr');
    expect(totalResults).toBe(0);
  });
});
