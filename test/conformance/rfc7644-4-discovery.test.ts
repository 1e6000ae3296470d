import { describe, expect, test } from 'vitest';
import { expectError, filtered, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

describe('RFC 7644 section 4', () => {
  test('RFC 7644 4 [7644-4-1] [7644-4-2] /ServiceProviderConfig says what the server does', async () => {
    const { client } = provider;
    const config = await read(client, '/ServiceProviderConfig');
    expect(config.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig']);
    for (const feature of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'])
      expect(config[feature].supported).toBeTypeOf('boolean');
    expect(config.authenticationSchemes.length).toBeGreaterThan(0);
    for (const endpoint of ['/Schemas', '/ResourceTypes'])
      expect((await client.request('GET', endpoint)).status).toBe(200);
  });

  test('RFC 7644 4 [7644-4-3] /Schemas lists every schema of every resource type', async () => {
    const { client } = provider;
    const { schemas, totalResults, Resources } = await read(client, '/Schemas');
    expect(schemas).toEqual([LIST_RESPONSE]);
    expect(totalResults).toBe(Resources.length);
    const ids = Resources.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const types = (await read(client, '/ResourceTypes')).Resources;
    for (const { schema, schemaExtensions } of types) {
      expect(ids).toContain(schema);
      for (const extension of schemaExtensions) expect(ids).toContain(extension.schema);
    }
    for (const schema of Resources) expect(await read(client, `/Schemas/${schema.id}`)).toEqual(schema);
  });

  test('RFC 7644 4 [7644-4-4] several are a ListResponse, a single one is the object itself', async () => {
    const { client } = provider;
    const { schemas, totalResults, Resources } = await read(client, '/ResourceTypes');
    expect([schemas, totalResults]).toEqual([[LIST_RESPONSE], Resources.length]);
    for (const type of Resources) {
      expect(await read(client, `/ResourceTypes/${type.id}`)).toEqual(type);
      expect(type.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ResourceType']);
      expect((await client.request('GET', type.endpoint)).status).toBe(200);
    }
  });

  test('RFC 7644 4 [7644-4-5] parameters of a query are ignored', async () => {
    const { client } = provider;
    for (const endpoint of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/ResourceTypes/User']) {
      const plain = await read(client, endpoint);
      const query = 'sortBy=id&sortOrder=descending&startIndex=2&count=1&attributes=name';
      expect(await read(client, `${endpoint}?${query}`)).toEqual(plain);
    }
  });

  test('RFC 7644 4 [7644-4-6] a filter is 403', async () => {
    const { client } = provider;
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User';
    const endpoints = ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'];
    for (const endpoint of [...endpoints, `/Schemas/${urn}`, '/ResourceTypes/User'])
      expectError(await client.request('GET', filtered(endpoint, 'name eq "User"')), 403);
  });
});
