import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { createGroup, createUser, expectError, filtered, newName, read } from '../http/messages.ts';
import type { Answer } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const SCHEMAS = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];
const WORD = newName('word');
const filter = `displayName sw "${WORD}"`;

beforeAll(async () => {
  const { client } = provider;
  for (const nickName of ['b', 'c', 'a'])
    await createUser(client, {
      displayName: `${WORD} ${nickName}`,
      nickName,
      name: { givenName: 'G', familyName: `F${nickName}` },
      [ENTERPRISE_USER_SCHEMA]: { department: `D${nickName}` },
    });
  await createGroup(client, { displayName: `${WORD} group` });
});

const post = (endpoint: string, parameters: object): Promise<Answer> =>
  provider.client.request('POST', `${endpoint}/.search`, { schemas: SCHEMAS, ...parameters });

/** The resources that a query of users finds. */
async function found(parameters: object) {
  const { status, text, json } = await post('/Users', { filter, ...parameters });
  expect(status, text).toBe(200);
  return json.Resources;
}

const nickNames = async (parameters: object): Promise<string> =>
  (await found(parameters)).map(({ nickName }: { nickName: string }) => nickName).join('');

describe('RFC 7644 section 3.4.3', () => {
  test('RFC 7644 3.4.3 [7644-3.4.3-1] POST to .search is a query: of an endpoint, or of all', async () => {
    const { client } = provider;
    for (const endpoint of ['', '/Users', '/Groups']) {
      const { status, json } = await post(endpoint, { filter });
      expect(status).toBe(200);
      expect(json).toEqual(await read(client, filtered(endpoint === '' ? '/' : endpoint, filter)));
      expect(json.totalResults).toBe({ '': 4, '/Users': 3, '/Groups': 1 }[endpoint]);
    }
    expect((await read(client, '/Users')).totalResults).toBe(3);
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-2] all parameters may be in the body at once, and none has to be', async () => {
    const { status, json } = await post('/Users', {
      filter,
      attributes: ['nickName'],
      sortBy: 'nickName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 1,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(json.Resources).toEqual([{ schemas: expect.anything(), id: expect.any(String), nickName: 'b' }]);
    expect((await post('/Users', {})).json).toEqual(await read(provider.client, '/Users'));
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-3] a body without the SearchRequest schema is refused', async () => {
    const listResponse = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
    for (const schemas of [undefined, [], listResponse, SCHEMAS[0]])
      expectError(await post('/Users', { schemas, filter }), 400, 'invalidSyntax');
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-4] [7644-3.4.3-5] attributes names what to send', async () => {
    const [first] = await found({
      attributes: ['name.givenName', `${ENTERPRISE_USER_SCHEMA}:department`, `${USER_SCHEMA}:NICKNAME`],
      sortBy: 'nickName',
    });
    expect(first).toEqual({
      schemas: expect.arrayContaining([USER_SCHEMA]),
      id: expect.any(String),
      nickName: 'a',
      name: { givenName: 'G' },
      [ENTERPRISE_USER_SCHEMA]: { department: 'Da' },
    });
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-6] [7644-3.4.3-7] [7644-3.4.3-8] excludedAttributes names what to leave out', async () => {
    const excludedAttributes = [
      'id',
      'schemas',
      'name.givenName',
      `${ENTERPRISE_USER_SCHEMA}:department`,
      'meta',
    ];
    const [whole] = await found({ sortBy: 'nickName' });
    const [first] = await found({ excludedAttributes, sortBy: 'nickName' });
    const { meta: _, [ENTERPRISE_USER_SCHEMA]: __, ...rest } = whole;
    expect(first).toEqual({ ...rest, name: { familyName: 'Fa' } });
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-9] [7644-3.4.3-10] filter chooses resources, and has to be valid', async () => {
    expect(await nickNames({ filter: `${filter} and nickName eq "B"` })).toBe('b');
    for (const invalid of ['nickName', 'nickName regex "x"', 'colour pr'])
      expectError(await post('/Users', { filter: invalid }), 400, 'invalidFilter');
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-11] [7644-3.4.3-12] [7644-3.4.3-13] sortBy orders by the path that it names', async () => {
    for (const sortBy of ['nickName', 'name.familyName', `${ENTERPRISE_USER_SCHEMA}:department`])
      expect(await nickNames({ sortBy })).toBe('abc');
    expect(await nickNames({ sortBy: 'meta.created' })).toBe('bca');
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-14] sortOrder turns the order round', async () => {
    expect(await nickNames({ sortBy: 'nickName', sortOrder: 'ascending' })).toBe('abc');
    expect(await nickNames({ sortBy: 'nickName', sortOrder: 'descending' })).toBe('cba');
  });

  test('RFC 7644 3.4.3 [7644-3.4.3-15] [7644-3.4.3-16] startIndex and count choose a page', async () => {
    expect(await nickNames({ sortBy: 'nickName', startIndex: 2 })).toBe('bc');
    expect(await nickNames({ sortBy: 'nickName', count: 2 })).toBe('ab');
    expect(await nickNames({ sortBy: 'nickName', startIndex: -3, count: -1 })).toBe('');
  });
});
