import { describe, expect, test } from 'vitest';
import { createUser, expectError, filtered, read, UNKNOWN_ID, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 sections 3.1, 3.2 and 3.4', () => {
  test('RFC 7644 3.1 [7644-3.1-1] /Schemas knows every schema of a resource, and its attributes', async () => {
    const { client } = provider;
    const user = await createUser(client, { nickName: 'N', name: { givenName: 'G' } });
    for (const urn of user.json.schemas)
      expect(await read(client, `/Schemas/${urn}`)).toHaveProperty('attributes');
    const { attributes } = await read(client, '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
    const names: string[] = attributes.map(({ name }: { name: string }) => name);
    const common = ['schemas', 'id', 'externalId', 'meta'];
    const shown = Object.keys(user.json).filter((name) => !name.startsWith('urn:') && !common.includes(name));
    expect(shown).toContain('nickName');
    expect(names).toEqual(expect.arrayContaining(shown));
  });

  test('RFC 7644 3.1 [7644-3.1-2] [7644-3.1-3] messages have URNs of their own, which are not at /Schemas', async () => {
    const { client } = provider;
    const list = await client.request('GET', '/Users');
    const error = await client.request('GET', `/Users/${UNKNOWN_ID}`);
    const urns: string[] = [...list.json.schemas, ...error.json.schemas];
    expect(urns).toHaveLength(2);
    const { Resources } = await read(client, '/Schemas');
    const known = Resources.map(({ id }: { id: string }) => id);
    for (const urn of [...urns, 'urn:ietf:params:scim:api:messages:2.0:PatchOp']) {
      expect(urn).toMatch(/^urn:ietf:params:scim:api:/);
      expect(known).not.toContain(urn);
      expectError(await client.request('GET', `/Schemas/${urn}`), 404);
    }
  });

  test('RFC 7644 3.1 [7644-3.1-4] an answer has what the server took, in its own form', async () => {
    const { client } = provider;
    const body = { ...userBody(), USERTYPE: 'Contractor', favouriteColour: 'blue', title: null };
    const { status, json } = await client.request('POST', '/Users', body);
    expect(status).toBe(201);
    expect(json.userType).toBe('Contractor');
    for (const name of ['USERTYPE', 'favouriteColour', 'title']) expect(json).not.toHaveProperty(name);
    expect(await read(client, `/Users/${json.id}`)).toEqual(json);
  });

  test('RFC 7644 3.2 [7644-3.2-1] endpoints are the plural of the name', async () => {
    const { Resources } = await read(provider.client, '/ResourceTypes');
    expect(Resources.length).toBeGreaterThan(1);
    for (const { name, endpoint } of Resources) expect(endpoint).toBe(`/${name}s`);
  });

  test('RFC 7644 3.2 [7644-3.2-2] PUT on an id that nobody has is 404 and creates nothing', async () => {
    const { client } = provider;
    const { totalResults } = await read(client, '/Users');
    expectError(await client.request('PUT', `/Users/${UNKNOWN_ID}`, userBody({ id: UNKNOWN_ID })), 404);
    expectError(await client.request('PUT', '/Users', userBody()), 405);
    expectError(await client.request('GET', `/Users/${UNKNOWN_ID}`), 404);
    expect((await read(client, '/Users')).totalResults).toBe(totalResults);
  });

  test('RFC 7644 3.2 [7644-3.2-3] [7644-3.2-4] the status of an error is in the status line and in the body', async () => {
    const { client } = provider;
    const failures = [
      [404, await client.request('GET', `/Users/${UNKNOWN_ID}`)],
      [404, await client.request('GET', '/Nothing')],
      [405, await client.request('DELETE', '/Users')],
      [400, await client.request('POST', '/Users', '{')],
    ] as const;
    for (const [status, answer] of failures) {
      expect(answer.status).toBe(status);
      expect(answer.json.status).toBe(String(status));
    }
  });

  test('RFC 7644 3.4 [7644-3.4-1] a resource is found by its URL and by queries', async () => {
    const { client } = provider;
    const { id, json } = await createUser(client);
    expect(await read(client, `/Users/${id}`)).toEqual(json);
    expect((await read(client, filtered('/Users', `id eq "${id}"`))).Resources).toEqual([json]);
    const another = await createUser(client);
    expect(another.json.meta.location).not.toBe(json.meta.location);
  });
});
