import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Client, startServer, type TestServer } from '../../support/server.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const AT = '/tenants/acme.com';

let callers: Callers = {};
let server: TestServer;
let admin: AdminClient;
let auditor: AdminClient;
let stranger: AdminClient;
/** Of SCIM, in the same tenant. */
let scim: Client;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers) });
  const acme = await server.tenants.create('acme.com', 'Acme');
  const other = await server.tenants.create('other.org');
  callers = {
    admin: caller('tenantAdmin', acme.id),
    auditor: caller('auditor', acme.id),
    stranger: caller('tenantAdmin', other.id),
  };
  [admin, auditor, stranger] = (await Promise.all(
    ['admin', 'auditor', 'stranger'].map((name) => adminClient(server, name)),
  )) as [AdminClient, AdminClient, AdminClient];
  scim = await server.connect({}, acme);
});
afterAll(() => server.close());

const user = (userName: string, more: object = {}) => ({ schemas: [USER], userName, ...more });

async function create(type: 'User' | 'Group', body: object): Promise<string> {
  const { status, json } = await admin.request('POST', `${AT}/resources/${type}`, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return json.id;
}

const query = (parameters: Record<string, string>): string => `?${new URLSearchParams(parameters)}`;

const namesOf = async (type: string, parameters: Record<string, string>): Promise<string[]> => {
  const { status, json } = await auditor.request('GET', `${AT}/resources/${type}${query(parameters)}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json.resources.map((each: Record<string, string>) => each.userName ?? each.displayName);
};

describe('resources of the admin API', () => {
  it('are the same as those of SCIM', async () => {
    const id = await create('User', user('same', { name: { givenName: 'Sam', familyName: 'Same' } }));
    const seen = await scim.request('GET', `/Users/${id}`);
    const got = await auditor.request('GET', `${AT}/resources/User/${id}`);
    expect(got.json).toEqual(seen.json);
    expect(got.headers['cache-control']).toBe('no-store');
  });

  it('are shown as SCIM 1.1 shows them', async () => {
    const id = await create('Group', { schemas: [GROUP], displayName: 'elder' });
    const { json } = await auditor.request('GET', `${AT}/resources/Group/${id}?protocol=1.1`);
    expect(json.displayName).toBe('PRIMARY/elder');
    expect(json.meta.location).toBe(`http://roster.test/wso2/scim/Groups/${id}`);
    expect(json.schemas).toEqual(['urn:scim:schemas:core:1.0']);
  });

  it('keep the members of a group that is replaced', async () => {
    const member = await create('User', user('kept'));
    const id = await create('Group', {
      schemas: [GROUP],
      displayName: 'before',
      members: [{ value: member }],
    });
    const path = `${AT}/resources/Group/${id}`;
    const replaced = await admin.request('PUT', path, {
      schemas: [GROUP],
      displayName: 'after',
      members: [],
    });
    expect(replaced.json).toMatchObject({ displayName: 'after' });
    expect(replaced.json).not.toHaveProperty('members');
    expect((await auditor.request('GET', path)).json).not.toHaveProperty('members');
    expect((await scim.request('GET', `/Groups/${id}`)).json.members).toMatchObject([{ value: member }]);
  });

  it('change only as the version allows', async () => {
    const id = await create('User', user('versioned'));
    const path = `${AT}/resources/User/${id}`;
    const change = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] };
    const at = (version: string) => query({ version });
    expect((await admin.request('PATCH', path + at('W/"7"'), change)).status).toBe(412);
    const changed = await admin.request('PATCH', path + at('W/"1"'), change);
    expect(changed.json).toMatchObject({ active: false, meta: { version: 'W/"2"' } });
    expect((await admin.request('PUT', path + at('W/"1"'), user('versioned'))).status).toBe(412);
    expect((await admin.request('PUT', path + at('nonsense'), user('versioned'))).status).toBe(400);
    expect((await admin.request('PUT', path + at('W/"2"'), user('versioned'))).status).toBe(200);
  });

  it('are deleted with what is said of it before', async () => {
    const member = await create('User', user('gone'));
    const members = [{ value: member }];
    const group = await create('Group', { schemas: [GROUP], displayName: 'left', members });
    await admin.request('PUT', `${AT}/groups/${group}/permissions`, { permissions: ['login'] });
    const impactOf = async (type: string, id: string) =>
      (await auditor.request('GET', `${AT}/resources/${type}/${id}/impact`)).json;
    expect(await impactOf('User', member)).toEqual({
      groups: [{ id: group, display: 'left' }],
      ...{ groupsTotal: 1, membersTotal: 0, permissions: [] },
    });
    expect(await impactOf('Group', group)).toMatchObject({ membersTotal: 1, permissions: ['login'] });
    expect((await admin.request('DELETE', `${AT}/resources/User/${member}`)).status).toBe(204);
    expect((await admin.request('DELETE', `${AT}/resources/User/${member}`)).status).toBe(404);
    expect(await impactOf('Group', group)).toMatchObject({ membersTotal: 0 });
  });

  it('hold markup as text', async () => {
    const markup = '<img src=x onerror=alert(1)>"\'&</script>';
    const id = await create('User', user('markup', { displayName: markup, title: markup }));
    const { json, headers } = await auditor.request('GET', `${AT}/resources/User/${id}`);
    expect(json).toMatchObject({ displayName: markup, title: markup });
    expect(headers['content-type']).toContain('application/json');
    expect(await namesOf('User', { search: '<img' })).toEqual(['markup']);
  });
});

describe('a search', () => {
  beforeAll(async () => {
    await admin.request('POST', `${AT}/user-stores`, { name: 'EMEA' });
    await create(
      'User',
      user('bjensen', {
        name: { givenName: 'Barbara', familyName: 'Jensen' },
        displayName: 'Babs Jensen',
        emails: [{ value: 'babs@jensen.example', type: 'home' }],
      }),
    );
    await create('User', user('emea/olsen', { name: { givenName: 'Barbro', familyName: 'Olsen' } }));
    await create('Group', { schemas: [GROUP], displayName: 'Tour Guides' });
    await create('Group', { schemas: [GROUP], displayName: 'EMEA/Guides' });
  });

  test.each<[type: string, search: string, names: string[]]>([
    ['User', 'bjen', ['bjensen']],
    ['User', 'BARB', ['bjensen', 'EMEA/olsen']],
    ['User', 'barb ol', ['EMEA/olsen']],
    ['User', 'jensen barbara', ['bjensen']],
    ['User', 'babs jensen', ['bjensen']],
    ['User', 'babs@', ['bjensen']],
    ['User', 'ols', ['EMEA/olsen']],
    ['User', 'EMEA/ol', ['EMEA/olsen']],
    ['User', 'primary/bjen', ['bjensen']],
    ['User', 'ensen', []],
    ['User', 'jensen nobody', []],
    ['User', '"\\ %_) or (userName pr', []],
    ['User', 'bjen\u0000', ['bjensen']],
    ['Group', 'tour gui', ['Tour Guides']],
    ['Group', 'tour', ['Tour Guides']],
    ['Group', 'gui', ['EMEA/Guides']],
  ])('of %s for %s', async (type, search, names) => {
    const found = await namesOf(type, { search, sortBy: type === 'User' ? 'userName' : 'displayName' });
    expect(found).toEqual(names);
  });

  it('finds a resource by its id', async () => {
    const id = await create('User', user('by-id'));
    expect(await namesOf('User', { search: id })).toEqual(['by-id']);
  });

  it('goes together with a filter', async () => {
    expect(await namesOf('User', { search: 'barb', filter: 'name.familyName eq "Olsen"' })).toEqual([
      'EMEA/olsen',
    ]);
  });

  it('gives pages', async () => {
    const all = await auditor.request('GET', `${AT}/resources/User?sortBy=userName&count=200`);
    const page = await auditor.request('GET', `${AT}/resources/User?sortBy=userName&count=2&startIndex=2`);
    expect(page.json).toMatchObject({ totalResults: all.json.resources.length, startIndex: 2 });
    expect(page.json.resources).toEqual(all.json.resources.slice(1, 3));
  });
});

describe('what is wrong', () => {
  test.each<[filter: string, position: number]>([
    ['userName eq', 12],
    ['userName eq "x', 13],
    ['userName xx "x"', 10],
    ['active eq true and nothing pr', 20],
    ['emails[nothing eq "x"]', 8],
    ['not (active gt true)', 6],
    ['userName eq "x" )', 17],
  ])('with the filter %s is said with its position', async (filter, position) => {
    const answer = await auditor.request('GET', `${AT}/resources/User${query({ filter })}`);
    expect(answer.json).toMatchObject({ status: 400, scimType: 'invalidFilter', position });
  });

  test.each<[method: string, path: string, body: unknown, status: number]>([
    ['GET', '/resources/Nothing', undefined, 404],
    ['GET', '/resources/__proto__', undefined, 404],
    ['GET', '/resources/User/none', undefined, 404],
    ['GET', '/resources/User/none%00', undefined, 404],
    ['GET', '/resources/User/none/impact', undefined, 404],
    ['GET', '/resources/User/none?protocol=3', undefined, 400],
    ['GET', '/resources/User?count=x', undefined, 400],
    ['GET', '/resources/User?count=201', undefined, 400],
    ['GET', '/resources/User?startIndex=0', undefined, 400],
    ['GET', '/resources/User?sortBy=nothing', undefined, 400],
    ['GET', '/resources/User?sortOrder=up', undefined, 400],
    ['POST', '/resources/User', {}, 400],
    ['POST', '/resources/User', [], 400],
    ['POST', '/resources/User', '{', 400],
    ['POST', '/resources/User', user(' '), 400],
    ['POST', '/resources/User', user('x', { active: 'perhaps' }), 400],
    ['POST', '/resources/User', user('x', { password: '123' }), 400],
    ['POST', '/resources/Group', { schemas: [GROUP] }, 400],
    ['PUT', '/resources/User/none', user('none'), 404],
    ['PATCH', '/resources/User/none', { schemas: [PATCH], Operations: [] }, 404],
    ['PATCH', '/resources/User/none', { schemas: [PATCH] }, 400],
    ['DELETE', '/resources/Group/none', undefined, 404],
    ['PUT', '/users/none/password', {}, 404],
    ['PUT', '/users/none/password', { password: '123' }, 400],
    ['PUT', '/users/none/password', { password: 5 }, 400],
    ['GET', '/groups/none/members', undefined, 404],
    ['POST', '/groups/none/members', { add: [] }, 404],
    ['GET', '/groups/none/permissions', undefined, 404],
    ['PUT', '/groups/none/permissions', { permissions: ['login'] }, 404],
    ['PUT', '/groups/none/permissions', { permissions: ['fly'] }, 400],
  ])('in %s %s %j is answered %i', async (method, path, body, status) => {
    expect((await admin.request(method, AT + path, body)).status).toBe(status);
  });

  const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

  test.each<[path: string, value: unknown, field: string]>([
    ['userName', '', 'userName'],
    ['userName', 'Taken', 'userName'],
    ['active', 'perhaps', 'active'],
    ['name.givenName', 5, 'name.givenName'],
    ['emails', [{ value: 7 }], 'emails'],
    [`${ENTERPRISE}:department`, {}, `${ENTERPRISE}:department`],
  ])('in the value of %s (%j) is said at its field', async (path, value, field) => {
    await admin.request('POST', `${AT}/resources/User`, user('taken'));
    const id = await create('User', user(`field ${path} ${JSON.stringify(value)}`));
    const change = { schemas: [PATCH], Operations: [{ op: 'replace', path, value }] };
    const { json } = await admin.request('PATCH', `${AT}/resources/User/${id}`, change);
    expect(json.fields).toEqual([{ path: field, message: json.detail }]);
  });

  it('with a taken userName is a conflict', async () => {
    await admin.request('POST', `${AT}/resources/User`, user('taken'));
    const answer = await admin.request('POST', `${AT}/resources/User`, user('TAKEN'));
    expect(answer.json).toMatchObject({ status: 409, scimType: 'uniqueness' });
  });
});

describe('roles', () => {
  type Row = [method: string, path: string, body: unknown];
  const CHANGES: Row[] = [
    ['POST', '/resources/User', user('never')],
    ['PUT', '/resources/User/x', user('never')],
    ['PATCH', '/resources/User/x', {}],
    ['DELETE', '/resources/User/x', undefined],
    ['PUT', '/users/x/password', {}],
    ['POST', '/groups/x/members', {}],
    ['PUT', '/groups/x/permissions', { permissions: [] }],
  ];
  const READS = ['/resources/User', '/resources/User/x', '/resources/User/x/impact', '/groups/x/members'].map(
    (path): Row => ['GET', path, undefined],
  );

  test.each(CHANGES)('let no auditor %s %s', async (method, path, body) => {
    expect((await auditor.request(method, AT + path, body)).status).toBe(403);
  });

  test.each([...CHANGES, ...READS])('show no tenant to others: %s %s', async (method, path, body) => {
    expect((await stranger.request(method, AT + path, body)).status).toBe(404);
  });
});

describe('a password', () => {
  it('is set, or generated and shown once', async () => {
    const id = await create('User', user('signer'));
    const path = `${AT}/users/${id}/password`;
    const signIn = async (password: string) => {
      const authorization = `Basic ${Buffer.from(`signer@acme.com:${password}`).toString('base64')}`;
      return (await server.send('GET', '/scim/v2/Me', { authorization })).status;
    };
    const set = await admin.request('PUT', path, { password: 'correct horse' });
    expect(set.json).toEqual({});
    expect(await signIn('correct horse')).toBe(200);
    const generated = await admin.request('PUT', path, {});
    expect(generated.json.password).toMatch(/^[\w-]{24}$/);
    expect(await signIn('correct horse')).toBe(401);
    expect(await signIn(generated.json.password)).toBe(200);
    expect(server.logLines.join('\n')).not.toContain(generated.json.password);
  });
});
