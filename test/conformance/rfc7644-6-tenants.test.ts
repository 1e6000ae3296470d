import { describe, expect, test } from 'vitest';
import { createUser, expectError, filtered, read, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 sections 6 and 7.4', () => {
  test('RFC 7644 6 [7644-6-1] [7644-6.1-1] a credential decides whose users are served', async () => {
    const { server, client } = provider;
    const other = await server.connect({}, await server.tenants.create('other.example'));
    const { path, json } = await createUser(client, { externalId: 'x' });
    expectError(await other.request('GET', path), 404);
    expect((await read(other, filtered('/Users', `userName eq "${json.userName}"`))).totalResults).toBe(0);
    const body = userBody({ userName: json.userName, externalId: 'x' });
    const twin = await other.request('POST', '/Users', body);
    expect(twin.status).toBe(201);
    expectError(await client.request('GET', `/Users/${twin.json.id}`), 404);
    expect(await read(client, path)).toEqual(json);
  });

  test('RFC 7644 6.1 [7644-6.1-2] the URL may name the tenant, and only that of the credential', async () => {
    const { server } = provider;
    const tenant = await server.tenants.create('named.example');
    const client = await server.connect({}, tenant);
    const { json } = await createUser(client);
    const headers = { authorization: client.authorization };
    const named = await server.send('GET', `/t/named.example/scim/v2/Users/${json.id}`, headers);
    expect([named.status, named.json.id]).toEqual([200, json.id]);
    expect(named.json.meta.location).toContain('/t/named.example/scim/v2/Users/');
    for (const domain of ['carbon.super', 'nobody.example'])
      expectError(await server.send('GET', `/t/${domain}/scim/v2/Users/${json.id}`, headers), 401);
  });

  test('RFC 7644 7.4 [7644-7.4-1] the secret of a token has 256 bits, and each is another', async () => {
    const { server } = provider;
    const clients = await Promise.all(Array.from({ length: 10 }, () => server.connect()));
    const secrets = clients.map(({ authorization }) => authorization.slice(-49));
    expect(new Set(secrets).size).toBe(10);
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(32);
  });
});
