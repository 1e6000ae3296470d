import { describe, expect, test } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import {
  createUser,
  expectError,
  groupBody,
  idsOf,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from '../http/messages.ts';
import { type Answer, BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
const send = (body: object): Promise<Answer> => provider.client.request('POST', '/Bulk', body);

/** The operations of the answer to a bulk request that is carried out. */
async function bulk(operations: readonly object[], more: object = {}) {
  const { status, text, json } = await send({ schemas: SCHEMAS, Operations: operations, ...more });
  expect(status, text).toBe(200);
  expect(json.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  return json.Operations;
}

const statuses = (operations: { status: string }[]): string[] => operations.map(({ status }) => status);
const idOf = ({ location }: { location: string }): string => location.split('/').at(-1) ?? '';

const post = (bulkId: string, data: object = userBody(), path = '/Users') => ({
  method: 'POST',
  path,
  bulkId,
  data,
});
const rename = (value: string) => patchBody({ op: 'replace', path: 'displayName', value });
const failing = { method: 'DELETE', path: `/Users/${UNKNOWN_ID}` };

describe('RFC 7644 section 3.7: the request', () => {
  test('RFC 7644 3.7 [7644-3.7-2] [7644-3.7-13] a body that is no bulk request is 400', async () => {
    const body = userBody();
    const Operations = [post('a', body)];
    for (const wrong of [{ schemas: SCHEMAS }, { schemas: SCHEMAS, Operations: 'none' }, { Operations }])
      expectError(await send(wrong), 400, 'invalidSyntax');
    expect(await idsOf(provider.client, '/Users', `userName eq "${body.userName}"`)).toEqual([]);
  });

  test('RFC 7644 3.7 [7644-3.7-3] [7644-3.7-4] [7644-3.7-6] [7644-3.7-7] an operation needs method, path, bulkId and data', async () => {
    const data = userBody();
    const { path, json } = await createUser(provider.client);
    const results = await bulk([
      { path: '/Users', bulkId: 'a', data },
      { method: 'GET', path },
      { method: 'POST', path: '/Users', data },
      { method: 'POST', bulkId: 'b', data },
      { method: 'DELETE' },
      { method: 'POST', path: '/Users', bulkId: 'c' },
      { method: 'PUT', path },
      { method: 'PATCH', path },
    ]);
    for (const { status, response } of results) expect([status, response.status]).toEqual(['400', '400']);
    expect(results).toHaveLength(8);
    expect(await idsOf(provider.client, '/Users', `userName eq "${data.userName}"`)).toEqual([]);
    expect(await read(provider.client, path)).toEqual(json);
  });

  test('RFC 7644 3.7 [7644-3.7-5] a version is a condition, as If-Match is', async () => {
    const { path, json } = await createUser(provider.client);
    const { version } = json.meta;
    const stale = 'W/"99"';
    const results = await bulk([
      { method: 'PATCH', path, version: stale, data: rename('A') },
      { method: 'PUT', path, version: stale, data: json },
      { method: 'DELETE', path, version: stale },
      { method: 'PATCH', path, version, data: rename('B') },
    ]);
    expect(statuses(results)).toEqual(['412', '412', '412', '200']);
    expect((await read(provider.client, path)).displayName).toBe('B');
  });

  test('RFC 7644 3.2 [7644-3.2-5] [7644-3.7-12] all methods in one POST', async () => {
    const { client } = provider;
    const [first, second, third] = [
      await createUser(client),
      await createUser(client),
      await createUser(client),
    ];
    const results = await bulk([
      post('a'),
      { method: 'PUT', path: first.path, data: { ...first.json, displayName: 'P' } },
      { method: 'PATCH', path: second.path, data: rename('Q') },
      { method: 'DELETE', path: third.path },
    ]);
    expect(statuses(results)).toEqual(['201', '200', '200', '204']);
    expect(results.map(({ method }: { method: string }) => method)).toEqual([
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
    ]);
    expect((await read(client, first.path)).displayName).toBe('P');
    expect((await read(client, second.path)).displayName).toBe('Q');
    expectError(await client.request('GET', third.path), 404);
    expect((await client.request('GET', `/Users/${idOf(results[0])}`)).status).toBe(200);
  });
});

describe('RFC 7644 section 3.7: the answer', () => {
  test('RFC 7644 3.7 [7644-3.7-8] [7644-3.7-17] [7644-3.7.3-2] location and bulkId come back, but no location of a failed POST', async () => {
    const { client } = provider;
    const taken = await createUser(client);
    const results = await bulk([
      post('new'),
      post('failed', userBody({ userName: taken.json.userName })),
      { method: 'PATCH', path: taken.path, data: rename('A') },
      { method: 'PATCH', path: taken.path, data: patchBody({ op: 'remove' }) },
      failing,
    ]);
    const root = `${BASE_URL}/scim/v2`;
    expect(results[0].bulkId).toBe('new');
    expect(results[0].location).toMatch(new RegExp(`^${root}/Users/[^/]+$`));
    expect(results[1].bulkId).toBe('failed');
    expect(results[1]).not.toHaveProperty('location');
    expect(results.slice(2).map(({ location }: { location: string }) => location)).toEqual([
      root + taken.path,
      root + taken.path,
      root + failing.path,
    ]);
  });

  test('RFC 7644 3.7 [7644-3.7-9] [7644-3.7-10] [7644-3.7-11] [7644-3.7.3-4] [7644-3.12-17] a failure has the error as its response', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const results = await bulk([
      post('ok'),
      failing,
      post('taken', userBody({ userName: json.userName })),
      { method: 'PATCH', path, data: patchBody({ op: 'replace', path: 'id', value: 'x' }) },
    ]);
    expect(results[0]).not.toHaveProperty('response');
    const errors = results.slice(1).map(({ response }: { response: object }) => response);
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    const detail = expect.stringMatching(/\w/);
    expect(errors).toEqual([
      { schemas, status: '404', detail },
      { schemas, status: '409', scimType: 'uniqueness', detail },
      { schemas, status: '400', scimType: 'mutability', detail },
    ]);
  });

  test('RFC 7644 3.7.3 [7644-3.7.3-1] [7644-3.7.3-3] each result has the status that a single request has', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const body = userBody({ userName: json.userName });
    const single = [
      await client.request('POST', '/Users', body),
      await client.request('PATCH', path, rename('A')),
      await client.request('DELETE', `/Users/${UNKNOWN_ID}`),
      await client.request('PUT', path, { ...json, userName: '' }),
    ];
    const results = await bulk([
      post('a', body),
      { method: 'PATCH', path, data: rename('A') },
      failing,
      { method: 'PUT', path, data: { ...json, userName: '' } },
    ]);
    expect(statuses(results)).toEqual(single.map(({ status }) => String(status)));
    expect(statuses(results)).toEqual(['409', '200', '404', '400']);
  });
});

describe('RFC 7644 section 3.7: failures and the sequence', () => {
  test('RFC 7644 3.7 [7644-3.7-14] without failOnErrors every operation is tried', async () => {
    const results = await bulk([failing, post('a'), failing, post('b')]);
    expect(statuses(results)).toEqual(['404', '201', '404', '201']);
    for (const created of [results[1], results[3]])
      expect((await provider.client.request('GET', `/Users/${idOf(created)}`)).status).toBe(200);
  });

  test('RFC 7644 3.7 [7644-3.7-1] [7644-3.7-15] failOnErrors is the number of errors to stop at', async () => {
    const last = userBody();
    const operations = [failing, post('a'), failing, post('b', last)];
    expect(statuses(await bulk(operations, { failOnErrors: 2 }))).toEqual(['404', '201', '404']);
    expect(await idsOf(provider.client, '/Users', `userName eq "${last.userName}"`)).toEqual([]);
    expect(statuses(await bulk([failing, post('c', last)], { failOnErrors: 1 }))).toEqual(['404']);
    expect(statuses(await bulk([failing, post('d', last)], { failOnErrors: 2 }))).toEqual(['404', '201']);
  });

  test('RFC 7644 3.7 [7644-3.7-16] [7644-3.7.2-1] a bulkId stands for the id of a new resource', async () => {
    const { client } = provider;
    const [user, group] = await bulk([
      post('u'),
      post('g', groupBody({ members: [{ value: 'bulkId:u', type: 'User' }] }), '/Groups'),
    ]);
    const { members } = await read(client, `/Groups/${idOf(group)}`);
    expect(members.map(({ value }: { value: string }) => value)).toEqual([idOf(user)]);
    const [, another] = await bulk([
      post('v'),
      {
        method: 'PATCH',
        path: `/Groups/${idOf(group)}`,
        data: patchBody({ op: 'add', path: 'members', value: [{ value: 'bulkId:v' }] }),
      },
    ]);
    expect(another.status).toBe('200');
    expect((await read(client, `/Groups/${idOf(group)}`)).members).toHaveLength(2);
  });

  test('RFC 7644 3.7 [7644-3.7-18] [7644-3.7-19] a reference to a later operation comes to what the sequence means', async () => {
    const { client } = provider;
    const body = groupBody({ members: [{ value: 'bulkId:late' }] });
    const results = await bulk([post('g', body, '/Groups'), post('late')]);
    expect(statuses(results)).toEqual(['201', '201']);
    const [group, user] = results;
    const { members } = await read(client, `/Groups/${idOf(group)}`);
    expect(members.map(({ value }: { value: string }) => value)).toEqual([idOf(user)]);
    const { path, json } = await createUser(client);
    const changes = ['A', 'B', 'C'].map((value) => ({ method: 'PATCH', path, data: rename(value) }));
    await bulk(changes);
    expect((await read(client, path)).displayName).toBe('C');
    const again = await bulk([{ method: 'DELETE', path }, post('x', userBody({ userName: json.userName }))]);
    expect(statuses(again)).toEqual(['204', '201']);
  });

  test('RFC 7644 3.7.1 [7644-3.7.1-1] groups that are members of each other are created', async () => {
    const { client } = provider;
    const member = (bulkId: string) => groupBody({ members: [{ type: 'Group', value: `bulkId:${bulkId}` }] });
    const results = await bulk([
      post('qwerty', member('ytrewq'), '/Groups'),
      post('ytrewq', member('qwerty'), '/Groups'),
    ]);
    expect(statuses(results)).toEqual(['201', '201']);
    const [a, b] = results.map(idOf);
    for (const [id, other] of [
      [a, b],
      [b, a],
    ]) {
      const { members } = await read(client, `/Groups/${id}`);
      expect(members).toMatchObject([
        { value: other, type: 'Group', $ref: `${BASE_URL}/scim/v2/Groups/${other}` },
      ]);
    }
  });

  test('RFC 7644 3.7.2 [7644-3.7.2-2] a bulkId in an extension is replaced too', async () => {
    const manager = {
      [ENTERPRISE_USER_SCHEMA]: { employeeNumber: '11250', manager: { value: 'bulkId:qwerty' } },
    };
    const [alice, bob] = await bulk([post('qwerty'), post('ytrewq', userBody(manager))]);
    const after = await read(provider.client, `/Users/${idOf(bob)}`);
    expect(after[ENTERPRISE_USER_SCHEMA].manager.value).toBe(idOf(alice));
  });
});

describe('RFC 7644 section 3.7.4', () => {
  test('RFC 7644 3.7.4 [7644-3.7.4-1] [7644-3.7.4-2] [7644-3.7.4-3] [7644-3.7.4-4] more than the limits is 413 and names the limit', async () => {
    const { client } = provider;
    const { bulk: limits } = await read(client, '/ServiceProviderConfig');
    expect(limits.supported).toBe(true);
    const user = await createUser(client);
    const change = { method: 'PATCH', path: user.path, data: rename('A') };
    const tooMany = Array.from({ length: limits.maxOperations + 1 }, () => change);
    const many = await send({ schemas: SCHEMAS, Operations: tooMany });
    expectError(many, 413);
    expect(many.json.detail).toContain(String(limits.maxOperations));
    const data = rename('x'.repeat(limits.maxPayloadSize));
    const large = await send({ schemas: SCHEMAS, Operations: [{ ...change, data }] });
    expectError(large, 413);
    expect(large.json.detail).toContain(String(limits.maxPayloadSize));
    expect(await read(client, user.path)).toEqual(user.json);
  });
});
