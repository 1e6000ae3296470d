import { describe, expect, test } from 'vitest';
import { createUser, expectError, patchBody, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';
import { type AttributeJson, everyAttribute } from './schemas.ts';

const provider = startProvider();
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const extended = { schemas: [USER, ENTERPRISE], [ENTERPRISE]: { department: 'D' } };

async function extensionsOfUser(): Promise<{ id: string; attributes: AttributeJson[] }[]> {
  const { schemaExtensions } = await read(provider.client, '/ResourceTypes/User');
  return Promise.all(
    schemaExtensions.map(({ schema }: { schema: string }) => read(provider.client, `/Schemas/${schema}`)),
  );
}

describe('RFC 7643 section 3.3', () => {
  test('RFC 7643 3.3 [7643-3.3-1] [7643-3.3-3] [7643-3.3-6] an extension in use is in schemas, its attributes under its URI', async () => {
    const { client } = provider;
    const { json, path } = await createUser(client, extended);
    expect(json.schemas).toEqual(expect.arrayContaining([USER, ENTERPRISE]));
    expect(json[ENTERPRISE]).toEqual({ department: 'D' });
    expect(json).not.toHaveProperty('department');
    const remove = patchBody({ op: 'remove', path: `${ENTERPRISE}:department` });
    const without = (await client.request('PATCH', path, remove)).json;
    expect(without).not.toHaveProperty([ENTERPRISE]);
    expect(without.schemas).not.toContain(ENTERPRISE);
  });

  test('RFC 7643 3.3 [7643-3.3-2] the core schema is not to be left out', async () => {
    const { client } = provider;
    const body = userBody({ ...extended, schemas: [ENTERPRISE] });
    expectError(await client.request('POST', '/Users', body), 400, 'invalidValue');
    for (const schemas of [[], null])
      expectError(await client.request('POST', '/Users', userBody({ schemas })), 400, 'invalidValue');
    expect((await createUser(client, extended)).json.schemas[0]).toBe(USER);
  });

  test('RFC 7643 3.3 [7643-3.3-4] no extension has an attribute of the core schema', async () => {
    const core = (await read(provider.client, `/Schemas/${USER}`)).attributes as AttributeJson[];
    const names = new Set([...core.map(({ name }) => name), 'id', 'externalId', 'meta', 'schemas']);
    const extensions = await extensionsOfUser();
    expect(extensions.length).toBeGreaterThan(1);
    for (const { attributes } of extensions)
      for (const { name } of attributes) expect(names).not.toContain(name);
  });

  test('RFC 7643 3.3 [7643-3.3-5] extensions have URNs, and names in camel case', async () => {
    const extensions = await extensionsOfUser();
    for (const { id } of extensions)
      expect(id).toMatch(/^urn:ietf:params:scim:schemas:extension:[\w:.]+:User$/);
    for (const { name } of everyAttribute(extensions)) expect(name).toMatch(/^(?:[a-z][A-Za-z]*|\$ref)$/);
  });

  test('RFC 7643 3.3 [7643-3.3-7] meta.resourceType tells the core schema from the extensions', async () => {
    const { json } = await createUser(provider.client, extended);
    const type = await read(provider.client, `/ResourceTypes/${json.meta.resourceType}`);
    expect(json.schemas.filter((urn: string) => urn === type.schema)).toEqual([USER]);
  });
});
