import { describe, expect, test } from 'vitest';
import {
  createGroup,
  createUser,
  expectError,
  idsOf,
  membersOf,
  newName,
  patchBody,
  read,
  userBody,
} from '../http/messages.ts';
import { BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
const post = (attributes: object) => provider.client.request('POST', '/Users', userBody(attributes));
const PASSWORD = 'Correct-Horse-7643';

describe('RFC 7643 section 4.1.1', () => {
  test('RFC 7643 4.1.1 [7643-4.1.1-1] a user has a userName that is not blank', async () => {
    for (const userName of [undefined, null, '', '  '])
      expectError(await post({ userName }), 400, 'invalidValue');
    const { path, json } = await createUser(provider.client);
    const remove = patchBody({ op: 'remove', path: 'userName' });
    expectError(await provider.client.request('PATCH', path, remove), 400, 'mutability');
    expect(await read(provider.client, path)).toEqual(json);
  });

  test('RFC 7643 4.1.1 [7643-4.1.1-2] a userName is there once, in whatever letters', async () => {
    const { client } = provider;
    const { json, id } = await createUser(client);
    const other = await createUser(client);
    const userName = json.userName.toUpperCase();
    expectError(await post({ userName }), 409, 'uniqueness');
    const rename = patchBody({ op: 'replace', path: 'userName', value: userName });
    expectError(await client.request('PATCH', other.path, rename), 409, 'uniqueness');
    expect(await idsOf(client, '/Users', `userName eq "${userName}"`)).toEqual([id]);
  });

  test.each([
    { formatted: 'Dr. Ada Stone' },
    { givenName: 'Ada', familyName: 'Stone', honorificPrefix: 'Dr.' },
    { formatted: 'Dr. Ada Stone', givenName: 'Ada', familyName: 'Stone' },
  ])('RFC 7643 4.1.1 [7643-4.1.1-3] the full name, its components, or both', async (name) => {
    expect((await post({ name })).json.name).toEqual(name);
  });

  test('RFC 7643 4.1.1 [7643-4.1.1-5] a displayName may be there', async () => {
    expect((await post({ displayName: 'Ada' })).json.displayName).toBe('Ada');
    expect((await post({})).json).not.toHaveProperty('displayName');
  });

  test('RFC 7643 4.1.1 [7643-4.1.1-7] a locale may have an underscore', async () => {
    for (const locale of ['en-US', 'en_US']) expect((await post({ locale })).json.locale).toBe(locale);
  });

  test('RFC 7643 4.1.1 [7643-4.1.1-8] no answer holds a password', async () => {
    const { client } = provider;
    const created = await post({ password: PASSWORD });
    expect(created.status).toBe(201);
    const path = `/Users/${created.json.id}`;
    const change = patchBody({ op: 'replace', path: 'password', value: `${PASSWORD}-2` });
    const answers = [
      created,
      await client.request('GET', `${path}?attributes=password`),
      await client.request('GET', '/Users?attributes=userName,password'),
      await client.request('PATCH', `${path}?attributes=password`, change),
      await client.request('PUT', path, userBody({ password: PASSWORD })),
    ];
    for (const { status, text } of answers) {
      expect([200, 201]).toContain(status);
      expect(text).not.toMatch(/password|Correct-Horse|argon2/i);
    }
  });

  test('RFC 7643 4.1.1 [7643-4.1.1-9] [7643-4.1.1-10] a new password is checked, and kept as a hash', async () => {
    const { client } = provider;
    expectError(await post({ password: 'abc' }), 400, 'invalidValue');
    const { json } = await post({ password: PASSWORD });
    const hashes = (await provider.server.stored()).toString('latin1').match(/\$argon2id\$/g)?.length ?? 0;
    expect(hashes).toBeGreaterThan(0);
    const change = patchBody({ op: 'replace', path: 'password', value: 'x' });
    expectError(await client.request('PATCH', `/Users/${json.id}`, change), 400, 'invalidValue');
  });
});

describe('RFC 7643 section 9.2', () => {
  test('RFC 7643 9.2 [7643-9.2-1] no file of the database and no line of the log holds a password', async () => {
    const { server } = provider;
    const { json } = await post({ password: PASSWORD, title: 'Kept-7643' });
    const change = patchBody({ op: 'add', value: { password: `${PASSWORD}-2` } });
    await provider.client.request('PATCH', `/Users/${json.id}`, change);
    const stored = await server.stored();
    expect(stored.includes('Kept-7643')).toBe(true);
    expect(stored.includes(PASSWORD)).toBe(false);
    expect(server.logLines.join()).not.toContain(PASSWORD);
  });
});

describe('RFC 7643 section 4.1.2', () => {
  test.each(['emails', 'phoneNumbers', 'ims'])(
    'RFC 7643 4.1.2 [7643-4.1.2-3] [7643-4.1.2-6] [7643-4.1.2-9] types beyond the canonical ones in %s',
    async (name) => {
      const values = [{ value: 'v', type: 'Boat' }];
      const { status, json } = await post({ [name]: values });
      expect([status, json[name]]).toEqual([201, values]);
      expect(
        await idsOf(provider.client, '/Users', `${name}[type eq "boat"] and id eq "${json.id}"`),
      ).toEqual([json.id]);
    },
  );

  test('RFC 7643 4.1.2 [7643-4.1.2-12] an image in several sizes', async () => {
    const photos = [
      { value: 'https://x.example/p.png', type: 'photo' },
      { value: 'https://x.example/t.png', type: 'thumbnail' },
    ];
    expect((await post({ photos })).json.photos).toEqual(photos);
  });

  test.each([
    { formatted: '1 Main St\nOslo' },
    { streetAddress: '1 Main St\r\nFloor 2' },
    { locality: 'Oslo' },
    { region: 'Oslo' },
    { postalCode: '0150' },
    { country: 'NO' },
    { type: 'work', locality: 'Oslo' },
  ])(
    'RFC 7643 4.1.2 [7643-4.1.2-13] [7643-4.1.2-14] an address has the parts that it has, line breaks too',
    async (address) => {
      expect((await post({ addresses: [address] })).json.addresses).toEqual([address]);
    },
  );

  test('RFC 7643 4.1.2 [7643-4.1.2-16] [7643-4.1.2-18] groups names each group, whose members clients change', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const displayName = newName('group');
    const group = await createGroup(client, { displayName, members: membersOf(user) });
    const { groups } = await read(client, user.path);
    expect(groups).toMatchObject([
      { value: group.id, $ref: `${BASE_URL}/scim/v2${group.path}`, display: displayName },
    ]);
    const remove = patchBody({ op: 'remove', path: `members[value eq "${user.id}"]` });
    await client.request('PATCH', group.path, remove);
    expect((await read(client, user.path)).groups).toEqual([]);
  });

  test('RFC 7643 4.1.2 [7643-4.1.2-17] indirect membership ends with the direct one that it comes from', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const inner = await createGroup(client, { members: membersOf(user) });
    const outer = await createGroup(client, { members: membersOf(inner) });
    const types = async () =>
      Object.fromEntries(
        (await read(client, user.path)).groups.map(({ value, type }: { value: string; type: string }) => [
          value,
          type,
        ]),
      );
    expect(await types()).toEqual({ [inner.id]: 'direct', [outer.id]: 'indirect' });
    const remove = patchBody({ op: 'remove', path: `members[value eq "${user.id}"]` });
    await client.request('PATCH', outer.path, remove);
    expect(await types()).toEqual({ [inner.id]: 'direct', [outer.id]: 'indirect' });
    await client.request('PATCH', inner.path, remove);
    expect(await types()).toEqual({});
  });

  test('RFC 7643 4.1.2 [7643-4.1.2-19] groups of a user cannot be written', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const group = await createGroup(client);
    const groups = [{ value: group.id }];
    const { schemas, userName } = user.json;
    expect((await client.request('PUT', user.path, { schemas, userName, groups })).json.groups).toEqual([]);
    for (const operation of [{ path: 'groups', value: groups }, { value: { groups } }])
      expectError(
        await client.request('PATCH', user.path, patchBody({ op: 'add', ...operation })),
        400,
        'mutability',
      );
    expect((await read(client, group.path)).members).toEqual([]);
  });

  test('RFC 7643 4.1.2 [7643-4.1.2-20] a certificate is in base64', async () => {
    const x509Certificates = [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQA=' }];
    expect((await post({ x509Certificates })).json.x509Certificates).toEqual(x509Certificates);
    expectError(await post({ x509Certificates: [{ value: '-----BEGIN-----%' }] }), 400, 'invalidValue');
  });
});
