import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { type Created, createUser, userBody } from './messages.ts';
import { exchange } from './raw-connection.ts';

let server: TestServer;
let client: Client;
let user: Created;
let port: number;
let tenants = 0;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  user = await createUser(client, { displayName: 'Known to nobody else' });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});
/** After every attack the server answers, and nothing was made or changed. */
afterEach(async () => {
  const { status, json } = await fetchUsers();
  expect(status).toBe(200);
  expect(json).toMatchObject({ totalResults: 1, Resources: [user.json] });
  expect(server.logLines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});
afterAll(() => server.close());

async function fetchUsers() {
  const answer = await fetch(`http://127.0.0.1:${port}/scim/v2/Users`, {
    headers: { authorization: client.authorization, connection: 'close' },
  });
  return { status: answer.status, json: await answer.json() };
}

/** The head of a request up to the blank line, lines ended by CR LF. */
const head = (requestLine: string, ...fields: string[]): string =>
  [requestLine, 'Host: roster.test', ...fields, '', ''].join('\r\n');

const authorized = (requestLine: string, ...fields: string[]): string =>
  head(requestLine, `Authorization: ${client.authorization}`, ...fields);

const JSON_FIELD = 'Content-Type: application/scim+json';
const body = () => JSON.stringify(userBody());

describe('RFC 9112 6: a message that could be read in two ways is refused with 400, and the connection ends', () => {
  it.each<[string, () => string]>([
    [
      'Content-Length and Transfer-Encoding',
      () =>
        `${authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, `Content-Length: ${body().length}`, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    ],
    [
      'Transfer-Encoding and Content-Length',
      () =>
        `${authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked', 'Content-Length: 6')}0\r\n\r\nG`,
    ],
    [
      'two different Content-Lengths',
      () =>
        authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: 5', 'Content-Length: 6') +
        body(),
    ],
    [
      'a list of Content-Lengths',
      () => authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: 5, 6') + body(),
    ],
    [
      'a negative Content-Length',
      () => authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: -1') + body(),
    ],
    [
      'a Content-Length with a sign',
      () => authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: +5') + body(),
    ],
    [
      'a Content-Length in hexadecimal',
      () => authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: 0x10') + body(),
    ],
    [
      'a Content-Length past all numbers',
      () =>
        authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, `Content-Length: ${'9'.repeat(30)}`) + body(),
    ],
    [
      'a transfer coding that is not chunked at last',
      () =>
        `${authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n`,
    ],
    [
      'a chunk size that is none',
      () =>
        `${authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
    ],
    [
      'a chunk longer than its size',
      () =>
        `${authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked')}1\r\n{}{}{}\r\n0\r\n\r\n`,
    ],
    ['a folded field (obs-fold)', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-A: b\r\n folded: c')],
    [
      'a field name with a blank behind',
      () => authorized('GET /scim/v2/Users HTTP/1.1', 'Content-Length : 0'),
    ],
    ['a field without a colon', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-A')],
    ['a field name with a control character', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-\u0001: a')],
    ['a NUL in a field', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-A: a\u0000b')],
    ['lines that end in a bare LF', () => authorized('GET /scim/v2/Users HTTP/1.1').replaceAll('\r\n', '\n')],
    ['a field that ends in a bare LF', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-A: a\nX-B: b')],
    ['a field that ends in a bare CR', () => authorized('GET /scim/v2/Users HTTP/1.1', 'X-A: a\rX-B: b')],
    ['no Host', () => authorized('GET /scim/v2/Users HTTP/1.1').replace('Host: roster.test\r\n', '')],
    ['a method that is none', () => authorized('GE\u0001T /scim/v2/Users HTTP/1.1')],
    ['another version', () => authorized('GET /scim/v2/Users HTTP/9.9')],
    ['a blank in the URL', () => authorized('GET /scim/v2/Us ers HTTP/1.1')],
    ['no HTTP at all', () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n'],
  ])('%s', async (_, bytes) => {
    const { text, statuses, closedByServer } = await exchange(port, Buffer.from(bytes(), 'latin1'));
    expect(statuses.at(-1), text).toBe(400);
    expect(statuses).toHaveLength(1);
    expect(closedByServer).toBe(true);
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\nConnection: close\r\n/i);
    expect(text).not.toMatch(/Known to nobody|node_modules|\bat \w+ \(/);
    if (!text.includes('application/scim+json')) expect(text).toMatch(/\r\n\r\n$/); // Node's own, without a body
  });
});

describe('a body that is not what its length says', () => {
  it('is not carried out when it ends too early', async () => {
    const text = body();
    const lying = authorized(
      'POST /scim/v2/Users HTTP/1.1',
      JSON_FIELD,
      `Content-Length: ${text.length + 50}`,
    );
    const { statuses, closedByServer } = await exchange(port, lying + text, { halfClose: true });
    expect(closedByServer).toBe(true);
    expect(statuses.filter((status) => status < 400)).toEqual([]);
  });

  it('is refused when its chunks never come to an end', async () => {
    const text = body();
    const chunked = authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked');
    const bytes = `${chunked}${text.length.toString(16)}\r\n${text}\r\n`;
    const { statuses, closedByServer } = await exchange(port, bytes, { halfClose: true });
    expect(closedByServer).toBe(true);
    expect(statuses.filter((status) => status < 400)).toEqual([]);
  });

  it('is cut where Content-Length says; what is left is no request', async () => {
    const lying = authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Content-Length: 10');
    const { statuses, closedByServer } = await exchange(port, lying + body());
    expect(statuses).toEqual([400, 400].slice(0, statuses.length));
    expect(closedByServer).toBe(true);
  });

  it('is refused with 413 before it has come, by what its length says', async () => {
    const huge = authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, `Content-Length: ${2 ** 40}`);
    const { text, statuses } = await exchange(port, huge, { patienceMs: 1000 });
    expect(statuses).toEqual([413]);
    expect(text).toContain('"status":"413"');
  });

  it('does not keep a client that is still writing from reading the 413', async () => {
    const text = 'x'.repeat(8 * 1024 * 1024);
    const answer = await fetch(`http://127.0.0.1:${port}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: client.authorization, 'content-type': 'application/json' },
      body: text,
    });
    expect([answer.status, await answer.json()]).toMatchObject([413, { status: '413' }]);
  });

  it('is refused with 413 while it comes in chunks, and the rest is not waited for', async () => {
    const chunk = `${(1 << 20).toString(16)}\r\n${' '.repeat(1 << 20)}\r\n`;
    const bytes =
      authorized('POST /scim/v2/Users HTTP/1.1', JSON_FIELD, 'Transfer-Encoding: chunked') + chunk.repeat(8);
    const { statuses, closedByServer } = await exchange(port, bytes);
    expect(statuses.filter((status) => status !== 413)).toEqual([]);
    expect(closedByServer).toBe(true);
  });
});

describe('RFC 6585 5: header fields that are too large are refused with 431', () => {
  it.each([
    ['one field of 20 KiB', () => ['X-Large: '.padEnd(20 * 1024, 'x')]],
    ['a credential of 20 KiB', () => ['Authorization: Bearer '.padEnd(20 * 1024, 'x')]],
    ['one field of 100 KiB', () => ['X-Large: '.padEnd(100 * 1024, 'x')]],
    ['1,900 fields', () => Array.from({ length: 1900 }, (_, index) => `X-${index}: ${'y'.repeat(20)}`)],
  ])('%s', async (_, fields) => {
    const { text, statuses, closedByServer } = await exchange(
      port,
      head('GET /scim/v2/Users HTTP/1.1', 'Connection: close', ...fields()),
    );
    expect(statuses, text.slice(0, 200)).toEqual([431]);
    expect(text).toContain('"status":"431"');
    expect(closedByServer).toBe(true);
  });

  it('but a filter of 16,384 characters fits into the URL', async () => {
    const filter = encodeURIComponent(`title eq "${'€'.repeat(5000)}"`);
    const { statuses } = await exchange(
      port,
      authorized(`GET /scim/v2/Users?filter=${filter} HTTP/1.1`, 'Connection: close'),
    );
    expect(statuses).toEqual([200]);
  });
});

describe('no spelling of a path leads around the credentials', () => {
  const PATHS = [
    '/scim/v2/Users',
    '//scim/v2/Users',
    '/scim//v2/Users',
    '/scim/v2//Users',
    '/scim/v2/Users/',
    '/scim/v2/./Users',
    '/scim/v2/x/../Users',
    '/healthz/../scim/v2/Users',
    '/healthz/%2e%2e/scim/v2/Users',
    '/healthz%2f..%2fscim/v2/Users',
    '/scim%2fv2%2fUsers',
    '/scim/v2%2fUsers',
    '/scim/v2/%55sers',
    '/%73cim/v2/Users',
    '/scim/v2/Users%2f',
    '/scim/v2/Users%00',
    '/scim/v2/Users%20',
    '/scim/v2/Users;x=1',
    '/scim/v2/Users?',
    '/scim/v2/Users#x',
    '/scim/v2\\Users',
    '/SCIM/v2/Users',
    '/scim/V2/users',
    '/t//scim/v2/Users',
    '////scim///v2//Users//',
    '//t//carbon.super//scim//v2//Users',
    '/t/carbon.super/scim/v2/Users/',
    '/scim/v2/Users/.search/',
    '/scim/v2//Me/',
    '/scim/v2//',
    '/t/carbon.super/scim/v2/Users',
    '/t/carbon.super%2fscim/v2/Users',
    '/t/x%2f..%2f../scim/v2/Users',
    'http://roster.test/scim/v2/Users',
    'http://evil.test//scim/v2/Users',
    '*',
    'scim/v2/Users',
  ];

  it.each(PATHS)('%s', async (path) => {
    for (const target of [path, path.replace('Users', `Users/${user.id}`)]) {
      const { text, statuses } = await exchange(port, head(`GET ${target} HTTP/1.1`, 'Connection: close'));
      expect(statuses).toHaveLength(1);
      expect([400, 401, 404], `${target}: ${text}`).toContain(statuses[0]);
      expect(text).not.toMatch(/Known to nobody|totalResults/);
      if (statuses[0] === 401) expect(text).toMatch(/\r\nWWW-Authenticate: Bearer /i);
    }
  });

  it.each([
    '//scim/v2/Users/{id}',
    '/scim/v2//Users/{id}',
    '/scim/v2/Users//{id}',
    '/scim/v2/Users/{id}/',
    '//t//carbon.super//scim//v2//Users//{id}//',
  ])('a slash too many asks for the same credentials and rights: %s', async (path) => {
    const target = path.replace('{id}', user.id);
    const readOnly = await server.connect({ readOnly: true });
    const stranger = await server.connect({}, await server.tenants.create(`${++tenants}.example`));
    const statusOf = async (method: string, authorization: string): Promise<number[]> => {
      const fields = [`Authorization: ${authorization}`, 'Connection: close'];
      return [...(await exchange(port, head(`${method} ${target} HTTP/1.1`, ...fields))).statuses];
    };
    expect(await statusOf('GET', client.authorization)).toEqual([200]);
    expect(await statusOf('DELETE', readOnly.authorization)).toEqual([403]);
    expect(await statusOf('DELETE', 'Bearer nonsense')).toEqual([401]);
    expect(await statusOf('DELETE', stranger.authorization)).toEqual([path.includes('carbon') ? 401 : 404]);
    expect(await statusOf('OPTIONS', client.authorization)).toEqual([405]);
  });

  it.each([
    '/scim/v2/Users%2f{id}',
    '/scim/v2/Users/x/../{id}',
    '/scim/v2/Groups/../Users/{id}',
    '/scim/v2/Groups/%2e%2e%2fUsers%2f{id}',
    '/healthz/../scim/v2/Users/{id}',
    '/SCIM/V2/USERS/{id}',
    '/scim/v2/Users/{id}//x',
    '/t//scim/v2/Users/{id}',
    '/scim/v2/Users/{id}%00',
    '/scim/v2/Users/{id};x',
    '/t/x/scim/v2/Users/{id}',
  ])('with credentials %s is not the user either', async (path) => {
    const target = path.replace('{id}', user.id);
    const { statuses } = await exchange(port, authorized(`DELETE ${target} HTTP/1.1`, 'Connection: close'));
    expect(statuses).toHaveLength(1);
    expect([401, 404]).toContain(statuses[0]);
  });
});

describe('one connection', () => {
  it('carries requests one behind the other, each with credentials of its own', async () => {
    const bytes =
      authorized('GET /scim/v2/Users?count=0 HTTP/1.1') +
      head('GET /scim/v2/Users HTTP/1.1') +
      authorized('GET /scim/v2/Users/x HTTP/1.1', 'Connection: close');
    const { text, statuses } = await exchange(port, bytes);
    expect(statuses).toEqual([200, 401, 404]);
    expect(text).not.toContain('Known to nobody');
  });

  it('is not kept open by a client that never ends its side of a malformed request', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connections = () => promisify(server.app.server.getConnections.bind(server.app.server))();
    socket.write('nonsense\r\n\r\n');
    socket.resume();
    await once(socket, 'end');
    await expect.poll(connections).toBe(0);
    socket.destroy();
  });
});
