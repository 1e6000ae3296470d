import { describe, expect, test } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { createGroup, createUser, filtered, groupBody, patchBody, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const PERSON = {
  nickName: 'Babs',
  title: 'Boss',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', costCenter: '12' },
};
const person = () => createUser(provider.client, PERSON);

/** A user under query parameters, alone and in a list: both have to be the same. */
async function shown({ id }: { id: string }, parameters: string) {
  const one = await read(provider.client, `/Users/${id}?${parameters}`);
  const { Resources } = await read(provider.client, `${filtered('/Users', `id eq "${id}"`)}&${parameters}`);
  expect(Resources).toEqual([one]);
  return one;
}

const without = (json: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));

describe('RFC 7644 section 3.4.2.5', () => {
  test('RFC 7644 3.4.2.5 [7644-3.4.2.5-1] [7644-3.4.2.5-2] both parameters choose what is sent', async () => {
    const user = await person();
    const { id, schemas } = user.json;
    expect(await shown(user, 'attributes=nickName,title')).toEqual({
      schemas,
      id,
      nickName: 'Babs',
      title: 'Boss',
    });
    expect(await shown(user, 'excludedAttributes=nickName,title')).toEqual(
      without(user.json, 'nickName', 'title'),
    );
  });

  test('RFC 7644 3.4.2.5 [7644-3.4.2.5-3] attributes takes names in standard notation', async () => {
    const user = await person();
    const { id, schemas } = user.json;
    const enterprise = { [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' } };
    for (const [names, expected] of [
      ['name.givenName', { name: { givenName: 'Barbara' } }],
      [`${USER_SCHEMA}:name.familyName`, { name: { familyName: 'Jensen' } }],
      [`${ENTERPRISE_USER_SCHEMA}:department`, enterprise],
      [`${ENTERPRISE_USER_SCHEMA}:DEPARTMENT, NICKNAME`, { ...enterprise, nickName: 'Babs' }],
    ] as const)
      expect(await shown(user, `attributes=${encodeURIComponent(names)}`)).toEqual({
        schemas,
        id,
        ...expected,
      });
  });

  test('RFC 7644 3.4.2.5 [7644-3.4.2.5-4] excludedAttributes does not take away what is always returned', async () => {
    const user = await person();
    expect(await shown(user, 'excludedAttributes=id,schemas,title')).toEqual(without(user.json, 'title'));
  });

  test('RFC 7644 3.4.2.5 [7644-3.4.2.5-5] excludedAttributes takes names in standard notation', async () => {
    const user = await person();
    const names = `name.givenName,${USER_SCHEMA}:title,${ENTERPRISE_USER_SCHEMA}:costCenter`;
    expect(await shown(user, `excludedAttributes=${encodeURIComponent(names)}`)).toEqual({
      ...without(user.json, 'title'),
      name: { familyName: 'Jensen' },
      [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' },
    });
  });
});

describe('RFC 7644 sections 3.9 and 3.10', () => {
  test('RFC 7644 3.9 [7644-3.9-1] every operation that answers with a resource sends the part asked for', async () => {
    const { client } = provider;
    const created = await client.request(
      'POST',
      '/Users?attributes=title',
      userBody({ title: 'A', nickName: 'N' }),
    );
    const { id, schemas } = created.json;
    expect([created.status, created.json]).toEqual([201, { schemas, id, title: 'A' }]);
    const url = `/Users/${id}?attributes=title`;
    const replaced = await client.request('PUT', url, userBody({ title: 'B', nickName: 'N' }));
    expect([replaced.status, replaced.json]).toEqual([200, { schemas, id, title: 'B' }]);
    const patch = patchBody({ op: 'replace', path: 'title', value: 'C' });
    const patched = await client.request('PATCH', url, patch);
    expect([patched.status, patched.json]).toEqual([200, { schemas, id, title: 'C' }]);
    const excluded = await client.request('PATCH', `/Users/${id}?excludedAttributes=title`, patch);
    expect(excluded.json).not.toHaveProperty('title');
    expect(excluded.json.nickName).toBe('N');
  });

  test('RFC 7644 3.9 [7644-3.9-2] [7644-3.9-3] attributes replaces the defaults, but not the minimum set', async () => {
    const user = await person();
    const { id, schemas, userName } = user.json;
    expect(await shown(user, 'attributes=userName')).toEqual({ schemas, id, userName });
    expect(await shown(user, 'attributes=favouriteColour')).toEqual({ schemas, id });
    expect(await shown(user, 'attributes=password')).toEqual({ schemas, id });
  });

  test('RFC 7644 3.9 [7644-3.9-4] excludedAttributes leaves the minimum set', async () => {
    const { client } = provider;
    const { path, json } = await createGroup(client);
    const rest = await read(client, `${path}?excludedAttributes=displayName,members,meta,id,schemas`);
    expect(rest).toEqual({ schemas: json.schemas, id: json.id });
  });

  test('RFC 7644 3.10 [7644-3.10-1] the URN of the core schema may be left out', async () => {
    const user = await person();
    const plain = await shown(user, 'attributes=nickName');
    expect(await shown(user, `attributes=${USER_SCHEMA}:nickName`)).toEqual(plain);
    expect(plain.nickName).toBe('Babs');
    for (const name of ['nickName', `${USER_SCHEMA}:nickName`, `${USER_SCHEMA.toUpperCase()}:NICKNAME`]) {
      const filter = `${name} eq "babs" and id eq "${user.id}"`;
      expect((await read(provider.client, filtered('/Users', filter))).totalResults).toBe(1);
    }
  });

  test('RFC 7644 3.10 [7644-3.10-2] an attribute of an extension is named with its URN', async () => {
    const { client } = provider;
    const user = await person();
    const path = `${ENTERPRISE_USER_SCHEMA}:department`;
    const { json } = await client.request(
      'PATCH',
      user.path,
      patchBody({ op: 'replace', path, value: 'Legal' }),
    );
    expect(json[ENTERPRISE_USER_SCHEMA]).toEqual({ department: 'Legal', costCenter: '12' });
    const filter = `${path} eq "Legal" and id eq "${user.id}"`;
    expect((await read(client, filtered('/Users', filter))).totalResults).toBe(1);
    const group = await client.request('POST', '/Groups', groupBody({ department: 'Legal' }));
    expect(group.json).not.toHaveProperty('department');
  });
});
