import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createUserStores } from '../../src/service/user-stores.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  filtered,
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
let userStores: ReturnType<typeof createUserStores>;
let names = 0;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict' });
  userStores = createUserStores({ storage: server.services.storage, now: Date.now });
  await userStores.create(server.superTenant, 'AMRSNGHE');
});
afterAll(() => server.close());

/** A store that no other test uses. */
async function newStore(tenant: Tenant = server.superTenant): Promise<string> {
  return (await userStores.create(tenant, `s${++names}`)).name;
}

const canDelete = async (name: string): Promise<boolean> =>
  userStores.remove(server.superTenant, name).then(
    () => true,
    () => false,
  );

describe('a user of another store than PRIMARY', () => {
  it('has the name of the store before its own, in upper case', async () => {
    const name = newName();
    const user = await createUser(client, { userName: `amrsnghe/${name}` });
    expect(user.json.userName).toBe(`AMRSNGHE/${name}`);
    expect((await read(client, user.path)).userName).toBe(`AMRSNGHE/${name}`);
    for (const prefix of ['AMRSNGHE', 'Amrsnghe'])
      expect(await idsOf(client, '/Users', `userName eq "${prefix}/${name}"`)).toEqual([user.id]);
    expect(await idsOf(client, '/Users', `userName eq "${name}"`)).toEqual([]);
    expect(await idsOf(client, '/Users', `userName sw "AMRSNGHE/" and userName ew "${name}"`)).toEqual([
      user.id,
    ]);
  });

  it('shares its name with users of other stores, and with none of its own', async () => {
    const name = newName();
    await createUser(client, { userName: name });
    await createUser(client, { userName: `AMRSNGHE/${name}` });
    for (const userName of [name, `PRIMARY/${name}`, `AMRSNGHE/${name}`, `amrsnghe/${name.toUpperCase()}`])
      expectError(await client.request('POST', '/Users', userBody({ userName })), 409, 'uniqueness');
  });

  it('PRIMARY goes without saying', async () => {
    const name = newName();
    const user = await createUser(client, { userName: `Primary/${name}` });
    expect(user.json.userName).toBe(name);
    for (const filter of [`eq "PRIMARY/${name}"`, `eq "${name}"`, `sw "primary/${name}"`])
      expect(await idsOf(client, '/Users', `userName ${filter}`), filter).toEqual([user.id]);
    expect(await idsOf(client, '/Users', `userName ne "PRIMARY/${name}" and userName eq "${name}"`)).toEqual(
      [],
    );
    expect(await idsOf(client, '/Users', 'userName eq "PRIMARY/"')).toEqual([]);
    const put = await client.request('PUT', user.path, userBody({ userName: `PRIMARY/${name}` }));
    expect([put.status, put.json.userName]).toEqual([200, name]);
  });

  test.each(['Nothing/x', 'Internal/x', '/AMRSNGHE/x', 'AMRSNGHE\\x', 'a/b/c'])(
    'a name such as %s names no store',
    async (userName) => {
      const store = await newStore();
      const user = await createUser(client, { userName });
      expect(user.json.userName).toBe(userName);
      expect(await canDelete(store)).toBe(true);
    },
  );

  test.each(['PRIMARY/', 'AMRSNGHE/', 'AMRSNGHE/ ', 'PRIMARY/AMRSNGHE/x', 'PRIMARY/primary/x'])(
    'the name %j is refused',
    async (userName) => {
      expectError(await client.request('POST', '/Users', userBody({ userName })), 400, 'invalidValue');
      const user = await createUser(client);
      const rename = patchBody({ op: 'replace', path: 'userName', value: userName });
      expectError(await client.request('PATCH', user.path, rename), 400, 'invalidValue');
      expectError(await client.request('PUT', user.path, userBody({ userName })), 400, 'invalidValue');
      expect(await read(client, user.path)).toEqual(user.json);
    },
  );

  it('moves to another store by another name, as by PUT so by PATCH', async () => {
    const [from, to] = [await newStore(), await newStore()];
    const user = await createUser(client, { userName: `${from}/u` });
    const patch = patchBody({ op: 'replace', path: 'userName', value: `${to.toLowerCase()}/u` });
    const patched = await client.request('PATCH', user.path, patch);
    expect([patched.status, patched.json.userName]).toEqual([200, `${to}/u`]);
    expect([await canDelete(from), await canDelete(to)]).toEqual([true, false]);
    const name = newName();
    const put = await client.request('PUT', user.path, userBody({ userName: name }));
    expect([put.status, put.json.userName]).toEqual([200, name]);
    expect(await canDelete(to)).toBe(true);
  });

  it('is the same after a change that says its name in another way', async () => {
    const user = await createUser(client, { userName: `AMRSNGHE/${newName()}` });
    const lower = String(user.json.userName).replace('AMRSNGHE', 'amrsnghe');
    const put = await client.request('PUT', user.path, { ...user.json, userName: lower });
    expect(put.json).toEqual(user.json);
  });

  it('a group has the prefix too, and Internal and Application need no store', async () => {
    const store = await newStore();
    const named = async (displayName: string) =>
      (await createGroup(client, { displayName })).json.displayName;
    expect(await named(`${store.toLowerCase()}/engineer`)).toBe(`${store}/engineer`);
    expect(await named('PRIMARY/engineer')).toBe('engineer');
    expect(await named('INTERNAL/everyone')).toBe('Internal/everyone');
    expect(await named('application/everyone')).toBe('Application/everyone');
    expect(await named('Nothing/everyone')).toBe('Nothing/everyone');
    expect(await canDelete(store)).toBe(false);
  });

  it('a group of any store takes members of any store', async () => {
    const user = await createUser(client, { userName: `AMRSNGHE/${newName()}` });
    const group = await createGroup(client, { members: membersOf(user) });
    expect((await read(client, user.path)).groups[0].value).toBe(group.id);
  });

  it('signs in at /Me by the name with the prefix', async () => {
    const name = newName();
    const password = 'correct: horse';
    const user = await createUser(client, { userName: `AMRSNGHE/${name}`, password });
    const authorization = `Basic ${Buffer.from(`AMRSNGHE/${name}:${password}`).toString('base64')}`;
    const me = await server.send('GET', '/scim/v2/Me', { authorization });
    expect([me.status, me.json?.id]).toEqual([200, user.id]);
    const rename = (userName: string) =>
      server.send(
        'PUT',
        '/scim/v2/Me',
        { authorization, 'content-type': 'application/scim+json' },
        JSON.stringify(userBody({ userName, emails: undefined })),
      );
    expect((await rename(`amrsnghe/${name}`)).status).toBe(200);
    expectError(await rename(name), 403);
  });

  it('comes and goes in Bulk', async () => {
    const name = newName();
    const Operations = [
      { method: 'POST', path: '/Users', bulkId: 'a', data: userBody({ userName: `amrsnghe/${name}` }) },
      { method: 'POST', path: '/Users', bulkId: 'b', data: userBody({ userName: `AMRSNGHE/${name}` }) },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: groupBody({ displayName: `amrsnghe/${name}`, members: [{ value: 'bulkId:a' }] }),
      },
    ];
    const { json } = await client.request('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations,
    });
    expect(json.Operations.map(({ status }: { status: string }) => status)).toEqual(['201', '409', '201']);
    const [group] = (await read(client, filtered('/Groups', `displayName eq "AMRSNGHE/${name}"`))).Resources;
    expect(group).toMatchObject({ displayName: `AMRSNGHE/${name}`, members: [{ type: 'User' }] });
  });
});

describe('a store', () => {
  it('stays as long as users or groups are in it', async () => {
    const store = await newStore();
    const user = await createUser(client, { userName: `${store}/u` });
    const group = await createGroup(client, { displayName: `${store}/g` });
    await expect(userStores.remove(server.superTenant, store)).rejects.toThrow(/still holds users or groups/);
    await client.request('DELETE', user.path);
    expect(await canDelete(store)).toBe(false);
    await client.request('DELETE', group.path);
    expect(await canDelete(store)).toBe(true);
  });

  it('belongs to one tenant', async () => {
    const tenant = await server.tenants.create('stores.example');
    const other = await server.connect({ dialect: 'strict' }, tenant);
    const name = newName();
    const plain = await createUser(other, { userName: `amrsnghe/${name}` });
    expect(plain.json.userName).toBe(`amrsnghe/${name}`);
    const store = await newStore(tenant);
    expect((await createUser(other, { userName: `${store.toLowerCase()}/u` })).json.userName).toBe(
      `${store}/u`,
    );
    expect((await createUser(client, { userName: `${store.toLowerCase()}/u` })).json.userName).toBe(
      `${store.toLowerCase()}/u`,
    );
  });

  it('can not be made where names begin as those in it would', async () => {
    const [one, two] = [`late${++names}`, `late${++names}`];
    const user = await createUser(client, { userName: `${one}/x` });
    const group = await createGroup(client, { displayName: `${two}/x` });
    for (const name of [one, two])
      await expect(userStores.create(server.superTenant, name)).rejects.toMatchObject({ status: 409 });
    expect((await userStores.list(server.superTenant)).map(({ nameKey }) => nameKey)).not.toContain(one);
    await client.request('DELETE', user.path);
    await client.request('DELETE', group.path);
    for (const name of [one, two]) await userStores.create(server.superTenant, name);
  });
});
