import { describe, expect, test } from 'vitest';
import { decodeResource } from '../../src/core/decode.ts';
import { checkRequired } from '../../src/core/validate.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, device, LEASE_SCHEMA, refused, strict } from '../core/fixtures.ts';
import { createGroup, createUser, expectError, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
const resourceTypes = async () => (await read(provider.client, '/ResourceTypes')).Resources;
const config = () => read(provider.client, '/ServiceProviderConfig');

describe('RFC 7643 section 5', () => {
  test('RFC 7643 5 [7643-5-2] every feature says whether it is supported', async () => {
    const found = await config();
    for (const feature of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'])
      expect(typeof found[feature].supported, feature).toBe('boolean');
  });

  test('RFC 7643 5 [7643-5-3] bulk has its limits', async () => {
    const { bulk } = await config();
    for (const limit of [bulk.maxOperations, bulk.maxPayloadSize])
      expect([Number.isInteger(limit), limit > 0]).toEqual([true, bulk.supported]);
  });

  test('RFC 7643 5 [7643-5-4] no answer has more resources than filter.maxResults', async () => {
    const { filter } = await config();
    expect(Number.isInteger(filter.maxResults)).toBe(true);
    await createUser(provider.client);
    const { itemsPerPage } = await read(provider.client, `/Users?count=${filter.maxResults * 2}`);
    expect(itemsPerPage).toBeLessThanOrEqual(filter.maxResults);
  });

  test('RFC 7643 5 [7643-5-5] [7643-5-7] authentication schemes have type, name and description, and say where they are specified', async () => {
    const { authenticationSchemes } = await config();
    expect(authenticationSchemes.length).toBeGreaterThan(0);
    for (const scheme of authenticationSchemes) {
      expect(['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest']).toContain(scheme.type);
      for (const text of [scheme.name, scheme.description]) expect(text).toMatch(/\S/);
      expect(URL.canParse(scheme.specUri)).toBe(true);
    }
  });

  test('RFC 7643 5 [7643-5-6] authentication schemes are there for a client without credentials', async () => {
    const { status, json } = await provider.server.send('GET', '/scim/v2/ServiceProviderConfig', {});
    expect(status).toBe(200);
    expect(json.authenticationSchemes.map(({ type }: { type: string }) => type).sort()).toEqual([
      'httpbasic',
      'oauthbearertoken',
    ]);
  });
});

describe('RFC 7643 section 6', () => {
  test('RFC 7643 6 [7643-6-1] [7643-6-2] [7643-6-3] [7643-6-5] a resource type has id, name, description and endpoint', async () => {
    const types = await resourceTypes();
    const resources = [await createUser(provider.client), await createGroup(provider.client)];
    for (const { json } of resources) {
      const type = types.find(({ name }: { name: string }) => name === json.meta.resourceType);
      expect(type).toMatchObject({ id: type.name, description: expect.stringMatching(/\S/) });
      expect((await read(provider.client, `${type.endpoint}/${json.id}`)).id).toBe(json.id);
      expect(await read(provider.client, `/ResourceTypes/${type.id}`)).toEqual(type);
    }
  });

  test('RFC 7643 6 [7643-6-4] [7643-6-6] schema and extensions are ids of schemas', async () => {
    for (const { schema, schemaExtensions } of await resourceTypes()) {
      expect((await read(provider.client, `/Schemas/${schema}`)).id).toBe(schema);
      for (const extension of schemaExtensions) {
        expect((await read(provider.client, `/Schemas/${extension.schema}`)).id).toBe(extension.schema);
        expect(typeof extension.required).toBe('boolean');
      }
    }
  });

  test('RFC 7643 6 [7643-6-7] a required extension is asked for, with its required attributes', () => {
    const check = (lease: object) => () => {
      const body = { schemas: [DEVICE_SCHEMA], serial: 'S', tags: ['t'], ...lease };
      checkRequired(DEVICE_TYPE, decodeResource(DEVICE_TYPE, body, strict()));
    };
    expect(refused(check({}))).toBe('400 invalidValue');
    expect(refused(check({ [LEASE_SCHEMA]: { until: '2030-01-01T00:00:00Z' } }))).toBe('400 invalidValue');
    expect(check({ [LEASE_SCHEMA]: { lessor: 'Acme' } })).not.toThrow();
    expect(device().schemas).toEqual([DEVICE_SCHEMA, LEASE_SCHEMA]);
  });

  test('RFC 7643 6 [7643-6-8] an extension that is not required may be left out', async () => {
    const [{ schemaExtensions }] = await resourceTypes();
    expect(schemaExtensions.map(({ required }: { required: boolean }) => required)).not.toContain(true);
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    expect((await createUser(provider.client)).json).not.toHaveProperty([enterprise]);
    expectError(await provider.client.request('DELETE', '/ResourceTypes/User'), 405);
  });
});
