import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { USER_TYPE } from '../../../src/core/registry.ts';
import type { Attribute } from '../../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import type { Client } from '../../support/server.ts';
import { createGroup, createUser, newName, patchBody, read } from '../messages.ts';
import { isError1, PASSWORD, type Send1, type Server1, startServer1 } from './server1.ts';

const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';

let one: Server1;
let send: Send1;
let client: Client;

beforeAll(async () => {
  one = await startServer1();
  send = one.send;
  client = await one.server.connect({ dialect: 'strict', requirePrimaryEmail: false });
});
afterAll(() => one.server.close());

const read1 = async (path: string): Promise<JsonObject> => {
  const { status, json, text } = await send('GET', path);
  expect(status, text).toBe(200);
  return json;
};

/** A value for an attribute of any type, with every part that clients may write. */
function sampleOf(attribute: Attribute): JsonValue {
  if (attribute.type === 'complex') {
    const parts = attribute.subAttributes
      .filter(({ mutability, name }) => mutability !== 'readOnly' && name !== '$ref')
      .map((sub): [string, JsonValue] => [sub.name, sampleOf(sub)]);
    const element = Object.fromEntries(parts);
    return attribute.multiValued ? [element] : element;
  }
  const values: Record<string, JsonValue> = {
    boolean: true,
    binary: 'AAEC',
    reference: 'https://example.com/x',
    dateTime: '2020-01-02T03:04:05Z',
    integer: 5,
    decimal: 1.5,
  };
  return values[attribute.type] ?? `${attribute.name} "ü" \\ 1`;
}

const isWalked = ({ name, mutability, hashed }: Attribute): boolean =>
  mutability !== 'readOnly' && !hashed && !['schemas', 'userName'].includes(name);

/** Every attribute of a user that a client may set, core and enterprise. */
const core = USER_TYPE.attributes.filter(isWalked);
const enterprise =
  USER_TYPE.extensionByUrn.get(ENTERPRISE_USER_SCHEMA.toLowerCase())?.schema.attributes ?? [];

describe('one user over both versions', () => {
  it.each(core.map((attribute) => [attribute.name, attribute] as const))(
    '%s set on either side is there on the other',
    async (name, attribute) => {
      const value = sampleOf(attribute);
      const two = await createUser(client, { [name]: value });
      expect((await read1(`/Users/${two.id}`))[name]).toEqual(value);
      const created = await send('POST', '/Users', { userName: newName('u1'), [name]: value });
      expect(created.status, created.text).toBe(201);
      expect(created.json[name]).toEqual(value);
      expect((await read(client, `/Users/${created.json.id}`))[name]).toEqual(value);
    },
  );

  it.each(enterprise.map((attribute) => [attribute.name, attribute] as const))(
    'enterprise %s set on either side is there on the other, under both names of 1.1',
    async (name, attribute) => {
      const [value2, value1] =
        name === 'manager'
          ? [{ value: 'boss' }, { managerId: 'boss' }]
          : [sampleOf(attribute), sampleOf(attribute)];
      const two = await createUser(client, { [ENTERPRISE_USER_SCHEMA]: { [name]: value2 } });
      const shown = await read1(`/Users/${two.id}`);
      expect(shown[ENTERPRISE_1]).toEqual({ [name]: value1 });
      expect(shown.schemas).toContain(ENTERPRISE_1);
      for (const key of [ENTERPRISE_1, 'wso2Extension']) {
        const { status, json } = await send('POST', '/Users', {
          userName: newName('u1'),
          [key]: { [name]: value1 },
        });
        expect(status).toBe(201);
        expect((await read(client, `/Users/${json.id}`))[ENTERPRISE_USER_SCHEMA]).toEqual({ [name]: value2 });
      }
    },
  );

  it('has one id, password, time of change and groups', async () => {
    const created = await send('POST', '/Users', { userName: newName('both'), password: PASSWORD });
    const path = `/Users/${created.json.id}`;
    const two = await read(client, path);
    expect(two.id).toBe(created.json.id);
    expect(created.json.meta.created).toBe(two.meta.created.slice(0, 19));
    const basic = `Basic ${Buffer.from(`${created.json.userName}:${PASSWORD}`).toString('base64')}`;
    expect((await one.server.send('GET', '/scim/v2/Me', { authorization: basic })).json.id).toBe(two.id);

    const group = await createGroup(client, { members: [{ value: two.id }] });
    const outer = await createGroup(client, { members: [{ value: group.id }] });
    expect((await read1(path)).groups).toEqual([
      { value: group.id, display: group.json.displayName },
      { value: outer.id, display: outer.json.displayName },
    ]);
    expect((await read1(`/Groups/${group.id}`)).members).toEqual([{ value: two.id, display: two.userName }]);

    await client.request('PATCH', path, patchBody({ op: 'replace', path: 'password', value: 'set on 2.0' }));
    const me = await send('GET', '/Users/me', undefined, { as: `${two.userName}:set on 2.0` });
    expect(isError1(me, 403)).toBe(true);
    await send('PATCH', path, { title: 'T' });
    const changed = await read(client, path);
    expect([changed.title, changed.meta.version]).toEqual(['T', 'W/"3"']);
    expect((await read1(path)).meta).toMatchObject({ lastModified: changed.meta.lastModified.slice(0, 19) });
  });

  it('and one group: made on 1.1, changed on 2.0, deleted on 1.1', async () => {
    const user = await createUser(client);
    const displayName = newName('shared');
    const { json } = await send('POST', '/Groups', {
      displayName,
      externalId: 'x',
      members: [{ value: user.id }],
    });
    const path = `/Groups/${json.id}`;
    expect(await read(client, path)).toMatchObject({
      displayName,
      externalId: 'x',
      members: [{ value: user.id }],
    });
    await client.request('PATCH', path, patchBody({ op: 'remove', path: 'members' }));
    const empty = await read1(path);
    expect(empty).toMatchObject({ displayName: `PRIMARY/${displayName}`, externalId: 'x' });
    expect(empty.members).toBeUndefined();
    const deleted = await send('DELETE', path);
    expect([deleted.status, deleted.text]).toEqual([200, '']);
    expect((await client.request('GET', path)).status).toBe(404);
  });

  it('users of other stores have their prefix on both', async () => {
    const { json } = await send('POST', '/Users', { userName: 'amrsnghe/ann', password: PASSWORD });
    expect(json.userName).toBe('AMRSNGHE/ann');
    expect((await read(client, `/Users/${json.id}`)).userName).toBe('AMRSNGHE/ann');
    const two = await createUser(client, { userName: 'AMRSNGHE/bob' });
    expect((await read1(`/Users/${two.id}`)).userName).toBe('AMRSNGHE/bob');
    const found = await read1(`/Users?filter=${encodeURIComponent('userName eq "bob"')}`);
    expect(found).toMatchObject({ totalResults: 1, Resources: [{ id: two.id }] });
  });

  it('what is taken on one is taken on the other', async () => {
    const { json } = await createUser(client);
    expect(isError1(await send('POST', '/Users', { userName: json.userName }), 409)).toBe(true);
    const group = await createGroup(client);
    expect(isError1(await send('POST', '/Groups', { displayName: group.json.displayName }), 409)).toBe(true);
  });
});
