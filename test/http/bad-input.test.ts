import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  type Created,
  createUser,
  expectError,
  filtered,
  groupBody,
  idsOf,
  newName,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let user: Created;
let total: number;

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const ownKeys = () => prototypes.map((prototype) => Reflect.ownKeys(prototype));
const keysBefore = ownKeys();

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  user = await createUser(client, { displayName: 'Before', active: true });
  total = (await read(client, '/Users?count=0')).totalResults;
});
/** Whatever was sent: the user is what it was, none came or went, and no prototype has changed. */
afterEach(async () => {
  expect(await read(client, user.path)).toEqual(user.json);
  expect((await read(client, '/Users?count=0')).totalResults).toBe(total);
  expect(ownKeys()).toEqual(keysBefore);
});
afterAll(() => server.close());

const MIB = 1024 * 1024;
const deep = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels);
const withField = (field: string) => JSON.stringify(userBody()).replace(/\}$/, `,${field}}`);

/** Sends a body to every URL that takes one. */
async function everywhere(body: string | Buffer): Promise<Awaited<ReturnType<Client['request']>>[]> {
  const answers = [];
  for (const each of [client, strict])
    for (const [method, path] of [
      ['POST', '/Users'],
      ['POST', '/Groups'],
      ['PUT', user.path],
      ['PATCH', user.path],
    ] as const)
      answers.push(await each.request(method, path, body));
  return answers;
}

describe('JSON', () => {
  it.each([
    ['cut off', '{"schemas":["x"],"userName":"a'],
    ['two values', '{}{}'],
    ['a comment', '{"a":1/* */}'],
    ['a comma too many', '{"a":1,}'],
    ['single quotes', "{'userName':'x'}"],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '{"a":-Infinity}'],
    ['a number with a leading zero', '{"a":01}'],
    ['a raw control character', '{"a":"\u0001"}'],
    ['a bad escape', '{"a":"\\x41"}'],
    ['only blanks', '   '],
    ['a bare word', 'undefined'],
    ['XML', '<user/>'],
    ['a key twice', withField('"displayName":"a","displayName":"b"')],
    ['a key twice, once escaped', withField('"displayName":"a","display\\u004eame":"b"')],
    ['a key twice further down', withField('"name":{"givenName":"a","givenName":"b"}')],
    ['an unknown key twice', withField('"x":1,"x":2')],
    ['33 levels of arrays', deep(33)],
    ['33 levels of objects', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
    ['33 levels in an unknown attribute', withField(`"x":${deep(32)}`)],
    ['20,000 levels', deep(20_000)],
    ['20,000 levels that never end', '{"a":['.repeat(20_000)],
    ['null', 'null'],
    ['an array', '[]'],
    ['a number', '1'],
    ['a string', '"x"'],
    ['true', 'true'],
  ])('RFC 8259: refuses %s', async (_, text) => {
    for (const answer of await everywhere(text)) expectError(answer, 400, 'invalidSyntax');
  });

  it.each([
    ['a lone byte', [0xff]],
    ['an overlong form', [0xc0, 0xaf]],
    ['half of a character', [0xe2, 0x82]],
    ['a surrogate as bytes', [0xed, 0xa0, 0x80]],
    ['UTF-16', [...Buffer.from('{"a":1}', 'utf16le'), 0xd8]],
  ])('RFC 8259 8.1: refuses bytes that are not UTF-8: %s', async (_, bytes) => {
    const body = Buffer.concat([Buffer.from('{"userName":"'), Buffer.from(bytes), Buffer.from('"}')]);
    for (const answer of await everywhere(body)) expectError(answer, 400, 'invalidSyntax');
  });

  it('reads 32 levels, and numbers of any size where it ignores them', async () => {
    for (const field of [`"x":${deep(31)}`, '"x":1e400', '"x":12345678901234567890']) {
      const { status, json } = await client.request('POST', '/Users', withField(field));
      expect(status).toBe(201);
      await client.request('DELETE', `/Users/${json.id}`);
    }
  });
});

describe('values', () => {
  it.each([
    ['userName', { x: 1 }],
    ['userName', ['a', 'b']],
    ['userName', 5],
    ['userName', true],
    ['userName', '\u0000'],
    ['userName', 'a\u0000b'],
    ['userName', 'a\u200bb'],
    ['userName', '\u202eb'],
    ['userName', 'a\nb'],
    ['userName', '\ud800'],
    ['displayName', 'a\u0000b'],
    ['displayName', 'a\udc00b'],
    ['displayName', 1e308],
    ['active', 'maybe'],
    ['active', {}],
    ['active', 1],
    ['emails', 'a@example.com'],
    ['emails', ['a@example.com']],
    ['emails', [[{ value: 'a' }]]],
    ['emails', [{ value: 1, primary: true }]],
    ['emails', [{ value: 'a\u0000', primary: true }]],
    ['emails', [{ value: 'a', primary: 'yes' }]],
    ['emails', Array.from({ length: 1001 }, (_, index) => ({ value: `${index}`, primary: index === 0 }))],
    ['name', 'Ann Lee'],
    ['name', [{ givenName: 'a' }, { givenName: 'b' }]],
    ['name', { givenName: 'a\ud800' }],
    ['externalId', 1],
    ['externalId', { $ne: null }],
    ['externalId', 'x'.repeat(100_000)],
    ['x509Certificates', [{ value: 'not base64!' }]],
    [SAP_USER_SCHEMA, 'x'],
    [SAP_USER_SCHEMA, { userUuid: 5 }],
    ['schemas', USER_SCHEMA],
    ['schemas', [5]],
    ['schemas', { 0: USER_SCHEMA }],
  ])('RFC 7643 2.3: refuses a wrong %s, %j', async (name, value) => {
    for (const each of [client, strict]) {
      const body = userBody({ [name]: value });
      expectError(await each.request('POST', '/Users', body), 400, 'invalidValue');
      expectError(await each.request('PUT', user.path, body), 400, 'invalidValue');
      if (name === 'schemas') continue; // a PATCH of them is ignored: they are the server's to say
      const path = name === SAP_USER_SCHEMA ? undefined : name;
      const operation = { op: 'replace', ...(path ? { path, value } : { value: { [name]: value } }) };
      expectError(await each.request('PATCH', user.path, patchBody(operation)), 400, 'invalidValue');
    }
  });

  it('takes 5,000 unknown attributes, and stores none', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, index]));
    const { status, text, json } = await client.request('POST', '/Users', userBody(unknown));
    expect([status, text.includes('x4999')]).toEqual([201, false]);
    await client.request('DELETE', `/Users/${json.id}`);
  });
});

describe('prototypes', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

  it.each(NAMES)('%s as a key is an unknown attribute', async (name) => {
    const hostile = `"${name}":{"polluted":true,"active":false}`;
    for (const field of [
      hostile,
      `"name":{${hostile}}`,
      `"emails":[{"value":"a","primary":true,${hostile}}]`,
    ]) {
      const body = withField(field).replace(/"emails":\[[^\]]*\],(?=.*"emails")/, '');
      const { status, json, text } = await client.request('POST', '/Users', body);
      expect([status, text.includes('polluted'), 'active' in json], text).toEqual([201, false, false]);
      await client.request('DELETE', `/Users/${json.id}`);
    }
    const value = JSON.parse(`{${hostile}}`);
    const patched = await client.request('PATCH', user.path, patchBody({ op: 'add', value }));
    expect([patched.status, patched.json]).toEqual([200, user.json]);
  });

  it.each(
    NAMES.flatMap((name) => [
      name,
      `${name}.polluted`,
      `name.${name}`,
      `name.${name}.polluted`,
      `emails[${name} eq "x"].value`,
    ]),
  )('%s as a path or a filter names nothing', async (path) => {
    for (const op of ['add', 'replace', 'remove']) {
      const operation = { op, path, ...(op !== 'remove' && { value: true }) };
      expectError(await client.request('PATCH', user.path, patchBody(operation)), 400, 'invalidPath');
    }
    const filter = path.includes('[') ? path.replace('.value', '') : `${path} pr`;
    const url = `/Users?filter=${encodeURIComponent(filter)}`;
    expectError(await client.request('GET', url), 400, 'invalidFilter');
  });

  it.each(NAMES)('%s as an id, a parameter or a name to show is nothing special', async (name) => {
    for (const path of [
      `/Users/${name}`,
      `/Groups/${name}`,
      `/Schemas/${name}`,
      `/ResourceTypes/${name}`,
      `/${name}`,
    ])
      expectError(await client.request('GET', path), 404);
    const url = `${user.path}?${name}=1&${name}[x]=1&attributes=${name},userName,name.${name}&excludedAttributes=${name}`;
    expect(Object.keys(await read(client, url)).sort()).toEqual(['id', 'schemas', 'userName']);
  });
});

describe('sizes', () => {
  it('takes users up to 1 MiB and groups up to 16 MiB, and refuses more with 413', async () => {
    const pad = (body: object, size: number): string => {
      const text = JSON.stringify({ ...body, padding: '' });
      return text.replace('"padding":""', `"padding":"${'x'.repeat(size - text.length)}"`);
    };
    for (const [method, path, size, status] of [
      ['POST', '/Users', MIB, 201],
      ['POST', '/Users', MIB + 1, 413],
      ['PUT', user.path, MIB + 1, 413],
      ['PATCH', user.path, MIB + 1, 413],
      ['POST', '/Groups', 16 * MIB, 201],
      ['POST', '/Groups', 16 * MIB + 1, 413],
      ['PUT', '/Groups/x', 16 * MIB + 1, 413],
      ['PATCH', '/Groups/x', 16 * MIB + 1, 413],
    ] as const) {
      const body = path.startsWith('/Users') ? userBody() : groupBody();
      const answer = await client.request(method, path, pad(body, size));
      if (status === 413) {
        expectError(answer, 413);
        // RFC 7644 section 3.7.4: which limit it was
        expect(answer.json.detail).toContain(String(size - 1));
      } else expect([path, answer.status]).toEqual([path, status]);
      if (status === 201) await client.request('DELETE', `${path}/${answer.json.id}`);
    }
  });
});

describe('URLs', () => {
  it.each([
    'x',
    '0',
    '-1',
    'null',
    'undefined',
    'NaN',
    '*',
    '%25',
    '%2A',
    '%00',
    '%0d%0aSet-Cookie:x=1',
    "1'%20OR%20'1'='1",
    '1;DROP%20TABLE%20resource',
    '{id}',
    '..%2fUsers',
    '%E2%82%AC',
    'x'.repeat(5000),
    UNKNOWN_ID,
    `${UNKNOWN_ID}x`,
    '[object%20Object]',
    '(cn=*)',
  ])('RFC 7644 3.12: an id like %s is unknown, 404', async (id) => {
    for (const endpoint of ['/Users', '/Groups'])
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', endpoint === '/Users' ? userBody() : groupBody()],
        ['PATCH', patchBody({ op: 'replace', path: 'displayName', value: 'x' })],
        ['DELETE', undefined],
      ] as const)
        expectError(await client.request(method, `${endpoint}/${id}`, body), 404);
  });

  it.each(['%', '%f', '%zz', '%ff', '%c0%af', '%ed%a0%80'])(
    'refuses %s, which is no encoded text',
    async (text) => {
      for (const url of [`/Users/${text}`, `/Groups/${text}`, `/${text}`])
        expectError(await client.request('GET', url), 400);
      // in the query it is a text like others
      const { status } = await client.request('GET', `/Users?x=${text}&count=0`);
      expect(status).toBe(200);
    },
  );

  it('deletes nothing when the id is missing', async () => {
    const before = await read(client, '/?count=0');
    for (const path of ['/Users', '/Groups', '/', '', '//', '/Users/', '/Groups/', '//Users//'])
      expectError(await client.request('DELETE', path), 405);
    expect(await read(client, '/?count=0')).toEqual(before);
  });

  it('a slash too many changes nothing, as from clients whose base URL ends in one', async () => {
    for (const path of ['//Users', '/Users/', '///Users//']) {
      const { status, json } = await client.request('POST', path, userBody());
      expect([path, status, json?.meta.location]).toEqual([
        path,
        201,
        `${BASE_URL}/scim/v2/Users/${json?.id}`,
      ]);
      for (const url of [`//Users/${json.id}`, `/Users/${json.id}/`, `/Users//${json.id}`])
        expect((await read(client, url)).id).toBe(json.id);
      const named = filtered(path, `id eq "${json.id}"`);
      expect((await read(client, named)).totalResults).toBe(1);
      expect((await client.request('DELETE', `//Users//${json.id}//`)).status).toBe(204);
      expectError(await client.request('GET', `/Users/${json.id}`), 404);
    }
    for (const path of ['//ServiceProviderConfig', '/Schemas/', '//']) await read(client, path);
    expect((await client.request('POST', '//.search/', {})).status).toBe(200);
    expectError(await client.request('GET', '/Users/x/y'), 404);
  });

  it('X-HTTP-Method-Override and its like are ignored', async () => {
    const headers = {
      'x-http-method-override': 'DELETE',
      'x-http-method': 'DELETE',
      'x-method-override': 'DELETE',
    };
    const { status } = await client.request('GET', `${user.path}?_method=DELETE`, undefined, headers);
    expect(status).toBe(200);
    expectError(await client.request('POST', user.path, {}, headers), 405);
  });

  it('RFC 7644 3.14: locations come from the base URL, whatever Host and X-Forwarded-* say', async () => {
    const headers = {
      host: 'evil.test',
      forwarded: 'host=evil.test;proto=https',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '1',
      'x-forwarded-prefix': '/evil',
      'x-original-url': '/evil',
      'x-tenant': 'evil',
    };
    const created = await client.request('POST', '/Users', userBody(), headers);
    const path = `/Users/${created.json.id}`;
    const group = await client.request(
      'POST',
      '/Groups',
      groupBody({ members: [{ value: created.json.id }] }),
      headers,
    );
    expect(created.headers.location).toBe(`${BASE_URL}/scim/v2${path}`);
    expect(created.json.meta.location).toBe(created.headers.location);
    expect(group.json.members[0].$ref).toBe(created.headers.location);
    for (const url of [path, '/Users', '/Groups', '/Schemas', '/ResourceTypes', '/ServiceProviderConfig']) {
      const { text, headers: answered } = await client.request('GET', url, undefined, headers);
      expect(text + JSON.stringify(answered)).not.toContain('evil');
      expect(text).toContain(`${BASE_URL}/scim/v2`);
    }
    await client.request('DELETE', path);
    await client.request('DELETE', `/Groups/${group.json.id}`);
  });
});

describe('PATCH paths', () => {
  it.each([
    ['a nested one', `${'emails['.repeat(2000)}x`],
    ['9,000 segments', Array.from({ length: 9000 }, () => 'a').join('.')],
    ['over 16,384 characters', `emails[value eq "${'x'.repeat(16_384)}"]`],
    ['101 terms', `emails[${Array.from({ length: 101 }, () => 'value pr').join(' or ')}]`],
    ['33 levels', `emails[${'('.repeat(33)}value pr${')'.repeat(33)}]`],
    ['a NUL', 'emails[value eq "\\u0000"]'],
    ['a bracket too many', 'emails[value pr]]'],
    ['text behind the bracket', 'emails[value pr]value'],
    ['blanks only', '   '],
    ['a dot', '.'],
    ['brackets only', '[]'],
  ])('%s: 400 invalidPath', async (_, path) => {
    const body = patchBody({ op: 'replace', path, value: 'x' });
    expectError(await client.request('PATCH', user.path, body), 400, 'invalidPath');
  });

  it('undo the first operation when the second one fails', async () => {
    const title = newName('title');
    const body = patchBody(
      { op: 'add', path: 'title', value: title },
      { op: 'add', path: '__proto__', value: 1 },
    );
    expectError(await client.request('PATCH', user.path, body), 400, 'invalidPath');
    expect(await idsOf(client, '/Users', `title eq "${title}"`)).toEqual([]);
  });
});
