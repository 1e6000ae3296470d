import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Administration, createAdministration } from '../../src/service/administration.ts';
import { appendAudit, historyOf, listAudit } from '../../src/service/audit.ts';
import { exportAudit } from '../../src/service/audit-export.ts';
import { pruneAudit } from '../../src/service/audit-pruning.ts';
import { secretText } from '../../src/service/secrets.ts';
import type { Actor, AuditFilter } from '../../src/storage/audit.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createGroup, createUser, membersOf, newName, patchBody, userBody } from '../http/messages.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';

const OWNER: Actor = {
  ...{ kind: 'operator', id: 'op-1', name: 'Ada', via: 'console' },
  ...{ address: '192.0.2.7', requestId: 'r-1' },
};

let server: TestServer;
let client: Client;
let tenant: Tenant;
let administration: Administration;
const statements: string[] = [];

beforeAll(async () => {
  server = await startServer({ onStatement: (sql) => statements.push(sql) });
  administration = createAdministration({
    services: server.services,
    key: createSecretKey(randomBytes(32)),
    scimUrl: `${BASE_URL}/scim/v2`,
    requestLog: server.requestLog,
    actor: OWNER,
  });
  tenant = await administration.tenants.create('acme.com');
  client = await server.connect({ name: 'Entra' }, tenant);
});
afterAll(() => server.close());

const list = async (filter: AuditFilter = {}, of = tenant.id) =>
  (await listAudit(server.services, of, filter, undefined, 1000)).records;

const history = async (id: string) =>
  (await historyOf(server.services, tenant.id, id, undefined, 100)).records;

describe('a change over SCIM is kept with it', () => {
  it('as one record for each resource, with who it was and what has changed', async () => {
    const user = await createUser(client, { title: 'Dr', password: 'correct horse battery' });
    const group = await createGroup(client, { members: membersOf(user) });
    await client.request('PATCH', user.path, patchBody({ op: 'replace', path: 'title', value: 'Prof' }));
    await client.request('DELETE', user.path);
    const [deleted, updated, created] = await history(user.id);
    expect(deleted).toMatchObject({ action: 'user.delete', result: 'success' });
    expect(updated).toMatchObject({ action: 'user.update', detail: { attributes: ['title'] } });
    expect(created).toMatchObject({
      action: 'user.create',
      actor: { kind: 'integration', name: 'Entra', via: 'scim', address: '127.0.0.1' },
      target: { type: 'User', id: user.id, name: user.json.userName },
    });
    expect(created?.actor.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(created?.detail).toEqual({ attributes: ['password'] });
    expect(await history(group.id)).toMatchObject([
      { action: 'group.update', detail: { membersRemoved: [user.id], membersRemovedTotal: 1 } },
      { action: 'group.create', detail: { membersAdded: [user.id], membersAddedTotal: 1 } },
    ]);
    expect(JSON.stringify(await list())).not.toMatch(/horse|Prof/);
  });

  it('not where it was refused, or changed nothing', async () => {
    const user = await createUser(client, { title: 'same' });
    const before = (await list()).length;
    expect((await client.request('POST', '/Users', userBody({ userName: user.json.userName }))).status).toBe(
      409,
    );
    await client.request('PATCH', user.path, patchBody({ op: 'replace', path: 'title', value: 'same' }));
    expect(await list()).toHaveLength(before);
  });

  it('in Bulk, for each operation that was done', async () => {
    const taken = await createUser(client);
    const names = [newName(), taken.json.userName, newName()];
    const Operations = names.map((userName, index) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `b${index}`, data: userBody({ userName }) },
    }));
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations };
    expect((await client.request('POST', '/Bulk', body)).status).toBe(200);
    const done = (await list({ action: 'user.create' })).map(({ target }) => target?.name);
    expect(done.slice(0, 2).toSorted()).toEqual([names[0], names[2]].toSorted());
    expect(done.filter((name) => name === names[1])).toHaveLength(1);
  });

  it('by a user who changes themselves', async () => {
    const userName = newName();
    const user = await createUser(client, { userName, password: 'correct horse battery' });
    const authorization = `Basic ${Buffer.from(`${userName}:correct horse battery`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/scim+json' };
    const body = JSON.stringify(patchBody({ op: 'replace', path: 'nickName', value: 'n' }));
    expect((await server.send('PATCH', '/t/acme.com/scim/v2/Me', headers, body)).status).toBe(200);
    const [last] = await history(user.id);
    expect(last).toMatchObject({
      actor: { kind: 'user', id: user.id, name: userName, via: 'scim' },
      detail: { attributes: ['nickName'] },
    });
  });
});

test('what is administered is put down to who does it, and no secret with it', async () => {
  const { userStores, integrations, credentials, permissions, definitions, administrators } = administration;
  await userStores.create(tenant, 'EU');
  await userStores.remove(tenant, 'eu');
  const made = await integrations.create(tenant, {
    ...{ name: 'Okta', auth: 'bearer', dialect: 'standard', requirePrimaryEmail: true, readOnly: false },
  });
  const changed = await integrations.update(made.integration, { name: 'Okta 2' });
  const more = await credentials.add(changed);
  await credentials.revoke(tenant, made.credential.id);
  await integrations.remove(changed);
  await administrators.create(tenant, 'a password that is long');
  await permissions.revoke(tenant, 'admin', 'login');
  await permissions.revoke(tenant, 'admin', 'login');
  const schema = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...{ id: 'urn:example:Badge', name: 'Badge' },
    attributes: [{ name: 'number', type: 'string', multiValued: false }],
  };
  await definitions.addSchema(tenant, schema, { type: 'User', required: false });
  await definitions.removeSchema(tenant, 'urn:example:Badge');
  const records = await list({ actorId: OWNER.id });
  expect(records.map(({ action }) => action).reverse()).toEqual([
    ...['userStore.create', 'userStore.delete', 'integration.create', 'credential.create'],
    ...['integration.update', 'credential.create', 'credential.revoke', 'integration.delete'],
    ...['user.create', 'user.setPassword', 'group.create', 'permission.grant', 'permission.revoke'],
    ...['schema.create', 'extension.create', 'schema.delete', 'extension.delete'],
  ]);
  for (const { actor } of records) expect(actor).toEqual(OWNER);
  expect(records.find(({ action }) => action === 'integration.update')?.detail).toEqual({
    attributes: ['name'],
  });
  const text = JSON.stringify(records);
  for (const secret of [secretText(made.secret), secretText(more.secret), 'password that'])
    expect(text).not.toContain(secret);
});

test('what belongs to no tenant is kept apart, and outlives the tenant', async () => {
  const { tenants } = administration;
  const gone = await tenants.create('gone.example');
  const lost = await server.connect({}, gone);
  await createUser(lost);
  await tenants.setActive('gone.example', false);
  await tenants.remove('gone.example');
  const { records } = await listAudit(server.services, undefined, { targetId: gone.id }, undefined, 10);
  expect(records.map(({ action }) => action)).toEqual([
    'tenant.delete',
    'tenant.deactivate',
    'tenant.create',
  ]);
  expect(records[0]?.target).toEqual({ type: 'Tenant', id: gone.id, name: 'gone.example' });
  expect(await list({}, gone.id)).toEqual([]);
  expect(await list({ targetId: gone.id }, server.superTenant.id)).toEqual([]);
});

describe('records are found', () => {
  const at = (time: string) => ({ storage: server.services.storage, now: () => Date.parse(time) });
  const note = (time: string, action: string, change: Partial<Actor> = {}, id = 'x') =>
    appendAudit(at(time), { ...OWNER, ...change }, found.id, { action, target: { type: 'Thing', id } });
  let found: Tenant;

  beforeAll(async () => {
    found = await administration.tenants.create('found.example');
    // ids do not go back in time: these are later than all others
    await note('2101-01-01T00:00:00Z', 'thing.create', { via: 'scim' });
    await note('2101-01-02T00:00:00Z', 'thing.update', { id: 'op-2' });
    await note('2101-01-03T00:00:00Z', 'thin.update', {}, 'y');
    await note('2101-01-04T00:00:00Z', 'thing.delete', { via: 'api' });
  });

  test.each<[what: string, filter: AuditFilter, days: number[]]>([
    ['all', {}, [4, 3, 2, 1]],
    ['by who it was', { actorId: 'op-2' }, [2]],
    ['by the way', { via: 'scim' }, [1]],
    ['by another way', { via: 'console' }, [3, 2]],
    ['by the beginning of the action', { action: 'thing.' }, [4, 2, 1]],
    ['by the whole action', { action: 'thing.delete' }, [4]],
    ['by no pattern', { action: 'thin%' }, []],
    ['by what was changed', { targetId: 'y' }, [3]],
    ['since a time', { since: Date.parse('2101-01-03T00:00:00Z') }, [4, 3]],
    ['until a time', { until: Date.parse('2101-01-03T00:00:00Z') }, [2, 1]],
    [
      'by several',
      { since: Date.parse('2101-01-02T00:00:00Z'), action: 'thing', targetId: 'x', via: 'api' },
      [4],
    ],
    ['by what is not there', { targetId: 'x\0' }, []],
  ])('%s', async (_what, filter, days) => {
    const records = await list(filter, found.id);
    expect(records.map(({ time }) => time)).toEqual(days.map((day) => `2101-01-0${day}T00:00:00.000Z`));
  });

  it('page by page', async () => {
    const days: string[] = [];
    let behind: string | undefined;
    do {
      const page = await listAudit(server.services, found.id, {}, behind, 3);
      days.push(...page.records.map(({ time }) => time.slice(8, 10)));
      behind = page.next;
    } while (behind !== undefined);
    expect(days).toEqual(['04', '03', '02', '01']);
    const whole = await listAudit(server.services, found.id, {}, undefined, 4);
    expect(whole.next).toBeUndefined();
  });

  it('no more when they are old', async () => {
    const now = () => Date.parse('2101-01-13T00:00:00Z');
    expect(await pruneAudit({ storage: server.services.storage, now }, 10)).toBeGreaterThanOrEqual(2);
    expect((await list({}, found.id)).map(({ time }) => time.slice(8, 10))).toEqual(['04', '03']);
  });
});

describe('an export', () => {
  let exported: Tenant;
  beforeAll(async () => {
    exported = await administration.tenants.create('export.example');
    const records = Array.from({ length: 601 }, (_, index) => index);
    const { storage } = server.services;
    for (const index of records)
      await appendAudit({ storage, now: Date.now }, OWNER, exported.id, {
        ...{
          action: 'thing.update',
          target: { type: 'Thing', id: `t${index}`, name: NAMES[index] ?? 'plain' },
        },
        detail: { attributes: ['a', 'b'] },
      });
  });
  const NAMES = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\tx', 'a,"b"\nc', 'n\0ul'];

  const textOf = async (format: 'ndjson' | 'csv'): Promise<{ text: string; pieces: number }> => {
    const pieces: string[] = [];
    for await (const piece of exportAudit(server.services, exported.id, {}, format)) pieces.push(piece);
    return { text: pieces.join(''), pieces: pieces.length };
  };

  it('as JSON lines has every record once, in pieces', async () => {
    const { text, pieces } = await textOf('ndjson');
    const records = text.trimEnd().split('\n');
    expect(records).toHaveLength(601);
    expect(pieces).toBe(2);
    expect(new Set(records.map((line) => JSON.parse(line).target.id)).size).toBe(601);
    expect(JSON.parse(records[0] as string)).toEqual((await list({}, exported.id))[0]);
  });

  it('as CSV has a heading, and no text that a spreadsheet takes for a formula', async () => {
    const { text } = await textOf('csv');
    expect(text.startsWith('time,action,result,actorKind,')).toBe(true);
    expect(text.split('\r\n')).toHaveLength(601 + 2);
    for (const start of ['=', '+', '-', '@', '\t']) expect(text).not.toMatch(new RegExp(`[,\n]"?[${start}]`));
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(text).toContain('"a,""b""\nc"');
  });
});

test('no statement changes a record', () => {
  const writes = statements.filter((sql) => /audit_record/.test(sql) && !/^\s*SELECT/.test(sql));
  expect(writes.length).toBeGreaterThan(0);
  for (const sql of writes) expect(sql).toMatch(/^(INSERT INTO|DELETE FROM) audit_record/);
});
