import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import { type Created, createGroup, createUser, expectError, filtered, membersOf, read } from './messages.ts';

let server: TestServer;
let client: Client;
let users: Created[];
let group: Created;

/** Twelve users `u00` to `u11`: every third is inactive, every fourth has a home address and a department. */
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  users = [];
  for (let index = 0; index < 12; index++) {
    const userName = `u${String(index).padStart(2, '0')}`;
    const home = { value: `${userName}@home.example.com`, type: 'home' };
    users.push(
      await createUser(client, {
        userName,
        externalId: `X${index}`,
        active: index % 3 !== 0,
        name: { familyName: index < 6 ? 'Lee' : 'Ng' },
        emails: [
          { value: `${userName}@work.example.com`, type: 'work', primary: true },
          ...(index % 4 === 0 ? [home] : []),
        ],
        ...(index % 4 === 0 && { [ENTERPRISE_USER_SCHEMA]: { department: 'R&D' } }),
      }),
    );
  }
  group = await createGroup(client, { displayName: 'Sales Team', members: membersOf(users[0] as Created) });
  await createGroup(client, { displayName: 'Support' });
});
afterAll(() => server.close());

const names = (json: { Resources: { userName: string }[] }) => json.Resources.map(({ userName }) => userName);
const numbered = (...indices: number[]) => indices.map((index) => `u${String(index).padStart(2, '0')}`);
const ALL = Array.from({ length: 12 }, (_, index) => index);

describe('GET /Users', () => {
  it('RFC 7644 3.4.2: answers a ListResponse of whole resources', async () => {
    const { status, headers, json } = await client.request('GET', '/Users');
    expect([status, headers['content-type']]).toEqual([200, 'application/scim+json; charset=utf-8']);
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 12,
      itemsPerPage: 12,
      startIndex: 1,
      Resources: expect.any(Array),
    });
    expect(names(json)).toEqual(numbered(...ALL));
    expect(json.Resources[1]).toEqual(users[1]?.json);
    expect(json.Resources[0]).toEqual(await read(client, users[0]?.path as string));
    expect(json.Resources[0].groups).toMatchObject([{ value: group.id, display: 'Sales Team' }]);
  });

  it.each([
    ['', 1, ALL],
    ['startIndex=1&count=5', 1, [0, 1, 2, 3, 4]],
    ['startIndex=6&count=5', 6, [5, 6, 7, 8, 9]],
    ['startIndex=11&count=5', 11, [10, 11]],
    ['startIndex=12', 12, [11]],
    ['startIndex=13', 13, []],
    ['startIndex=0&count=2', 1, [0, 1]],
    ['startIndex=-7&count=2', 1, [0, 1]],
    ['count=0', 1, []],
    ['count=-1', 1, []],
    ['count=100000', 1, ALL],
    ['count=99999999999999999999', 1, ALL],
    ['startIndex=&count=', 1, ALL],
    ['startIndex=2&startIndex=4&count=9&count=1', 4, [3]],
  ])('RFC 7644 3.4.2.4: pages by %j', async (query, startIndex, indices) => {
    const json = await read(client, `/Users?${query}`);
    expect(json).toMatchObject({ totalResults: 12, startIndex, itemsPerPage: indices.length });
    expect(names(json)).toEqual(numbered(...indices));
  });

  it.each(['startIndex=9223372036854775808', 'startIndex=9007199254740993', 'startIndex=500001'])(
    'finds nothing past the end with %s',
    async (query) => {
      expect(await read(client, `/Users?${query}`)).toMatchObject({ totalResults: 12, Resources: [] });
    },
  );

  it.each([
    'count=abc',
    'count=1.5',
    'count=1e3',
    'startIndex=1e309',
    'startIndex=0x1',
    'startIndex=%00',
    'count=NaN',
  ])('refuses %s', async (query) => {
    expectError(await client.request('GET', `/Users?${query}`), 400, 'invalidValue');
  });

  it('keeps the order from page to page while users change', async () => {
    const seen: string[] = [];
    for (let startIndex = 1; startIndex <= 12; startIndex += 3) {
      const page = await read(client, `/Users?startIndex=${startIndex}&count=3`);
      seen.push(...names(page));
      const [first] = page.Resources;
      await client.request('PUT', `/Users/${first.id}`, { ...first, title: 'Changed' });
    }
    expect(seen).toEqual(numbered(...ALL));
  });

  it.each([
    ['userName eq "u03"', [3]],
    ['USERNAME Eq "U03"', [3]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "u03"', [3]],
    ['userName ne "u03"', ALL.filter((index) => index !== 3)],
    ['userName co "0"', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['userName sw "u1"', [10, 11]],
    ['userName ew "1"', [1, 11]],
    ['userName gt "u09"', [10, 11]],
    ['userName ge "u09"', [9, 10, 11]],
    ['userName lt "u02"', [0, 1]],
    ['userName le "u02"', [0, 1, 2]],
    ['nickName pr', []],
    ['externalId eq "X3"', [3]],
    ['externalId eq "x3"', []],
    ['name.familyName eq "NG"', [6, 7, 8, 9, 10, 11]],
    ['active eq false', [0, 3, 6, 9]],
    ['active eq true and name.familyName eq "Ng"', [7, 8, 10, 11]],
    ['userName eq "u01" or userName eq "u02" and active eq false', [1]],
    ['(userName eq "u01" or userName eq "u03") and active eq false', [3]],
    ['not (active eq true)', [0, 3, 6, 9]],
    ['emails eq "u04@home.example.com"', [4]],
    ['emails.value ew "HOME.example.com"', [0, 4, 8]],
    ['emails.type eq "home"', [0, 4, 8]],
    ['emails[type eq "home" and value sw "u08"]', [8]],
    ['emails[type eq "home" and primary eq true]', []],
    [`${ENTERPRISE_USER_SCHEMA}:department eq "r&d"`, [0, 4, 8]],
    ['groups.display eq "sales team"', [0]],
    ['groups[display sw "Sales"]', [0]],
    ['meta.resourceType eq "User"', ALL],
    ['meta.created gt "2020-01-01T00:00:00+02:00"', ALL],
    ['meta.lastModified lt "2020-01-01T00:00:00.0000000Z"', []],
    ['id pr', ALL],
  ])('RFC 7644 3.4.2.2: filters by %s', async (filter, indices) => {
    const json = await read(client, filtered('/Users', filter));
    expect(names(json)).toEqual(numbered(...indices));
    expect(json).toMatchObject({ totalResults: indices.length, itemsPerPage: indices.length });
  });

  it('finds by id and by group, and pages what it finds', async () => {
    const { id } = users[5] as Created;
    expect(names(await read(client, filtered('/Users', `id eq "${id}"`)))).toEqual(['u05']);
    expect(names(await read(client, filtered('/Users', `groups.value eq "${group.id}"`)))).toEqual(['u00']);
    const page = await read(client, `${filtered('/Users', 'active eq true')}&startIndex=3&count=2`);
    expect(page).toMatchObject({ totalResults: 8, itemsPerPage: 2, startIndex: 3 });
    expect(names(page)).toEqual(numbered(4, 5));
    expect(await read(client, `${filtered('/Users', 'active eq true')}&count=0`)).toMatchObject({
      totalResults: 8,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('takes blanks as + and as %20, a trailing & and parameters that it does not know', async () => {
    for (const query of [
      'filter=userName+eq+%22u03%22&',
      'x=1&filter=userName%20eq%20%22u03%22&&__proto__=1',
    ])
      expect(names(await read(client, `/Users?${query}`))).toEqual(['u03']);
    expect(names(await read(client, '/Users?'))).toHaveLength(12);
    expect(names(await read(client, '/Users?filter='))).toHaveLength(12);
  });

  it.each(['sortBy=userName', 'sortBy=name.familyName&sortOrder=descending'])('accepts %s', async (query) => {
    expect((await read(client, `/Users?${query}`)).totalResults).toBe(12);
  });

  it.each([
    ['attributes=userName', ['schemas', 'id', 'userName']],
    ['attributes=USERNAME,%20active', ['schemas', 'id', 'userName', 'active']],
    ['attributes=urn:ietf:params:scim:schemas:core:2.0:User:active', ['schemas', 'id', 'active']],
    ['attributes=name.familyName', ['schemas', 'id', 'name']],
    ['attributes=nothing,__proto__,password', ['schemas', 'id']],
    [`attributes=${ENTERPRISE_USER_SCHEMA}`, ['schemas', 'id', ENTERPRISE_USER_SCHEMA]],
    [`attributes=${ENTERPRISE_USER_SCHEMA}:department`, ['schemas', 'id', ENTERPRISE_USER_SCHEMA]],
    ['attributes=userName,active&excludedAttributes=active', ['schemas', 'id', 'userName']],
    [
      `excludedAttributes=emails,groups,meta,schemas,id,${ENTERPRISE_USER_SCHEMA}`,
      [
        'schemas',
        'id',
        'externalId',
        'userName',
        'name',
        'active',
        'urn:ietf:params:scim:schemas:extension:sap:2.0:User',
      ],
    ],
  ])('RFC 7644 3.9: shows what %s asks for, and always id', async (query, keys) => {
    const json = await read(client, `${filtered('/Users', 'userName eq "u08"')}&${query}`);
    expect(Object.keys(json.Resources[0]).sort()).toEqual([...keys].sort());
  });

  it('gives at most 1000 users, and so many when it is not told', async () => {
    const other = await server.tenants.create('large.example');
    const large = await server.connect({}, other);
    for (let batch = 0; batch < 7; batch++)
      await Promise.all(Array.from({ length: 143 }, () => createUser(large)));
    for (const query of ['', '?count=1001', '?count=5000']) {
      const json = await read(large, `/Users${query}`);
      expect([json.totalResults, json.itemsPerPage, json.Resources.length]).toEqual([1001, 1000, 1000]);
    }
    expect((await read(large, '/Users?startIndex=1001')).Resources).toHaveLength(1);
  });
});

describe('GET /Groups', () => {
  it('RFC 7644 3.4.2: lists groups with their members', async () => {
    const json = await read(client, '/Groups?filter=displayName sw "Sales"&count=50'.replaceAll(' ', '%20'));
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 1,
      itemsPerPage: 1,
      startIndex: 1,
      Resources: [group.json],
    });
    expect(json.Resources[0].members).toEqual([
      { value: users[0]?.id, $ref: `${BASE_URL}/scim/v2/Users/${users[0]?.id}`, type: 'User' },
    ]);
  });

  it('leaves the members out where they are excluded', async () => {
    const { Resources } = await read(client, '/Groups?excludedAttributes=members');
    expect(Resources).toHaveLength(2);
    expect(JSON.stringify(Resources)).not.toContain('members');
  });

  it('answers the probes of Entra ID', async () => {
    const member = `id eq "${group.id}" and members eq "${users[0]?.id}"`;
    const other = `id eq "${group.id}" and members eq "${users[1]?.id}"`;
    const probe = (filter: string) =>
      read(client, `${filtered('/Groups', filter)}&excludedAttributes=members`);
    expect((await probe(member)).totalResults).toBe(1);
    expect((await probe(other)).totalResults).toBe(0);
    expect(await probe('displayName eq "7c4a8d09"')).toMatchObject({ totalResults: 0, Resources: [] });
  });
});
