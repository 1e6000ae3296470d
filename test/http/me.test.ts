import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createUserStores } from '../../src/service/user-stores.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, expectError, membersOf, patchBody, read, userBody } from './messages.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PASSWORD = 'correct horse: battery';

let server: TestServer;
let client: Client;
let clock = 0;

beforeAll(async () => {
  server = await startServer({ now: () => Date.now() + clock });
  client = await server.connect({ dialect: 'strict' });
});
afterAll(() => server.close());

const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

/** Sends a request with a user's own name and password. */
const as = (name: string, password: string, method: string, path: string, body?: object, base = '/scim/v2') =>
  server.send(
    method,
    `${base}${path}`,
    { authorization: basic(name, password), ...(body && { 'content-type': 'application/scim+json' }) },
    body && JSON.stringify(body),
  );

async function newUser(attributes: object = {}) {
  const user = await createUser(client, { password: PASSWORD, ...attributes });
  return { ...user, userName: user.json.userName as string };
}

const canSignIn = async (name: string, password: string): Promise<boolean> =>
  (await as(name, password, 'GET', '/Me')).status === 200;

describe('RFC 7644 3.11: /Me', () => {
  it('is the user who has signed in, with the location of the user', async () => {
    const user = await newUser({ displayName: 'Me' });
    const group = await createGroup(client, { members: membersOf(user) });
    const { status, json, headers } = await as(user.userName, PASSWORD, 'GET', '/Me');
    expect(status).toBe(200);
    expect(json).toEqual(await read(client, user.path));
    expect(json.groups[0].value).toBe(group.id);
    expect(headers.location).toBe(`${BASE_URL}/scim/v2${user.path}`);
    expect(headers.etag).toBe('W/"1"');
    const part = await as(user.userName, PASSWORD, 'GET', '/Me?attributes=displayName');
    expect(Object.keys(part.json).sort()).toEqual(['displayName', 'id', 'schemas']);
  });

  it('can be replaced and patched, as the user could be', async () => {
    const user = await newUser({ displayName: 'Before', title: 'T', [ENTERPRISE]: { department: 'D' } });
    const put = await as(
      user.userName,
      PASSWORD,
      'PUT',
      '/Me',
      userBody({ userName: user.userName, displayName: 'After' }),
    );
    expect([put.status, put.json.displayName, put.json.title]).toEqual([200, 'After', undefined]);
    expect(put.json[ENTERPRISE]).toEqual({ department: 'D' });
    const patch = await as(
      user.userName,
      PASSWORD,
      'PATCH',
      '/Me',
      patchBody({ op: 'add', path: 'nickName', value: 'N' }),
    );
    expect([patch.status, patch.json.nickName, patch.json.meta.version]).toEqual([200, 'N', 'W/"3"']);
    expect(await read(client, user.path)).toEqual(patch.json);
  });

  test.each([
    ['active', false],
    ['roles', [{ value: 'admin' }]],
    ['entitlements', [{ value: 'all' }]],
    ['userName', 'somebody-else'],
    ['userType', 'Owner'],
    ['externalId', 'x'],
    [`${ENTERPRISE}:employeeNumber`, '1'],
    [`${ENTERPRISE}:manager`, { value: 'boss' }],
  ])('does not let users give themselves another %s', async (path, value) => {
    const user = await newUser();
    const before = await read(client, user.path);
    expectError(
      await as(user.userName, PASSWORD, 'PATCH', '/Me', patchBody({ op: 'add', path, value })),
      403,
    );
    if (!path.includes(':'))
      expectError(await as(user.userName, PASSWORD, 'PUT', '/Me', { ...before, [path]: value }), 403);
    expect(await read(client, user.path)).toEqual(before);
  });

  it('does not let users remove what limits them', async () => {
    const user = await newUser({ active: true, roles: [{ value: 'guest' }] });
    const remove = (path: string) =>
      as(user.userName, PASSWORD, 'PATCH', '/Me', patchBody({ op: 'remove', path }));
    for (const path of ['roles', 'active', 'roles[value eq "guest"]']) expectError(await remove(path), 403);
    const put = await as(user.userName, PASSWORD, 'PUT', '/Me', userBody());
    expectError(put, 403);
    const kept = await as(user.userName, PASSWORD, 'PUT', '/Me', {
      schemas: put.json.schemas,
      userName: user.userName,
    });
    expect([kept.status, kept.json.roles, kept.json.active]).toEqual([200, [{ value: 'guest' }], true]);
  });

  it('is nobody for the credentials of an integration', async () => {
    for (const auth of ['bearer', 'basic'] as const) {
      const integration = await server.connect({ auth });
      expectError(await integration.request('GET', '/Me'), 404);
      expectError(await integration.request('PATCH', '/Me', patchBody({ op: 'remove', path: 'title' })), 404);
      expectError(await integration.request('PUT', '/Me', userBody()), 404);
    }
  });

  it('takes GET, PUT and PATCH only', async () => {
    for (const method of ['POST', 'DELETE']) {
      const user = await newUser();
      const answer = await as(user.userName, PASSWORD, method, '/Me');
      expectError(answer, 405);
      expect(answer.headers.allow).toBe('GET, PUT, PATCH');
      expect(await read(client, user.path)).toEqual(user.json);
    }
  });

  it('is all that users may reach, discovery aside', async () => {
    const user = await newUser();
    const other = await newUser();
    for (const [method, path, body] of [
      ['GET', '/Users'],
      ['GET', '/'],
      ['GET', user.path],
      ['GET', other.path],
      ['DELETE', user.path],
      ['POST', '/Users/.search', {}],
      ['POST', '/Users', userBody()],
      ['POST', '/Bulk', {}],
      ['PATCH', other.path, patchBody({ op: 'add', path: 'title', value: 'x' })],
    ] as const)
      expectError(await as(user.userName, PASSWORD, method, path, body), 403);
    expect((await as(user.userName, PASSWORD, 'GET', '/ServiceProviderConfig')).status).toBe(200);
  });
});

describe('who a user is', () => {
  it('is found by userName in any case, and by nothing but the right password', async () => {
    const user = await newUser();
    expect(await canSignIn(user.userName.toUpperCase(), PASSWORD)).toBe(true);
    for (const wrong of ['', PASSWORD.toUpperCase(), `${PASSWORD} `, PASSWORD.slice(0, -1)])
      expectError(await as(user.userName, wrong, 'GET', '/Me'), 401);
    const refused = await as('nobody', PASSWORD, 'GET', '/Me');
    expectError(refused, 401);
    expect(refused.json.detail).toContain('or the name and password of a user');
    expect((await as('nobody', PASSWORD, 'GET', '/Users')).json.detail).not.toContain('user');
    expectError(await as((await createUser(client)).json.userName, PASSWORD, 'GET', '/Me'), 401);
  });

  it('is refused at once when the account is switched off, deleted or has another password', async () => {
    const user = await newUser();
    expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
    const set = (path: string, value: unknown) =>
      client.request('PATCH', user.path, patchBody({ op: 'replace', path, value }));
    await set('active', false);
    expect(await canSignIn(user.userName, PASSWORD)).toBe(false);
    await set('active', true);
    expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
    await set('password', 'another one');
    expect([await canSignIn(user.userName, PASSWORD), await canSignIn(user.userName, 'another one')]).toEqual(
      [false, true],
    );
    await client.request('DELETE', user.path);
    expect(await canSignIn(user.userName, 'another one')).toBe(false);
    await createUser(client, { userName: user.userName });
    expect(await canSignIn(user.userName, 'another one')).toBe(false);
  });

  it('is one of the tenant that the name or the URL says', async () => {
    const tenant = await server.tenants.create('me.example');
    const there = await server.connect({ dialect: 'strict', requirePrimaryEmail: false }, tenant);
    const { id } = await createUser(there, { userName: 'ann', password: PASSWORD });
    const mail = await createUser(there, { userName: 'bob@me.example', password: PASSWORD });
    const here = await newUser({ userName: 'ann' });
    const whoIs = async (name: string, base?: string) =>
      (await as(name, PASSWORD, 'GET', '/Me', undefined, base)).json.id;
    expect(await whoIs('ann')).toBe(here.id);
    expect(await whoIs('ann@me.example')).toBe(id);
    expect(await whoIs('ann@ME.example')).toBe(id);
    expect(await whoIs('bob@me.example')).toBe(mail.id);
    expect(await whoIs('ann', '/t/me.example/scim/v2')).toBe(id);
    expect(await whoIs('ann@me.example', '/t/me.example/scim/v2')).toBe(id);
    expect(await whoIs('bob@me.example', '/t/me.example/scim/v2')).toBe(mail.id);
    expect(await whoIs('ann@nowhere.example')).toBeUndefined();
    expect(await whoIs('ann@carbon.super', '/t/me.example/scim/v2')).toBeUndefined();
    expect(await whoIs('ann', '/t/nowhere.example/scim/v2')).toBeUndefined();
    await server.tenants.setActive('me.example', false);
    expect(await whoIs('ann@me.example')).toBeUndefined();
  });

  it('is one of the user store that the name says, else of any store', async () => {
    const tenant = await server.tenants.create('stores.example');
    const { storage } = server.services;
    const userStores = createUserStores({ storage, now: Date.now });
    for (const name of ['AMRSNGHE', 'EU']) await userStores.create(tenant, name);
    const there = await server.connect({ dialect: 'strict', requirePrimaryEmail: false }, tenant);
    const made = async (userName: string, password: string) =>
      (await createUser(there, { userName, password })).id;
    const ann = await made('ann', 'in PRIMARY');
    const second = await made('EU/ann', 'in EU');
    const bob = await made('AMRSNGHE/bob', 'in AMRSNGHE');
    const slash = await made('a/b', 'in PRIMARY');
    const whoIs = async (name: string, password: string, base?: string) =>
      (await as(name, password, 'GET', '/Me', undefined, base)).json.id;
    expect(await whoIs('ann@stores.example', 'in PRIMARY')).toBe(ann);
    expect(await whoIs('primary/ann@stores.example', 'in PRIMARY')).toBe(ann);
    expect(await whoIs('ann@stores.example', 'in EU')).toBe(second);
    expect(await whoIs('eu/ann@stores.example', 'in EU')).toBe(second);
    expect(await whoIs('PRIMARY/ann@stores.example', 'in EU')).toBeUndefined();
    expect(await whoIs('EU/ann@stores.example', 'in PRIMARY')).toBeUndefined();
    expect(await whoIs('AMRSNGHE/ann@stores.example', 'in EU')).toBeUndefined();
    expect(await whoIs('bob@stores.example', 'in AMRSNGHE')).toBe(bob);
    expect(await whoIs('amrsnghe/bob', 'in AMRSNGHE', '/t/stores.example/scim/v2')).toBe(bob);
    expect(await whoIs('bob', 'in AMRSNGHE', '/t/stores.example/scim/v2')).toBe(bob);
    expect(await whoIs('AMRSNGHE/bob', 'in AMRSNGHE')).toBeUndefined();
    expect(await whoIs('a/b@stores.example', 'in PRIMARY')).toBe(slash);
    for (const name of ['PRIMARY/', 'EU/', '/ann', 'PRIMARY/EU/ann'])
      expect(await whoIs(`${name}@stores.example`, 'in EU'), name).toBeUndefined();
  });

  it('is not told from a name alone: many wrong passwords are 429, for that name from that address', async () => {
    const [user, other] = [await newUser(), await newUser()];
    for (let tries = 0; tries < 10; tries++)
      expectError(await as(user.userName, `wrong${tries}`, 'GET', '/Me'), 401);
    const refused = await as(user.userName, PASSWORD, 'GET', '/Me');
    expectError(refused, 429);
    expect(Number(refused.headers['retry-after']) > 0).toBe(true);
    expect(await canSignIn(other.userName, PASSWORD)).toBe(true);
  });

  it('is not told from many names either: an address has a bound of its own', async () => {
    const user = await newUser();
    const from = async (remoteAddress: string, name: string, password: string) => {
      const headers = { authorization: basic(name, password) };
      return (await server.app.inject({ method: 'GET', url: '/scim/v2/Me', remoteAddress, headers }))
        .statusCode;
    };
    const statuses = new Set<number>();
    for (let index = 0; index < 100; index++)
      statuses.add(await from('192.0.2.7', `nobody-${index}`, 'wrong'));
    expect([...statuses]).toEqual([401]);
    expect(await from('192.0.2.7', user.userName, PASSWORD)).toBe(429);
    expect(await from('192.0.2.8', user.userName, PASSWORD)).toBe(200);
  });

  it('a password that was right is not hashed again for a while', async () => {
    const user = await newUser();
    let hashed = 0;
    const { verify } = server.services.passwords;
    Object.assign(server.services.passwords, {
      verify: (...given: Parameters<typeof verify>) => {
        hashed++;
        return verify(...given);
      },
    });
    for (let times = 0; times < 5; times++) expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
    expect(hashed).toBe(1);
    expect(await canSignIn(user.userName, 'wrong one')).toBe(false);
    expect(hashed).toBe(2);
    clock = 10 * 60_000;
    expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
    expect(hashed).toBe(3);
    clock = 0;
    Object.assign(server.services.passwords, { verify });
  });
});

describe('RFC 7643 4.1.1: password', () => {
  const patch = (path: string, ...operations: object[]) =>
    client.request('PATCH', path, patchBody(...operations));

  it('is never returned, filtered, sorted or logged, and is no part of what is stored as text', async () => {
    const user = await newUser();
    const answers = [
      await client.request('GET', user.path),
      await client.request('GET', `${user.path}?attributes=password`),
      await patch(user.path, { op: 'replace', path: 'password', value: 'a new secret one' }),
      await client.request(
        'PUT',
        user.path,
        userBody({ userName: user.userName, password: 'a new secret one' }),
      ),
      await client.request('GET', '/Users'),
    ];
    for (const { status, text } of answers)
      expect([status, /password|secret/i.test(text)]).toEqual([200, false]);
    for (const query of ['filter=password%20eq%20%22x%22', 'filter=password%20pr', 'sortBy=password'])
      expect((await client.request('GET', `/Users?${query}`)).status).toBe(400);
    expect(server.logLines.join('')).not.toMatch(/secret|battery/);
  });

  it('is set by POST, PUT, PATCH and Bulk, and removed by null and remove', async () => {
    const user = await newUser();
    const is = async (password: string) =>
      expect(await canSignIn(user.userName, password), password).toBe(true);
    await client.request('PUT', user.path, userBody({ userName: user.userName, password: 'by PUT' }));
    await is('by PUT');
    await client.request('PUT', user.path, userBody({ userName: user.userName }));
    await is('by PUT');
    await patch(user.path, { op: 'add', path: 'password', value: 'by path' });
    await is('by path');
    await patch(user.path, { op: 'replace', value: { password: 'by value' } });
    await is('by value');
    await patch(user.path, {
      op: 'replace',
      path: 'urn:ietf:params:scim:schemas:core:2.0:User:password',
      value: 'by URN',
    });
    await is('by URN');
    await client.request('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        {
          method: 'PATCH',
          path: user.path,
          data: patchBody({ op: 'replace', path: 'password', value: 'by Bulk' }),
        },
      ],
    });
    await is('by Bulk');
    await as(
      user.userName,
      'by Bulk',
      'PATCH',
      '/Me',
      patchBody({ op: 'replace', path: 'password', value: 'by Me' }),
    );
    await is('by Me');
    await patch(user.path, { op: 'remove', path: 'password' });
    expect(await canSignIn(user.userName, 'by Me')).toBe(false);
    await patch(user.path, { op: 'add', path: 'password', value: 'once more' });
    await is('once more');
    await patch(user.path, { op: 'replace', path: 'password', value: null });
    expect(await canSignIn(user.userName, 'once more')).toBe(false);
  });

  it('is a change of the user, unless it is the same', async () => {
    const user = await newUser();
    const versionAfter = async (value: string) =>
      (await patch(user.path, { op: 'replace', path: 'password', value })).json.meta.version;
    expect(await versionAfter(PASSWORD)).toBe('W/"1"');
    expect(await versionAfter('another one')).toBe('W/"2"');
    expect(await versionAfter('another one')).toBe('W/"2"');
  });

  it('is not changed when the request fails otherwise', async () => {
    const user = await newUser();
    expectError(
      await patch(
        user.path,
        { op: 'replace', path: 'password', value: 'another one' },
        { op: 'remove', path: 'userName' },
      ),
      400,
      'mutability',
    );
    expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
  });

  test.each([
    ['too short', '1234'],
    ['too long', 'x'.repeat(1001)],
    ['with a control character', 'abc\u0007defg'],
    ['no text', 12345678],
  ])('%s is 400 invalidValue, and nothing is created or changed', async (_what, password) => {
    const before = (await read(client, '/Users?count=0')).totalResults;
    expectError(await client.request('POST', '/Users', userBody({ password })), 400, 'invalidValue');
    expect((await read(client, '/Users?count=0')).totalResults).toBe(before);
    const user = await newUser();
    expectError(
      await patch(user.path, { op: 'replace', path: 'password', value: password }),
      400,
      'invalidValue',
    );
    expect(await canSignIn(user.userName, PASSWORD)).toBe(true);
  });

  it('means the same in every form of its letters and blanks', async () => {
    const user = await newUser({ password: 'Ünïcode\u00a0x' });
    expect(await canSignIn(user.userName, 'U\u0308ni\u0308code x')).toBe(true);
  });
});
