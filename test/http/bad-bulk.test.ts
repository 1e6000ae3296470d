import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { MAX_BULK_OPERATIONS } from '../../src/core/bulk.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  groupBody,
  membersOf,
  patchBody,
  read,
  userBody,
} from './messages.ts';

const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict', requirePrimaryEmail: false });
});
afterAll(() => server.close());

const bulk = (Operations: unknown): Promise<Answer> =>
  client.request('POST', '/Bulk', { schemas: [BULK_REQUEST], Operations });

async function run(operations: object[]): Promise<Answer['json'][]> {
  const { status, text, json } = await bulk(operations);
  expect(status, text).toBe(200);
  return json.Operations;
}

const post = (path: string, bulkId: string, data: object) => ({ method: 'POST', path, bulkId, data });
const statusesOf = (answers: { status: string }[]): string[] => answers.map(({ status }) => status);
const total = async (): Promise<number> => (await read(client, '/?count=0')).totalResults;

test('RFC 7644 3.12: a body nested too deep is refused as a whole', async () => {
  const before = await total();
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  const user = JSON.stringify(post('/Users', 'x', userBody()));
  const body = `{"schemas":["${BULK_REQUEST}"],"Operations":[${user},{"method":"POST","data":${deep}}]}`;
  expectError(await client.request('POST', '/Bulk', body), 400, 'invalidSyntax');
  expect(await total()).toBe(before);
});

test(`${MAX_BULK_OPERATIONS} operations on one resource are carried out one after the other`, async () => {
  const user = await createUser(client);
  const answers = await run(
    Array.from({ length: MAX_BULK_OPERATIONS }, (_, index) => ({
      method: 'PATCH',
      path: user.path,
      version: `W/"${index + 1}"`,
      data: patchBody({ op: 'replace', path: 'title', value: `T${index}` }),
    })),
  );
  expect(new Set(statusesOf(answers))).toEqual(new Set(['200']));
  expect(answers.at(-1).version).toBe(`W/"${MAX_BULK_OPERATIONS + 1}"`);
  expect((await read(client, user.path)).title).toBe(`T${MAX_BULK_OPERATIONS - 1}`);
});

test('one user can be changed, deleted and missed in one request', async () => {
  const user = await createUser(client);
  const title = {
    method: 'PATCH',
    path: user.path,
    data: patchBody({ op: 'add', path: 'title', value: 'T' }),
  };
  const gone = { method: 'DELETE', path: user.path };
  expect(statusesOf(await run([title, gone, title, gone]))).toEqual(['200', '204', '404', '404']);
});

test('an endpoint may be spelled as a tenant may define it; one that is not there is 404', async () => {
  const [answer] = await run([post('/0a.b~c-d', 'x', {})]);
  expect(answer.status).toBe('404');
});

describe('bulkIds', () => {
  test('of any length are repeated in the answer and can be referred to', async () => {
    const huge = 'ü'.repeat(200_000);
    const answers = await run([
      post('/Users', huge, userBody()),
      post('/Groups', 'g', groupBody({ members: membersOf({ id: `bulkId:${huge}` }) })),
    ]);
    expect(statusesOf(answers)).toEqual(['201', '201']);
    expect(answers[0].bulkId).toBe(huge);
  });

  test('that are unknown are not repeated at length', async () => {
    const [answer] = await run([
      post('/Groups', 'g', groupBody({ members: membersOf({ id: `bulkId:${'x'.repeat(100_000)}` }) })),
    ]);
    expect([answer.status, answer.response.scimType]).toEqual(['400', 'invalidValue']);
    expect(answer.response.detail.length).toBeLessThan(300);
  });
});

describe('RFC 7644 3.7.2: what looks like a reference inside of a text', () => {
  it('is text, but in the filter of a path', async () => {
    const group = await createGroup(client);
    const title = 'see "bulkId:u" and bulkId:u, or "bulkId:nobody"';
    const [made, , removed] = await run([
      post('/Users', 'u', userBody({ title })),
      {
        method: 'PATCH',
        path: group.path,
        data: patchBody({ op: 'add', path: 'members', value: membersOf({ id: 'bulkId:u' }) }),
      },
      {
        method: 'PATCH',
        path: group.path,
        data: patchBody({ op: 'remove', path: 'members[value eq "bulkId:u"]' }),
      },
    ]);
    expect([made.status, removed.status]).toEqual(['201', '200']);
    expect((await read(client, `/Users/${made.location.split('/').at(-1)}`)).title).toBe(title);
    expect((await read(client, group.path)).members).toEqual([]);
  });

  it('takes no longer to read than its length asks for', async () => {
    const text = '"bulkId:\\'.repeat(100_000);
    const user = await createUser(client);
    const answers = await run([
      post('/Users', 'u', userBody({ [text]: 1 })),
      { method: 'PATCH', path: user.path, data: patchBody({ op: 'add', path: text, value: 'x' }) },
      { method: 'PATCH', path: user.path, data: patchBody({ op: 'add', path: 'nothing', value: text }) },
    ]);
    expect(statusesOf(answers)).toEqual(['201', '400', '400']);
    expect(answers[1].response.scimType).toBe('invalidPath');
    const paths = Array.from({ length: 400 }, () => ({
      method: 'PATCH',
      path: user.path,
      data: patchBody({ op: 'add', path: text.slice(0, 16_000), value: 'x' }),
    }));
    expect(new Set(statusesOf(await run(paths)))).toEqual(new Set(['400']));
  });
});
