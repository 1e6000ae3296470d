import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeBulk } from '../../src/core/bulk.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { runBulk } from '../../src/service/bulk.ts';
import type { RequestContext, Services } from '../../src/service/context.ts';
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
} from '../../src/service/resources.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { groupBody, membersOf, newName, patchBody, userBody } from '../http/messages.ts';
import { startServer, strictContext, type TestServer } from '../support/server.ts';

let server: TestServer;
let context: RequestContext;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => {
  context = strictContext(server);
});

const NONE = { ids: [], total: 0 };
const listed = (...ids: string[]) => ({ ids, total: ids.length });

/** A context whose changes are its own, for what a test is not about. */
const other = (): RequestContext => ({ ...context, changes: [] });

const user = async (attributes: object = {}): Promise<string> =>
  (await createResource(server.services, other(), USER_TYPE, userBody(attributes), undefined)).id;
const group = async (...members: string[]): Promise<string> => {
  const body = groupBody({ members: membersOf(...members.map((id) => ({ id }))) }) as JsonValue;
  return (await createResource(server.services, other(), GROUP_TYPE, body, undefined)).id;
};
const patch = (type: typeof USER_TYPE, id: string, ...operations: object[]) =>
  patchResource(server.services, context, type, id, patchBody(...operations) as JsonValue, undefined);

describe('a change is noted with what it was', () => {
  it('when a user is made', async () => {
    const body = userBody({ title: 'Dr', password: 'correct horse battery' });
    const { id } = await createResource(server.services, context, USER_TYPE, body, undefined);
    const [note, ...others] = context.changes;
    expect(others).toEqual([]);
    expect(note).toMatchObject({ kind: 'create', type: 'User', id, name: body.userName, before: undefined });
    expect(note?.attributes).toEqual(['password']);
    expect(JSON.parse(String(note?.after))).toMatchObject({ id, title: 'Dr' });
    expect(note?.after).not.toContain('horse');
  });

  it('when a user is replaced', async () => {
    const body = userBody({ title: 'old', nickName: 'n' });
    const { id } = await createResource(server.services, other(), USER_TYPE, body, undefined);
    await replaceResource(server.services, context, USER_TYPE, id, { ...body, title: 'new' }, undefined);
    expect(context.changes).toMatchObject([{ kind: 'update', id, attributes: ['title'] }]);
    const [note] = context.changes;
    expect(JSON.parse(String(note?.before)).title).toBe('old');
    expect(JSON.parse(String(note?.after)).title).toBe('new');
  });

  it('when nothing was to be done: not at all', async () => {
    const id = await user({ title: 'same' });
    await patch(USER_TYPE, id, { op: 'replace', path: 'title', value: 'same' });
    expect(context.changes).toEqual([]);
  });

  it('when a password is set: by name alone', async () => {
    const id = await user();
    await patch(USER_TYPE, id, { op: 'replace', path: 'password', value: 'correct horse battery' });
    expect(context.changes).toMatchObject([{ kind: 'update', id, attributes: ['password'] }]);
    expect(JSON.stringify(context.changes)).not.toContain('horse');
  });

  it('when members come and go: by what it comes to', async () => {
    const [stays, goes, comes, passes] = await Promise.all([user(), user(), user(), user()]);
    const id = await group(stays, goes);
    await patch(
      GROUP_TYPE,
      id,
      { op: 'add', path: 'members', value: membersOf({ id: stays }, { id: comes }, { id: passes }) },
      { op: 'remove', path: `members[value eq "${goes}"]` },
      { op: 'remove', path: `members[value eq "${passes}"]` },
    );
    expect(context.changes).toMatchObject([
      { id, attributes: ['members'], membersAdded: listed(comes), membersRemoved: listed(goes) },
    ]);
  });

  it('when a group is replaced: members that stay are not named', async () => {
    const [stays, goes, comes] = await Promise.all([user(), user(), user()]);
    const id = await group(stays, goes);
    const body = groupBody({ members: membersOf({ id: stays }, { id: comes }) }) as JsonValue;
    await replaceResource(server.services, context, GROUP_TYPE, id, body, undefined);
    expect(context.changes).toMatchObject([
      { attributes: ['displayName', 'members'], membersAdded: listed(comes), membersRemoved: listed(goes) },
    ]);
  });

  it('when there are many members: 100 are named and all counted', async () => {
    const ids = await Promise.all(Array.from({ length: 130 }, () => user()));
    const id = await group(...ids);
    await patch(GROUP_TYPE, id, { op: 'remove', path: 'members' });
    const [note] = context.changes;
    expect(note?.membersRemoved.total).toBe(130);
    expect(note?.membersRemoved.ids).toHaveLength(100);
    expect(ids).toEqual(expect.arrayContaining([...(note?.membersRemoved.ids ?? [])]));
  });

  it('when a user is deleted: the groups that are left are named too', async () => {
    const name = newName();
    const id = await user({ userName: name });
    const [one, two] = [await group(id), await group(id)];
    await deleteResource(server.services, context, USER_TYPE, id);
    const left = { kind: 'update', type: 'Group', attributes: ['members'], membersRemoved: listed(id) };
    expect(context.changes).toMatchObject([
      { ...left, id: one },
      { ...left, id: two },
      { kind: 'delete', type: 'User', id, name, after: undefined, membersAdded: NONE },
    ]);
  });
});

describe('what did not happen is not noted', () => {
  it('when a change is refused', async () => {
    const taken = newName();
    await user({ userName: taken });
    const body = userBody({ userName: taken });
    await expect(createResource(server.services, context, USER_TYPE, body, undefined)).rejects.toThrow();
    expect(context.changes).toEqual([]);
  });

  it('when a transaction runs again', async () => {
    const services = onStorage(server.services, (storage) => ({
      transaction: (tenantId, work, changed) =>
        storage.transaction(
          tenantId,
          async (tx) => {
            const undone = new Error('undone');
            const first = tx.attempt(async () => {
              await work(tx);
              throw undone;
            });
            await expect(first).rejects.toBe(undone);
            return work(tx);
          },
          changed,
        ),
    }));
    const { id } = await createResource(services, context, USER_TYPE, userBody(), undefined);
    const member = await user();
    const body = groupBody({ members: membersOf({ id: member }) }) as JsonValue;
    await createResource(services, context, GROUP_TYPE, body, undefined);
    await deleteResource(services, context, USER_TYPE, id);
    expect(context.changes.map(({ kind }) => kind)).toEqual(['create', 'create', 'delete']);
    expect(context.changes[1]).toMatchObject({ membersAdded: listed(member) });
  });

  it('when the commit fails', async () => {
    const services = onStorage(server.services, (storage) => ({
      transaction: (tenantId, work, changed) =>
        storage.transaction(
          tenantId,
          async (tx) => {
            await work(tx);
            throw new Error('no commit');
          },
          changed,
        ),
    }));
    await expect(createResource(services, context, USER_TYPE, userBody(), undefined)).rejects.toThrow();
    expect(context.changes).toEqual([]);
  });

  it('in Bulk: operations that fail leave nothing, those beside them are noted', async () => {
    const [taken, free] = [newName(), newName()];
    await user({ userName: taken });
    const operation = (userName: string, bulkId: string) => ({
      ...{ method: 'POST', path: '/Users', bulkId },
      data: userBody({ userName }),
    });
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        operation(taken, 'a'),
        operation(free, 'b'),
        {
          ...{ method: 'POST', path: '/Groups', bulkId: 'c' },
          data: groupBody({ members: [{ value: 'bulkId:a' }] }),
        },
        {
          ...{ method: 'POST', path: '/Groups', bulkId: 'd' },
          data: groupBody({ members: [{ value: 'bulkId:b' }] }),
        },
      ],
    };
    const answers = await runBulk(server.services, context, decodeBulk(body as JsonValue, context.tolerance));
    expect(answers.map(({ status }) => status)).toEqual(['409', '201', '409', '201']);
    expect(context.changes).toMatchObject([
      { kind: 'create', type: 'User', name: free },
      { kind: 'create', type: 'Group', membersAdded: { total: 1 } },
    ]);
  });
});

const onStorage = (services: Services, change: (storage: Storage) => Partial<Storage>): Services => ({
  ...services,
  storage: { ...services.storage, ...change(services.storage) },
});
