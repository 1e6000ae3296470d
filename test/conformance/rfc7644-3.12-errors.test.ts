import { describe, expect, test } from 'vitest';
import {
  createUser,
  expectError,
  filtered,
  patchBody,
  read,
  UNKNOWN_ID,
  userBody,
} from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 section 3.12', () => {
  test('RFC 7644 3.12 [7644-3.12-1] [7644-3.12-2] [7644-3.12-3] [7644-3.12-4] an error is a JSON body with status, scimType and detail', async () => {
    const { client } = provider;
    const filter = await client.request('GET', filtered('/Users', 'nickName'));
    expect(filter.status).toBe(400);
    expect(filter.headers['content-type']).toMatch(/^application\/scim\+json/);
    expect(filter.json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidFilter',
      detail: expect.stringMatching(/\w/),
    });
    const missing = await client.request('GET', `/Users/${UNKNOWN_ID}`);
    expect(missing.json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '404',
      detail: expect.stringMatching(/\w/),
    });
  });

  test('RFC 7644 3.12 [7644-3.12-5] what is wrong with a request is 400 and its scimType', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const patch = (operation: object) => client.request('PATCH', path, patchBody(operation));
    expectError(await client.request('POST', '/Users', '{'), 400, 'invalidSyntax');
    expectError(await client.request('POST', '/Users', '[]'), 400, 'invalidSyntax');
    expectError(await client.request('POST', '/Users', { ...json, userName: 7 }), 400, 'invalidValue');
    expectError(
      await client.request('POST', '/Users', userBody({ schemas: ['urn:x'] })),
      400,
      'invalidValue',
    );
    expectError(await client.request('GET', '/Users?count=many'), 400, 'invalidValue');
    expectError(await client.request('GET', filtered('/Users', 'colour eq "x"')), 400, 'invalidFilter');
    expectError(await patch({ op: 'add', path: 'a b', value: 1 }), 400, 'invalidPath');
    expectError(await patch({ op: 'replace', path: 'id', value: 'x' }), 400, 'mutability');
    expectError(
      await patch({ op: 'replace', path: 'ims[value eq "x"]', value: { value: 'y' } }),
      400,
      'noTarget',
    );
    expect(await read(client, path)).toEqual(json);
  });

  test('RFC 7644 3.12 [7644-3.12-6] a missing or wrong Authorization header is 401', async () => {
    const { server } = provider;
    expectError(await server.send('GET', '/scim/v2/Users', {}), 401);
    expectError(await server.send('GET', '/scim/v2/Users', { authorization: 'Bearer wrong' }), 401);
    expectError(await server.send('DELETE', `/scim/v2/Users/${UNKNOWN_ID}`, { authorization: 'Basic' }), 401);
  });

  test('RFC 7644 3.12 [7644-3.12-7] what an integration may not do is 403', async () => {
    const reader = await provider.server.connect({ readOnly: true });
    expectError(await reader.request('POST', '/Users', userBody()), 403);
  });

  test('RFC 7644 3.12 [7644-3.12-8] a resource or an endpoint that is not there is 404', async () => {
    const { client } = provider;
    for (const path of [`/Users/${UNKNOWN_ID}`, '/Users/x', '/Nothing', '/Schemas/urn:x', '/ResourceTypes/X'])
      expectError(await client.request('GET', path), 404);
  });

  test('RFC 7644 3.12 [7644-3.12-9] a name that is taken is 409 uniqueness in POST, PUT and PATCH', async () => {
    const { client } = provider;
    const first = await createUser(client);
    const second = await createUser(client);
    const { userName } = first.json;
    const rename = patchBody({ op: 'replace', path: 'userName', value: userName });
    expectError(await client.request('POST', '/Users', userBody({ userName })), 409, 'uniqueness');
    expectError(await client.request('PUT', second.path, { ...second.json, userName }), 409, 'uniqueness');
    expectError(await client.request('PATCH', second.path, rename), 409, 'uniqueness');
    expect(await read(client, second.path)).toEqual(second.json);
  });

  test('RFC 7644 3.12 [7644-3.12-10] a version that is no longer there is 412', async () => {
    const { client } = provider;
    const { path, json } = await createUser(client);
    const stale = { 'if-match': 'W/"99"' };
    const patch = patchBody({ op: 'replace', path: 'title', value: 'T' });
    expectError(await client.request('PUT', path, { ...json, title: 'T' }, stale), 412);
    expectError(await client.request('PATCH', path, patch, stale), 412);
    expectError(await client.request('DELETE', path, undefined, stale), 412);
    expect(await read(client, path)).toEqual(json);
  });

  test('RFC 7644 3.12 [7644-3.12-11] a body that is too large is 413', async () => {
    const body = JSON.stringify(userBody({ title: 'x'.repeat(2 * 1024 * 1024) }));
    const answer = await provider.client.request('POST', '/Users', body);
    expectError(answer, 413);
    expect(answer.json.detail).toContain(String(1024 * 1024));
  });

  test('RFC 7644 3.12 [7644-3.12-14] a method that a URL does not take is 405 and names those that it takes', async () => {
    const { client } = provider;
    for (const [method, path, allow] of [
      ['DELETE', '/Users', 'GET, POST'],
      ['POST', '/Schemas', 'GET'],
      ['PUT', '/ServiceProviderConfig', 'GET'],
    ] as const) {
      const answer = await client.request(method, path, {});
      expectError(answer, 405);
      expect(answer.headers.allow).toBe(allow);
    }
  });
});

describe('RFC 7644 section 3.13', () => {
  test('RFC 7644 3.13 [7644-3.13-1] [7644-3.13-2] the version stands right before the endpoint', async () => {
    const { json } = await createUser(provider.client);
    const { pathname } = new URL(json.meta.location);
    expect(pathname).toBe(`/scim/v2/Users/${json.id}`);
    const { authorization } = provider.client;
    expect((await provider.server.send('GET', pathname, { authorization })).json).toEqual(json);
  });

  test('RFC 7644 3.13 [7644-3.13-3] [7644-3.13-4] another version and none are refused', async () => {
    const { server, client } = provider;
    const headers = { authorization: client.authorization };
    for (const path of ['/scim/v3/Users', '/scim/v2.1/Users', '/scim/Users', '/Users'])
      expectError(await server.send('GET', path, headers), 404);
  });
});
