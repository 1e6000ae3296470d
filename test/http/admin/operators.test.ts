import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Browser, codeOf, inviteTo, openBrowser, PASSWORD, setUpOwner } from './console-client.ts';

let server: TestServer;
let owner: Browser;
let ownerId: string;
beforeEach(async () => {
  server = await startServer({ baseUrl: 'https://roster.test' });
  await server.tenants.create('acme.com');
  await server.tenants.create('other.org');
  owner = await openBrowser(server);
  ownerId = (await setUpOwner(server, owner)).json.operator.id;
});
afterEach(() => server.close());

const admin = () =>
  inviteTo(server, owner, { email: 'ada@acme.com', role: 'tenantAdmin', tenant: 'acme.com' });
const auditor = () => inviteTo(server, owner, { email: 'aud@acme.com', role: 'auditor', tenant: 'acme.com' });
const person = { email: 'new@acme.com', name: 'New' };

describe('inviting', () => {
  it('gives a link with which the operator chooses a password', async () => {
    const answer = await owner.request('POST', '/operators', {
      ...person,
      role: 'auditor',
      tenant: 'acme.com',
    });
    expect(answer).toMatchObject({
      status: 201,
      json: { operator: { email: 'new@acme.com', role: 'auditor', tenant: 'acme.com', hasPassword: false } },
    });
    expect(answer.json.link.url).toMatch(/^https:\/\/roster\.test\/console\/link#[\w-]{43}$/);
    const code = codeOf(answer.json.link);
    const browser = await openBrowser(server);
    expect((await browser.request('POST', '/links/show', { code })).json).toMatchObject({
      ...{ kind: 'invitation', email: 'new@acme.com', name: 'New' },
    });
    const weak = await browser.request('POST', '/links/accept', { code, password: 'short' });
    expect(weak).toMatchObject({ status: 400, json: { fields: [{ path: 'password' }] } });
    const accepted = await browser.request('POST', '/links/accept', {
      code,
      password: PASSWORD,
      name: 'Newer',
    });
    expect(accepted.json.operator).toMatchObject({ name: 'Newer', hasPassword: true });
    expect((await browser.request('GET', '/tenants')).json).toMatchObject([{ domain: 'acme.com' }]);
    expect((await browser.request('POST', '/links/accept', { code, password: PASSWORD })).status).toBe(410);
    expect((await server.stored()).includes(code)).toBe(false);
  });

  it('is refused for an address that somebody has, in any case', async () => {
    await admin();
    const again = { ...person, email: 'ADA@acme.com', role: 'auditor', tenant: 'acme.com' };
    expect((await owner.request('POST', '/operators', again)).status).toBe(409);
  });

  it.each([
    ['no tenant', { role: 'auditor' }, 400, 'tenant'],
    ['a tenant that is not there', { role: 'auditor', tenant: 'nobody.example' }, 404, 'tenant'],
    ['an owner of a tenant', { role: 'owner', tenant: 'acme.com' }, 400, 'tenant'],
    ['a role that is none', { role: 'king', tenant: 'acme.com' }, 400, 'role'],
    ['no e-mail address', { email: 'new', role: 'auditor', tenant: 'acme.com' }, 400, 'email'],
    ['no name', { name: ' ', role: 'auditor', tenant: 'acme.com' }, 400, 'name'],
  ])('is refused with %s', async (_what, more, status, path) => {
    const answer = await owner.request('POST', '/operators', { ...person, ...more });
    expect(answer).toMatchObject({ status, json: { fields: [{ path }] } });
    expect((await owner.request('GET', '/operators')).json).toHaveLength(1);
  });

  it('is up to administrators for their tenant alone, and to auditors not at all', async () => {
    const { browser } = await admin();
    const made = await browser.request('POST', '/operators', { ...person, role: 'auditor' });
    expect(made).toMatchObject({ status: 201, json: { operator: { tenant: 'acme.com' } } });
    for (const [more, status] of [
      [{ role: 'owner' }, 403],
      [{ role: 'auditor', tenant: 'other.org' }, 404],
    ] as const)
      expect(
        (await browser.request('POST', '/operators', { ...person, email: 'x@y.org', ...more })).status,
      ).toBe(status);
    const reading = await auditor();
    const refused = { ...person, email: 'x@y.org', role: 'auditor', tenant: 'acme.com' };
    expect((await reading.browser.request('POST', '/operators', refused)).status).toBe(403);
    expect((await reading.browser.request('GET', '/operators')).status).toBe(403);
  });
});

describe('administering', () => {
  it('shows administrators those of their tenant, and nobody else to anybody', async () => {
    const { id, browser } = await admin();
    const far = await inviteTo(server, owner, {
      email: 'o@other.org',
      role: 'tenantAdmin',
      tenant: 'other.org',
    });
    expect((await browser.request('GET', '/operators')).json).toMatchObject([{ id }]);
    expect((await owner.request('GET', '/operators')).json).toHaveLength(3);
    for (const target of [far.id, ownerId, 'nobody'])
      for (const [method, path, body] of [
        ['PATCH', `/operators/${target}`, { active: false }],
        ['POST', `/operators/${target}/reset`, undefined],
        ['DELETE', `/operators/${target}`, undefined],
      ] as const)
        expect([target, method, (await browser.request(method, path, body)).status]).toEqual([
          target,
          method,
          404,
        ]);
    expect((await browser.request('PATCH', `/operators/${id}`, { role: 'owner' })).status).toBe(403);
    expect((await browser.request('PATCH', `/operators/${id}`, { tenant: 'other.org' })).status).toBe(404);
  });

  it.each([
    ['another role', { role: 'auditor' }],
    ['another tenant', { tenant: 'other.org' }],
    ['deactivation', { active: false }],
  ])('ends all sessions by %s', async (_what, change) => {
    const { id, browser } = await admin();
    const key = (await browser.request('POST', '/account/keys', { name: 'k' })).json.secret;
    expect((await owner.request('PATCH', `/operators/${id}`, change)).json).toMatchObject(change);
    expect((await browser.request('GET', '/session')).status).toBe(401);
    const script = await openBrowser(server);
    const answer = await script.request('GET', '/tenants', undefined, { authorization: `Bearer ${key}` });
    expect(answer.status).toBe('active' in change ? 401 : 200);
    if ('tenant' in change) expect(answer.json).toMatchObject([{ domain: 'other.org' }]);
  });

  it('leaves sessions alone where only the name is another one', async () => {
    const { id, browser } = await admin();
    expect((await owner.request('PATCH', `/operators/${id}`, { name: 'Ada B.' })).json.name).toBe('Ada B.');
    expect((await browser.request('GET', '/session')).json.operator.name).toBe('Ada B.');
  });

  it('makes an owner of an administrator, and an administrator of an owner', async () => {
    const { id } = await admin();
    const made = await owner.request('PATCH', `/operators/${id}`, { role: 'owner' });
    expect(made.json.role).toBe('owner');
    expect(made.json.tenant).toBeUndefined();
    expect((await owner.request('PATCH', `/operators/${id}`, { role: 'auditor' })).status).toBe(400);
    const back = await owner.request('PATCH', `/operators/${id}`, { role: 'auditor', tenant: 'acme.com' });
    expect(back.json).toMatchObject({ role: 'auditor', tenant: 'acme.com' });
  });

  it('takes password, app and sessions away by a reset, and gives a link', async () => {
    const { id, browser } = await admin();
    const { json: link } = await owner.request('POST', `/operators/${id}/reset`);
    expect((await browser.request('GET', '/session')).status).toBe(401);
    const signIn = { email: 'ada@acme.com', password: PASSWORD };
    expect((await browser.request('POST', '/session', signIn)).status).toBe(401);
    const { json: newer } = await owner.request('POST', `/operators/${id}/reset`);
    const accept = (code: string) => browser.request('POST', '/links/accept', { code, password: PASSWORD });
    expect((await accept(codeOf(link))).status).toBe(410);
    expect((await accept(codeOf(newer))).status).toBe(200);
    await owner.request('PATCH', `/operators/${id}`, { active: false });
    expect((await owner.request('POST', `/operators/${id}/reset`)).status).toBe(409);
  });

  it('leaves it to the person, not to an API key, to reset the own account', async () => {
    const { id, browser } = await admin();
    const { json } = await browser.request('POST', '/account/keys', { name: 'k' });
    const authorization = `Bearer ${json.secret}`;
    const script = await openBrowser(server);
    const reset = () => script.request('POST', `/operators/${id}/reset`, undefined, { authorization });
    expect((await reset()).status).toBe(403);
    expect((await browser.request('GET', '/session')).status).toBe(200);
    expect((await browser.request('POST', `/operators/${id}/reset`)).status).toBe(200);
  });

  it('deletes operators, who are nobody then', async () => {
    const { id, browser } = await admin();
    expect((await owner.request('DELETE', `/operators/${id}`)).status).toBe(204);
    expect((await owner.request('DELETE', `/operators/${id}`)).status).toBe(404);
    expect((await browser.request('GET', '/session')).status).toBe(401);
    expect((await admin()).id).not.toBe(id);
  });

  it('is refused where a link was given to an operator who is deactivated meanwhile', async () => {
    const { json } = await owner.request('POST', '/operators', {
      ...person,
      role: 'auditor',
      tenant: 'acme.com',
    });
    await owner.request('PATCH', `/operators/${json.operator.id}`, { active: false });
    const browser = await openBrowser(server);
    const code = codeOf(json.link);
    expect((await browser.request('POST', '/links/accept', { code, password: PASSWORD })).status).toBe(410);
  });

  it('ends with the tenant', async () => {
    const { browser } = await admin();
    await server.tenants.remove('acme.com');
    expect((await browser.request('GET', '/session')).status).toBe(401);
    expect((await owner.request('GET', '/operators')).json).toHaveLength(1);
  });
});

describe('the last owner', () => {
  const changes = [
    ['PATCH', { active: false }],
    ['PATCH', { role: 'auditor', tenant: 'acme.com' }],
    ['DELETE', undefined],
  ] as const;

  it.each(changes)('stays an active owner: %s %o', async (method, body) => {
    expect((await owner.request(method, `/operators/${ownerId}`, body)).status).toBe(409);
    // one who has not signed in yet is of no help
    await owner.request('POST', '/operators', { ...person, role: 'owner' });
    expect((await owner.request(method, `/operators/${ownerId}`, body)).status).toBe(409);
    await inviteTo(server, owner, { email: 'second@x.org', role: 'owner' });
    expect((await owner.request(method, `/operators/${ownerId}`, body)).status).toBeLessThan(300);
    expect((await owner.request('GET', '/session')).status).toBe(401);
  });

  it('is one of two who deactivate each other at the same time', async () => {
    const second = await inviteTo(server, owner, { email: 'second@x.org', role: 'owner' });
    const answers = await Promise.all([
      owner.request('PATCH', `/operators/${second.id}`, { active: false }),
      second.browser.request('PATCH', `/operators/${ownerId}`, { active: false }),
    ]);
    // whoever comes so late that the other has ended their sessions is not known any more
    const statuses = answers.map(({ status }) => status).sort();
    expect([
      [200, 401],
      [200, 409],
    ]).toContainEqual(statuses);
    const states = await Promise.all(
      [second.id, ownerId].map(
        async (id) => (await server.services.storage.operators.getOperator(id))?.active,
      ),
    );
    expect(states.toSorted()).toEqual([false, true]);
  });
});

it('a tenant is made together with its administrator, or not at all', async () => {
  const operator = { email: 'boss@new.org', name: 'Boss' };
  const { json } = await owner.request('POST', '/tenants', { domain: 'new.org', operator });
  expect(json.tenant.domain).toBe('new.org');
  const browser = await openBrowser(server);
  const accept = { code: codeOf(json.link), password: PASSWORD };
  expect((await browser.request('POST', '/links/accept', accept)).json.operator).toMatchObject({
    ...{ email: 'boss@new.org', role: 'tenantAdmin', tenant: 'new.org' },
  });
  expect((await owner.request('GET', '/tenants/new.org/size')).json.operators).toBe(1);
  for (const [given, status, path] of [
    [operator, 409, 'operator.email'],
    [{ ...operator, email: 'nobody' }, 400, 'operator.email'],
    [{ email: 'a@new.org', name: ' ' }, 400, 'operator.name'],
  ] as const) {
    const refused = await owner.request('POST', '/tenants', { domain: 'newer.org', operator: given });
    expect(refused).toMatchObject({ status, json: { fields: [{ path }] } });
  }
  expect((await owner.request('GET', '/tenants/newer.org')).status).toBe(404);
});

it('what is done to operators is noted for their tenant', async () => {
  const { id } = await admin();
  await owner.request('PATCH', `/operators/${id}`, { name: 'Ada', active: false });
  await owner.request('DELETE', `/operators/${id}`);
  const notes = server.audited.filter(({ note }) => note.entry.target.id === id);
  expect(notes.map(({ note }) => note.entry.action)).toEqual([
    ...['operator.create', 'operator.acceptLink', 'operator.signIn', 'operator.update', 'operator.delete'],
  ]);
  expect(new Set(notes.map(({ note }) => note.tenantId)).size).toBe(1);
  expect(notes[3]).toMatchObject({
    actor: { kind: 'operator', id: ownerId, via: 'console' },
    note: { entry: { detail: { attributes: ['name', 'active'] } } },
  });
});
