import { describe, expect, test } from 'vitest';
import {
  createGroup,
  createUser,
  expectError,
  groupBody,
  membersOf,
  patchBody,
  read,
} from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('RFC 7643 section 4.2', () => {
  test('RFC 7643 4.2 [7643-4.2-1] a group has a displayName', async () => {
    const { client } = provider;
    for (const displayName of [undefined, null, '', ' '])
      expectError(await client.request('POST', '/Groups', groupBody({ displayName })), 400, 'invalidValue');
    const { path } = await createGroup(client);
    const remove = patchBody({ op: 'remove', path: 'displayName' });
    expectError(await client.request('PATCH', path, remove), 400, 'mutability');
  });

  test('RFC 7643 4.2 [7643-4.2-2] members come and go, users and groups, but do not change', async () => {
    const { client } = provider;
    const user = await createUser(client);
    const inner = await createGroup(client);
    const group = await createGroup(client, { members: membersOf(user) });
    const add = patchBody({ op: 'add', path: 'members', value: membersOf(inner) });
    const { members } = (await client.request('PATCH', group.path, add)).json;
    expect(members).toMatchObject([
      { value: user.id, type: 'User' },
      { value: inner.id, type: 'Group' },
    ]);
    const path = `members[value eq "${user.id}"]`;
    for (const [sub, value] of [
      ['value', inner.id],
      ['type', 'Group'],
    ])
      expectError(
        await client.request(
          'PATCH',
          group.path,
          patchBody({ op: 'replace', path: `${path}.${sub}`, value }),
        ),
        400,
        'mutability',
      );
    await client.request('PATCH', group.path, patchBody({ op: 'remove', path }));
    expect((await read(client, group.path)).members).toMatchObject(membersOf(inner));
  });

  test('RFC 7643 4.2 [7643-4.2-3] a member has a value, as the schema says', async () => {
    const { client } = provider;
    const { attributes } = await read(client, '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group');
    const members = attributes.find(({ name }: { name: string }) => name === 'members');
    const value = members.subAttributes.find(({ name }: { name: string }) => name === 'value');
    expect(value).toMatchObject({ required: true, mutability: 'immutable' });
    for (const member of [{}, { display: 'D' }, { value: null }])
      expectError(
        await client.request('POST', '/Groups', groupBody({ members: [member] })),
        400,
        'invalidValue',
      );
  });
});

describe('RFC 7643 section 4.3', () => {
  test('RFC 7643 4.3 [7643-4.3-1] [7643-4.3-2] [7643-4.3-3] a manager has value and $ref; displayName is not for clients', async () => {
    const { client } = provider;
    const boss = await createUser(client);
    const kept = { value: boss.id, $ref: `../Users/${boss.id}` };
    const { json, path } = await createUser(client, {
      schemas: [USER, ENTERPRISE],
      [ENTERPRISE]: { manager: { ...kept, displayName: 'Made up' } },
    });
    expect(json[ENTERPRISE].manager).toMatchObject(kept);
    expect(json[ENTERPRISE].manager.displayName).not.toBe('Made up');
    const rename = patchBody({ op: 'replace', path: `${ENTERPRISE}:manager.displayName`, value: 'Made up' });
    expectError(await client.request('PATCH', path, rename), 400, 'mutability');
  });
});
