import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { device, refused } from '../core/fixtures.ts';
import { createGroup, createUser, expectError, membersOf, read, userBody } from '../http/messages.ts';
import { BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';
import { type AttributeJson, everyAttribute } from './schemas.ts';

const provider = startProvider();
const post = (attributes: object) => provider.client.request('POST', '/Users', userBody(attributes));
const attributes = async () => everyAttribute((await read(provider.client, '/Schemas')).Resources);

/** What a resource of a further type makes of attributes: the JSON that is stored, or the refusal. */
const taken = (body: JsonObject) => JSON.parse(JSON.stringify(device(body)));

describe('RFC 7643 section 2.1', () => {
  test('RFC 7643 2.1 [7643-2.1-1] a resource names its schemas', async () => {
    const { json } = await createUser(provider.client, { title: 'T' });
    expect(json.schemas).toContain('urn:ietf:params:scim:schemas:core:2.0:User');
    expectError(await provider.client.request('POST', '/Users', { userName: 'x' }), 400, 'invalidValue');
  });

  test('RFC 7643 2.1 [7643-2.1-2] names of attributes follow the grammar', async () => {
    for (const { name } of await attributes()) expect(name).toMatch(/^(?:[A-Za-z][\w$-]*|\$ref)$/);
  });
});

describe('RFC 7643 section 2.3', () => {
  test('RFC 7643 2.3 [7643-2.3-1] every attribute has a data type of the RFC', async () => {
    const types = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex'];
    for (const { name, type } of await attributes()) expect(types, name).toContain(type);
  });

  test('RFC 7643 2.3.1 [7643-2.3.1-1] a userName has no control and no invisible characters', async () => {
    for (const userName of ['a\u0007b', 'a\u200bb'])
      expectError(await post({ userName }), 400, 'invalidValue');
  });

  test('RFC 7643 2.3.4 [7643-2.3.4-1] an integer has no fraction, and is written without an exponent', () => {
    expect(refused(() => device({ ports: [1.5] }))).toBe('400 invalidValue');
    expect(refused(() => device({ ports: ['1'] }))).toBe('400 invalidValue');
    expect(refused(() => device({ ports: [1e21] }))).toBe('400 invalidValue');
    expect(JSON.stringify(device({ ports: [1e3, -8] }).ports)).toBe('[1000,-8]');
  });

  test('RFC 7643 2.3.5 [7643-2.3.5-1] [7643-2.3.5-2] a dateTime is an xsd:dateTime with date and time', async () => {
    const bought = ['2008-01-23T04:56:22Z', '2008-01-23T04:56:22.125-05:00', '2008-01-23T04:56:22'];
    for (const text of bought) expect(taken({ bought: text }).bought).toBe(text);
    for (const text of [
      '2008-01-23',
      '04:56:22Z',
      '2008-02-30T04:56:22Z',
      '2008-01-23 04:56:22Z',
      1201064182,
    ])
      expect(refused(() => device({ bought: text }))).toBe('400 invalidValue');
    const { meta } = (await createUser(provider.client)).json;
    for (const time of [meta.created, meta.lastModified])
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  });

  test('RFC 7643 2.3.6 [7643-2.3.6-1] [7643-2.3.6-2] [7643-2.3.6-3] binary values are base64, of either alphabet, with padding or without', () => {
    for (const key of ['AQIDBA==', 'AQIDBA', '+/8=', '-_8']) expect(taken({ key }).key).toBe(key);
    for (const key of ['%%%', 'AQ=ID', 5]) expect(refused(() => device({ key }))).toBe('400 invalidValue');
  });

  test('RFC 7643 2.3.7 [7643-2.3.7-1] references are to resources, to things elsewhere and to identifiers', async () => {
    const of = (name: string, list: readonly AttributeJson[]) => list.find((one) => one.name === name);
    const all = await attributes();
    expect(of('profileUrl', all)?.referenceTypes).toEqual(['external']);
    expect(of('members', all)?.subAttributes?.find(({ name }) => name === '$ref')?.referenceTypes).toEqual([
      'User',
      'Group',
    ]);
    const profileUrl = 'https://people.example/ada';
    expect((await post({ profileUrl })).json.profileUrl).toBe(profileUrl);
  });

  test('RFC 7643 2.3.7 [7643-2.3.7-3] what is no absolute or relative URI is refused as a reference', async () => {
    for (const profileUrl of ['https://people.example/my page', '1:2', '%'])
      expectError(await post({ profileUrl }), 400, 'invalidValue');
    expectError(await post({ photos: [{ value: 'C:\\me.png' }] }), 400, 'invalidValue');
    for (const profileUrl of ['../people/ada', 'urn:example:ada'])
      expect((await post({ profileUrl })).json.profileUrl).toBe(profileUrl);
  });

  test('RFC 7643 2.3.7 [7643-2.3.7-2] [7643-2.3.7-5] a reference leads to its resource, and to 404 when that is gone', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const group = await createGroup(client, { members: membersOf(user) });
    const [member] = group.json.members;
    const [membership] = (await read(client, user.path)).groups;
    const root = `${BASE_URL}/scim/v2`;
    for (const [uri, id] of [
      [member.$ref, user.id],
      [membership.$ref, group.id],
      [user.json.meta.location, user.id],
    ]) {
      expect(uri.startsWith(`${root}/`)).toBe(true);
      expect((await read(client, uri.slice(root.length))).id).toBe(id);
    }
    await client.request('DELETE', user.path);
    expectError(await client.request('GET', member.$ref.slice(root.length)), 404);
  });

  test('RFC 7643 2.3.7 [7643-2.3.7-6] no group has a member that is not there', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const group = await createGroup(client, { members: membersOf(user) });
    await client.request('DELETE', user.path);
    expect((await read(client, group.path)).members).toEqual([]);
    const body = { schemas: group.json.schemas, displayName: 'G', members: membersOf(user) };
    expectError(await client.request('PUT', group.path, body), 400, 'invalidValue');
  });

  test('RFC 7643 2.3.8 [7643-2.3.8-1] attributes may come in any order', async () => {
    const body = userBody({ name: { familyName: 'F', givenName: 'G' }, title: 'T' });
    const turned = Object.fromEntries(Object.entries({ ...body, userName: `${body.userName}.2` }).reverse());
    const first = await provider.client.request('POST', '/Users', body);
    const second = await provider.client.request('POST', '/Users', turned);
    expect(second.status).toBe(201);
    expect(second.json).toMatchObject({ name: first.json.name, title: 'T', emails: first.json.emails });
  });

  test('RFC 7643 2.3.8 [7643-2.3.8-2] no part of a complex attribute is complex', async () => {
    const { Resources } = await read(provider.client, '/Schemas');
    for (const { id, attributes } of Resources) {
      // the schema of schemas is the exception of section 7
      if (id === 'urn:ietf:params:scim:schemas:core:2.0:Schema') continue;
      for (const { subAttributes = [] } of attributes)
        for (const sub of subAttributes) expect([id, sub.name, sub.type]).not.toContain('complex');
    }
  });
});
