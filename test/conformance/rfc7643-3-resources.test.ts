import { describe, expect, test } from 'vitest';
import { createGroup, createUser, expectError, groupBody, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const post = (endpoint: string, body: object) => provider.client.request('POST', endpoint, body);

describe('RFC 7643 section 3', () => {
  test('RFC 7643 3 [7643-3-1] meta.resourceType leads to schema, extensions and endpoint', async () => {
    const { json } = await createUser(provider.client);
    const type = await read(provider.client, `/ResourceTypes/${json.meta.resourceType}`);
    expect(type).toMatchObject({ endpoint: '/Users', schema: USER });
    expect(type.schemaExtensions).toContainEqual({ schema: ENTERPRISE, required: false });
  });

  test('RFC 7643 3 [7643-3-2] every representation has schemas', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const group = await createGroup(client);
    const paths = [user.path, group.path, '/Users', '/Groups', '/ServiceProviderConfig', '/Schemas'];
    for (const path of [
      ...paths,
      '/ResourceTypes',
      `/Schemas/${USER}`,
      '/ResourceTypes/User',
      '/Users/none',
    ]) {
      const { json } = await client.request('GET', path);
      for (const each of [json, ...(json.Resources ?? [])])
        expect(each.schemas, path).toEqual(expect.arrayContaining([expect.stringMatching(/^urn:/)]));
    }
  });

  test('RFC 7643 3 [7643-3-3] schemas holds those of the resource type and no other', async () => {
    const foreign = userBody({ schemas: [USER, 'urn:example:none'] });
    expectError(await post('/Users', foreign), 400, 'invalidValue');
    expectError(await post('/Groups', groupBody({ schemas: [USER] })), 400, 'invalidValue');
    const type = await read(provider.client, '/ResourceTypes/User');
    const known = [type.schema, ...type.schemaExtensions.map(({ schema }: { schema: string }) => schema)];
    const { json } = await createUser(provider.client);
    for (const urn of json.schemas) expect(known).toContain(urn);
  });

  test('RFC 7643 3 [7643-3-4] schemas has no duplicates', async () => {
    const schemas = [USER, ENTERPRISE, USER];
    const { json } = await post('/Users', userBody({ schemas, [ENTERPRISE]: { department: 'D' } }));
    expect(json.schemas).toContain(ENTERPRISE);
    expect(new Set(json.schemas).size).toBe(json.schemas.length);
  });

  test('RFC 7643 3 [7643-3-5] the order of schemas does not matter', async () => {
    const [one, other] = await Promise.all(
      [
        [USER, ENTERPRISE],
        [ENTERPRISE, USER],
      ].map((schemas) => post('/Users', userBody({ schemas, [ENTERPRISE]: { department: 'D' } }))),
    );
    expect([one?.status, other?.status]).toEqual([201, 201]);
    expect(other?.json.schemas).toEqual(one?.json.schemas);
    expect(other?.json[ENTERPRISE]).toEqual(one?.json[ENTERPRISE]);
  });

  test('RFC 7643 3 [7643-3-6] common attributes belong to every resource', async () => {
    for (const [endpoint, body] of [
      ['/Users', userBody({ externalId: 'E-1' })],
      ['/Groups', groupBody({ externalId: 'E-1' })],
    ] as const) {
      const { json } = await post(endpoint, body);
      expect(json).toMatchObject({ externalId: 'E-1', id: expect.any(String), meta: expect.any(Object) });
    }
  });
});
