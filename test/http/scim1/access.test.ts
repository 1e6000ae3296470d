import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { BASE_URL } from '../../support/server.ts';
import { newName } from '../messages.ts';
import { isError1, PASSWORD, type Send1, type Server1, startServer1 } from './server1.ts';

let one: Server1;
let send: Send1;

beforeAll(async () => {
  one = await startServer1();
  send = one.send;
});
afterAll(() => one.server.close());

async function newUser(attributes: object = {}): Promise<{ id: string; as: string; userName: string }> {
  const userName = newName('one').split('@')[0] as string;
  const { status, json, text } = await send('POST', '/Users', {
    schemas: [],
    userName,
    password: PASSWORD,
    ...attributes,
  });
  expect(status, text).toBe(201);
  return { id: json.id, as: `${userName}:${PASSWORD}`, userName };
}

async function newGroup(displayName: string, ...members: string[]): Promise<string> {
  const { status, json, text } = await send('POST', '/Groups', {
    displayName,
    members: members.map((value) => ({ value })),
  });
  expect(status, text).toBe(201);
  return json.id;
}

describe('who may call', () => {
  it('a member of PRIMARY/admin may do everything, and can be made one over SCIM', async () => {
    const user = await newUser();
    expect(isError1(await send('GET', '/Users', undefined, { as: user.as }), 403)).toBe(true);
    const { json } = await send('GET', '/Groups?filter=displayName+Eq+admin');
    expect(json.Resources[0].displayName).toBe('PRIMARY/admin');
    const added = await send('PATCH', `/Groups/${json.Resources[0].id}`, {
      members: [{ value: user.id, display: user.userName }],
    });
    expect(added.status).toBe(200);
    expect((await send('GET', '/Users', undefined, { as: user.as })).status).toBe(200);
    expect(
      (await send('PUT', '/Users/me', { userName: user.userName, title: 'Boss' }, { as: user.as })).json
        .title,
    ).toBe('Boss');
  });

  it('login lets users read themselves, provision everything else', async () => {
    const user = await newUser();
    const as = user.as;
    const group = await newGroup(newName('readers'), user.id);
    const change = { userName: user.userName, title: 'T' };
    expect(isError1(await send('GET', '/Users/me', undefined, { as }), 403)).toBe(true);
    await one.permissions.grant(one.server.superTenant, group, 'login');
    const me = await send('GET', '/Users/me', undefined, { as });
    expect([me.status, me.json.id]).toEqual([200, user.id]);
    for (const [method, path, body] of [
      ['PUT', '/Users/me', change],
      ['PATCH', '/Users/me', change],
      ['GET', '/Users', undefined],
      ['GET', `/Users/${user.id}`, undefined],
      ['POST', '/Users', { userName: newName(), password: PASSWORD }],
      ['DELETE', `/Users/${user.id}`, undefined],
      ['POST', '/Bulk', { Operations: [] }],
      ['GET', '/Groups', undefined],
    ] as const)
      expect(isError1(await send(method, path, body, { as }), 403), `${method} ${path}`).toBe(true);
    await one.permissions.grant(one.server.superTenant, group, 'provision');
    expect((await send('PATCH', '/Users/me', change, { as })).json.title).toBe('T');
    expect((await send('GET', '/Users', undefined, { as })).status).toBe(200);
    await one.permissions.revoke(one.server.superTenant, group, 'provision');
    expect(isError1(await send('GET', '/Users', undefined, { as }), 403)).toBe(true);
  });

  it('integrations may call by bearer token and by name and password', async () => {
    for (const auth of ['bearer', 'basic'] as const) {
      const { authorization } = await one.server.connect({ auth, dialect: 'strict' });
      const users = await one.server.send('GET', '/wso2/scim/Users', { authorization });
      expect(users.status).toBe(200);
      const me = await one.server.send('GET', '/wso2/scim/Users/me', { authorization });
      expect(isError1(me, 404)).toBe(true);
      const created = await one.server.send(
        'POST',
        '/wso2/scim/Users',
        { authorization, 'content-type': 'application/json' },
        JSON.stringify({ userName: newName() }),
      );
      expect(created.status, 'no primary e-mail address is asked for').toBe(201);
    }
    const { authorization } = await one.server.connect({ readOnly: true });
    expect(isError1(await one.server.send('DELETE', '/wso2/scim/Users/x', { authorization }), 403)).toBe(
      true,
    );
  });

  test.each([
    undefined,
    'Basic',
    'Basic !!!',
    'Basic YWRtaW46d3Jvbmc=',
    'Bearer nothing',
    'Basic bm9ib2R5OngK',
  ])('%s is 401 with a challenge', async (authorization) => {
    const answer = await one.server.send(
      'GET',
      '/wso2/scim/Users',
      authorization === undefined ? {} : { authorization },
    );
    expect(isError1(answer, 401)).toBe(true);
    expect(answer.text).toContain('or the name and password of a user');
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="SCIM"/);
  });

  it('nobody can delete themselves, nor change anybody else by naming them', async () => {
    const [user, other] = [await newUser({ title: 'Mine' }), await newUser({ title: 'Other' })];
    const group = await newGroup(newName('all'), user.id);
    await one.permissions.grant(one.server.superTenant, group, 'provision');
    expect(isError1(await send('DELETE', '/Users/me', undefined, { as: user.as }), 403)).toBe(true);
    const body = { userName: other.userName, title: 'Stolen', password: 'stolen one' };
    for (const [method, path] of [
      ['PUT', '/Users/me'],
      ['PATCH', '/Users/me'],
      ['PUT', `/Users/${user.id}`],
      ['PATCH', `/Users/${user.id}`],
    ] as const)
      expect(isError1(await send(method, path, body, { as: user.as }), 400), `${method} ${path}`).toBe(true);
    expect((await send('GET', `/Users/${other.id}`)).json.title).toBe('Other');
    expect((await send('GET', `/Users/${user.id}`)).json.title).toBe('Mine');
    expect(
      isError1(await send('GET', '/Users/me', undefined, { as: `${other.userName}:stolen one` }), 401),
    ).toBe(true);
  });
});

describe('tenants', () => {
  it('are chosen by what stands behind the last @, or by the URL, and hide from each other', async () => {
    await one.addTenant('acme.example');
    const as = 'admin@acme.example:adming';
    const created = await send('POST', '/Users', { userName: 'same', password: PASSWORD }, { as });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(`${BASE_URL}/wso2/scim/Users/${created.json.id}`);
    expect((await send('POST', '/Users', { userName: 'same', password: PASSWORD })).status).toBe(201);
    expect(isError1(await send('GET', `/Users/${created.json.id}`), 404)).toBe(true);
    expect(isError1(await send('DELETE', `/Users/${created.json.id}`), 404)).toBe(true);
    const inUrl = { as: 'admin:adming', base: '/t/acme.example/wso2/scim' };
    expect((await send('GET', `/Users/${created.json.id}`, undefined, inUrl)).status).toBe(200);
    expect(isError1(await send('GET', '/Users', undefined, { ...inUrl, as: 'admin:admin' }), 401)).toBe(true);
    expect(
      isError1(await send('GET', '/Users', undefined, { as: 'admin@nowhere.example:adming' }), 401),
    ).toBe(true);
    expect((await send('GET', '/Users', undefined, { as: 'admin@carbon.super:admin' })).status).toBe(200);
  });
});

describe('formats', () => {
  const user = () => ({ userName: newName(), password: PASSWORD });

  test.each(['application/xml', 'text/html', 'text/plain, application/xml;q=0.9'])(
    'Accept: %s is 406',
    async (accept) => {
      expect(isError1(await send('GET', '/Users', undefined, { headers: { accept } }), 406)).toBe(true);
      expect(isError1(await send('POST', '/Users', user(), { headers: { accept } }), 406)).toBe(true);
    },
  );

  test.each([
    '*/*',
    'application/json',
    'application/json, text/plain, */*',
    'application/scim+json',
    'application/*;q=0.8',
    '',
  ])('Accept: %s is answered in JSON', async (accept) => {
    const { status, headers } = await send('GET', '/Users', undefined, { headers: { accept } });
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers['cache-control']).toBe('no-store, no-cache, must-revalidate, private');
  });

  test.each([
    'application/xml',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('Content-Type: %s is 406', async (type) => {
    for (const [path, body] of [
      ['/Users', user()],
      ['/Groups', { displayName: newName() }],
      ['/Bulk', { Operations: [] }],
    ] as const)
      expect(isError1(await send('POST', path, body, { headers: { 'content-type': type } }), 406)).toBe(true);
  });

  it('a body without Content-Type is 406, but for groups, where clients send none', async () => {
    const post = (path: string, body: object) =>
      one.server.app.inject({
        method: 'POST',
        url: `/wso2/scim${path}`,
        headers: { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
        payload: Buffer.from(JSON.stringify(body)),
      });
    expect((await post('/Users', user())).statusCode).toBe(406);
    expect((await post('/Bulk', { Operations: [] })).statusCode).toBe(406);
    expect((await post('/Groups', { displayName: newName() })).statusCode).toBe(201);
  });

  it('X-HTTP-Method-Override makes a POST what it says', async () => {
    const created = await send('POST', '/Groups', { displayName: newName('before') });
    const as = (method: string, body?: object) =>
      send('POST', `/Groups/${created.json.id}`, body, { headers: { 'x-http-method-override': method } });
    const name = newName('after');
    expect((await as('PATCH', { displayName: name })).json.displayName).toBe(`PRIMARY/${name}`);
    expect((await as('put', { displayName: `${name}2` })).json.displayName).toBe(`PRIMARY/${name}2`);
    expect((await as('GET')).status).toBe(405);
    expect((await as('DELETE')).status).toBe(200);
    expect((await send('GET', `/Groups/${created.json.id}`)).status).toBe(404);
  });

  it('is left alone over SCIM 2.0', async () => {
    const client = await one.server.connect();
    const headers = { 'x-http-method-override': 'DELETE' };
    expect((await client.request('POST', '/Users', {}, headers)).status).toBe(400);
  });

  it('/scim/v1 is the same', async () => {
    const { status, json } = await send('GET', '/Users?filter=userName+Eq+%22admin%22', undefined, {
      base: '/scim/v1',
    });
    expect([status, json.totalResults]).toEqual([200, 1]);
    expect(json.Resources[0].meta.location).toBe(`${BASE_URL}/scim/v1/Users/${json.Resources[0].id}`);
  });

  test.each([
    ['POST', '/Users', '{"schemas":['],
    ['POST', '/Users', '[]'],
    ['POST', '/Users', '{"userName":"a","userName":"b"}'],
    ['POST', '/Bulk', '{"schemas":['],
    ['PUT', '/Users/x', '5'],
    ['PATCH', '/Groups/x', '"x"'],
  ])('%s %s of %s is 400', async (method, path, body) => {
    expect(isError1(await send(method, path, body), 400)).toBe(true);
  });

  it('what is not there is 404, other methods are 405, too much is 413', async () => {
    expect(isError1(await send('GET', '/Nothing'), 404)).toBe(true);
    expect(isError1(await send('GET', '/Users/x/y'), 404)).toBe(true);
    expect(isError1(await send('DELETE', '/Users'), 405)).toBe(true);
    expect(isError1(await send('GET', '/Bulk'), 405)).toBe(true);
    expect(isError1(await send('POST', '/Users', { ...user(), title: 'x'.repeat(1024 * 1024) }), 413)).toBe(
      true,
    );
  });
});

describe('discovery', () => {
  it('needs no credentials', async () => {
    const config = await one.server.send('GET', '/wso2/scim/ServiceProviderConfigs', {});
    expect(config.status).toBe(200);
    expect(config.json).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000 },
      filter: { supported: true },
      sort: { supported: true },
      etag: { supported: false },
      xmlDataFormat: { supported: false },
    });
    const list = await one.server.send('GET', '/wso2/scim/Schemas', {});
    expect(list.json.Resources.map(({ id }: { id: string }) => id)).toEqual([
      'urn:scim:schemas:core:1.0:User',
      'urn:scim:schemas:core:1.0:Group',
    ]);
    const schema = await one.server.send('GET', '/wso2/scim/Schemas/urn:scim:schemas:core:1.0:User', {});
    expect(schema.json).toEqual(list.json.Resources[0]);
    expect(isError1(await one.server.send('GET', '/wso2/scim/Schemas/urn:x', {}), 404)).toBe(true);
    expect(isError1(await send('POST', '/Schemas', {}), 405)).toBe(true);
  });
});
