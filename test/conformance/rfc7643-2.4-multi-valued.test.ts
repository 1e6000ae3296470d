import { describe, expect, test } from 'vitest';
import { createUser, expectError, idsOf, patchBody, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';
import { type AttributeJson, everyAttribute } from './schemas.ts';

const provider = startProvider();
const pluralAttributes = async (): Promise<AttributeJson[]> =>
  everyAttribute((await read(provider.client, '/Schemas')).Resources).filter(
    ({ multiValued }) => multiValued,
  );

describe('RFC 7643 section 2.4', () => {
  test('RFC 7643 2.4 [7643-2.4-1] objects in an array are values of a complex attribute', async () => {
    const emails = [{ value: 'a@x.example', type: 'work' }, { value: 'b@x.example' }];
    const { json } = await createUser(provider.client, { emails });
    expect(json.emails).toEqual(emails);
    for (const { name, type, subAttributes } of await pluralAttributes())
      expect([name, subAttributes !== undefined]).toEqual([name, type === 'complex']);
  });

  test('RFC 7643 2.4 [7643-2.4-2] the predefined parts are declared as the RFC means them', async () => {
    const types: Record<string, readonly string[]> = {
      type: ['string'],
      primary: ['boolean'],
      display: ['string'],
      $ref: ['reference'],
      value: ['string', 'reference', 'binary'],
    };
    const user = await read(provider.client, '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
    const parts = (user.attributes as AttributeJson[])
      .filter(({ multiValued }) => multiValued)
      .flatMap(({ subAttributes = [] }) => subAttributes)
      .filter(({ name }) => name in types);
    expect(parts.length).toBeGreaterThan(20);
    for (const { name, type, multiValued } of parts) {
      expect(types[name], name).toContain(type);
      expect(multiValued).toBe(false);
    }
  });

  test('RFC 7643 2.4 [7643-2.4-3] one value is primary; a new one takes the place of the old', async () => {
    const { client } = provider;
    const two = [
      { value: 'a@x.example', primary: true },
      { value: 'b@x.example', primary: true },
    ];
    expectError(await client.request('POST', '/Users', userBody({ emails: two })), 400, 'invalidValue');
    const { path } = await createUser(client, { emails: [{ value: 'a@x.example', primary: true }] });
    const add = patchBody({ op: 'add', path: 'emails', value: [{ value: 'b@x.example', primary: true }] });
    await client.request('PATCH', path, add);
    const { emails } = await read(client, path);
    expect(emails).toMatchObject([{ value: 'a@x.example' }, { value: 'b@x.example', primary: true }]);
    expect(emails[0].primary).not.toBe(true);
  });

  test('RFC 7643 2.4 [7643-2.4-4] a value that does not say so is not primary', async () => {
    const { client } = provider;
    const { id, path } = await createUser(client, {
      emails: [{ value: 'a@x.example' }, { value: 'b@x.example', primary: true }],
    });
    const found = (filter: string) => idsOf(client, '/Users', `id eq "${id}" and ${filter}`);
    expect(await found('emails[value eq "a@x.example" and primary eq false]')).toEqual([id]);
    expect(await found('emails[value eq "b@x.example" and primary eq false]')).toEqual([]);
    expect(await found('emails[value eq "a@x.example" and primary ne false]')).toEqual([]);
    expect(await found('emails.primary eq false')).toEqual([id]);
    expect(await found('emails.primary ne false')).toEqual([]);
    const remove = patchBody({ op: 'remove', path: 'emails[primary eq false]' });
    expect((await client.request('PATCH', path, remove)).json.emails).toEqual([
      { value: 'b@x.example', primary: true },
    ]);
    expect(await found('emails.primary eq false')).toEqual([]);
    expect(await found('emails.primary ne false')).toEqual([id]);
  });

  test('RFC 7643 2.4 [7643-2.4-7] a value may be there with several types', async () => {
    const emails = [
      { value: 'a@x.example', type: 'work' },
      { value: 'a@x.example', type: 'home' },
    ];
    expect((await createUser(provider.client, { emails })).json.emails).toEqual(emails);
  });

  test('RFC 7643 2.4 [7643-2.4-10] types have canonical values where the RFC names some', async () => {
    const canonical = (await pluralAttributes()).flatMap(({ name, subAttributes = [] }) => {
      const type = subAttributes.find((sub) => sub.name === 'type');
      return type?.canonicalValues === undefined ? [] : [[name, type.canonicalValues]];
    });
    expect(Object.fromEntries(canonical)).toMatchObject({
      emails: ['work', 'home', 'other'],
      photos: ['photo', 'thumbnail'],
      groups: ['direct', 'indirect'],
    });
  });
});

describe('RFC 7643 section 2.5', () => {
  test.each([
    ['POST', { nickName: null, roles: [], emails: null }],
    ['POST', {}],
    ['PUT', { nickName: null, roles: [], emails: null }],
    ['PUT', {}],
  ])(
    'RFC 7643 2.5 [7643-2.5-1] [7643-2.5-2] null, an empty array and nothing are one, and left out of the answer',
    async (method, unassigned) => {
      const { client } = provider;
      const user = await createUser(client, { nickName: 'N', roles: [{ value: 'R' }] });
      const { emails: _emails, ...body } = userBody();
      const path = method === 'POST' ? '/Users' : user.path;
      const { status, json } = await client.request(method, path, { ...body, title: 'T', ...unassigned });
      expect(status).toBe(method === 'POST' ? 201 : 200);
      for (const name of ['nickName', 'roles', 'emails']) expect(json).not.toHaveProperty(name);
      expect(await idsOf(client, '/Users', `id eq "${json.id}" and not (nickName pr or roles pr)`)).toEqual([
        json.id,
      ]);
    },
  );
});
