import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  expectError,
  idsOf,
  isLater,
  membersOf,
  newName,
  patchBody,
  read,
  UNKNOWN_ID,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
/** Users by the letters that the tables name them by. */
let users: Readonly<Record<string, Created>>;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  users = Object.fromEntries(
    await Promise.all(['a', 'b', 'c', 'd'].map(async (letter) => [letter, await createUser(client)])),
  );
});
afterAll(() => server.close());

const userOf = (letter: string): Created => users[letter] as Created;
const idOf = (letter: string): string => userOf(letter).id;

/** A group of users `a` and `b`. */
const pair = () => createGroup(client, { members: membersOf(userOf('a'), userOf('b')) });

/** Puts ids where a table has `{a}`, `{b}` ..., since it is made before the users are. */
const withIds = (operations: unknown): object[] =>
  JSON.parse(JSON.stringify(operations).replace(/\{([a-d])\}/g, (_, letter) => idOf(letter)));

async function lettersIn(path: string): Promise<string> {
  const { members } = await read(client, path);
  const letterOf = Object.fromEntries(Object.keys(users).map((letter) => [idOf(letter), letter]));
  return members
    .map(({ value }: { value: string }) => letterOf[value])
    .sort()
    .join('');
}

describe('PATCH /Groups/{id}', () => {
  it.each([
    ['add of one', [{ op: 'add', path: 'members', value: [{ value: '{c}', type: 'User' }] }], 'abc'],
    ['add of several', [{ op: 'add', path: 'members', value: [{ value: '{c}' }, { value: '{d}' }] }], 'abcd'],
    ['add without a path', [{ op: 'add', value: { members: [{ value: '{c}' }] } }], 'abc'],
    ['remove of one', [{ op: 'remove', path: 'members[value eq "{a}"]' }], 'b'],
    ['remove of several', [{ op: 'remove', path: 'members[value eq "{a}" or value eq "{b}"]' }], ''],
    ['remove by another filter', [{ op: 'remove', path: 'members[not (value eq "{a}")]' }], 'a'],
    ['remove by type', [{ op: 'remove', path: 'members[type eq "user"]' }], ''],
    ['remove of all', [{ op: 'remove', path: 'members' }], ''],
    ['replace', [{ op: 'replace', path: 'members', value: [{ value: '{b}' }, { value: '{c}' }] }], 'bc'],
    ['replace by none', [{ op: 'replace', path: 'members', value: [] }], ''],
    ['replace without a path', [{ op: 'replace', value: { members: [{ value: '{d}' }] } }], 'd'],
    [
      'remove and add in one request',
      [
        { op: 'remove', path: 'members[value eq "{a}"]' },
        { op: 'add', path: 'members', value: [{ value: '{c}' }] },
      ],
      'bc',
    ],
    [
      'remove of all, then add',
      [
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [{ value: '{d}' }] },
      ],
      'd',
    ],
    [
      'add and then remove of the same',
      [
        { op: 'add', path: 'members', value: [{ value: '{c}' }] },
        { op: 'remove', path: 'members[value eq "{a}" or value eq "{c}"]' },
      ],
      'b',
    ],
    [
      'replace, then add, then remove',
      [
        { op: 'replace', path: 'members', value: [{ value: '{b}' }, { value: '{c}' }] },
        { op: 'add', path: 'members', value: [{ value: '{d}' }] },
        { op: 'remove', path: 'members[value eq "{c}"]' },
      ],
      'bd',
    ],
  ])('RFC 7644 3.5.2: %s', async (_, operations, letters) => {
    const group = await pair();
    const { status, headers, json, text } = await strict.request(
      'PATCH',
      group.path,
      patchBody(...withIds(operations)),
    );
    expect(status, text).toBe(200);
    expect(await lettersIn(group.path)).toBe(letters);
    expect(json).toEqual(await read(client, group.path));
    expect([json.meta.version, headers.etag]).toEqual(['W/"2"', 'W/"2"']);
    expect(isLater(json.meta, group.json.meta)).toBe(true);
    for (const letter of Object.keys(users)) {
      const { groups } = await read(client, userOf(letter).path);
      const isIn = groups.some(({ value }: { value: string }) => value === group.id);
      expect([letter, isIn]).toEqual([letter, letters.includes(letter)]);
    }
  });

  it.each([
    [
      'Entra ID: Add with $ref null',
      [{ op: 'Add', path: 'members', value: [{ $ref: null, value: '{c}' }] }],
      'abc',
    ],
    [
      'Entra ID: Remove with a value list',
      [{ op: 'Remove', path: 'members', value: [{ value: '{a}' }] }],
      'b',
    ],
    ['Entra ID: a plain string', [{ op: 'Add', path: 'members', value: '{c}' }], 'abc'],
    ['Entra ID: one object for an array', [{ op: 'add', path: 'members', value: { value: '{c}' } }], 'abc'],
    [
      'Okta: remove by filter and add with display',
      [
        { op: 'remove', path: 'members[value eq "{a}"]' },
        { op: 'add', path: 'members', value: [{ value: '{c}', display: 'c@example.com' }] },
      ],
      'bc',
    ],
    ['Okta: full push', [{ op: 'replace', path: 'members', value: [{ value: '{d}', display: 'd' }] }], 'd'],
  ])('takes what providers send. %s', async (_, operations, letters) => {
    const group = await pair();
    const { status, text } = await client.request('PATCH', group.path, patchBody(...withIds(operations)));
    expect(status, text).toBe(200);
    expect(await lettersIn(group.path)).toBe(letters);
  });

  it('Okta: a new name with the id in the value keeps the members', async () => {
    const group = await pair();
    const displayName = newName('renamed');
    const body = patchBody({ op: 'replace', value: { id: group.id, displayName } });
    const { status, json } = await client.request('PATCH', group.path, body);
    expect([status, json.displayName, json.members]).toEqual([200, displayName, group.json.members]);
    expect(await idsOf(client, '/Groups', `displayName eq "${displayName}"`)).toEqual([group.id]);
    expect(await idsOf(client, '/Groups', `displayName eq "${group.json.displayName}"`)).toEqual([]);
  });

  it.each([
    ['add of a member that is there', [{ op: 'add', path: 'members', value: [{ value: '{a}' }] }]],
    ['remove of one that is not there', [{ op: 'remove', path: 'members[value eq "{c}"]' }]],
    ['remove of an id that nobody has', [{ op: 'remove', path: 'members[value eq "x"]' }]],
    [
      'replace by the same',
      [{ op: 'replace', path: 'members', value: [{ value: '{b}' }, { value: '{a}' }] }],
    ],
  ])('RFC 7644 3.5.2.1: keeps version and lastModified after %s', async (_, operations) => {
    const group = await pair();
    const { status, json } = await strict.request('PATCH', group.path, patchBody(...withIds(operations)));
    expect([status, json]).toEqual([200, group.json]);
  });

  it.each([
    [
      'add of an unknown member',
      { op: 'add', path: 'members', value: [{ value: UNKNOWN_ID }] },
      'invalidValue',
    ],
    [
      'replace by an unknown member',
      { op: 'replace', path: 'members', value: [{ value: 'x' }] },
      'invalidValue',
    ],
    [
      'a user as a group',
      { op: 'add', path: 'members', value: [{ value: '{d}', type: 'Group' }] },
      'invalidValue',
    ],
    ['a member without a value', { op: 'add', path: 'members', value: [{ display: 'x' }] }, 'invalidValue'],
    ['members that are numbers', { op: 'add', path: 'members', value: [1] }, 'invalidValue'],
    ['no value', { op: 'add', path: 'members' }, 'invalidValue'],
    [
      'another value for a member',
      { op: 'replace', path: 'members[value eq "{a}"].value', value: '{d}' },
      'mutability',
    ],
    ['remove of displayName', { op: 'remove', path: 'displayName' }, 'mutability'],
    ['id', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    ['SQL in a filter', { op: 'remove', path: `members[value eq "x" or '1'='1']` }, 'invalidPath'],
    ['an unknown attribute in a filter', { op: 'remove', path: 'members[name eq "x"]' }, 'invalidPath'],
    ['an attribute of users', { op: 'replace', path: 'userName', value: 'x' }, 'invalidPath'],
  ] as const)('refuses %s, and undoes what came before', async (_, operation, scimType) => {
    const group = await pair();
    const operations = [
      { op: 'replace', path: 'displayName', value: 'Undone' },
      { op: 'remove', path: 'members[value eq "{a}"]' },
      { op: 'add', path: 'members', value: [{ value: '{c}' }] },
      operation,
    ];
    expectError(await client.request('PATCH', group.path, patchBody(...withIds(operations))), 400, scimType);
    expect(await read(client, group.path)).toEqual(group.json);
    expect(await idsOf(client, '/Groups', 'displayName eq "Undone"')).toEqual([]);
  });

  it('makes every change of many that come at once', async () => {
    const group = await createGroup(client);
    const created = await Promise.all(Array.from({ length: 30 }, () => createUser(client)));
    const answers = await Promise.all(
      created.map(({ id }) =>
        client.request(
          'PATCH',
          group.path,
          patchBody({ op: 'add', path: 'members', value: [{ value: id }] }),
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { members, meta } = await read(client, group.path);
    expect(members.map(({ value }: { value: string }) => value)).toEqual(created.map(({ id }) => id).sort());
    expect(meta.version).toBe('W/"31"');
  });

  it('answers 404 for an unknown id and for the id of a user', async () => {
    const body = patchBody({ op: 'replace', path: 'displayName', value: 'x' });
    for (const id of [UNKNOWN_ID, idOf('a'), 'x'])
      expectError(await client.request('PATCH', `/Groups/${id}`, body), 404);
  });
});

describe('RFC 7644 3.5.2: the answer to PATCH /Groups/{id}', () => {
  const rename = () => patchBody({ op: 'replace', path: 'displayName', value: newName('renamed') });
  const add = ({ id }: Created) => patchBody({ op: 'add', path: 'members', value: [{ value: id }] });
  const tolerancesUsed = (): string[] | undefined => JSON.parse(server.logLines.at(-1) as string).tolerances;

  it.each([
    ['', 200, 200],
    ['?excludedAttributes=members', 204, 200],
    ['?excludedAttributes=displayName,members', 204, 200],
    ['?excludedAttributes=members.$ref', 200, 200],
    ['?attributes=displayName', 200, 200],
    ['?attributes=members.value', 200, 200],
    ['?attributes=displayName&excludedAttributes=members', 200, 200],
  ])(
    'for a small group and the query "%s": %d in standard, %d in strict',
    async (query, standard, inStrict) => {
      for (const [dialect, status] of [
        [client, standard],
        [strict, inStrict],
      ] as const) {
        const group = await pair();
        const answer = await dialect.request('PATCH', group.path + query, rename());
        expect([answer.status, answer.headers.etag]).toEqual([status, 'W/"2"']);
        expect(tolerancesUsed()).toEqual(status === 204 ? ['group-patch-without-body'] : undefined);
        if (status === 204) expect([answer.text, answer.headers['content-type']]).toEqual(['', undefined]);
        else expect(answer.json).toEqual(await read(client, group.path + query));
      }
    },
  );

  it('for a group of more than 100 members: 204 in standard unless attributes are named, 200 in strict', async () => {
    const created = await Promise.all(Array.from({ length: 103 }, () => createUser(client)));
    const [one, two, three, ...hundred] = created as [Created, Created, Created, ...Created[]];
    const group = await createGroup(client, { members: membersOf(...hundred) });
    const unchanged = await client.request('PATCH', group.path, add(hundred[0] as Created));
    expect([unchanged.status, unchanged.headers.etag]).toEqual([200, 'W/"1"']);
    const { status, headers, text } = await client.request('PATCH', group.path, add(one));
    expect([status, headers.etag, text, headers['content-type']]).toEqual([204, 'W/"2"', '', undefined]);
    const asked = await client.request('PATCH', `${group.path}?attributes=displayName`, add(two));
    expect([asked.status, asked.headers.etag, asked.json.displayName]).toEqual([
      200,
      'W/"3"',
      group.json.displayName,
    ]);
    const whole = await strict.request('PATCH', group.path, add(three));
    expect([whole.status, whole.headers.etag]).toEqual([200, 'W/"4"']);
    expect(whole.json.members).toHaveLength(103);
    expect(whole.json).toEqual(await read(client, group.path));
  });

  it('of a user is 200 in both dialects', async () => {
    const body = patchBody({ op: 'replace', path: 'title', value: 'T' });
    for (const dialect of [client, strict])
      expect(
        (await dialect.request('PATCH', `${userOf('a').path}?excludedAttributes=groups`, body)).status,
      ).toBe(200);
  });
});
