import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { ANSWER_FORM_2 } from '../../src/core/answer-form.ts';
import { decodeBulk } from '../../src/core/bulk.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { BUILT_IN, GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import { SYSTEM_ACTOR } from '../../src/service/actor.ts';
import { runBulk } from '../../src/service/bulk.ts';
import type { RequestContext } from '../../src/service/context.ts';
import { loadResources } from '../../src/service/load.ts';
import { createResource, patchResource, replaceResource } from '../../src/service/resources.ts';
import { createUserStores } from '../../src/service/user-stores.ts';
import { createGroup, createUser, groupBody, newName, patchBody, read, userBody } from '../http/messages.ts';
import { BASE_URL, type Client, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let client: Client;
let context: RequestContext;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict' });
  const userStores = createUserStores({ storage: server.services.storage, now: Date.now });
  for (const name of ['AMRSNGHE', 'EU']) await userStores.create(server.superTenant, name);
  context = {
    tenantId: server.superTenant.id,
    subject: 'test',
    actor: SYSTEM_ACTOR,
    changes: [],
    isOwn: false,
    fixedStores: true,
    settings: { dialect: 'standard', requirePrimaryEmail: false, scopes: ['read', 'write'] },
    tolerance: toleranceOf('standard'),
    precondition: undefined,
    registry: BUILT_IN,
    form: ANSWER_FORM_2,
    baseUrl: `${BASE_URL}/scim/v2`,
  };
});
afterAll(() => server.close());

const create = (type: ResourceType, body: JsonValue) =>
  createResource(server.services, context, type, body, undefined);
const put = (type: ResourceType, id: string, body: JsonValue) =>
  replaceResource(server.services, context, type, id, body, undefined);
const patch = (type: ResourceType, id: string, ...operations: object[]) =>
  patchResource(server.services, context, type, id, patchBody(...operations) as JsonValue, undefined);

const pathOf = (type: ResourceType, id: string): string => `${type.endpoint}/${id}`;
const user = (userName: string) => create(USER_TYPE, userBody({ userName }));
const group = (displayName: string, ...members: object[]) =>
  create(GROUP_TYPE, groupBody({ displayName, members }) as JsonValue);

/** Expects an error that leaves the resource as it was. */
async function expectRefusal(
  work: () => Promise<unknown>,
  status: number,
  scimType: string,
  kept?: string,
): Promise<void> {
  const before = kept && (await read(client, kept));
  await expect(work()).rejects.toMatchObject({ status, scimType });
  expect(kept && (await read(client, kept))).toEqual(before);
}

describe('where stores are fixed, a new name', () => {
  test.each([
    [USER_TYPE, 'Nothing/x'],
    [USER_TYPE, 'Internal/x'],
    [USER_TYPE, 'AMRSNGHE/'],
    [GROUP_TYPE, 'Nothing/x'],
    [GROUP_TYPE, 'PRIMARY/EU/x'],
  ])('of a %o can not be %s', async (type, name) => {
    const body = type === USER_TYPE ? userBody({ userName: name }) : groupBody({ displayName: name });
    const { totalResults } = await read(client, type.endpoint);
    await expectRefusal(() => create(type, body), 400, 'invalidValue');
    expect((await read(client, type.endpoint)).totalResults).toBe(totalResults);
  });

  it('may begin with a store in any case', async () => {
    const name = newName();
    const { id } = await user(`amrsnghe/${name}`);
    expect((await read(client, pathOf(USER_TYPE, id))).userName).toBe(`AMRSNGHE/${name}`);
  });
});

describe('where stores are fixed, a user', () => {
  it('keeps the name, however it is said', async () => {
    const name = newName();
    const { id } = await user(`EU/${name}`);
    for (const said of [name, name.toUpperCase(), `eu/${name}`, `EU/${name}`]) {
      await put(USER_TYPE, id, userBody({ userName: said, title: said }));
      await patch(USER_TYPE, id, { op: 'replace', value: { userName: said } });
      const now = await read(client, pathOf(USER_TYPE, id));
      expect([now.userName, now.title]).toEqual([`EU/${name}`, said]);
    }
  });

  it('can have no other name', async () => {
    const [name, other] = [newName(), newName()];
    const { id } = await user(`EU/${name}`);
    const victim = await user(other);
    for (const said of [other, `PRIMARY/${other}`, `PRIMARY/${name}`, `AMRSNGHE/${name}`, 'Nothing/x']) {
      const kept = pathOf(USER_TYPE, id);
      await expectRefusal(() => put(USER_TYPE, id, userBody({ userName: said })), 400, 'invalidValue', kept);
      const operation = { op: 'replace', path: 'userName', value: said };
      await expectRefusal(() => patch(USER_TYPE, id, operation), 400, 'invalidValue', kept);
    }
    expect((await read(client, pathOf(USER_TYPE, victim.id))).meta.version).toBe('W/"1"');
  });

  it('keeps a name from SCIM 2.0 that only looks as if it named a store', async () => {
    const name = `nothing/${newName()}`;
    const { id } = await createUser(client, { userName: name });
    for (const said of [name, `PRIMARY/${name}`])
      await put(USER_TYPE, id, userBody({ userName: said, title: said }));
    expect((await read(client, pathOf(USER_TYPE, id))).userName).toBe(name);
  });
});

describe('where stores are fixed, a group', () => {
  it('shares its name with none of its store', async () => {
    const name = newName('group');
    const first = await group(name);
    await group(`EU/${name}`);
    await group(`Internal/${name}`);
    for (const said of [name, `primary/${name.toUpperCase()}`, `eu/${name}`, `INTERNAL/${name}`])
      await expectRefusal(() => group(said), 409, 'uniqueness');
    const other = await group(newName('group'));
    const rename = { op: 'replace', path: 'displayName', value: name };
    await expectRefusal(
      () => patch(GROUP_TYPE, other.id, rename),
      409,
      'uniqueness',
      pathOf(GROUP_TYPE, other.id),
    );
    await put(GROUP_TYPE, first.id, groupBody({ displayName: `PRIMARY/${name.toUpperCase()}` }));
    expect((await read(client, pathOf(GROUP_TYPE, first.id))).displayName).toBe(name.toUpperCase());
  });

  it('of two that are made at the same time, only one gets the name', async () => {
    const name = newName('group');
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => group(name)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ status: 409 });
    expect((await read(client, `/Groups?filter=displayName%20eq%20%22${name}%22`)).totalResults).toBe(1);
  });

  it('leaves its name free when it goes or has another one', async () => {
    const [name, next] = [newName('group'), newName('group')];
    const { id } = await group(name);
    await patch(GROUP_TYPE, id, { op: 'replace', path: 'displayName', value: next });
    const second = await group(name);
    await client.request('DELETE', pathOf(GROUP_TYPE, second.id));
    await group(name);
  });

  it('that shares its name since SCIM 2.0 lets it can still be changed', async () => {
    const name = newName('group');
    const [one] = [
      await createGroup(client, { displayName: name }),
      await createGroup(client, { displayName: name }),
    ];
    await put(GROUP_TYPE, one.id, groupBody({ displayName: name, externalId: 'x' }));
    await expectRefusal(() => group(name), 409, 'uniqueness');
  });

  it('stays in its store, and a new name needs no prefix', async () => {
    const { id } = await group(`EU/${newName('group')}`);
    const next = newName('group');
    await put(GROUP_TYPE, id, groupBody({ displayName: next }));
    expect((await read(client, pathOf(GROUP_TYPE, id))).displayName).toBe(`EU/${next}`);
    for (const said of [`PRIMARY/${next}`, `AMRSNGHE/${next}`, `Internal/${next}`, 'Nothing/x'])
      await expectRefusal(
        () => put(GROUP_TYPE, id, groupBody({ displayName: said })),
        400,
        'invalidValue',
        pathOf(GROUP_TYPE, id),
      );
  });

  it('takes members of its own store, by PUT and PATCH too', async () => {
    const [here, there] = [await user(`EU/${newName()}`), await user(newName())];
    const { id } = await group(`EU/${newName('group')}`, { value: here.id });
    const kept = pathOf(GROUP_TYPE, id);
    const members = [{ value: there.id }];
    const { displayName } = await read(client, kept);
    await expectRefusal(() => group(`EU/${newName('group')}`, ...members), 400, 'invalidValue');
    await expectRefusal(() => group(newName('group'), { value: here.id }), 400, 'invalidValue');
    await expectRefusal(
      () => put(GROUP_TYPE, id, groupBody({ displayName, members })),
      400,
      'invalidValue',
      kept,
    );
    const add = { op: 'add', path: 'members', value: members };
    await expectRefusal(() => patch(GROUP_TYPE, id, add), 400, 'invalidValue', kept);
    expect((await read(client, kept)).members).toHaveLength(1);
  });

  it('outside of all stores takes members of any', async () => {
    const users = [await user(`EU/${newName()}`), await user(newName())];
    const { id } = await group(`internal/${newName('group')}`, ...users.map((each) => ({ value: each.id })));
    expect((await read(client, pathOf(GROUP_TYPE, id))).members).toHaveLength(2);
  });

  it('takes a display that fits the member, and no other', async () => {
    const name = newName();
    const { id: value } = await user(`EU/${name}`);
    const { id } = await group(`EU/${newName('group')}`);
    const kept = pathOf(GROUP_TYPE, id);
    const add = (display: JsonValue) =>
      patch(GROUP_TYPE, id, { op: 'add', path: 'members', value: [{ value, display }] });
    for (const display of ['somebody', `PRIMARY/${name}`, `EU/EU/${name}`])
      await expectRefusal(() => add(display), 400, 'invalidValue', kept);
    for (const display of [name, name.toUpperCase(), `eu/${name}`, '', ' ', null, 7]) {
      await add(display);
      expect((await read(client, kept)).members).toMatchObject([{ value }]);
      await patch(GROUP_TYPE, id, { op: 'remove', path: 'members' });
    }
    await expectRefusal(
      () => group(`EU/${newName('group')}`, { value, display: 'somebody' }),
      400,
      'invalidValue',
    );
  });

  it('answers members that do not exist with 400', async () => {
    await expectRefusal(
      () => group(newName('group'), { value: 'nobody', display: 'x' }),
      400,
      'invalidValue',
    );
  });
});

it('SCIM 2.0 does not read what is said of a member', async () => {
  const { id } = await createUser(client);
  const { path } = await createGroup(client, { members: [{ value: id, display: 'somebody' }] });
  expect((await read(client, path)).members).toEqual([
    { value: id, $ref: `${BASE_URL}/scim/v2/Users/${id}`, type: 'User' },
  ]);
});

it('Bulk and load keep the same rules', async () => {
  const name = newName('group');
  const operation = (displayName: string) => ({
    method: 'POST',
    path: '/Groups',
    bulkId: newName(),
    data: groupBody({ displayName }),
  });
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [operation(name), operation(`PRIMARY/${name}`), operation('Nothing/x')],
  };
  const answers = await runBulk(server.services, context, decodeBulk(body, context.tolerance));
  expect(answers).toMatchObject([{ status: '201' }, { status: '409' }, { status: '400' }]);
  const next = newName('group');
  const bodies = ['EU/', 'eu/'].map((prefix) => groupBody({ displayName: `${prefix}${next}` }));
  await expectRefusal(
    () => loadResources(server.services, context, GROUP_TYPE, bodies, () => {}),
    409,
    'uniqueness',
  );
});

describe('a store that comes or goes', () => {
  it('between the two steps of a creation refuses it, to be tried again', async () => {
    const userStores = createUserStores({ storage: server.services.storage, now: Date.now });
    const { transaction } = server.services.storage;
    const during = async (name: string, work: () => Promise<unknown>) => {
      // the store changes right before the transaction of the creation begins
      Object.assign(server.services.storage, {
        transaction: async (...given: Parameters<typeof transaction>) => {
          Object.assign(server.services.storage, { transaction });
          await work();
          return transaction(...given);
        },
      });
      await expect(
        createResource(
          server.services,
          { ...context, fixedStores: false },
          USER_TYPE,
          userBody({ userName: name }),
          undefined,
        ),
      ).rejects.toMatchObject({ status: 503 });
    };
    await during('late/x', () => userStores.create(server.superTenant, 'LATE'));
    await during('late/x', () => userStores.remove(server.superTenant, 'LATE'));
    await user('x');
  });
});
