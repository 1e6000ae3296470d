import { describe, expect, test } from 'vitest';
import { readFilter } from '../../src/core/filter-binding.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { matches } from '../../src/core/match.ts';
import { project, readProjection } from '../../src/core/project.ts';
import { attributeJson } from '../../src/core/schema.ts';
import { checkImmutable } from '../../src/core/validate.ts';
import { DEVICE_TYPE, device, patch, refused, strict } from '../core/fixtures.ts';
import { createUser, expectError, idsOf, patchBody, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';
import { type AttributeJson, everyAttribute } from './schemas.ts';

const provider = startProvider();
const schemas = async () => (await read(provider.client, '/Schemas')).Resources;
const attributes = async () => everyAttribute(await schemas());

const secretive = () =>
  device({
    label: 'L',
    secret: 'S3cret',
    notes: 'N',
    assetTag: 'A',
    owner: { value: 'o', pin: '1', kind: 'K' },
  });

/** The attributes of a resource of a further type that an answer shows. */
const shown = (names: readonly string[] | undefined, excluded?: readonly string[]): JsonObject =>
  project(DEVICE_TYPE, secretive(), readProjection(DEVICE_TYPE, names, excluded));

describe('RFC 7643 section 7', () => {
  test('RFC 7643 7 [7643-7-1] the schema of schemas has complex attributes within complex ones', async () => {
    const schema = await read(provider.client, '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Schema');
    const definition = schema.attributes.find(({ name }: AttributeJson) => name === 'attributes');
    const inner = definition.subAttributes.find(({ name }: AttributeJson) => name === 'subAttributes');
    expect(inner).toMatchObject({ type: 'complex', multiValued: true });
  });

  test('RFC 7643 7 [7643-7-2] [7643-7-3] a schema has a URI as id, a name and a description', async () => {
    for (const schema of await schemas()) {
      expect(schema).toMatchObject({
        id: expect.stringMatching(/^urn:[a-z0-9][a-z0-9-]+:\S+$/),
        name: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\S/),
      });
      expect((await read(provider.client, `/Schemas/${schema.id}`)).id).toBe(schema.id);
    }
  });

  test('RFC 7643 7 [7643-7-4] [7643-7-6] an attribute is defined in full and described', async () => {
    for (const attribute of [...(await attributes()), ...DEVICE_TYPE.schema.attributes.map(attributeJson)])
      expect(attribute).toMatchObject({
        name: expect.stringMatching(/\S/),
        type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        required: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
      });
    for (const attribute of await attributes())
      expect(attribute).toMatchObject({ description: expect.stringMatching(/\S/) });
    for (const attribute of await attributes())
      if (attribute.type === 'string') expect(attribute).toHaveProperty('caseExact');
  });

  test('RFC 7643 7 [7643-7-5] a complex attribute has sub-attributes, and no other has', async () => {
    for (const { name, type, subAttributes } of await attributes())
      expect([name, subAttributes === undefined]).toEqual([name, type !== 'complex']);
  });

  test('RFC 7643 7 [7643-7-7] [7643-7-26] canonical values and types of references are published', async () => {
    const all = await attributes();
    expect(all.filter(({ canonicalValues }) => canonicalValues !== undefined).length).toBeGreaterThan(5);
    for (const { name, type, referenceTypes = [] } of all) {
      expect([name, referenceTypes.length > 0]).toEqual([name, type === 'reference']);
      for (const each of referenceTypes) expect(['User', 'Group', 'external', 'uri']).toContain(each);
    }
  });

  test('RFC 7643 7 [7643-7-9] filters mind case where caseExact says so', async () => {
    const { client } = provider;
    const { id } = await createUser(client, { externalId: 'CaSe', title: 'TiTle' });
    const found = (filter: string) => idsOf(client, '/Users', `id eq "${id}" and ${filter}`);
    expect(await found('externalId eq "CaSe"')).toEqual([id]);
    expect(await found('externalId eq "case"')).toEqual([]);
    expect(await found('title eq "tItLE"')).toEqual([id]);
    const holds = (filter: string) =>
      matches(readFilter(DEVICE_TYPE, filter, strict()), device({ label: 'LaBel' }));
    expect([holds('serial eq "S-1"'), holds('serial eq "s-1"'), holds('label eq "label"')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('RFC 7643 7 [7643-7-10] values keep their case', async () => {
    const { json } = await createUser(provider.client, { externalId: 'CaSe', title: 'TiTle' });
    expect(json).toMatchObject({ externalId: 'CaSe', title: 'TiTle' });
  });

  test('RFC 7643 7 [7643-7-12] what is readOnly is not modified', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    for (const [name, value] of [
      ['id', 'x'],
      ['meta.created', '2001-01-01T00:00:00Z'],
      ['groups', [{ value: 'x' }]],
    ] as const)
      expectError(
        await client.request('PATCH', path, patchBody({ op: 'replace', path: name, value })),
        400,
        'mutability',
      );
    expect(await read(client, path)).toEqual(json);
    expect(device({ state: 'mine' })).not.toHaveProperty('state');
    const operation = { op: 'replace', path: 'state', value: 'mine' };
    expect(refused(() => patch(DEVICE_TYPE, device(), [operation]))).toBe('400 mutability');
  });

  test('RFC 7643 7 [7643-7-13] what is readWrite is written and read', async () => {
    const { path } = await createUser(provider.client, { title: 'One' });
    const replace = patchBody({ op: 'replace', path: 'title', value: 'Two' });
    expect((await provider.client.request('PATCH', path, replace)).json.title).toBe('Two');
    expect((await read(provider.client, path)).title).toBe('Two');
  });

  test('RFC 7643 7 [7643-7-14] [7643-7-15] what is immutable is set once', () => {
    expect(device({ serial: 'S-9' }).serial).toBe('S-9');
    const owned = patch(DEVICE_TYPE, device(), [
      { op: 'add', path: 'owner', value: { value: 'o', since: 's' } },
    ]);
    expect(owned.resource.owner).toMatchObject({ since: 's' });
    expect(refused(() => checkImmutable(DEVICE_TYPE, device(), device({ serial: 'S-9' })))).toBe(
      '400 mutability',
    );
    for (const op of ['add', 'replace'])
      expect(
        refused(() => {
          const { resource } = patch(DEVICE_TYPE, device(), [{ op, path: 'serial', value: 'S-9' }]);
          checkImmutable(DEVICE_TYPE, device(), resource);
        }),
      ).toBe('400 mutability');
  });

  test('RFC 7643 7 [7643-7-16] [7643-7-17] what is writeOnly is written and not returned', async () => {
    const { resource } = patch(DEVICE_TYPE, device(), [{ op: 'add', path: 'secret', value: 'S3cret' }]);
    expect(resource.secret).toBe('S3cret');
    for (const names of [undefined, ['secret'], ['secret', 'label']])
      expect(JSON.stringify(shown(names))).not.toContain('S3cret');
    const { text, status } = await provider.client.request(
      'POST',
      '/Users',
      userBody({ password: 'S3cret-7' }),
    );
    expect([status, text.includes('S3cret-7')]).toEqual([201, false]);
  });

  test('RFC 7643 7 [7643-7-18] always and never hold, whatever is asked for', async () => {
    expect(shown(['label'])).toMatchObject({ assetTag: 'A', label: 'L' });
    expect(shown(undefined, ['assetTag'])).toMatchObject({ assetTag: 'A' });
    for (const names of [undefined, ['secret', 'owner.pin']]) {
      expect(shown(names)).not.toHaveProperty('secret');
      expect(shown(names)).not.toHaveProperty('owner.pin');
    }
    const { path, id } = await createUser(provider.client);
    expect(await read(provider.client, `${path}?attributes=title`)).toMatchObject({ id });
    expect(await read(provider.client, `${path}?excludedAttributes=id`)).toMatchObject({ id });
  });

  test('RFC 7643 7 [7643-7-20] default holds until other attributes are asked for', async () => {
    expect(shown(undefined)).toMatchObject({ label: 'L', serial: 'S-1' });
    expect(shown(['label'])).not.toHaveProperty('serial');
    const { path, json } = await createUser(provider.client, { title: 'T', nickName: 'N' });
    const answer = await read(provider.client, `${path}?attributes=title`);
    expect(Object.keys(answer).sort()).toEqual(['id', 'schemas', 'title']);
    expect(await read(provider.client, path)).toEqual(json);
  });

  test('RFC 7643 7 [7643-7-21] what is returned on request is asked for by name', () => {
    expect(shown(undefined)).not.toHaveProperty('notes');
    expect(shown(['notes'])).toMatchObject({ notes: 'N' });
    expect(shown(['label'])).not.toHaveProperty('notes');
  });

  test('RFC 7643 7 [7643-7-23] a value with uniqueness server is there once in a tenant', async () => {
    const { server, client } = provider;
    const body = userBody();
    expect((await client.request('POST', '/Users', body)).status).toBe(201);
    expectError(await client.request('POST', '/Users', body), 409, 'uniqueness');
    const tenant = await server.tenants.create('unique.example');
    const other = await server.connect({}, tenant);
    expect((await other.request('POST', '/Users', body)).status).toBe(201);
  });
});
