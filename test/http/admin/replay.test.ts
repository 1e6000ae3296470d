import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type EarlierRequest, replayRequest } from '../../../src/http/admin/replay.ts';
import type { RequestRecord } from '../../../src/storage/request-log.ts';
import { BASE_URL, type Client, isOnPostgres, startServer, type TestServer } from '../../support/server.ts';
import {
  type Created,
  createGroup,
  createUser,
  groupBody,
  membersOf,
  newName,
  patchBody,
  userBody,
} from '../messages.ts';

let server: TestServer;
let client: Client;
let people: readonly Created[];
let group: Created;
let by: Pick<EarlierRequest, 'integrationId' | 'credentialId' | 'userId'>;

beforeAll(async () => {
  server = await startServer({ requestLogDays: 7 });
  client = await server.connect({ name: 'Entra' });
  people = await Promise.all([1, 2, 3].map(() => createUser(client, { title: 'Dr', password: PASSWORD })));
  group = await createGroup(client, { members: membersOf(...people) });
  const { directory } = server.services.storage;
  const [integration] = await directory.listIntegrations(server.superTenant.id);
  by = { integrationId: integration?.id, credentialId: undefined, userId: undefined };
});
afterAll(() => server.close());

const PASSWORD = 'correct horse battery';

/** Every row of every table, the request log among them. */
async function everything(): Promise<string> {
  const stored = await server.stored();
  if (isOnPostgres) return stored.toString();
  const files = ['roster.db', 'requests.db'].map((name) => join(server.directory, name));
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const database = new Database(file, { readonly: true });
      const names = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .pluck()
        .all() as string[];
      const rows = names.map((name) =>
        JSON.stringify([name, database.prepare(`SELECT * FROM "${name}"`).all()]),
      );
      database.close();
      return rows;
    })
    .join('\n');
}

const asMade = (method: string, path: string, body?: unknown): EarlierRequest => ({
  ...by,
  ...{ method, path, contentType: 'application/scim+json', isReplayable: true },
  requestBody: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
});

const replay = (request: EarlierRequest, body?: string) =>
  replayRequest({ services: server.services, baseUrl: BASE_URL }, server.superTenant, request, body);

const bulk = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: operations,
});

type Row = [what: string, status: number, request: () => EarlierRequest, changes: string[]];

const first = (): Created => people[0] as Created;

const rows: Row[] = [
  [
    'a new user',
    201,
    () => asMade('POST', '/scim/v2/Users', userBody({ password: PASSWORD })),
    ['create User'],
  ],
  [
    'a new group with members',
    201,
    () => asMade('POST', '/scim/v2/Groups', groupBody({ members: membersOf(...people) })),
    ['create Group'],
  ],
  [
    'a name that is taken',
    409,
    () => asMade('POST', '/scim/v2/Users', userBody({ userName: first().json.userName })),
    [],
  ],
  [
    'a replacement',
    200,
    () => asMade('PUT', `/scim/v2${first().path}`, userBody({ nickName: 'n' })),
    ['update User'],
  ],
  [
    'another password',
    200,
    () =>
      asMade(
        'PATCH',
        `/scim/v2${first().path}`,
        patchBody({ op: 'replace', path: 'password', value: 'another password' }),
      ),
    ['update User'],
  ],
  [
    'members that go',
    200,
    () => asMade('PATCH', `/scim/v2${group.path}`, patchBody({ op: 'remove', path: 'members' })),
    ['update Group'],
  ],
  ['a deletion', 204, () => asMade('DELETE', `/scim/v2${first().path}`), ['update Group', 'delete User']],
  ['the deletion of a group', 204, () => asMade('DELETE', `/scim/v2${group.path}`), ['delete Group']],
  ['a deletion of nothing', 404, () => asMade('DELETE', '/scim/v2/Users/nobody'), []],
  [
    'Bulk',
    200,
    () =>
      asMade(
        'POST',
        '/scim/v2/Bulk',
        bulk(
          { method: 'POST', path: '/Users', bulkId: 'u', data: userBody() },
          {
            method: 'POST',
            path: '/Groups',
            bulkId: 'g',
            data: groupBody({ members: [{ value: 'bulkId:u' }] }),
          },
          {
            method: 'POST',
            path: '/Users',
            bulkId: 'x',
            data: userBody({ userName: first().json.userName }),
          },
          { method: 'DELETE', path: first().path },
        ),
      ),
    ['create User', 'create Group', 'update Group', 'delete User'],
  ],
  ['a body that is no JSON', 400, () => asMade('POST', '/scim/v2/Users', '{'), []],
  ['a list', 200, () => asMade('GET', '/scim/v2/Users?filter=title%20eq%20%22Dr%22&count=2'), []],
  ['a list without a body', 200, () => asMade('HEAD', '/scim/v2/Users'), []],
  ['discovery', 200, () => asMade('GET', '/scim/v2/Schemas'), []],
  ['what is not there', 404, () => asMade('GET', '/scim/v2/a/b/c'), []],
  ['what is no SCIM', 404, () => asMade('GET', '/api/v1/tenants'), []],
  ['another tenant', 401, () => asMade('GET', '/t/other.example/scim/v2/Users'), []],
];

const kindsOf = (changes: readonly { kind: string; type: string }[]): string[] =>
  changes.map(({ kind, type }) => `${kind} ${type}`);

describe('a replay changes nothing in the database', () => {
  test.each(rows)('%s: %i', async (_what, status, request, changes) => {
    const before = await everything();
    const replayed = await replay(request());
    expect([replayed.status, replayed.body]).toEqual([status, expect.any(String)]);
    expect(kindsOf(replayed.changes)).toEqual(changes);
    expect(await everything()).toBe(before);
  });

  it('by a user over SCIM 1.1 and at /Me', async () => {
    const { id, json } = first();
    by = { integrationId: undefined, credentialId: undefined, userId: id };
    try {
      const before = await everything();
      const body = patchBody({ op: 'replace', path: 'nickName', value: 'n' });
      const me = await replay(asMade('PATCH', '/scim/v2/Me', body));
      expect([me.status, kindsOf(me.changes)]).toEqual([200, ['update User']]);
      expect((await replay(asMade('GET', '/scim/v2/Users'))).status).toBe(403);
      const update = { schemas: ['urn:scim:schemas:core:1.0'], userName: json.userName, nickName: 'n' };
      const request = asMade('PUT', `/wso2/scim/Users/${id}`, update);
      const refused = await replay({ ...request, contentType: 'application/json' });
      expect(refused.status).toBe(403);
      expect(await everything()).toBe(before);
    } finally {
      const { directory } = server.services.storage;
      const [integration] = await directory.listIntegrations(server.superTenant.id);
      by = { integrationId: integration?.id, credentialId: undefined, userId: undefined };
    }
  });

  it('by an integration over SCIM 1.1', async () => {
    const before = await everything();
    const body = { schemas: ['urn:scim:schemas:core:1.0'], userName: newName() };
    const created = await replay({
      ...asMade('POST', '/wso2/scim/Users', body),
      contentType: 'application/json',
    });
    expect([created.status, kindsOf(created.changes)]).toEqual([201, ['create User']]);
    expect(JSON.parse(created.body)).toMatchObject({ userName: body.userName });
    expect(await everything()).toBe(before);
  });
});

describe('a replay', () => {
  async function recorded(method: string, path: string, body?: unknown): Promise<RequestRecord> {
    await client.request(method, path, body);
    await server.requestLog.flush();
    const { id: tenantId } = server.superTenant;
    const { requests } = await server.requestLog.list(tenantId, { filter: { method }, limit: 1 });
    return (await server.requestLog.get(tenantId, requests[0]?.id ?? '')) as RequestRecord;
  }

  it('of a request from the log tells what would happen now', async () => {
    const user = await createUser(client, { title: 'old' });
    const body = patchBody({ op: 'Replace', path: 'title', value: 'new' });
    const record = await recorded('PATCH', user.path, body);
    expect(record.status).toBe(200);
    const same = await replay(record);
    expect([same.status, same.changes]).toEqual([200, []]);
    expect(same.headers.etag).toBe('W/"2"');
    const edited = await replay(
      record,
      JSON.stringify(patchBody({ op: 'replace', path: 'title', value: 'x' })),
    );
    const [change] = edited.changes;
    expect(JSON.parse(String(change?.before)).title).toBe('new');
    expect(JSON.parse(String(change?.after)).title).toBe('x');
    expect((await client.request('GET', user.path)).json.title).toBe('new');
    await client.request('DELETE', user.path);
    expect((await replay(record)).status).toBe(404);
  });

  it('names the tolerances that were needed', async () => {
    const body = patchBody({ op: 'replace', path: 'active', value: 'False' });
    expect(
      (await replay(asMade('PATCH', `/scim/v2${first().path}`, body))).tolerances.length,
    ).toBeGreaterThan(0);
  });

  it('is that of the integration with its settings of now', async () => {
    const name = newName('reader');
    await server.connect({ name, readOnly: true });
    const { directory } = server.services.storage;
    const all = await directory.listIntegrations(server.superTenant.id);
    const integrationId = all.find((integration) => integration.name === name)?.id;
    const request = { ...asMade('POST', '/scim/v2/Users', userBody()), integrationId };
    expect((await replay(request)).status).toBe(403);
  });

  test.each<[why: string, change: Partial<EarlierRequest>]>([
    ['whose integration is gone', { integrationId: 'gone' }],
    ['whose user is gone', { integrationId: undefined, userId: 'gone' }],
    ['of nobody', { integrationId: undefined }],
    ['with a method of its own', { method: 'PURGE' }],
    ['that was not kept whole', { isReplayable: false }],
  ])('of a request %s is refused', async (_why, change) => {
    const request = { ...asMade('GET', '/scim/v2/Users'), ...change };
    await expect(replay(request)).rejects.toMatchObject({ problem: 'conflict' });
  });

  it('with another body needs none that was kept', async () => {
    const request = { ...asMade('POST', '/scim/v2/Users'), isReplayable: false };
    expect((await replay(request, JSON.stringify(userBody()))).status).toBe(201);
  });
});
