import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../../support/server.ts';
import { createUser, newName, patchBody, userBody } from '../messages.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

let callers: Callers = {};
let server: TestServer;
let owner: AdminClient;
let admin: AdminClient;
let auditor: AdminClient;
let client: Client;
let other: Client;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers), requestLogDays: 7 });
  const acme = await server.tenants.create('acme.com');
  const foreign = await server.tenants.create('other.org');
  callers = {
    owner: caller('owner'),
    admin: caller('tenantAdmin', acme.id),
    auditor: caller('auditor', acme.id),
    foreigner: caller('auditor', foreign.id),
  };
  owner = await adminClient(server, 'owner');
  admin = await adminClient(server, 'admin');
  auditor = await adminClient(server, 'auditor');
  client = await server.connect({ name: 'payroll' }, acme);
  other = await server.connect({ name: 'payroll' }, foreign);
});
afterAll(() => server.close());

const PATH = '/tenants/acme.com/requests';

/** What the filters of a query find. */
async function listed(query = '', by: AdminClient = auditor, path = PATH) {
  await server.requestLog.flush();
  const { status, json } = await by.request('GET', `${path}${query}`);
  expect(status).toBe(200);
  return json.items;
}

describe('requests', () => {
  it('are listed with who made them, and shown with all that is kept', async () => {
    const { json } = await createUser(client);
    const [first] = await listed('?limit=1');
    expect(first).toMatchObject({
      tenant: 'acme.com',
      integration: { name: 'payroll' },
      credentialSuffix: client.authorization.slice(-4),
      provider: 'other',
      ...{ protocol: '2.0', method: 'POST', path: '/scim/v2/Users', status: 201, tolerances: [] },
    });
    const { json: record } = await auditor.request('GET', `${PATH}/${first.id}`);
    expect(record).toMatchObject({
      ...first,
      url: 'http://roster.test/scim/v2/Users',
      contentType: 'application/scim+json',
      changes: [{ type: 'User', id: json.id, after: { userName: json.userName }, membersAdded: 0 }],
      canReplay: true,
    });
    expect(record.changes[0]).not.toHaveProperty('before');
    expect(JSON.parse(record.responseBody.text)).toEqual(json);
    expect(record.requestBody.bytes).toBe(Buffer.byteLength(record.requestBody.text));
    expect(record).not.toHaveProperty('explanation');
  });

  it('that failed are explained', async () => {
    const body = { ...userBody(), emails: [], password: 'a secret nobody may see' };
    await client.request('POST', '/Users', body, { 'user-agent': 'Okta SCIM Client 1.0.0' });
    const [first] = await listed('?limit=1');
    expect(first).toMatchObject({ provider: 'Okta', status: 400, scimType: 'invalidValue' });
    expect(first.reason).toContain('emails');
    const { json: record, text } = await auditor.request('GET', `${PATH}/${first.id}`);
    expect(record.explanation).toMatchObject({
      summary: expect.stringMatching(/\.$/),
      remedy: expect.stringMatching(/\.$/),
    });
    expect(record.requestBody.note).toBe('A secret was removed.');
    expect(text).not.toContain('a secret nobody');
  });

  it('whose body is no JSON say where it ends to be', async () => {
    await client.request('POST', '/Users', '{"userName": x}');
    const [first] = await listed('?limit=1');
    const { json: record } = await auditor.request('GET', `${PATH}/${first.id}`);
    expect(record.requestBody).toMatchObject({ bytes: 15, note: expect.stringContaining('character 14 on') });
    expect(record.canReplay).toBe(false);
  });

  it('are on pages', async () => {
    for (let count = 0; count < 5; count++) await client.request('GET', '/Users?count=0');
    const all = await listed('?limit=200');
    await server.requestLog.flush();
    const seen: unknown[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { json } = await auditor.request('GET', `${PATH}?limit=2${after && `&after=${after}`}`);
      seen.push(...json.items);
      after = json.next;
    }
    expect(seen).toEqual(all);
    expect(seen.length).toBeGreaterThan(5);
  });

  it('are found by what they are', async () => {
    const { json, path } = await createUser(client);
    await client.request('PATCH', path, patchBody({ op: 'Add', path: 'title', value: 'Boss' }));
    await client.request('GET', '/Groups/none', undefined, { 'user-agent': 'Okta SCIM Client 1.0.0' });
    const [{ integration, requestId, time }] = await listed('?limit=1');
    const finds: readonly (readonly [query: string, fits: (one: Record<string, unknown>) => boolean])[] = [
      [`integration=${integration.id}`, () => true],
      ['provider=Okta', ({ provider }) => provider === 'Okta'],
      ['provider=okta', ({ provider }) => provider === 'Okta'],
      ['method=PATCH', ({ method }) => method === 'PATCH'],
      ['status=404', ({ status }) => status === 404],
      ['status=4xx', ({ status }) => Math.floor(Number(status) / 100) === 4],
      ['path=/scim/v2/Groups', (one) => String(one.path).startsWith('/scim/v2/Groups')],
      [
        'tolerance=operation-name-case',
        ({ tolerances }) => (tolerances as string[]).includes('operation-name-case'),
      ],
      [`requestId=${requestId}`, (one) => one.requestId === requestId],
      [`resource=${json.id}`, (one) => ['PATCH', 'POST'].includes(String(one.method))],
      [`since=${time}`, (one) => String(one.time) >= time],
      [`until=${time}`, (one) => String(one.time) < time],
    ];
    const all = await listed('?limit=200');
    for (const [query, fits] of finds) {
      const found = await listed(`?limit=200&${query}`);
      expect([query, found.every(fits)]).toEqual([query, true]);
      expect([query, found.length > 0]).toEqual([query, true]);
      if (!query.startsWith('resource')) expect(found).toEqual(all.filter(fits));
    }
    expect(await listed(`?resource=${json.id}`)).toHaveLength(2);
  });

  it.each([
    ['?status=abc', 'status'],
    ['?status=6xx', 'status'],
    ['?provider=Nobody', 'provider'],
    ['?since=yesterday', 'since'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?path=%00', 'path'],
    ['?after=%00', 'after'],
  ])('are not found by %s', async (query, field) => {
    const answer = await auditor.request('GET', PATH + query);
    expect([answer.status, answer.json.fields?.[0]?.path]).toEqual([400, field]);
  });

  it.each([
    '?since=0001-01-01T00:00:00Z',
    '?until=9999-12-31T23:59:59Z',
    '?after=zzz',
    '?after=x&since=1970-01-01T00:00:00Z',
  ])('are looked for by %s', async (query) => {
    expect((await auditor.request('GET', PATH + query)).status).toBe(200);
  });

  it('of another tenant are nobody else’s', async () => {
    await createUser(other);
    await server.requestLog.flush();
    const [foreign] = await listed('?limit=1', owner, '/tenants/other.org/requests');
    expect(await listed('?limit=200')).not.toContainEqual(expect.objectContaining({ id: foreign.id }));
    expect((await auditor.request('GET', `${PATH}/${foreign.id}`)).status).toBe(404);
    expect((await auditor.request('GET', `/tenants/other.org/requests/${foreign.id}`)).status).toBe(404);
    expect((await owner.request('GET', `/tenants/other.org/requests/${foreign.id}`)).status).toBe(200);
    expect((await owner.request('GET', `${PATH}/none`)).status).toBe(404);
  });

  it('that are nobody’s are for owners', async () => {
    await server.send('GET', '/scim/v2/Users', { authorization: 'Bearer of nothing' });
    const [first] = await listed('?limit=1', owner, '/requests');
    expect(first).toMatchObject({ status: 401, method: 'GET', path: '/scim/v2/Users' });
    expect(first).not.toHaveProperty('tenant');
    expect((await auditor.request('GET', '/requests')).status).toBe(403);
  });
});

describe('replay', () => {
  it('carries a request out again, and changes nothing', async () => {
    const { json, path } = await createUser(client);
    await client.request('PATCH', path, patchBody({ op: 'replace', path: 'active', value: 'maybe' }));
    const [first] = await listed('?limit=1');
    expect(first.status).toBe(400);
    const replay = (body: object) => admin.request('POST', `${PATH}/${first.id}/replay`, body);
    const again = await replay({});
    expect(again.json).toMatchObject({ status: 400, changes: [], explanation: { rfc: expect.any(String) } });
    const better = await replay({
      body: JSON.stringify(patchBody({ op: 'Replace', path: 'active', value: false })),
    });
    expect(better.json).toMatchObject({
      status: 200,
      tolerances: ['operation-name-case'],
      changes: [{ type: 'User', id: json.id, before: { id: json.id }, after: { active: false } }],
    });
    expect(better.json).not.toHaveProperty('explanation');
    expect(JSON.parse(better.json.body).active).toBe(false);
    expect((await client.request('GET', path)).json).toEqual(json);
    expect((await replay({ body: '{' })).json.status).toBe(400);
    expect((await admin.request('POST', `${PATH}/none/replay`, {})).status).toBe(404);
    expect((await auditor.request('POST', `${PATH}/${first.id}/replay`, {})).status).toBe(403);
  });

  it('refuses what was not kept', async () => {
    await client.request('POST', '/Users', '{');
    const [first] = await listed('?limit=1');
    expect((await admin.request('POST', `${PATH}/${first.id}/replay`, {})).status).toBe(409);
  });
});

describe('live', () => {
  let url: string;
  beforeAll(async () => {
    url = await server.app.listen({ port: 0 });
  });

  /** Gives the events of a stream one after the other. */
  async function follow(query = '', name = 'auditor') {
    const ending = new AbortController();
    const answer = await fetch(`${url}/api/v1${PATH}/live${query}`, {
      headers: { 'x-test-caller': name },
      signal: ending.signal,
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      answer,
      async next() {
        while (reader !== undefined) {
          const found = /event: request\nid: (\S+)\ndata: (.*)\n\n/.exec(text);
          if (found !== null) {
            text = text.slice(found.index + found[0].length);
            const data = JSON.parse(found[2] ?? '');
            expect(data.id).toBe(found[1]);
            return data;
          }
          const { value, done } = await reader.read();
          if (done) return undefined;
          text += value;
        }
      },
      end: () => ending.abort(),
    };
  }
  let stream: Awaited<ReturnType<typeof follow>> | undefined;
  beforeEach(() => {
    stream?.end();
    stream = undefined;
  });

  it('requests come as they are made, those of the tenant alone', async () => {
    stream = await follow();
    expect(stream.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.answer.headers.get('cache-control')).toBe('no-store');
    await createUser(other);
    const { json } = await createUser(client);
    const seen = await stream.next();
    expect(seen).toMatchObject({ tenant: 'acme.com', integration: { name: 'payroll' }, status: 201 });
    expect(await listed(`?resource=${json.id}`)).toEqual([seen]);
    await client.request('GET', `/Users/${json.id}`);
    expect(await stream.next()).toMatchObject({ method: 'GET' });
  });

  it('requests can be filtered', async () => {
    stream = await follow('?status=4xx');
    await createUser(client);
    await client.request('GET', `/Users/${newName()}`);
    expect(await stream.next()).toMatchObject({ status: 404 });
  });

  it('requests are for those who may see them', async () => {
    expect((await follow('', 'foreigner')).answer.status).toBe(404);
    expect((await follow('', 'nobody')).answer.status).toBe(401);
    expect((await follow('?status=x')).answer.status).toBe(400);
  });

  it('requests are for them no longer than that', async () => {
    stream = await follow();
    await createUser(client);
    expect(await stream.next()).toMatchObject({ status: 201 });
    const { auditor: gone, ...others } = callers;
    callers = others;
    await createUser(client);
    const seen = await stream.next();
    callers = { ...others, ...(gone && { auditor: gone }) };
    expect(seen).toBeUndefined();
  });

  it('streams hold up no end of the server', async () => {
    stream = await follow();
    await server.app.close();
    expect(await stream.next().then(undefined, () => undefined)).toBeUndefined();
  });
});
