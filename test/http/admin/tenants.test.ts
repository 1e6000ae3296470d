import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

let callers: Callers = {};
let server: TestServer;
let owner: AdminClient;
let admin: AdminClient;
let auditor: AdminClient;
let nobody: AdminClient;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers) });
  const acme = await server.tenants.create('acme.com', 'Acme');
  await server.tenants.create('other.org');
  callers = {
    owner: caller('owner'),
    admin: caller('tenantAdmin', acme.id),
    auditor: caller('auditor', acme.id),
  };
  [owner, admin, auditor, nobody] = (await Promise.all(
    ['owner', 'admin', 'auditor', 'nobody'].map((name) => adminClient(server, name)),
  )) as [AdminClient, AdminClient, AdminClient, AdminClient];
});
afterAll(() => server.close());

describe('tenants of the admin API', () => {
  it('shows owners all tenants, others their own', async () => {
    const domains = async (client: AdminClient) =>
      (await client.request('GET', '/tenants')).json.map(({ domain }: { domain: string }) => domain);
    expect(await domains(owner)).toEqual(expect.arrayContaining(['acme.com', 'carbon.super', 'other.org']));
    expect(await domains(auditor)).toEqual(['acme.com']);
    expect((await nobody.request('GET', '/tenants')).status).toBe(401);
  });

  it('answers 404 for tenants of others and for none alike', async () => {
    const other = await admin.request('GET', '/tenants/other.org');
    const none = await admin.request('GET', '/tenants/none.org');
    expect([other.status, none.status]).toEqual([404, 404]);
    expect(other.json.detail.replace('other', 'none')).toBe(none.json.detail);
  });

  it('refuses what a role may not', async () => {
    expect((await admin.request('POST', '/tenants', { domain: 'new.org' })).status).toBe(403);
    expect((await auditor.request('POST', '/tenants/acme.com/user-stores', { name: 'X' })).status).toBe(403);
    expect((await admin.request('DELETE', '/tenants/acme.com')).status).toBe(403);
  });

  it('names the field that is wrong', async () => {
    const answer = await owner.request('POST', '/tenants', { domain: '' });
    expect(answer.status).toBe(400);
    expect(answer.json.fields).toEqual([{ path: 'domain', message: expect.stringContaining('domain') }]);
  });

  it('ends the credentials of a tenant that is deactivated at once', async () => {
    await owner.request('POST', '/tenants', { domain: 'brief.org', adminPassword: 'secret password' });
    const client = await server.connect({}, await server.tenants.find('brief.org'));
    expect((await client.request('GET', '/Users')).status).toBe(200);
    expect((await owner.request('PATCH', '/tenants/brief.org', { active: false })).json.active).toBe(false);
    expect((await client.request('GET', '/Users')).status).toBe(401);
    expect((await owner.request('PATCH', '/tenants/brief.org', { active: true })).status).toBe(200);
    expect((await client.request('GET', '/Users')).status).toBe(200);
    const size = await owner.request('GET', '/tenants/brief.org/size');
    expect(size.json.resources).toContainEqual({ type: 'User', total: 1 });
    expect((await owner.request('DELETE', '/tenants/brief.org')).status).toBe(204);
    expect((await owner.request('GET', '/tenants/brief.org')).status).toBe(404);
  });

  it('invites who is to administer a tenant', async () => {
    const operator = { email: 'jo@invited.org', name: 'Jo' };
    const added = await owner.request('POST', '/tenants', { domain: 'invited.org', operator });
    expect(added.json.link.url).toContain('/console/link#');
    const size = await owner.request('GET', '/tenants/invited.org/size');
    expect(size.json.operators).toBe(1);
  });

  it('adds no tenant without those who were to administer it', async () => {
    const refusals: [more: object, field: string][] = [
      [{ operator: { email: 'nobody', name: 'Jo' } }, 'operator.email'],
      [{ operator: { email: 'jo@half.org', name: ' ' } }, 'operator.name'],
      [{ operator: { email: 'jo@invited.org', name: 'Jo' } }, 'operator.email'],
      [{ adminPassword: '\u0007\u0007\u0007\u0007\u0007' }, 'adminPassword'],
      [{ name: 'a\nb' }, 'name'],
      [{ domain: 'acme.com' }, 'domain'],
      [{ domain: 'not a domain' }, 'domain'],
    ];
    for (const [more, field] of refusals) {
      const answer = await owner.request('POST', '/tenants', { domain: 'half.org', ...more });
      expect(answer.json.fields, answer.text).toMatchObject([{ path: field }]);
    }
    expect((await owner.request('GET', '/tenants/half.org')).status).toBe(404);
  });

  it('keeps the super tenant', async () => {
    expect((await owner.request('DELETE', '/tenants/carbon.super')).status).toBe(409);
    expect((await owner.request('PATCH', '/tenants/carbon.super', { active: false })).status).toBe(409);
  });

  it('adds user stores and deletes empty ones', async () => {
    const added = await admin.request('POST', '/tenants/acme.com/user-stores', { name: 'amrsnghe' });
    expect(added.json).toMatchObject({ name: 'AMRSNGHE', isEmpty: true });
    const listed = await auditor.request('GET', '/tenants/acme.com/user-stores');
    expect(listed.json).toMatchObject([
      { name: 'AMRSNGHE', isPrimary: false, isEmpty: true },
      { name: 'PRIMARY', isPrimary: true, isEmpty: false },
    ]);
    expect((await admin.request('DELETE', '/tenants/acme.com/user-stores/AMRSNGHE')).status).toBe(204);
    expect((await admin.request('DELETE', '/tenants/acme.com/user-stores/PRIMARY')).status).toBe(409);
    expect((await admin.request('DELETE', '/tenants/acme.com/user-stores/NONE')).status).toBe(404);
  });
});

describe('changes of the admin API', () => {
  it('must come from the console', async () => {
    const change = { name: 'FROM' };
    const path = '/tenants/acme.com/user-stores';
    const refused = [
      { 'x-roster-request': undefined },
      { origin: 'https://elsewhere.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused)
      expect((await admin.request('POST', path, change, headers)).status).toBe(403);
    expect((await admin.request('POST', path, change, { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('must be JSON', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await admin.request('POST', '/tenants/acme.com/user-stores', 'name=X', headers)).status).toBe(
      415,
    );
  });

  it('ask to authenticate again where that was long ago', async () => {
    const old = callers;
    callers = {
      owner: {
        ...caller('owner'),
        session: { id: 's', authenticated: Date.now() - 600_000, ends: Date.now() + 60_000 },
      },
    };
    const answer = await owner.request('DELETE', '/tenants/other.org');
    callers = old;
    expect(answer.status).toBe(403);
    expect(answer.json.type).toBe('urn:roster:reauthenticate');
  });
});
