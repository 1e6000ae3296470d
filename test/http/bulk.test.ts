import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { MAX_BULK_BYTES, MAX_BULK_OPERATIONS } from '../../src/core/bulk.ts';
import { type Answer, BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  groupBody,
  newName,
  patchBody,
  read,
  userBody,
} from './messages.ts';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict', requirePrimaryEmail: false });
});
afterAll(() => server.close());

const post = (path: string, bulkId: string, data: object) => ({ method: 'POST', path, bulkId, data });

async function bulk(operations: unknown, more: object = {}, by: Client = client): Promise<Answer> {
  return by.request('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations: operations, ...more });
}

/** The operations of the answer, which has to be a BulkResponse. */
async function run(operations: object[], more: object = {}): Promise<Answer['json'][]> {
  const { status, text, json } = await bulk(operations, more);
  expect(status, text).toBe(200);
  expect(Object.keys(json).sort()).toEqual(['Operations', 'schemas']);
  expect(json.schemas).toEqual([BULK_RESPONSE]);
  return json.Operations;
}

const statuses = (operations: { status: string }[]): string[] => operations.map(({ status }) => status);

const total = async (): Promise<number> => (await read(client, '/?count=0')).totalResults;

const idOf = ({ location }: { location: string }): string => location.split('/').at(-1) as string;

describe('RFC 7644 3.7: Bulk', () => {
  it('carries out every method, and answers each as section 3.7.3 says', async () => {
    const [old, other, gone] = [await createUser(client), await createUser(client), await createUser(client)];
    const userName = newName();
    const answers = await run([
      post('/Users', 'new', userBody()),
      { method: 'PUT', path: `/Users/${old.id}`, version: 'W/"1"', data: userBody({ userName, title: 'T' }) },
      { method: 'PATCH', path: other.path, data: patchBody({ op: 'add', path: 'nickName', value: 'N' }) },
      { method: 'DELETE', path: gone.path, version: 'W/"1"' },
    ]);
    const at = `${BASE_URL}/scim/v2/Users`;
    expect(answers).toEqual([
      {
        method: 'POST',
        bulkId: 'new',
        version: 'W/"1"',
        status: '201',
        location: expect.stringMatching(`^${at}/.`),
      },
      { method: 'PUT', version: 'W/"2"', status: '200', location: `${at}/${old.id}` },
      { method: 'PATCH', version: 'W/"2"', status: '200', location: `${at}/${other.id}` },
      { method: 'DELETE', status: '204', location: `${at}/${gone.id}` },
    ]);
    expect((await read(client, `/Users/${idOf(answers[0])}`)).meta.version).toBe('W/"1"');
    expect(await read(client, old.path)).toMatchObject({ userName, title: 'T' });
    expect((await read(client, other.path)).nickName).toBe('N');
    expect((await client.request('GET', gone.path)).status).toBe(404);
  });

  it('tells what is wrong with each operation, and carries out the others', async () => {
    const taken = await createUser(client);
    const before = await total();
    const answers = await run([
      post('/Users', 'a', userBody({ userName: taken.json.userName })),
      post('/Users', 'b', {}),
      post('/Users', 'c', userBody()),
      {
        method: 'PATCH',
        path: taken.path,
        version: 'W/"7"',
        data: patchBody({ op: 'remove', path: 'title' }),
      },
      { method: 'PATCH', path: taken.path, data: patchBody({ op: 'add', path: 'nobody', value: 'x' }) },
      { method: 'DELETE', path: '/Users/nobody' },
      { method: 'DELETE', path: taken.path, version: 'W/' },
    ]);
    expect(answers.map(({ status, response }) => [status, response?.status, response?.scimType])).toEqual([
      ['409', '409', 'uniqueness'],
      ['400', '400', 'invalidValue'],
      ['201', undefined, undefined],
      ['412', '412', undefined],
      ['400', '400', 'invalidPath'],
      ['404', '404', undefined],
      ['400', '400', 'invalidSyntax'],
    ]);
    expect(answers.map(({ location }) => location !== undefined)).toEqual([
      ...[false, false, true, true, true, true, true],
    ]);
    for (const { response } of answers.filter(({ status }) => status !== '201'))
      expect(response.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect(await total()).toBe(before + 1);
    expect(await read(client, taken.path)).toEqual(taken.json);
  });

  test.each<[what: string, operation: unknown, scimType: string | undefined]>([
    ['no object', 5, 'invalidSyntax'],
    ['no method', { path: '/Users', bulkId: 'x', data: {} }, 'invalidSyntax'],
    ['GET', { method: 'GET', path: '/Users/1' }, 'invalidSyntax'],
    ['a method in lower case', { method: 'post', path: '/Users', bulkId: 'x', data: {} }, 'invalidSyntax'],
    ['no path', { method: 'POST', bulkId: 'x', data: {} }, 'invalidValue'],
    ['a path that is no text', { method: 'POST', path: ['/Users'], bulkId: 'x', data: {} }, 'invalidSyntax'],
    ['an absolute URL', post('http://127.0.0.1:1/Users', 'x', {}), 'invalidValue'],
    ['a URL without scheme', post('//127.0.0.1/Users', 'x', {}), 'invalidValue'],
    ['a path that goes up', post('/../Users', 'x', {}), 'invalidValue'],
    ['a path with a query', post('/Users?x=1', 'x', {}), 'invalidValue'],
    ['an encoded path', post('/%55sers', 'x', {}), 'invalidValue'],
    ['Bulk in Bulk', post('/Bulk', 'x', {}), undefined],
    ['Me', { method: 'PATCH', path: '/Me', data: {} }, 'invalidValue'],
    ['a search', { method: 'POST', path: '/Users/.search', bulkId: 'x', data: {} }, 'invalidValue'],
    ['an unknown endpoint', post('/Nobody', 'x', {}), undefined],
    ['a discovery endpoint', post('/Schemas', 'x', {}), undefined],
    ['POST to a resource', post('/Users/1', 'x', {}), 'invalidValue'],
    ['PUT to an endpoint', { method: 'PUT', path: '/Users', data: {} }, 'invalidValue'],
    ['POST without bulkId', { method: 'POST', path: '/Users', data: {} }, 'invalidSyntax'],
    ['a bulkId that is no text', { method: 'POST', path: '/Users', bulkId: 5, data: {} }, 'invalidSyntax'],
    ['no data', { method: 'POST', path: '/Users', bulkId: 'x' }, 'invalidSyntax'],
    ['data that is no object', { method: 'POST', path: '/Users', bulkId: 'x', data: 'x' }, 'invalidSyntax'],
    ['PATCH without operations', { method: 'PATCH', path: '/Users/1', data: {} }, 'invalidSyntax'],
    [
      'an unknown reference',
      post('/Groups', 'x', groupBody({ members: [{ value: 'bulkId:y' }] })),
      'invalidValue',
    ],
    ['a name twice', { method: 'DELETE', Method: 'DELETE', path: '/Users/1' }, 'invalidSyntax'],
  ])('%s fails that operation alone', async (_what, operation, scimType) => {
    const before = await total();
    const answers = await run([operation as object, post('/Users', 'good', userBody())]);
    const [bad, good] = answers;
    expect(Number(bad.status) >= 400 && Number(bad.status) < 500, JSON.stringify(bad)).toBe(true);
    expect([bad.response.status, bad.response.scimType]).toEqual([scimType ? '400' : '404', scimType]);
    expect(good.status).toBe('201');
    expect(await total()).toBe(before + 1);
  });

  test.each<[what: string, body: unknown, scimType: 'invalidSyntax' | 'tooMany']>([
    ['a list', [], 'invalidSyntax'],
    ['no schema', { Operations: [] }, 'invalidSyntax'],
    ['no Operations', { schemas: [BULK_REQUEST] }, 'invalidSyntax'],
    ['Operations that are no list', { schemas: [BULK_REQUEST], Operations: {} }, 'invalidSyntax'],
    [
      'a failOnErrors that is no number',
      { schemas: [BULK_REQUEST], failOnErrors: '1', Operations: [] },
      'invalidSyntax',
    ],
    [
      'a failOnErrors below zero',
      { schemas: [BULK_REQUEST], failOnErrors: -1, Operations: [] },
      'invalidSyntax',
    ],
  ])('a request with %s is refused as a whole', async (_what, body, scimType) => {
    expectError(await client.request('POST', '/Bulk', body), 400, scimType);
  });

  it('RFC 7644 3.7.4: more operations or bytes than it says are 413, and nothing is carried out', async () => {
    const before = await total();
    const operations = Array.from({ length: MAX_BULK_OPERATIONS + 1 }, (_, index) =>
      post('/Users', `b${index}`, userBody()),
    );
    expectError(await bulk(operations), 413);
    const title = 'x'.repeat(MAX_BULK_BYTES);
    expectError(await bulk([post('/Users', 'large', userBody({ title }))]), 413);
    expect(await total()).toBe(before);
    const { bulk: announced } = await read(client, '/ServiceProviderConfig');
    expect(announced).toEqual({
      supported: true,
      maxOperations: MAX_BULK_OPERATIONS,
      maxPayloadSize: MAX_BULK_BYTES,
    });
  });

  it('takes POST only, and needs the right to write', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await client.request(method, '/Bulk');
      expectError(answer, 405);
      expect(answer.headers.allow).toBe('POST');
    }
    const reader = await server.connect({ readOnly: true });
    expectError(await bulk([], {}, reader), 403);
  });

  it('touches nothing of another tenant', async () => {
    const user = await createUser(client);
    const other = await server.connect({ dialect: 'strict' }, await server.tenants.create('bulk.example'));
    const answer = await bulk(
      [
        { method: 'DELETE', path: user.path },
        post('/Groups', 'g', groupBody({ members: [{ value: user.id }] })),
      ],
      {},
      other,
    );
    expect(statuses(answer.json.Operations)).toEqual(['404', '400']);
    expect(await read(client, user.path)).toEqual(user.json);
  });
});

describe('RFC 7644 3.7: failOnErrors', () => {
  const bad = (bulkId: string) => post('/Users', bulkId, {});
  const good = (bulkId: string) => post('/Users', bulkId, userBody());

  test.each([
    [1, ['201', '400']],
    [2, ['201', '400', '201', '400']],
    [3, ['201', '400', '201', '400', '201']],
    [0, ['201', '400', '201', '400', '201']],
    [undefined, ['201', '400', '201', '400', '201']],
  ])('%s', async (failOnErrors, wanted) => {
    const before = await total();
    const operations = [good('a'), bad('b'), good('c'), bad('d'), good('e')];
    expect(statuses(await run(operations, { failOnErrors }))).toEqual(wanted);
    expect(await total()).toBe(before + wanted.filter((status) => status === '201').length);
  });

  it('stops in the middle of many', async () => {
    const before = await total();
    const operations = [...Array(120).keys()].map((index) => (index === 70 ? bad('x') : good(`g${index}`)));
    const answers = await run(operations, { failOnErrors: 1 });
    expect(answers).toHaveLength(71);
    expect(await total()).toBe(before + 70);
  });
});

describe('RFC 7644 3.7.2: references by bulkId', () => {
  const members = (...bulkIds: string[]) => bulkIds.map((bulkId) => ({ value: `bulkId:${bulkId}` }));

  it('stand for what is created before or after, in data, extensions, paths and filters', async () => {
    const group = await createGroup(client);
    const answers = await run([
      post('/Groups', 'team', groupBody({ members: members('ann', 'bob') })),
      {
        method: 'PATCH',
        path: group.path,
        data: patchBody({ op: 'add', path: 'members', value: members('ann', 'bob') }),
      },
      {
        method: 'PATCH',
        path: group.path,
        data: patchBody({ op: 'remove', path: 'members[value eq "bulkId:bob"]' }),
      },
      post('/Users', 'ann', userBody({ [ENTERPRISE]: { manager: { value: 'bulkId:bob' } } })),
      post('/Users', 'bob', userBody()),
      {
        method: 'PATCH',
        path: '/Users/bulkId:bob',
        data: patchBody({ op: 'add', path: 'title', value: 'Boss' }),
      },
    ]);
    expect(statuses(answers)).toEqual(['201', '200', '200', '201', '201', '200']);
    const [team, , , ann, bob, titled] = answers.map(idOf);
    expect(titled).toBe(bob);
    const valuesOf = async (path: string) =>
      (await read(client, path)).members.map(({ value }: { value: string }) => value);
    expect((await valuesOf(`/Groups/${team}`)).sort()).toEqual([ann, bob].sort());
    expect(await valuesOf(group.path)).toEqual([ann]);
    expect((await read(client, `/Users/${ann}`))[ENTERPRISE].manager.value).toBe(bob);
    expect((await read(client, `/Users/${bob}`)).title).toBe('Boss');
  });

  it('may form circles (section 3.7.1), and a group may be its own member', async () => {
    const answers = await run([
      post('/Groups', 'a', groupBody({ members: members('b') })),
      post('/Groups', 'b', groupBody({ members: members('c', 'u') })),
      post('/Users', 'u', userBody()),
      post('/Groups', 'c', groupBody({ members: members('a', 'c') })),
    ]);
    expect(statuses(answers)).toEqual(['201', '201', '201', '201']);
    const [a, b, u, c] = answers.map(idOf);
    for (const [group, wanted] of [
      [a, [b]],
      [b, [c, u]],
      [c, [a, c]],
    ] as const) {
      const { members: found, meta } = await read(client, `/Groups/${group}`);
      expect(found.map(({ value }: { value: string }) => value).sort()).toEqual([...wanted].sort());
      expect(meta.version).toBe('W/"1"');
    }
  });

  it('make what refers to something that failed fail too, circles as a whole', async () => {
    const before = await total();
    const answers = await run([
      post('/Groups', 'on-bad', groupBody({ members: members('bad') })),
      post('/Users', 'bad', {}),
      post('/Groups', 'x', groupBody({ members: members('y') })),
      post('/Groups', 'y', { schemas: [], members: members('x') }),
      post('/Groups', 'on-x', groupBody({ members: members('x') })),
      post('/Users', 'good', userBody()),
    ]);
    expect(statuses(answers)).toEqual(['409', '400', '409', '400', '409', '201']);
    expect(await total()).toBe(before + 1);
  });

  it('fail a second operation with the same bulkId', async () => {
    expect(statuses(await run([post('/Users', 'd', userBody()), post('/Users', 'd', userBody())]))).toEqual([
      '201',
      '400',
    ]);
  });

  it('are any text, names of prototypes too', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'a"b', 'ü {}'];
    const answers = await run([
      ...names.map((name) => post('/Users', name, userBody())),
      post('/Groups', 'all', groupBody({ members: members(...names) })),
    ]);
    expect(statuses(answers)).toEqual(Array(6).fill('201'));
    expect((await read(client, `/Groups/${idOf(answers[5])}`)).members).toHaveLength(5);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('a chain of a thousand is resolved', async () => {
    const operations = [...Array(MAX_BULK_OPERATIONS).keys()].map((index) =>
      post('/Groups', `g${index}`, groupBody({ members: index < 999 ? members(`g${index + 1}`) : [] })),
    );
    expect(new Set(statuses(await run(operations)))).toEqual(new Set(['201']));
  });
});
