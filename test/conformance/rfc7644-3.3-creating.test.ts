import { describe, expect, test } from 'vitest';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { createUser, expectError, groupBody, idsOf, read, UUID, userBody } from '../http/messages.ts';
import { BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
const post = (endpoint: string, body: object) => provider.client.request('POST', endpoint, body);

describe('RFC 7644 section 3.3', () => {
  test('RFC 7644 3.3 [7644-3.3-1] readOnly attributes of the body are ignored', async () => {
    const readOnly = {
      id: 'mine',
      meta: { resourceType: 'Group', created: '2001-01-01T00:00:00Z', version: 'W/"99"' },
      groups: [{ value: 'g1' }],
    };
    const { status, json } = await post('/Users', userBody(readOnly));
    expect(status).toBe(201);
    expect(json.id).not.toBe('mine');
    expect(json.meta).toMatchObject({ resourceType: 'User', version: 'W/"1"' });
    expect(json.meta.created).not.toMatch(/^2001/);
    expect(json.groups).toEqual([]);
    expect(await read(provider.client, `/Users/${json.id}`)).toEqual(json);
  });

  test('RFC 7644 3.3 [7644-3.3-2] [7644-3.3-5] what is left out, null and [] leave an attribute without a value', async () => {
    const { status, json } = await post('/Users', userBody({ nickName: null, title: 'T', roles: [] }));
    expect(status).toBe(201);
    expect(json.title).toBe('T');
    for (const name of ['nickName', 'roles', 'displayName']) expect(json).not.toHaveProperty(name);
    expect(await idsOf(provider.client, '/Users', `id eq "${json.id}" and not (nickName pr)`)).toEqual([
      json.id,
    ]);
  });

  test('RFC 7644 3.3 [7644-3.3-3] a user who comes without a userUuid is given one', async () => {
    const { client } = provider;
    const { id, json } = await createUser(client);
    const { userUuid } = json[SAP_USER_SCHEMA];
    expect(userUuid).toMatch(UUID);
    expect((await read(client, `/Users/${id}`))[SAP_USER_SCHEMA].userUuid).toBe(userUuid);
    const own = await createUser(client, { [SAP_USER_SCHEMA]: { userUuid: 'P1' } });
    expect(own.json[SAP_USER_SCHEMA]).toEqual({ userUuid: 'P1' });
  });

  test('RFC 7644 3.3 [7644-3.3-6] [7644-3.3-7] [7644-3.3-8] 201 with the resource and where it is', async () => {
    for (const [endpoint, body] of [
      ['/Users', userBody({ nickName: 'N' })],
      ['/Groups', groupBody()],
    ] as const) {
      const { status, headers, json } = await post(endpoint, body);
      expect(status).toBe(201);
      expect(json).toMatchObject({ ...body, schemas: expect.arrayContaining(body.schemas) });
      expect(headers.location).toBe(`${BASE_URL}/scim/v2${endpoint}/${json.id}`);
      expect(json.meta.location).toBe(headers.location);
      expect(await read(provider.client, `${endpoint}/${json.id}`)).toEqual(json);
    }
  });

  test('RFC 7644 3.3 [7644-3.3-9] a userName that another user has is 409 uniqueness', async () => {
    const body = userBody();
    const first = await post('/Users', body);
    const again = { ...body, userName: body.userName.toUpperCase() };
    expectError(await post('/Users', again), 409, 'uniqueness');
    expect(await idsOf(provider.client, '/Users', `userName eq "${body.userName}"`)).toEqual([first.json.id]);
  });

  test('RFC 7644 3.3.1 [7644-3.3.1-1] meta.resourceType is the type of the endpoint', async () => {
    const meta = { resourceType: 'Other' };
    expect((await post('/Users', userBody({ meta }))).json.meta.resourceType).toBe('User');
    expect((await post('/Groups', groupBody({ meta }))).json.meta.resourceType).toBe('Group');
  });
});
