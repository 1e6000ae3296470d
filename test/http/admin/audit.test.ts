import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { auditRecord } from '../../../src/http/admin/contract/audit.ts';
import { type Client, startServer, type TestServer } from '../../support/server.ts';
import { createGroup, createUser, patchBody } from '../messages.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

type AuditRecord = z.output<typeof auditRecord>;

let callers: Callers = {};
let server: TestServer;
let owner: AdminClient;
let admin: AdminClient;
let auditor: AdminClient;
let client: Client;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers) });
  const acme = await server.tenants.create('acme.com');
  const other = await server.tenants.create('other.org');
  callers = {
    owner: caller('owner'),
    admin: caller('tenantAdmin', acme.id),
    auditor: caller('auditor', acme.id),
  };
  owner = await adminClient(server, 'owner');
  admin = await adminClient(server, 'admin');
  auditor = await adminClient(server, 'auditor');
  client = await server.connect({ name: 'payroll' }, acme);
  await createUser(await server.connect({ name: 'payroll' }, other));
});
afterAll(() => server.close());

const PATH = '/tenants/acme.com/audit';

async function listed(query = '', by: AdminClient = auditor, path = PATH) {
  const { status, json } = await by.request('GET', `${path}${query}`);
  expect(status).toBe(200);
  return json.items;
}

describe('the audit', () => {
  it('says who changed what, by whatever way', async () => {
    const { json, path } = await createUser(client);
    await client.request('PATCH', path, patchBody({ op: 'replace', path: 'title', value: 'Boss' }));
    const group = await createGroup(client, {});
    await client.request(
      'PATCH',
      group.path,
      patchBody({ op: 'add', path: 'members', value: [{ value: json.id }] }),
    );
    const [joined, , changed, created] = await listed();
    expect(created).toMatchObject({
      tenant: 'acme.com',
      ...{ action: 'user.create', via: 'scim', result: 'success' },
      actor: { kind: 'integration', name: 'payroll' },
      target: { type: 'User', id: json.id, name: json.userName },
    });
    expect(changed).toMatchObject({ action: 'user.update', attributes: ['title'] });
    expect(joined).toMatchObject({
      action: 'group.update',
      ...{ attributes: ['members'], membersAdded: [json.id], membersAddedTotal: 1 },
    });
    expect(created.requestId).toEqual(expect.any(String));
  });

  it('is found by what it is about', async () => {
    const { json, path } = await createUser(client);
    await client.request('DELETE', path);
    const all = await listed('?limit=200');
    const [{ actor, time }] = all;
    const finds: readonly (readonly [query: string, fits: (one: AuditRecord) => boolean])[] = [
      [`actor=${actor.id}`, (one) => one.actor.id === actor.id],
      ['via=scim', ({ via }) => via === 'scim'],
      ['via=system', ({ via }) => via === 'system'],
      ['action=user.', ({ action }) => action.startsWith('user.')],
      ['action=user.delete', ({ action }) => action === 'user.delete'],
      [`target=${json.id}`, ({ target }) => target?.id === json.id],
      [`since=${time}`, (one) => one.time >= time],
      [`until=${time}`, (one) => one.time < time],
    ];
    for (const [query, fits] of finds) {
      const found = await listed(`?limit=200&${query}`);
      expect([query, found]).toEqual([query, all.filter(fits)]);
      expect([query, found.length > 0]).toEqual([query, true]);
    }
  });

  it('is on pages', async () => {
    const seen: unknown[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { json } = await auditor.request('GET', `${PATH}?limit=2${after && `&after=${after}`}`);
      seen.push(...json.items);
      after = json.next;
    }
    expect(seen).toEqual(await listed('?limit=200'));
  });

  it.each([
    ['?via=phone', 'via'],
    ['?since=x', 'since'],
    ['?actor=%00', 'actor'],
    ['?action=%00', 'action'],
    ['?limit=1000', 'limit'],
    ['/export?format=xml', 'format'],
  ])('is not asked for by %s', async (query, field) => {
    const answer = await auditor.request('GET', PATH + query);
    expect([answer.status, answer.json.fields?.[0]?.path]).toEqual([400, field]);
  });

  it.each([
    '?since=0001-01-01T00:00:00Z',
    '?until=0001-01-01T00:00:00Z',
    '?until=9999-12-31T23:59:59Z',
    '?after=zzz',
  ])('is asked for by %s', async (query) => {
    expect((await auditor.request('GET', PATH + query)).status).toBe(200);
  });

  it('that belongs to no tenant is for owners', async () => {
    await owner.request('POST', '/tenants', { domain: 'third.org' });
    const records = await listed('?limit=200', owner, '/audit');
    expect(records.map(({ action }: { action: string }) => action)).toContain('tenant.create');
    for (const record of records) expect(record).not.toHaveProperty('tenant');
    expect((await auditor.request('GET', '/audit')).status).toBe(403);
    expect(await listed('?limit=200')).not.toContainEqual(expect.objectContaining({ tenant: 'other.org' }));
    expect((await auditor.request('GET', '/tenants/other.org/audit')).status).toBe(404);
  });
});

describe('the audit as a file', () => {
  it('has a record in each line, the export too', async () => {
    const { headers, text } = await auditor.request('GET', `${PATH}/export`);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="audit-acme.com.ndjson"');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ action: 'audit.export', actor: { kind: 'operator', via: 'console' } });
    const ids = lines.map(({ id }) => id);
    expect(ids).toEqual((await listed('?limit=200')).map(({ id }: { id: string }) => id));
  });

  it('can be a table, in which no name is a formula', async () => {
    await createUser(client, { userName: '=HYPERLINK("x")' });
    const { headers, text } = await admin.request('GET', `${PATH}/export?format=csv&action=user.`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const [heading, first] = text.split('\r\n');
    expect(heading).toMatch(/^time,action,result,actorKind/);
    expect(first).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).not.toContain('integration.create');
  });

  it('is asked for by who has just confirmed who it is', async () => {
    const before = callers;
    const { session, ...rest } = caller('owner');
    callers = { auditor: { ...rest, session: session && { ...session, authenticated: 0 } } };
    const answer = await auditor.request('GET', `${PATH}/export`);
    callers = before;
    expect([answer.status, answer.json.type]).toEqual([403, 'urn:roster:reauthenticate']);
  });
});
