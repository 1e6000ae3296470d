import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListParameters } from '../../src/core/list.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { RequestContext } from '../../src/service/context.ts';
import { listResources } from '../../src/service/lists.ts';
import { loadResources } from '../../src/service/load.ts';
import { type Client, startServer, strictContext, type TestServer } from '../support/server.ts';
import { type Created, createGroup, filtered, read, userBody } from './messages.ts';

/** Members of the groups, in the order in which the groups are made: none, few, the last number that is few, and many. */
const SIZES = [2500, 0, 3, 100, 101, 6000, 1, 4001];

/** Above what the largest piece of an answer has; the list as a whole is far larger. */
const LARGEST_PIECE = 400_000;

let server: TestServer;
let client: Client;
let context: RequestContext;
const groups: Created[] = [];
const statements: string[] = [];

beforeAll(async () => {
  server = await startServer({ onStatement: (sql) => statements.push(sql) });
  client = await server.connect();
  context = strictContext(server);
  const ids: string[] = [];
  const bodies = Array.from({ length: Math.max(...SIZES) }, () => userBody());
  await loadResources(server.services, context, USER_TYPE, bodies, (loaded) => ids.push(...loaded));
  for (const [index, size] of SIZES.entries())
    groups.push(
      await createGroup(client, {
        displayName: `${index % 2 === 0 ? 'even' : 'odd'} ${9 - index}`,
        members: ids.slice(0, size).map((value) => ({ value })),
      }),
    );
});
afterAll(() => server.close());

const single = async (path: string): Promise<string> => (await client.request('GET', path)).text;

/** The texts of the resources in a list, which are joined by commas. */
const resourcesText = (list: string): string => list.slice(list.indexOf('"Resources":[') + 13, -2);

/** Whether a statement reads members of a large group. */
const isPiece = (sql: string): boolean => /\bAS last\b/.test(sql);

const ALL: ListParameters = {
  filter: undefined,
  sortBy: undefined,
  sortOrder: undefined,
  startIndex: undefined,
  count: undefined,
  cursor: undefined,
  projectionOf: () => undefined,
};

describe('a list of large groups', () => {
  it.each([
    '',
    'attributes=members.value',
    'excludedAttributes=members.$ref,displayName',
    'excludedAttributes=members',
    'attributes=displayName',
  ])('has the same bytes for each group as GET of it alone has, with the query "%s"', async (query) => {
    const { status, headers, text, json } = await client.request('GET', `/Groups?${query}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/scim+json; charset=utf-8');
    const texts = await Promise.all(groups.map(({ path }) => single(`${path}?${query}`)));
    expect(resourcesText(text) === texts.join(',')).toBe(true);
    expect(json).toMatchObject({ totalResults: SIZES.length, itemsPerPage: SIZES.length, startIndex: 1 });
  });

  it('is the same by index, by cursor, sorted, filtered and searched for', async () => {
    const texts = await Promise.all(groups.map(({ path }) => single(path)));
    const odd = texts.filter((_, index) => index % 2 === 1);
    const search = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'displayName sw "odd"',
    };
    const answers = [
      [await client.request('GET', '/Groups?startIndex=2&count=5'), texts.slice(1, 6)],
      [await client.request('GET', '/Groups?cursor=&count=6'), texts.slice(0, 6)],
      [await client.request('GET', filtered('/Groups', 'displayName sw "odd"')), odd],
      [
        await client.request('GET', `${filtered('/Groups', 'displayName sw "odd"')}&sortBy=displayName`),
        odd.toReversed(),
      ],
      [await client.request('POST', '/Groups/.search', search), odd],
      [await client.request('POST', '/.search', search), odd],
    ] as const;
    for (const [index, [{ status, text }, wanted]] of answers.entries())
      expect([index, status, resourcesText(text) === wanted.join(',')]).toEqual([index, 200, true]);
  });

  it('answers HEAD without a body, and reads no large group for it', async () => {
    for (const path of ['/Groups', groups[0]?.path ?? '']) {
      statements.length = 0;
      const { status, headers, text } = await client.request('HEAD', path);
      expect([status, text, headers['content-length']]).toEqual([200, '', undefined]);
      expect(statements.filter(isPiece)).toEqual([]);
    }
  });

  it('is read and sent in pieces, each when the one before it has been taken', async () => {
    const body = await listResources(server.services, context, [GROUP_TYPE], ALL);
    expect(typeof body).toBe('object');
    statements.length = 0;
    const pieces = body as AsyncIterable<Uint8Array>;
    let [total, largest, taken] = [0, 0, 0];
    for await (const { byteLength } of pieces) {
      taken++;
      total += byteLength;
      largest = Math.max(largest, byteLength);
      expect(statements.filter(isPiece).length).toBeLessThanOrEqual(taken);
    }
    expect(statements.filter(isPiece).length).toBeGreaterThan(4);
    const { text } = await client.request('GET', '/Groups');
    expect(total).toBe(Buffer.byteLength(text));
    expect(largest).toBeLessThan(LARGEST_PIECE);
    expect(total).toBeGreaterThan(4 * LARGEST_PIECE);
  });

  it('of which only small groups are asked for is one text', async () => {
    const filter = `displayName eq "${groups[2]?.json.displayName}"`;
    expect(typeof (await listResources(server.services, context, [GROUP_TYPE], { ...ALL, filter }))).toBe(
      'string',
    );
    expect((await read(client, filtered('/Groups', filter))).Resources).toEqual([groups[2]?.json]);
  });

  it('that the client gives up is read no further', async () => {
    const body = await listResources(server.services, context, [GROUP_TYPE], ALL);
    for await (const _ of body as AsyncIterable<Uint8Array>) break;
    statements.length = 0;
    expect((await client.request('GET', groups[1]?.path ?? '')).status).toBe(200);
    expect(statements.filter(isPiece)).toEqual([]);
  });
});
