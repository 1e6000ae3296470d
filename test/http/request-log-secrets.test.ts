import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_TENANT } from '../../src/storage/request-log.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createUser, patchBody, userBody } from './messages.ts';

/** What nobody may find, wherever it was put. */
const SECRET = 'Zq7-s3same-xyzzy';

let server: TestServer;
let client: Client;
let path: string;

beforeAll(async () => {
  server = await startServer({ requestLogDays: 7 });
  client = await server.connect({ requirePrimaryEmail: false });
  ({ path } = await createUser(client, { password: SECRET }));
});
afterAll(() => server.close());

/** Everything that is kept anywhere, without what is in base64 of it. */
async function expectNoSecret(...others: string[]): Promise<void> {
  const stored = await server.stored();
  for (const text of [SECRET, encodeURIComponent(SECRET), ...others])
    expect([text, stored.includes(text)]).toEqual([text, false]);
}

/** A request by its parts. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const requests = (): Record<string, Sent> => ({
  'a new user': { method: 'POST', path: '/Users', body: userBody({ password: SECRET }) },
  'a password that is no text': { method: 'POST', path: '/Users', body: userBody({ password: [SECRET] }) },
  'a password that is too much': { method: 'PUT', path, body: userBody({ PassWord: { value: SECRET } }) },
  'a PATCH by path': {
    method: 'PATCH',
    path,
    body: patchBody({ op: 'replace', path: 'password', value: SECRET }),
  },
  'a PATCH by URN': {
    method: 'PATCH',
    path,
    body: patchBody({
      op: 'Replace',
      path: 'urn:ietf:params:scim:schemas:core:2.0:User:Password',
      value: SECRET,
    }),
  },
  'a PATCH without path': {
    method: 'PATCH',
    path,
    body: patchBody({ op: 'add', value: { password: SECRET } }),
  },
  'a PATCH that is wrong': {
    method: 'PATCH',
    path,
    body: patchBody({ op: 'replace', path: `emails[password eq "${SECRET}"].value`, value: 'x' }),
  },
  'a Bulk request': {
    method: 'POST',
    path: '/Bulk',
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: userBody({ password: SECRET }) },
        {
          method: 'PATCH',
          path,
          data: { Operations: [{ op: 'replace', path: 'password', value: SECRET }] },
        },
      ],
    },
  },
  'malformed JSON': { method: 'POST', path: '/Users', body: `{"password":"${SECRET}",}` },
  'a key twice': { method: 'POST', path: '/Users', body: `{"password":"${SECRET}","password":"${SECRET}"}` },
  'no UTF-8': {
    method: 'POST',
    path: '/Users',
    body: Buffer.concat([Buffer.from(SECRET), Buffer.from([0xff])]),
  },
  'a filter': { method: 'GET', path: `/Users?filter=${encodeURIComponent(`password eq "${SECRET}"`)}` },
  'a filter of a search': {
    method: 'POST',
    path: '/Users/.search',
    body: { schemas: [], filter: `password sw "${SECRET}"` },
  },
  'a query': { method: 'GET', path: `/Users?access_token=${SECRET}` },
  'no resource type': { method: 'POST', path: '/Unknown', body: { password: SECRET } },
  'a wrong method': { method: 'POST', path, body: { password: SECRET } },
  'another form of body': {
    method: 'POST',
    path: '/Users',
    body: `password=${SECRET}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
});

describe('a secret is nowhere in the files after', () => {
  it.each(Object.keys(requests()))('%s', async (name) => {
    const { method, path: url, body, headers } = requests()[name] as Sent;
    const { status } = await client.request(method, url, body, headers);
    expect(status).toBeLessThan(500);
    await server.requestLog.flush();
    const { requests: kept } = await server.requestLog.list(server.superTenant.id, { filter: {}, limit: 1 });
    expect(kept[0]?.status).toBe(status);
    await expectNoSecret();
  });

  it('credentials, right or wrong, that stand in other places too', async () => {
    const own = await server.connect();
    const basic = await server.connect({ auth: 'basic' });
    const token = own.authorization.slice('Bearer '.length);
    const [user = '', password = ''] = Buffer.from(basic.authorization.slice(6), 'base64')
      .toString()
      .split(':');
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    // a header, and the secret in it
    for (const [header, secret] of [
      [own.authorization, token],
      [token, token],
      [`Bearer Bearer ${token}`, token],
      [`Bearer ${token.slice(0, -3)}`, token.slice(0, -3)],
      [basic.authorization, password],
      [`Basic ${base64(`${password}:${user}`)}`, password],
      [`Basic ${user}:${password}`, password],
      [`Basic ${base64(`somebody:${SECRET}`)}`, SECRET],
      [`Bearer ${SECRET}`, SECRET],
      [SECRET, SECRET],
    ] as const) {
      const url = `/scim/v2/Users/${secret}?x=${encodeURIComponent(secret)}`;
      await server.send('GET', url, { authorization: header, 'user-agent': `me/${secret}` });
    }
    await expectNoSecret(token.slice(0, -3), password);
    const { requests: kept } = await server.requestLog.list(NO_TENANT, { filter: {}, limit: 10 });
    expect(kept.length).toBeGreaterThan(0);
    // a resource keeps what it is given; the log does not
    await basic.request('POST', '/Users', userBody({ nickName: password, title: token }));
    await server.requestLog.flush();
    const log = await server.requestLog.list(server.superTenant.id, { filter: { status: 201 }, limit: 1 });
    const record = await server.requestLog.get(server.superTenant.id, log.requests[0]?.id ?? '');
    expect(record?.requestBody).toContain('[removed]');
    expect(JSON.stringify(record)).not.toContain(password);
    expect(JSON.stringify(record)).not.toContain(token);
  });

  it('requests of any shape', async () => {
    const key = fc.constantFrom('password', 'PASSWORD', 'passw\\u006frd', 'secret', 'apiKey', 'x.password');
    const value = fc.constantFrom(
      `"${SECRET}"`,
      `["${SECRET}"]`,
      `{"value":"${SECRET}"}`,
      `[[{"a":"${SECRET}"}]]`,
    );
    const pair = fc.tuple(key, value).map(([name, text]) => `{"${name}":${text}}`);
    const operation = fc
      .tuple(key, value)
      .map(([name, text]) => `{"Operations":[{"op":"replace","path":"${name}","value":${text}}]}`);
    const wrap = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `{"Operations":[{"method":"POST","path":"/Users","data":${text}}]}`,
      (text) => `{"name":${text},"userName":"x"}`,
      (text) => `{"x":${JSON.stringify(text)}}`,
      (text) => `${text},`,
      (text) => text.slice(0, -1),
    );
    const where = fc.constantFrom(
      'POST /Users',
      'PATCH /Users/x',
      'PUT /Groups/x',
      'POST /Bulk',
      'POST /.search',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(pair, operation), wrap, where, async (inner, around, place) => {
        const [method = '', url = ''] = place.split(' ');
        const { status } = await client.request(method, url, around(inner));
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
    await expectNoSecret();
  });
});
