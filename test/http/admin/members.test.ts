import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const AT = '/tenants/acme.com';

let callers: Callers = {};
let server: TestServer;
let admin: AdminClient;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers) });
  const acme = await server.tenants.create('acme.com', 'Acme');
  callers = { admin: caller('tenantAdmin', acme.id) };
  admin = await adminClient(server, 'admin');
});
afterAll(() => server.close());

async function create(type: 'User' | 'Group', body: object): Promise<string> {
  const { status, json } = await admin.request('POST', `${AT}/resources/${type}`, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return json.id;
}

const users = (names: readonly string[]): Promise<string[]> =>
  Promise.all(
    names.map((userName) =>
      create('User', { schemas: [USER], userName, name: { familyName: `of ${userName}` } }),
    ),
  );

const group = (displayName: string, ids: readonly string[] = []): Promise<string> =>
  create('Group', { schemas: [GROUP], displayName, members: ids.map((value) => ({ value })) });

const members = async (id: string, query = '') =>
  (await admin.request('GET', `${AT}/groups/${id}/members${query}`)).json;

describe('members of a group', () => {
  it('come in pages, with their names', async () => {
    const ids = (await users(['m1', 'm2', 'm3', 'm4', 'm5'])).sort();
    const inner = await group('Inner');
    const id = await group('Paged', [...ids, inner]);
    const first = await members(id, '?limit=4');
    const second = await members(id, `?limit=4&after=${first.next}`);
    const items = [...first.items, ...second.items];
    expect([first.items.length, first.total, second.next]).toEqual([4, 6, undefined]);
    expect(items.map((item) => item.id)).toEqual([...ids, inner].sort());
    expect(items).toContainEqual({ id: inner, type: 'Group', display: 'Inner' });
    expect(items.map(({ display }) => display)).toEqual(expect.arrayContaining(['m1', 'm5']));
  });

  it('are found by what their names begin with', async () => {
    const ids = await users(['searched1', 'searched2', 'else']);
    await users(['searched-outside']);
    const id = await group('Searched', [...ids, await group('Searched inside')]);
    const found = await members(id, '?search=searched');
    expect(found.items.map(({ display }: { display: string }) => display).sort()).toEqual([
      'Searched inside',
      'searched1',
      'searched2',
    ]);
    expect(found.total).toBe(4);
    expect((await members(id, '?search=of%20else')).items).toMatchObject([{ display: 'else' }]);
    expect((await members(id, '?search=nobody')).items).toEqual([]);
  });

  it('are added and removed in one go', async () => {
    const [a, b, c] = await users(['ga', 'gb', 'gc']);
    const id = await group('Changed', [a as string]);
    const path = `${AT}/groups/${id}/members`;
    const changed = await admin.request('POST', path, { add: [b, c, b], remove: [a] });
    expect(changed.json).toEqual({ total: 2 });
    const shown = await admin.request('GET', `${AT}/resources/Group/${id}`);
    expect(shown.json.meta.version).toBe('W/"2"');
    const refused = await admin.request('POST', path, { add: [a, 'nobody'], remove: [b] });
    expect(refused.json).toMatchObject({ status: 400, scimType: 'invalidValue' });
    expect(refused.json.detail).toContain('nobody');
    expect((await members(id)).total).toBe(2);
    expect((await admin.request('POST', path, {})).json).toEqual({ total: 2 });
  });
});

describe('permissions of a group', () => {
  it('are those that are set', async () => {
    const id = await group('Permitted');
    const path = `${AT}/groups/${id}/permissions`;
    const set = async (permissions: string[]) => (await admin.request('PUT', path, { permissions })).json;
    expect(await set(['provision', 'login'])).toEqual({ permissions: ['login', 'provision'] });
    expect(await set(['provision'])).toEqual({ permissions: ['provision'] });
    expect((await admin.request('GET', path)).json).toEqual({ permissions: ['provision'] });
    expect(await set([])).toEqual({ permissions: [] });
  });
});
