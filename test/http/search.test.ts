import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, expectError } from './messages.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

let server: TestServer;
let client: Client;
let strict: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  for (const [userName, displayName] of [
    ['ann', 'Zoe'],
    ['bob', undefined],
    ['cat', 'Ann'],
  ])
    await createUser(client, { userName, ...(displayName && { displayName }), externalId: `x-${userName}` });
  for (const displayName of ['Mid', 'anna']) await createGroup(client, { displayName });
});
afterAll(() => server.close());

const search = (path: string, body: object, by: Client = strict) =>
  by.request('POST', `${path}/.search`, { schemas: [SEARCH], ...body });

const namesOf = ({ json }: { json: { Resources: { userName?: string; displayName?: string }[] } }) =>
  json.Resources.map(({ userName, displayName }) => userName ?? displayName);

describe('RFC 7644 3.4.3: POST .search', () => {
  it('filters, sorts, pages and projects as the query string does', async () => {
    const answer = await search('/Users', {
      filter: 'userName pr',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 1,
      attributes: ['userName'],
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ totalResults: 3, itemsPerPage: 1, startIndex: 2 });
    expect(Object.keys(answer.json.Resources[0]).sort()).toEqual(['id', 'schemas', 'userName']);
    const query =
      'filter=userName%20pr&sortBy=userName&sortOrder=descending&startIndex=2&count=1&attributes=userName';
    expect(answer.json).toEqual((await strict.request('GET', `/Users?${query}`)).json);
  });

  it('takes names in any case and null for none', async () => {
    const answer = await search('/Users', { FILTER: 'username eq "BOB"', sortby: null, Attributes: [] });
    expect(namesOf(answer)).toEqual(['bob']);
    expect(answer.json.Resources[0].emails).toHaveLength(1);
  });

  it('leaves attributes out', async () => {
    const { json } = await search('/Users', { filter: 'userName eq "bob"', excludedAttributes: ['emails'] });
    expect(json.Resources[0].emails).toBeUndefined();
  });

  test.each([
    ['no object', '[]', 'invalidSyntax'],
    ['no schema', {}, 'invalidSyntax'],
    ['another schema', { schemas: ['urn:x'] }, 'invalidSyntax'],
    ['a filter that is no text', { schemas: [SEARCH], filter: 5 }, 'invalidSyntax'],
    ['a filter that cannot be read', { schemas: [SEARCH], filter: 'userName eq' }, 'invalidFilter'],
    ['a filter twice', '{"schemas":[],"filter":"id pr","FILTER":"id pr"}', 'invalidSyntax'],
    ['attributes that are no list', { schemas: [SEARCH], attributes: 'userName' }, 'invalidSyntax'],
    ['a count that is no integer', { schemas: [SEARCH], count: 1.5 }, 'invalidSyntax'],
    ['a startIndex in quotes', { schemas: [SEARCH], startIndex: '1' }, 'invalidSyntax'],
    ['a cursor that is no text', { schemas: [SEARCH], cursor: {} }, 'invalidSyntax'],
    ['an unknown sort', { schemas: [SEARCH], sortBy: 'nobody' }, 'invalidPath'],
    ['another order', { schemas: [SEARCH], sortBy: 'id', sortOrder: 'up' }, 'invalidValue'],
  ] as const)('%s is 400', async (_what, body, scimType) => {
    for (const path of ['', '/Users', '/Groups'])
      expectError(await strict.request('POST', `${path}/.search`, body), 400, scimType);
  });

  it('needs a body, and takes no other method', async () => {
    expectError(await strict.request('POST', '/Users/.search'), 400, 'invalidSyntax');
    const answer = await strict.request('GET', '/Users/.search');
    expectError(answer, 405);
    expect(answer.headers.allow).toBe('POST');
  });

  it('takes a request without its schema in the standard dialect, and says so in the log', async () => {
    const answer = await client.request('POST', '/.search', { filter: 'displayName eq "mid"' });
    expect(namesOf(answer)).toEqual(['Mid']);
    expect(server.logLines.at(-1)).toContain('"tolerances":["message-schema-missing"]');
  });

  it('is reading, so that a credential that may only read is enough', async () => {
    const reader = await server.connect({ readOnly: true });
    expect((await search('/Users', {}, reader)).status).toBe(200);
    expectError(await reader.request('POST', '/Users', {}), 403);
  });
});

describe('RFC 7644 3.4.2.1: a query of the root takes in all resource types', () => {
  const root = async (query: string) => strict.request('GET', `/${query}`);

  test.each([
    ['', ['ann', 'bob', 'cat', 'Mid', 'anna']],
    ['?startIndex=3&count=2', ['cat', 'Mid']],
    ['?startIndex=5', ['anna']],
    ['?startIndex=6', []],
    ['?filter=displayName%20co%20%22ann%22', ['cat', 'anna']],
    ['?filter=userName%20pr', ['ann', 'bob', 'cat']],
    ['?filter=not%20(userName%20pr)', ['Mid', 'anna']],
    ['?filter=userName%20ne%20%22ann%22', ['bob', 'cat', 'Mid', 'anna']],
    ['?filter=userName%20eq%20null', ['Mid', 'anna']],
    ['?filter=meta.resourceType%20eq%20%22Group%22', ['Mid', 'anna']],
    ['?filter=userName%20sw%20%22a%22%20or%20displayName%20sw%20%22m%22', ['ann', 'Mid']],
    ['?filter=userName%20pr%20and%20displayName%20pr', ['ann', 'cat']],
    ['?filter=members%20pr', []],
    ['?filter=emails%5Btype%20eq%20%22work%22%5D%20and%20externalId%20sw%20%22x-%22', ['ann', 'bob', 'cat']],
    ['?sortBy=displayName', ['cat', 'anna', 'Mid', 'ann', 'bob']],
    ['?sortBy=displayName&sortOrder=descending', ['bob', 'ann', 'Mid', 'anna', 'cat']],
    ['?sortBy=displayName&startIndex=2&count=2', ['anna', 'Mid']],
    ['?sortBy=displayName&startIndex=5', ['bob']],
    ['?sortBy=userName&count=4', ['ann', 'bob', 'cat', 'Mid']],
  ])('%s', async (query, wanted) => {
    const answer = await root(query);
    expect(answer.status, answer.text).toBe(200);
    expect(namesOf(answer).map((name) => name)).toEqual(wanted);
  });

  it('counts over all types', async () => {
    expect((await root('?count=0')).json.totalResults).toBe(5);
    expect((await root('?count=2')).json).toMatchObject({ totalResults: 5, itemsPerPage: 2 });
    expect((await root('?filter=displayName%20co%20%22ann%22&count=1')).json.totalResults).toBe(2);
  });

  it('answers each resource with its own type', async () => {
    const { json } = await root('?sortBy=displayName&count=2');
    expect(json.Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType)).toEqual([
      'User',
      'Group',
    ]);
    for (const { meta } of json.Resources)
      expect(
        (await server.send('GET', new URL(meta.location).pathname, { authorization: strict.authorization }))
          .status,
      ).toBe(200);
  });

  test.each([
    ['?filter=nobody%20pr', 'invalidFilter'],
    ['?filter=userName%20pr%20and%20nobody.x%20eq%201', 'invalidFilter'],
    ['?filter=userName%20gt%20true', 'invalidFilter'],
    ['?sortBy=nobody', 'invalidPath'],
    ['?sortBy=members', 'invalidPath'],
  ] as const)('%s is 400 %s', async (query, scimType) => {
    expectError(await root(query), 400, scimType);
  });

  it('takes GET only', async () => {
    const answer = await strict.request('POST', '/', {});
    expectError(answer, 405);
    expect(answer.headers.allow).toBe('GET');
  });
});
