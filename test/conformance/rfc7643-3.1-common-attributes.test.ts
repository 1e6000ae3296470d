import { describe, expect, test } from 'vitest';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { DEVICE_TYPE } from '../core/fixtures.ts';
import {
  createGroup,
  createUser,
  idsOf,
  newName,
  patchBody,
  read,
  UUID,
  userBody,
} from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7643 section 3.1', () => {
  test('RFC 7643 3.1 [7643-3.1-1] every resource type has the common attributes, with the characteristics of the RFC', () => {
    const characteristics = {
      id: { caseExact: true, mutability: 'readOnly', returned: 'always' },
      externalid: { caseExact: true, mutability: 'readWrite', returned: 'default' },
      meta: { mutability: 'readOnly', returned: 'default' },
    };
    for (const type of [USER_TYPE, GROUP_TYPE, DEVICE_TYPE])
      for (const [name, expected] of Object.entries(characteristics))
        expect(type.attributeByName.get(name)).toMatchObject(expected);
    for (const sub of DEVICE_TYPE.attributeByName.get('meta')?.subAttributes ?? [])
      expect(sub).toMatchObject({ mutability: 'readOnly', returned: 'default' });
  });

  test('RFC 7643 3.1 [7643-3.1-2] [7643-3.1-8] [7643-3.1-13] id and meta are assigned; those of a client are ignored', async () => {
    const { client } = provider;
    const sent = {
      id: 'mine',
      meta: { resourceType: 'Group', location: 'https://x.example', version: 'W/"9"' },
    };
    const body = userBody(sent);
    const { status, json } = await client.request('POST', '/Users', body);
    expect(status).toBe(201);
    expect(json.id).not.toBe('mine');
    const path = `/Users/${json.id}`;
    expect(json.meta).toMatchObject({ resourceType: 'User', version: 'W/"1"' });
    expect(json.meta.location.endsWith(path)).toBe(true);
    const put = await client.request('PUT', path, { ...body, title: 'T' });
    expect(put.json).toMatchObject({
      id: json.id,
      title: 'T',
      meta: { resourceType: 'User', version: 'W/"2"' },
    });
  });

  test('RFC 7643 3.1 [7643-3.1-5] [7643-3.1-6] [7643-3.1-9] ids are there, differ, and do not hold bulkId', async () => {
    const { client } = provider;
    await createUser(client);
    await createGroup(client);
    const lists = [await read(client, '/Users'), await read(client, '/Groups?attributes=displayName')];
    const ids: string[] = lists.flatMap(({ Resources }) => Resources.map(({ id }: { id: string }) => id));
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(UUID);
  });

  test('RFC 7643 3.1 [7643-3.1-7] an id stays, and nobody gets it again', async () => {
    const { client } = provider;
    const body = userBody();
    const { json } = await client.request('POST', '/Users', body);
    const path = `/Users/${json.id}`;
    await client.request('PATCH', path, patchBody({ op: 'replace', path: 'userName', value: newName() }));
    expect((await read(client, path)).id).toBe(json.id);
    await client.request('DELETE', path);
    expect((await client.request('POST', '/Users', body)).json.id).not.toBe(json.id);
  });

  test('RFC 7643 3.1 [7643-3.1-10] [7643-3.1-11] externalId is what the client makes it, twice too, or absent', async () => {
    const { client } = provider;
    expect((await createUser(client)).json).not.toHaveProperty('externalId');
    const [one, other] = [
      await createUser(client, { externalId: 'Twice' }),
      await createUser(client, { externalId: 'Twice' }),
    ];
    expect(await idsOf(client, '/Users', 'externalId eq "Twice"')).toEqual([one.id, other.id]);
    expect(await idsOf(client, '/Users', 'externalId eq "twice"')).toEqual([]);
  });

  test('RFC 7643 3.1 [7643-3.1-12] an externalId finds resources of its own tenant', async () => {
    const { server, client } = provider;
    const tenant = await server.tenants.create('other.example');
    const other = await server.connect({ requirePrimaryEmail: false }, tenant);
    const here = await createUser(client, { externalId: 'Shared' });
    const there = await createUser(other, { externalId: 'Shared' });
    expect(await idsOf(client, '/Users', 'externalId eq "Shared"')).toEqual([here.id]);
    expect(await idsOf(other, '/Users', 'externalId eq "Shared"')).toEqual([there.id]);
  });

  test('RFC 7643 3.1 [7643-3.1-14] [7643-3.1-15] created is a dateTime, and lastModified the same until a change', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    expect(new Date(json.meta.created).toISOString()).toBe(json.meta.created);
    expect(json.meta.lastModified).toBe(json.meta.created);
    const changed = await client.request('PATCH', path, patchBody({ op: 'add', path: 'title', value: 'T' }));
    expect(changed.json.meta.created).toBe(json.meta.created);
    expect(Date.parse(changed.json.meta.lastModified)).toBeGreaterThan(Date.parse(json.meta.created));
  });

  test('RFC 7643 3.1 [7643-3.1-16] [7643-3.1-17] [7643-3.1-18] location and version are those of the headers, the version weak', async () => {
    const { client } = provider;
    const { path } = await createUser(client);
    const { headers, json } = await client.request('GET', path);
    expect([undefined, json.meta.location]).toContain(headers['content-location']);
    expect(headers.etag).toBe(json.meta.version);
    expect(json.meta.version).toMatch(/^W\/"[^"]+"$/);
  });
});
