import { describe, expect, test, vi } from 'vitest';
import {
  createUser,
  expectError,
  filtered,
  idsOf,
  newName,
  patchBody,
  read,
  userBody,
} from '../http/messages.ts';
import { BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 sections 1 and 2', () => {
  test('RFC 7644 1.2 [7644-1.2-1] URLs are percent-encoded in both directions', async () => {
    const { client } = provider;
    const nickName = `é "${newName('ü +%')}"`;
    const user = await createUser(client, { nickName });
    const filter = `nickName eq ${JSON.stringify(nickName)}`;
    expect(await idsOf(client, '/Users', filter)).toEqual([user.id]);
    const urn = 'urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser';
    const { meta } = await read(client, `/Schemas/${urn}`);
    for (const location of [meta.location, user.json.meta.location])
      expect(new URL(location).href).toBe(location);
  });

  test('RFC 7644 1.3 [7644-1.3-1] what a client appends to the base URI is not part of it', async () => {
    const { client } = provider;
    const { id } = await createUser(client);
    const { json } = await client.request('GET', `/Users/${id}?attributes=meta&x=y`);
    expect(json.meta.location).toBe(`${BASE_URL}/scim/v2/Users/${id}`);
  });

  test('RFC 7644 2 [7644-2-2] a bearer token is taken', async () => {
    const { server } = provider;
    const { authorization } = await server.connect({ auth: 'bearer' });
    expect(authorization).toMatch(/^Bearer \S+$/);
    expect((await server.send('GET', '/scim/v2/Users', { authorization })).status).toBe(200);
    const other = `${authorization.slice(0, -8)}AAAAAAAA`;
    expectError(await server.send('GET', '/scim/v2/Users', { authorization: other }), 401);
  });

  test('RFC 7644 2 [7644-2-5] WWW-Authenticate names the schemes of ServiceProviderConfig', async () => {
    const { server, client } = provider;
    for (const authorization of ['', 'Bearer none', 'Basic bm9uZTpub25l', 'Digest x']) {
      const answer = await server.send('GET', '/scim/v2/Users', { authorization });
      expectError(answer, 401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="[^"]+", Basic realm="[^"]+"$/);
    }
    const { authenticationSchemes } = await read(client, '/ServiceProviderConfig');
    const types = authenticationSchemes.map(({ type }: { type: string }) => type);
    expect(types).toEqual(['oauthbearertoken', 'httpbasic']);
  });

  test('RFC 7644 2 [7644-2-6] [7644-2-8] [7644-2.1-1] [7644-7.7-3] a client that may only read changes nothing', async () => {
    const { server, client } = provider;
    const reader = await server.connect({ readOnly: true });
    const user = await createUser(client);
    expect((await reader.request('GET', user.path)).json).toEqual(user.json);
    const patch = patchBody({ op: 'replace', path: 'title', value: 'T' });
    expectError(await reader.request('POST', '/Users', userBody()), 403);
    expectError(await reader.request('PUT', user.path, user.json), 403);
    expectError(await reader.request('PATCH', user.path, patch), 403);
    expectError(await reader.request('DELETE', user.path), 403);
    expect(await read(client, user.path)).toEqual(user.json);
  });

  test('RFC 7644 2 [7644-2-7] each request is logged with the integration that made it', async () => {
    const { server } = provider;
    for (const name of ['first', 'second']) {
      const client = await server.connect({ name });
      await client.request('GET', '/Users?count=0');
      // the line is written behind the answer
      await vi.waitFor(() =>
        expect(JSON.parse(server.logLines.at(-1) ?? '')).toMatchObject({ integration: name, status: 200 }),
      );
    }
  });

  test('RFC 7644 2.2 [7644-2.2-1] a request without credentials reads discovery and does nothing else', async () => {
    const { server, client } = provider;
    const body = userBody();
    const type = { 'content-type': 'application/scim+json' };
    expectError(await server.send('POST', '/scim/v2/Users', type, JSON.stringify(body)), 401);
    for (const path of ['/Users', '/Groups', '/', '/Nothing'])
      expectError(await server.send('GET', `/scim/v2${path}`, {}), 401);
    for (const path of ['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])
      expect((await server.send('GET', `/scim/v2${path}`, {})).status).toBe(200);
    expect(await idsOf(client, '/Users', `userName eq "${body.userName}"`)).toEqual([]);
    expect((await client.request('GET', filtered('/Users', 'userName pr'))).status).toBe(200);
  });
});
