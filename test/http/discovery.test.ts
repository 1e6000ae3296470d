import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';
import { expectError, read } from './messages.ts';

const ROOT = `${BASE_URL}/scim/v2`;
const CORE = 'urn:ietf:params:scim:schemas:core:2.0';
const USER = `${CORE}:User`;
const GROUP = `${CORE}:Group`;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const SAP = 'urn:ietf:params:scim:schemas:extension:sap:2.0:User';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

interface AttributeJson {
  readonly name: string;
  readonly type: string;
  readonly subAttributes?: readonly AttributeJson[];
}

const named = (attributes: readonly AttributeJson[], name: string) =>
  attributes.find((attribute) => attribute.name === name);

describe('GET /ServiceProviderConfig', () => {
  it('RFC 7643 5: tells what the server does, in every required part', async () => {
    const { status, headers, json } = await client.request('GET', '/ServiceProviderConfig');
    expect([status, headers['content-type']]).toEqual([200, 'application/scim+json; charset=utf-8']);
    expect(json).toMatchObject({
      schemas: [`${CORE}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 16_777_216 },
      filter: { supported: true, maxResults: 1000 },
      changePassword: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      meta: { resourceType: 'ServiceProviderConfig', location: `${ROOT}/ServiceProviderConfig` },
    });
    const schemes = json.authenticationSchemes;
    const typesOf = (list: { type: string }[]) => list.map(({ type }) => type);
    expect(typesOf(schemes)).toEqual(['oauthbearertoken', 'httpbasic']);
    const basic = await read(await server.connect({ auth: 'basic' }), '/ServiceProviderConfig');
    expect(typesOf(basic.authenticationSchemes)).toEqual(['httpbasic', 'oauthbearertoken']);
    expect([schemes[0].primary, basic.authenticationSchemes[0].primary]).toEqual([true, true]);
    for (const scheme of schemes)
      expect(scheme).toMatchObject({
        name: expect.stringMatching(/./),
        description: expect.stringMatching(/./),
      });
  });
});

describe('GET /Schemas', () => {
  it('RFC 7644 4: lists every schema, in a ListResponse', async () => {
    const json = await read(client, '/Schemas');
    const ids = json.Resources.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(expect.arrayContaining([USER, ENTERPRISE, SAP, GROUP]));
    expect(json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: ids.length,
      itemsPerPage: ids.length,
      startIndex: 1,
    });
    for (const schema of json.Resources) {
      expect(schema).toMatchObject({ schemas: [`${CORE}:Schema`], name: expect.stringMatching(/./) });
      expect(schema.meta).toEqual({ resourceType: 'Schema', location: `${ROOT}/Schemas/${schema.id}` });
      expect(await read(client, `/Schemas/${schema.id}`)).toEqual(schema);
    }
  });

  it('RFC 7643 7: declares each attribute in full, and null nowhere', async () => {
    const { Resources } = await read(client, '/Schemas');
    const check = (attribute: AttributeJson): void => {
      expect(attribute).toMatchObject({
        name: expect.stringMatching(/^[\w$-]+$/),
        type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        description: expect.stringMatching(/./),
        required: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
      });
      expect(attribute.subAttributes !== undefined).toBe(attribute.type === 'complex');
      attribute.subAttributes?.forEach(check);
    };
    for (const { attributes } of Resources) attributes.forEach(check);
    expect(JSON.stringify(Resources)).not.toContain('null');
    const user = Resources.find(({ id }: { id: string }) => id === USER).attributes;
    expect(named(user, 'userName')).toMatchObject({ required: true, caseExact: false, uniqueness: 'server' });
    expect(named(user, 'password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(named(user, 'groups')).toMatchObject({ multiValued: true, mutability: 'readOnly' });
    expect(named(user, 'active')).toMatchObject({ type: 'boolean' });
    const group = Resources.find(({ id }: { id: string }) => id === GROUP).attributes;
    expect(named(group, 'displayName')).toMatchObject({ required: true, uniqueness: 'none' });
  });

  it('finds a schema by its URN in any case, and answers 404 for an unknown one', async () => {
    expect((await read(client, `/Schemas/${USER.toUpperCase()}`)).id).toBe(USER);
    for (const urn of ['urn:example:none', 'User', '__proto__', 'constructor', '%00'])
      expectError(await client.request('GET', `/Schemas/${urn}`), 404);
  });
});

describe('GET /ResourceTypes', () => {
  it('RFC 7643 6: lists User with its extensions, and Group', async () => {
    const json = await read(client, '/ResourceTypes');
    expect(json).toMatchObject({ totalResults: 2, itemsPerPage: 2, startIndex: 1 });
    expect(json.Resources).toMatchObject([
      {
        schemas: [`${CORE}:ResourceType`],
        id: 'User',
        name: 'User',
        endpoint: '/Users',
        schema: USER,
        schemaExtensions: [
          { schema: ENTERPRISE, required: false },
          { schema: SAP, required: false },
        ],
        meta: { resourceType: 'ResourceType', location: `${ROOT}/ResourceTypes/User` },
      },
      {
        id: 'Group',
        endpoint: '/Groups',
        schema: GROUP,
        meta: { location: `${ROOT}/ResourceTypes/Group` },
      },
    ]);
    for (const type of json.Resources) expect(await read(client, `/ResourceTypes/${type.id}`)).toEqual(type);
  });

  it('answers 404 for an unknown one', async () => {
    for (const name of ['Device', 'constructor', '__proto__'])
      expectError(await client.request('GET', `/ResourceTypes/${name}`), 404);
  });
});

describe('the discovery endpoints', () => {
  it.each(['/Schemas', '/ResourceTypes'])('RFC 7644 4: %s refuses a filter with 403', async (path) => {
    expectError(await client.request('GET', `${path}?filter=id%20pr`), 403);
    expect((await read(client, `${path}?count=1&sortBy=id&attributes=id`)).totalResults).toBeGreaterThan(1);
  });

  it.each(['/ServiceProviderConfig', '/ResourceTypes/User'])('RFC 7644 4: so does %s', async (path) => {
    expectError(await client.request('GET', `${path}?filter=id%20pr`), 403);
  });

  it('are open to an integration that may only read', async () => {
    const reader = await server.connect({ readOnly: true });
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])
      expect((await reader.request('GET', path)).status).toBe(200);
  });
});

describe('without an Authorization header', () => {
  const paths = [
    '/ServiceProviderConfig',
    '/Schemas',
    `/Schemas/${USER}`,
    '/ResourceTypes',
    '/ResourceTypes/User',
  ];

  it.each(paths)('RFC 7643 5: GET and HEAD %s are answered as to a client with credentials', async (path) => {
    for (const prefix of ['/scim/v2', '/t/carbon.super/scim/v2']) {
      const answer = await server.send('GET', prefix + path, {});
      expect([answer.status, answer.headers['content-type']]).toEqual([
        200,
        'application/scim+json; charset=utf-8',
      ]);
      const { authorization } = client;
      expect(answer.json).toEqual((await server.send('GET', prefix + path, { authorization })).json);
      const head = await server.send('HEAD', prefix + path, {});
      expect([head.status, head.text]).toEqual([200, '']);
    }
  });

  it('a tenant that is there and one that is not look alike, and a location names the URL', async () => {
    await server.tenants.create('there.example');
    for (const path of [...paths, '/Schemas/urn:example:none', '/ResourceTypes/None', '/Users', '/Nothing']) {
      const texts = new Set<string>();
      const statuses = new Set<number>();
      for (const domain of ['there.example', 'THERE.example', 'nowhere.example', '%3C%00%22%2F%3E']) {
        const answer = await server.send('GET', `/t/${domain}/scim/v2${path}`, {});
        statuses.add(answer.status);
        texts.add(
          answer.text
            .replaceAll(`/t/${domain.toLowerCase()}/`, '/t/x/')
            .replaceAll('/t/%3C%00%22%2F%3E/', '/t/x/'),
        );
      }
      expect([path, statuses.size, texts.size]).toEqual([path, 1, 1]);
    }
    const { json } = await server.send('GET', '/t/nowhere.example/scim/v2/Schemas', {});
    expect(json.Resources[0].meta.location).toBe(`${BASE_URL}/t/nowhere.example/scim/v2/Schemas/${USER}`);
  });

  it('what is wrong with a request is told as ever', async () => {
    expectError(await server.send('GET', '/scim/v2/Schemas/urn:example:none', {}), 404);
    expectError(await server.send('GET', '/scim/v2/Schemas?filter=id%20pr', {}), 403);
  });

  it('wrong credentials are refused, they are not taken for none', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer x', 'Basic eDp5', `${client.authorization}x`])
      for (const path of paths)
        expectError(await server.send('GET', `/scim/v2${path}`, { authorization }), 401);
    const { authorization } = client;
    expectError(await server.send('GET', '/t/nowhere.example/scim/v2/Schemas', { authorization }), 401);
  });

  it('nothing else is told', async () => {
    const type = { 'content-type': 'application/scim+json' };
    for (const [method, path] of [
      ['POST', '/Schemas'],
      ['OPTIONS', '/Schemas'],
      ['GET', '/Users'],
      ['GET', '/'],
    ] as const)
      expectError(await server.send(method, `/scim/v2${path}`, method === 'POST' ? type : {}), 401);
  });
});

describe('other methods', () => {
  it.each([
    ['/ServiceProviderConfig', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET'],
    ['/Schemas', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET'],
    [`/Schemas/${USER}`, ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET'],
    ['/ResourceTypes', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET'],
    ['/ResourceTypes/User', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET'],
    ['/Users', ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET, POST'],
    ['/Groups', ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'], 'GET, POST'],
    ['/Users/x', ['POST', 'OPTIONS', 'TRACE'], 'GET, PUT, PATCH, DELETE'],
    ['/Groups/x', ['POST', 'OPTIONS', 'TRACE'], 'GET, PUT, PATCH, DELETE'],
  ])(
    'RFC 9110 15.5.6: %s answers %j with 405 and Allow, whatever the body is',
    async (path, methods, allow) => {
      for (const method of methods) {
        const hasBody = method !== 'TRACE';
        const headers = hasBody ? { 'content-type': 'text/plain' } : {};
        for (const body of hasBody ? [undefined, 'test', '{', 'x'.repeat(2_000_000)] : [undefined]) {
          const answer = await client.request(method, path, body, headers);
          expectError(answer, 405);
          expect([method, answer.headers.allow]).toEqual([method, allow]);
        }
      }
    },
  );

  it('HEAD is answered where GET is, without a body', async () => {
    for (const path of ['/Users', '/ServiceProviderConfig', '/Schemas', '/ResourceTypes/User']) {
      const { status, text } = await client.request('HEAD', path);
      expect([path, status, text]).toEqual([path, 200, '']);
    }
  });
});

describe('the other endpoints of the server', () => {
  it('tell without credentials that it runs, and nothing else', async () => {
    expect((await server.send('GET', '/healthz', {})).json).toEqual({ status: 'ok' });
    expect((await server.send('GET', '/readyz', {})).json).toEqual({ status: 'ready' });
  });
});
