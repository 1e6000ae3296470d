import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { newName } from '../messages.ts';
import { isError1, PASSWORD, type Send1, type Server1, startServer1 } from './server1.ts';

let one: Server1;
let send: Send1;
let user: { id: string; userName: string };
let stored: { id: string; userName: string };
let group: { id: string; displayName: string };

beforeAll(async () => {
  one = await startServer1();
  send = one.send;
});
afterAll(() => one.server.close());

beforeEach(async () => {
  user = (await send('POST', '/Users', { userName: newName('bad'), password: PASSWORD, title: 'T' })).json;
  stored = (await send('POST', '/Users', { userName: `AMRSNGHE/${newName('bad')}`, password: PASSWORD }))
    .json;
  group = (await send('POST', '/Groups', { displayName: newName('bad'), members: [{ value: user.id }] }))
    .json;
});

/** Sends what has to be refused, and checks that nothing has changed by it. */
async function refused(status: number, method: string, path: string, body?: unknown): Promise<void> {
  const paths = ['/Users?count=1', '/Groups?count=1', `/Users/${user.id}`, `/Groups/${group.id}`];
  const read = () => Promise.all(paths.map(async (each) => (await send('GET', each)).json));
  const before = await read();
  const answer = await send(method, path, body);
  expect(isError1(answer, status), `${answer.status} ${answer.text}`).toBe(true);
  const after = await read();
  expect(after.map(({ totalResults, ...rest }) => totalResults ?? rest)).toEqual(
    before.map(({ totalResults, ...rest }) => totalResults ?? rest),
  );
}

describe("what WSO2 Identity Server answers with 500 is the client's fault here", () => {
  it('a password that is too short', async () => {
    await refused(400, 'POST', '/Users', { userName: newName(), password: '1234' });
    await refused(400, 'PATCH', `/Users/${user.id}`, { password: 'x' });
    await refused(400, 'PUT', `/Users/${user.id}`, { userName: user.userName, password: 'x' });
  });

  it('a user store that is not there', async () => {
    await refused(400, 'POST', '/Users', { userName: 'NOWHERE/x', password: PASSWORD });
    await refused(400, 'POST', '/Groups', { displayName: 'NOWHERE/x' });
    await refused(400, 'PATCH', `/Groups/${group.id}`, { displayName: 'AMRSNGHE/x' });
  });

  it('members that do not exist, have another name or are of another store', async () => {
    for (const member of [
      { value: 'nobody' },
      { value: user.id, display: 'somebody-else' },
      { value: stored.id },
      { display: user.userName },
    ]) {
      await refused(400, 'POST', '/Groups', { displayName: newName(), members: [member] });
      await refused(400, 'PATCH', `/Groups/${group.id}`, { members: [member] });
      await refused(400, 'PUT', `/Groups/${group.id}`, { displayName: group.displayName, members: [member] });
    }
  });

  it('another userName', async () => {
    await refused(400, 'PUT', `/Users/${user.id}`, { userName: newName() });
    await refused(400, 'PATCH', `/Users/${user.id}`, { userName: newName() });
  });

  it('no name at all', async () => {
    await refused(400, 'POST', '/Users', { password: PASSWORD });
    await refused(400, 'POST', '/Users', { userName: ' ', password: PASSWORD });
    await refused(400, 'PUT', `/Users/${user.id}`, { title: 'x' });
    await refused(400, 'POST', '/Groups', {});
    await refused(400, 'POST', '/Groups', { displayName: '' });
  });

  it('a name that is taken in the store, not in another', async () => {
    await refused(409, 'POST', '/Users', { userName: user.userName.toUpperCase(), password: PASSWORD });
    await refused(409, 'POST', '/Groups', { displayName: group.displayName });
    const local = user.userName;
    expect((await send('POST', '/Users', { userName: `AMRSNGHE/${local}`, password: PASSWORD })).status).toBe(
      201,
    );
    const name = group.displayName.replace('PRIMARY/', '');
    expect((await send('POST', '/Groups', { displayName: `AMRSNGHE/${name}` })).status).toBe(201);
  });
});

test.each([
  'userName',
  'userName Eq',
  'userName ne "x"',
  'userName ew "x"',
  'not (userName eq "x")',
  'nobody eq "x"',
  'userName eq "x" and',
  'password eq "x"',
  `userName eq "${'x'.repeat(20_000)}"`,
  '('.repeat(200),
])('filter %.40s is 400', async (filter) => {
  await refused(400, 'GET', `/Users?filter=${encodeURIComponent(filter)}`);
});

test.each([
  [{ meta: {} }],
  [{ meta: { attributes: 'title' } }],
  [{ meta: { attributes: ['userName'] } }],
  [{ meta: { attributes: ['nobody'] } }],
  [{ active: 'perhaps' }],
  [{ emails: [{ value: 5 }] }],
  [{ name: 'x' }],
  [{ __proto__: null, 'urn:scim:schemas:extension:enterprise:1.0': 5 }],
])('PATCH of a user with %j is 400', async (body) => {
  await refused(400, 'PATCH', `/Users/${user.id}`, body);
});

it('ids of any shape are 404', async () => {
  for (const id of ['x', '010101001010101011001010101011', '%00', "1'%20OR%20'1'='1", 'x'.repeat(2000)])
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { userName: 'x', displayName: 'x' }],
      ['PATCH', { title: 'x', displayName: 'x' }],
      ['DELETE', undefined],
    ] as const)
      for (const endpoint of ['/Users', '/Groups']) await refused(404, method, `${endpoint}/${id}`, body);
});
