import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createUser, expectError, idsOf, newName, patchBody, userBody } from './messages.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

const SCIM = 'application/scim+json; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

describe('Content-Type', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'application/scim+json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; charset=utf8',
    'Application/SCIM+JSON; Charset=Utf-8',
    'application/scim+json; profile=x; charset=utf-8',
  ])('RFC 7644 3.1, 3.8: reads %s', async (type) => {
    const body = userBody({ displayName: 'Łukasz' });
    const created = await client.request('POST', '/Users', body, { 'content-type': type });
    expect([created.status, created.json.displayName]).toEqual([201, 'Łukasz']);
    const path = `/Users/${created.json.id}`;
    const changed = await client.request('PATCH', path, patchBody({ op: 'remove', path: 'displayName' }), {
      'content-type': type,
    });
    expect([changed.status, changed.json.displayName]).toEqual([200, undefined]);
  });

  it.each([
    'text/plain',
    'text/json',
    'text/xml',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/jsonp',
    'application/vnd.api+json',
    'application/json; charset=utf-16',
    'application/scim+json; charset=iso-8859-1',
    'application/json, text/plain',
    'json',
    '*/*',
    '',
  ])('RFC 9110 15.5.16: refuses %j with 415, and makes nothing', async (type) => {
    const userName = newName();
    for (const [method, path] of [
      ['POST', '/Users'],
      ['POST', '/Groups'],
      ['PUT', '/Users/x'],
      ['PATCH', '/Groups/x'],
    ] as const)
      expectError(await client.request(method, path, userBody({ userName }), { 'content-type': type }), 415);
    expect(await idsOf(client, '/Users', `userName eq "${userName}"`)).toEqual([]);
  });

  it('never reads XML with a DTD', async () => {
    const xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>';
    const answer = await client.request('POST', '/Users', xml, { 'content-type': 'application/xml' });
    expectError(answer, 415);
    expect(answer.text).not.toContain('root:');
  });
});

describe('Content-Encoding', () => {
  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
    ['deflate, gzip', gzipSync],
    ['none-such', (text: string) => Buffer.from(text)],
  ])('refuses %s with 415, and makes nothing', async (encoding, compress) => {
    const body = userBody();
    const answer = await client.request('POST', '/Users', compress(JSON.stringify(body)), {
      'content-encoding': encoding,
    });
    expectError(answer, 415);
    expect(await idsOf(client, '/Users', `userName eq "${body.userName}"`)).toEqual([]);
  });

  it('refuses a bomb before it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expectError(await client.request('POST', '/Users', bomb, { 'content-encoding': 'gzip' }), 415);
  });

  it('takes identity', async () => {
    const answer = await client.request('POST', '/Users', userBody(), { 'content-encoding': 'identity' });
    expect(answer.status).toBe(201);
  });
});

describe('Accept', () => {
  it.each([
    [undefined, SCIM],
    ['application/scim+json', SCIM],
    ['application/json', JSON_TYPE],
    ['Application/JSON', JSON_TYPE],
    ['application/json;charset=utf-8', JSON_TYPE],
    ['application/scim+json, application/json', SCIM],
    ['*/*', SCIM],
    ['text/html', SCIM],
    ['', SCIM],
  ])('RFC 7644 3.8: %j is answered with %s', async (accept, type) => {
    const { path } = await createUser(client);
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const answers = [
      await client.request('GET', path, undefined, headers),
      await client.request('GET', '/Users', undefined, headers),
      await client.request('GET', '/Schemas', undefined, headers),
      await client.request('GET', '/ServiceProviderConfig', undefined, headers),
      await client.request('POST', '/Users', userBody(), headers),
      await client.request('PUT', path, userBody(), headers),
      await client.request('PATCH', path, patchBody({ op: 'remove', path: 'title' }), headers),
    ];
    for (const { headers: answered } of answers) expect(answered['content-type']).toBe(type);
  });
});
