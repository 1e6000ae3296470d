import { describe, expect, test } from 'vitest';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  idsOf,
  membersOf,
  patchBody,
  read,
} from '../http/messages.ts';
import type { Answer } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const WORK = { value: 'w@example.com', type: 'work', primary: true };
const HOME = { value: 'h@example.com', type: 'home' };
const ADDRESS = { type: 'work', locality: 'Bonn', country: 'DE' };
const person = () =>
  createUser(provider.client, {
    title: 'A',
    name: { givenName: 'G', familyName: 'F' },
    emails: [WORK, HOME],
    addresses: [ADDRESS, { ...ADDRESS, locality: 'Ulm' }],
  });

const patch = ({ path }: Created, ...operations: object[]): Promise<Answer> =>
  provider.client.request('PATCH', path, patchBody(...operations));

/** The resource behind a successful PATCH, which is what a GET answers too. */
async function patched(created: Created, ...operations: object[]) {
  const { status, text, json } = await patch(created, ...operations);
  expect(status, text).toBe(200);
  expect(await read(provider.client, created.path)).toEqual(json);
  return json;
}

/** Whether `attribute pr` is true of the resource. */
const isPresent = async ({ id }: Created, attribute: string): Promise<boolean> =>
  (await idsOf(provider.client, '/Users', `id eq "${id}" and ${attribute} pr`)).length === 1;

describe('RFC 7644 section 3.5.2.1', () => {
  test('RFC 7644 3.5.2.1 [7644-3.5.2.1-1] add without a value is refused', async () => {
    const user = await person();
    expectError(await patch(user, { op: 'add', path: 'nickName' }), 400, 'invalidValue');
    expectError(await patch(user, { op: 'add' }), 400, 'invalidValue');
    expect(await read(provider.client, user.path)).toEqual(user.json);
  });

  test('RFC 7644 3.5.2.1 [7644-3.5.2.1-2] [7644-3.5.2.1-3] add takes a plain value, or an object for a complex one', async () => {
    const user = await person();
    expect((await patched(user, { op: 'add', path: 'title', value: 'B' })).title).toBe('B');
    expect((await patched(user, { op: 'add', path: 'nickName', value: 'N' })).nickName).toBe('N');
    const { name } = await patched(user, { op: 'add', path: 'name', value: { middleName: 'M' } });
    expect(name).toEqual({ givenName: 'G', familyName: 'F', middleName: 'M' });
    const third = { value: 't@example.com' };
    const { emails } = await patched(user, { op: 'add', path: 'emails', value: [third] });
    expect(emails).toEqual([WORK, HOME, third]);
    for (const value of ['M', 7, true])
      expectError(await patch(user, { op: 'add', path: 'name', value }), 400, 'invalidValue');
    expect((await read(provider.client, user.path)).name).toEqual(name);
  });

  test('RFC 7644 3.5.2.1 [7644-3.5.2.1-4] [7644-3.5.2.1-5] [7644-3.5.2.1-6] what is there already changes nothing', async () => {
    const user = await person();
    for (const [path, value] of [
      ['title', 'A'],
      ['emails', [HOME]],
      ['name', { givenName: 'G' }],
    ])
      expect(await patched(user, { op: 'add', path, value })).toEqual(user.json);
    const group = await createGroup(provider.client, { members: membersOf(user) });
    expect(await patched(group, { op: 'add', path: 'members', value: membersOf(user) })).toEqual(group.json);
  });
});

describe('RFC 7644 section 3.5.2.2', () => {
  test('RFC 7644 3.5.2.2 [7644-3.5.2.2-1] a removed single value is unassigned', async () => {
    const user = await person();
    expect(await isPresent(user, 'title')).toBe(true);
    expect(await patched(user, { op: 'remove', path: 'title' })).not.toHaveProperty('title');
    expect(await isPresent(user, 'title')).toBe(false);
  });

  test('RFC 7644 3.5.2.2 [7644-3.5.2.2-2] a path without a filter removes all values', async () => {
    const user = await person();
    expect(await patched(user, { op: 'remove', path: 'emails' })).not.toHaveProperty('emails');
    expect(await isPresent(user, 'emails')).toBe(false);
    const group = await createGroup(provider.client, { members: membersOf(user) });
    expect((await patched(group, { op: 'remove', path: 'members' })).members).toEqual([]);
    expect((await read(provider.client, user.path)).groups).toEqual([]);
  });

  test('RFC 7644 3.5.2.2 [7644-3.5.2.2-3] [7644-3.5.2.2-5] a filter removes what it matches, and the last one leaves nothing', async () => {
    const user = await person();
    const remove = (path: string) => ({ op: 'remove', path });
    expect((await patched(user, remove('emails[type eq "work"]'))).emails).toEqual([HOME]);
    expect(await patched(user, remove(`emails[value eq "${HOME.value}"]`))).not.toHaveProperty('emails');
    expect(await isPresent(user, 'emails')).toBe(false);
    expect(await patched(user, remove('addresses[country eq "DE"]'))).not.toHaveProperty('addresses');
    expect(await isPresent(user, 'addresses')).toBe(false);
  });

  test('RFC 7644 3.5.2.2 [7644-3.5.2.2-4] a removed sub-attribute is unassigned', async () => {
    const user = await person();
    const { name, emails } = await patched(
      user,
      { op: 'remove', path: 'name.givenName' },
      { op: 'remove', path: 'emails[type eq "home"].type' },
    );
    expect(name).toEqual({ familyName: 'F' });
    expect(emails).toEqual([WORK, { value: HOME.value }]);
    expect(await isPresent(user, 'name.givenName')).toBe(false);
    expect(await patched(user, { op: 'remove', path: 'name.familyName' })).not.toHaveProperty('name');
  });

  test('RFC 7644 3.5.2.2 [7644-3.5.2.2-6] a required or readOnly attribute is not removed: 400 mutability', async () => {
    const user = await person();
    for (const path of ['userName', 'id', 'meta', 'meta.created', 'groups'])
      expectError(await patch(user, { op: 'remove', path }), 400, 'mutability');
    expect(await read(provider.client, user.path)).toEqual(user.json);
    const group = await createGroup(provider.client);
    expectError(await patch(group, { op: 'remove', path: 'displayName' }), 400, 'mutability');
    expect(await read(provider.client, group.path)).toEqual(group.json);
  });
});

describe('RFC 7644 section 3.5.2.3', () => {
  test('RFC 7644 3.5.2.3 [7644-3.5.2.3-1] replace without a path takes a list of attributes', async () => {
    const user = await person();
    const json = await patched(user, { op: 'replace', value: { title: 'B', emails: [HOME] } });
    expect(json).toEqual({ ...user.json, title: 'B', emails: [HOME], meta: json.meta });
    for (const value of [undefined, 'B', ['title']])
      expectError(await patch(user, { op: 'replace', value }), 400, 'invalidValue');
  });

  test('RFC 7644 3.5.2.3 [7644-3.5.2.3-2] an attribute without a value is added', async () => {
    const user = await person();
    expect(user.json).not.toHaveProperty('nickName');
    const json = await patched(
      user,
      { op: 'replace', path: 'nickName', value: 'N' },
      { op: 'replace', path: 'name.middleName', value: 'M' },
      { op: 'replace', path: 'phoneNumbers', value: [{ value: '1' }] },
    );
    expect(json).toMatchObject({ nickName: 'N', name: { middleName: 'M' }, phoneNumbers: [{ value: '1' }] });
  });

  test('RFC 7644 3.5.2.3 [7644-3.5.2.3-3] the sub-attributes of a complex attribute that are named are replaced', async () => {
    const user = await person();
    const { name } = await patched(user, { op: 'replace', path: 'name', value: { givenName: 'H' } });
    expect(name).toEqual({ givenName: 'H', familyName: 'F' });
    expectError(await patch(user, { op: 'replace', path: 'name', value: 'H' }), 400, 'invalidValue');
  });

  test('RFC 7644 3.5.2.3 [7644-3.5.2.3-4] all values that the filter matches are replaced, or their sub-attribute', async () => {
    const user = await person();
    const all = await patched(user, {
      op: 'replace',
      path: 'addresses[type eq "work"].locality',
      value: 'Kiel',
    });
    expect(all.addresses).toEqual([
      { ...ADDRESS, locality: 'Kiel' },
      { ...ADDRESS, locality: 'Kiel' },
    ]);
    const home = { value: 'new@example.com', type: 'home' };
    const one = await patched(user, { op: 'replace', path: 'emails[type eq "home"]', value: home });
    expect(one.emails).toEqual([WORK, home]);
  });

  test('RFC 7644 3.5.2.3 [7644-3.5.2.3-5] a filter that matches nothing is 400 noTarget', async () => {
    const user = await person();
    for (const [path, value] of [
      ['emails[type eq "other"]', { value: 'x@example.com' }],
      ['emails[type eq "other"].value', 'x@example.com'],
      ['phoneNumbers[type eq "work"].value', '1'],
    ])
      expectError(await patch(user, { op: 'replace', path, value }), 400, 'noTarget');
    expect(await read(provider.client, user.path)).toEqual(user.json);
  });
});
