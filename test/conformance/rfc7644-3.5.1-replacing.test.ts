import { describe, expect, test } from 'vitest';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { createUser, expectError, patchBody, read, UNKNOWN_ID, UUID, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 sections 3.5 and 3.5.1', () => {
  test('RFC 7644 3.5 [7644-3.5-1] [7644-3.5-2] PUT and PATCH change a resource', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client, { title: 'A' });
    const put = await client.request('PUT', path, { ...json, title: 'B' });
    expect([put.status, put.json.title]).toEqual([200, 'B']);
    expect(await read(client, path)).toEqual(put.json);
    const patch = patchBody({ op: 'replace', path: 'title', value: 'C' });
    expect((await client.request('PATCH', path, patch)).status).toBe(200);
    expect((await read(client, path)).title).toBe('C');
    expect((await read(client, '/ServiceProviderConfig')).patch.supported).toBe(true);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-1] a PUT on an id that nobody has is 404 and creates nothing', async () => {
    const { client } = provider;
    expectError(await client.request('PUT', `/Users/${UNKNOWN_ID}`, userBody()), 404);
    expectError(await client.request('GET', `/Users/${UNKNOWN_ID}`), 404);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-2] [7644-3.5.1-11] readOnly attributes may be sent and are ignored', async () => {
    const { client } = provider;
    const { path, id, json } = await createUser(client);
    const meta = { ...json.meta, created: '2001-01-01T00:00:00Z', resourceType: 'Group', version: 'W/"77"' };
    const body = { ...json, id: UNKNOWN_ID, meta, groups: [{ value: UNKNOWN_ID }], title: 'T' };
    const { status, json: after } = await client.request('PUT', path, body);
    expect(status).toBe(200);
    expect(after).toMatchObject({ id, title: 'T', groups: [] });
    expect(after.meta).toMatchObject({ created: json.meta.created, resourceType: 'User', version: 'W/"2"' });
    expect(await read(client, path)).toEqual(after);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-3] values that are sent replace those that are there', async () => {
    const { client } = provider;
    const before = { title: 'A', emails: [{ value: 'a@example.com' }, { value: 'b@example.com' }] };
    const { path, json } = await createUser(client, { ...before, name: { givenName: 'G', familyName: 'F' } });
    const changes = { title: 'B', emails: [{ value: 'c@example.com' }], name: { familyName: 'H' } };
    const { status, json: after } = await client.request('PUT', path, { ...json, ...changes });
    expect(status).toBe(200);
    expect(after.emails).toEqual([{ value: 'c@example.com' }]);
    expect(after.name).toEqual({ familyName: 'H' });
    expect(after.title).toBe('B');
    expect(await read(client, path)).toEqual(after);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-4] values that are left out are cleared', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client, { title: 'A', nickName: 'N', roles: [{ value: 'r' }] });
    const { schemas, userName } = json;
    const { status, json: after } = await client.request('PUT', path, { schemas, userName, nickName: 'M' });
    expect(status).toBe(200);
    expect(after.nickName).toBe('M');
    for (const name of ['title', 'roles', 'emails']) expect(after).not.toHaveProperty(name);
    expect(await read(client, path)).toEqual(after);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-5] a userUuid that is left out stays', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const { schemas, userName } = json;
    const { json: after } = await client.request('PUT', path, { schemas, userName });
    expect(after[SAP_USER_SCHEMA]).toEqual({ userUuid: json[SAP_USER_SCHEMA].userUuid });
    expect(after[SAP_USER_SCHEMA].userUuid).toMatch(UUID);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-7] null and [] clear values', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client, { title: 'A', nickName: 'N', roles: [{ value: 'r' }] });
    const { status, json: after } = await client.request('PUT', path, { ...json, title: null, roles: [] });
    expect([status, after.nickName]).toEqual([200, 'N']);
    for (const name of ['title', 'roles']) expect(after).not.toHaveProperty(name);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-12] a PUT without a required attribute is refused', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const { userName: _, ...rest } = json;
    for (const body of [rest, { ...json, userName: null }, { ...json, userName: '' }])
      expectError(await client.request('PUT', path, body), 400, 'invalidValue');
    expect(await read(client, path)).toEqual(json);
  });
});
