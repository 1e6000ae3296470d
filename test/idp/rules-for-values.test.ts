import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createGroup,
  createUser,
  expectError,
  filtered,
  idsOf,
  memberIdsOf,
  membersOf,
  newName,
  patchBody,
  patched,
  userBody,
} from '../http/messages.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';

// What every identity provider that is known to Roster needs, in the dialect `standard`: rules 11 to 20, for values.

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
});
afterAll(() => server.close());

describe('rule 11: null and [] mean unassigned', () => {
  const nothing = { title: null, phoneNumbers: [], addresses: null, roles: [], name: null, manager: null };

  it('in POST and PUT', async () => {
    const posted = await createUser(client, { ...nothing, department: null, [ENTERPRISE]: null });
    const full = await createUser(client, {
      title: 'T',
      phoneNumbers: [{ value: '1' }],
      name: { givenName: 'B' },
    });
    const put = await client.request('PUT', full.path, { ...full.json, ...nothing, emails: null });
    expect(put.status).toBe(200);
    for (const name of Object.keys(nothing)) {
      expect([name, posted.json[name]]).toEqual([name, undefined]);
      expect([name, put.json[name]]).toEqual([name, undefined]);
    }
    expect(put.json.emails).toBeUndefined();
  });

  it('in PATCH replace', async () => {
    const user = await createUser(client, {
      title: 'T',
      phoneNumbers: [{ value: '1' }],
      roles: [{ value: 'r' }],
    });
    const changed = await patched(
      client,
      user,
      { op: 'replace', path: 'title', value: null },
      { op: 'replace', path: 'phoneNumbers', value: [] },
      { op: 'replace', value: { roles: [] } },
    );
    for (const name of ['title', 'phoneNumbers', 'roles']) expect(changed[name]).toBeUndefined();
  });

  it('and $ref: null in a member does no harm', async () => {
    const [user, other] = [await createUser(client), await createUser(client)];
    const group = await createGroup(client, { members: [{ $ref: null, value: user.id }] });
    await patched(client, group, { op: 'Add', path: 'members', value: [{ $ref: null, value: other.id }] });
    expect((await memberIdsOf(client, group.path)).sort()).toEqual([user.id, other.id].sort());
  });
});

describe('rules 12 and 13: a value path that matches nothing', () => {
  it.each(['Add', 'Replace'])('12: %s makes the element', async (op) => {
    const user = await createUser(client);
    const path = 'phoneNumbers[type eq "mobile"].value';
    expect((await patched(client, user, { op, path, value: '+1 555' })).phoneNumbers).toEqual([
      { type: 'mobile', value: '+1 555' },
    ]);
    const role = { op, path: 'roles[primary eq "True"].value', value: 'Admin' };
    expect((await patched(client, user, role)).roles).toEqual([{ primary: true, value: 'Admin' }]);
  });

  it.each(['Add', 'Replace'])('13: several operations with %s fill one', async (op) => {
    const parts = { streetAddress: '1 Main St', locality: 'Springfield', postalCode: '12345', country: 'US' };
    const operations = Object.entries(parts).map(([part, value]) => ({
      op,
      path: `addresses[type eq "work"].${part}`,
      value,
    }));
    const changed = await patched(client, await createUser(client), ...operations);
    expect(changed.addresses).toEqual([{ type: 'work', ...parts }]);
  });
});

describe('rule 14: booleans as strings, in any case', () => {
  it.each(['False', 'false', 'FALSE'])('active %j', async (active) => {
    const user = await createUser(client, { active: 'True' });
    expect(user.json.active).toBe(true);
    expect((await patched(client, user, { op: 'Replace', path: 'active', value: active })).active).toBe(
      false,
    );
    const put = await client.request('PUT', user.path, { ...user.json, active });
    expect([put.status, put.json.active]).toEqual([200, false]);
    expect((await patched(client, user, { op: 'replace', value: { active: 'true' } })).active).toBe(true);
  });

  it('primary, in values, in paths and in filters', async () => {
    const user = await createUser(client, { roles: [{ value: newName('role'), primary: 'True' }] });
    const [{ value, primary }] = user.json.roles;
    expect(primary).toBe(true);
    for (const text of ['"True"', '"true"', 'true'])
      expect(await idsOf(client, '/Users', `roles[primary eq ${text} and value eq "${value}"]`)).toEqual([
        user.id,
      ]);
    const changed = await patched(client, user, {
      op: 'Replace',
      path: 'roles[primary eq "True"].value',
      value: 'new',
    });
    expect(changed.roles).toEqual([{ value: 'new', primary: true }]);
    expect(
      await idsOf(client, '/Users', `active eq "False" and userName eq "${user.json.userName}"`),
    ).toEqual([]);
  });
});

describe('rules 15 and 16: members', () => {
  it('15: remove with a value list takes these, without one all', async () => {
    const users = [await createUser(client), await createUser(client), await createUser(client)] as const;
    const [first, second, third] = users;
    const group = await createGroup(client, { members: membersOf(...users) });
    await patched(client, group, { op: 'Remove', path: 'members', value: [{ value: first.id }] });
    expect((await memberIdsOf(client, group.path)).sort()).toEqual([second.id, third.id].sort());
    await patched(client, group, { op: 'remove', path: `members[value eq "${second.id}"]` });
    expect(await memberIdsOf(client, group.path)).toEqual([third.id]);
    await patched(client, group, { op: 'remove', path: 'members', value: [{ value: first.id }] });
    expect(await memberIdsOf(client, group.path)).toEqual([third.id]);
    await patched(client, group, { op: 'remove', path: 'members' });
    expect(await memberIdsOf(client, group.path)).toEqual([]);
  });

  it('16: a path-less replace without members leaves them alone', async () => {
    const user = await createUser(client);
    const group = await createGroup(client, { members: membersOf(user) });
    const displayName = newName('group');
    const changed = await patched(client, group, { op: 'replace', value: { id: group.id, displayName } });
    expect(changed.displayName).toBe(displayName);
    expect(await memberIdsOf(client, group.path)).toEqual([user.id]);
  });
});

describe('rule 17: foreign schema URNs are no reason to refuse', () => {
  it.each([
    [[]],
    [['urn:scim:schemas:core:1.0']],
    [['urn:scim:schemas:core:2.0']],
    [['urn:scim:schemas:core:2.0:User', 'urn:scim:schemas:extension:enterprise:1.0']],
    [['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0']],
    [['urn:scim:schemas:core:1.0', `${CORE}:User`]],
    [[ENTERPRISE, `${CORE}:User`]],
    [[`${CORE}:User`, 'urn:ietf:params:scim:schemas:extension:sap:2.0:User']],
  ])('%j on a user', async (schemas) => {
    const { status, json } = await client.request('POST', '/Users', userBody({ schemas }));
    expect([status, json.schemas]).toEqual([201, expect.arrayContaining([`${CORE}:User`])]);
    expect((await client.request('PUT', `/Users/${json.id}`, { ...json, schemas })).status).toBe(200);
  });

  it('that of Microsoft on a group, and an extension that is not declared', async () => {
    const microsoft = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
    const group = await createGroup(client, { schemas: [`${CORE}:Group`, microsoft] });
    expect(group.json.schemas).toEqual([`${CORE}:Group`]);
    const user = await createUser(client, { [ENTERPRISE]: { department: 'R&D' } });
    expect(user.json).toMatchObject({
      schemas: expect.arrayContaining([`${CORE}:User`, ENTERPRISE]),
      [ENTERPRISE]: { department: 'R&D' },
    });
  });
});

describe('rule 18: readOnly attributes in a body are ignored', () => {
  const readOnly = { id: 'mine', groups: [{ value: 'g' }], meta: { version: 'x', resourceType: 'Thing' } };

  it('in POST, PUT and PATCH', async () => {
    const user = await createUser(client, readOnly);
    expect(user.json.id).not.toBe('mine');
    expect(user.json).toMatchObject({ meta: { resourceType: 'User' } });
    expect(user.json.groups).toEqual([]);
    const put = await client.request('PUT', user.path, { ...user.json, ...readOnly, title: 'T' });
    expect([put.status, put.json.id, put.json.title, put.json.groups]).toEqual([200, user.id, 'T', []]);
    const changed = await patched(client, user, { op: 'replace', value: { ...readOnly, title: 'U' } });
    expect([changed.id, changed.title, changed.groups]).toEqual([user.id, 'U', []]);
    expect(changed.meta.resourceType).toBe('User');
  });
});

describe('rule 19: password', () => {
  it('is accepted on create and on change, and never returned', async () => {
    const password = 'Placeholder-1-secret';
    const user = await createUser(client, { password });
    const asked = await client.request('GET', `${user.path}?attributes=userName,password`);
    const put = await client.request('PUT', user.path, { ...user.json, password });
    const patch = patchBody({ op: 'replace', value: { password, title: 'T' } });
    const changed = await client.request('PATCH', user.path, patch);
    const listed = await client.request('GET', filtered('/Users', `userName eq "${user.json.userName}"`));
    expect([asked.status, put.status, changed.status, listed.status]).toEqual([200, 200, 200, 200]);
    for (const { text } of [asked, put, changed, listed]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain('"password"');
    }
    expect(user.json.password).toBeUndefined();
    expect(server.logLines.join()).not.toContain(password);
  });
});

describe('rule 20: Bearer and Basic', () => {
  it('both let in, and 401 has a SCIM error body', async () => {
    const basic = await server.connect({ auth: 'basic' });
    expect(basic.authorization).toMatch(/^Basic /);
    expect(client.authorization).toMatch(/^Bearer /);
    for (const each of [client, basic]) {
      expect((await each.request('GET', '/Users?count=1')).status).toBe(200);
      const refused = await each.request('GET', '/Users', undefined, {
        authorization: `${each.authorization.slice(0, -4)}AAAA`,
      });
      expectError(refused, 401);
      expect(refused.headers['www-authenticate']).toBeDefined();
    }
    expectError(await server.send('GET', '/scim/v2/Users', {}), 401);
  });
});
