import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ requirePrimaryEmail: false });
  for (const [userName, familyName] of [
    ['c', 'Abel'],
    ['A', undefined],
    ['b', 'zed'],
    ['d', 'Moe'],
  ])
    await client.request('POST', '/Users', { userName, ...(familyName && { name: { familyName } }) });
});

afterAll(() => server.close());

const names = async (query: string): Promise<string[]> =>
  ((await client.request('GET', `/Users?${query}`)).json.Resources as { userName: string }[]).map(
    ({ userName }) => userName,
  );

test.each([
  ['sortBy=userName', ['A', 'b', 'c', 'd']],
  ['sortBy=username&sortOrder=DESCENDING', ['d', 'c', 'b', 'A']],
  ['sortBy=name.familyName', ['c', 'd', 'b', 'A']],
  ['sortBy=name.familyName&sortOrder=descending', ['A', 'b', 'd', 'c']],
  ['sortBy=userName&startIndex=2&count=2', ['b', 'c']],
  ['sortBy=name.familyName&startIndex=4', ['A']],
  ['sortBy=name.familyName&startIndex=5', []],
  ['sortBy=userName&filter=name.familyName%20pr&sortOrder=descending', ['d', 'c', 'b']],
])('RFC 7644 3.4.2.3: %s', async (query, wanted) => {
  expect(await names(query)).toEqual(wanted);
});

test.each([
  ['sortBy=nobody', 'invalidPath'],
  ["sortBy=userName'--", 'invalidPath'],
  ['sortBy=password', 'invalidPath'],
  ['sortBy=userName&sortOrder=up', 'invalidValue'],
])('%s is 400 %s', async (query, scimType) => {
  const answer = await client.request('GET', `/Users?${query}`);
  expect([answer.status, answer.json.scimType]).toEqual([400, scimType]);
});
