import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/core/json.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import type { RequestContext } from '../../src/service/context.ts';
import { dryRun } from '../../src/service/dry-run.ts';
import { createResource, deleteResource, getResource, patchResource } from '../../src/service/resources.ts';
import { newName, patchBody, userBody } from '../http/messages.ts';
import { startServer, strictContext, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const context = (): RequestContext => strictContext(server);
const tenantId = (): string => server.superTenant.id;
const user = async (userName = newName()): Promise<string> =>
  (await createResource(server.services, context(), USER_TYPE, userBody({ userName }), undefined)).id;
const read = (id: string, services = server.services) =>
  getResource(services, context(), USER_TYPE, id, undefined).then(({ body }) => JSON.parse(String(body)));

describe('a dry run', () => {
  it('sees what it has written, and leaves nothing of it', async () => {
    const id = await user();
    const before = await read(id);
    const userName = newName();
    const made = await dryRun(server.services, tenantId(), async (dry) => {
      const created = await createResource(dry, context(), USER_TYPE, userBody({ userName }), undefined);
      expect((await read(created.id, dry)).userName).toBe(userName);
      const body = patchBody({ op: 'replace', path: 'title', value: 'dry' }) as JsonValue;
      await patchResource(dry, context(), USER_TYPE, id, body, undefined);
      expect((await read(id, dry)).title).toBe('dry');
      await deleteResource(dry, context(), USER_TYPE, id);
      await expect(read(id, dry)).rejects.toMatchObject({ status: 404 });
      return created.id;
    });
    expect(await read(id)).toEqual(before);
    await expect(read(made)).rejects.toMatchObject({ status: 404 });
    await user(userName);
  });

  it('goes on behind a part that fails', async () => {
    const taken = newName();
    await user(taken);
    await dryRun(server.services, tenantId(), async (dry) => {
      const create = (userName: string) =>
        createResource(dry, context(), USER_TYPE, userBody({ userName }), undefined);
      const free = newName();
      const outcomes = await Promise.allSettled([create(taken), create(free), create(free)]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    });
  });

  it('gives what it was refused for', async () => {
    const run = dryRun(server.services, tenantId(), (dry) =>
      deleteResource(dry, context(), USER_TYPE, 'nobody'),
    );
    await expect(run).rejects.toMatchObject({ status: 404 });
  });

  it('does not write for another tenant', async () => {
    const other = await server.tenants.create('other.example');
    const run = dryRun(server.services, tenantId(), (dry) =>
      createResource(dry, { ...context(), tenantId: other.id }, USER_TYPE, userBody(), undefined),
    );
    await expect(run).rejects.toThrow('one tenant');
  });

  it('lets writers beside it go on, and what they do stays', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0
          ? user()
          : dryRun(server.services, tenantId(), async (dry) => {
              const made = await createResource(dry, context(), USER_TYPE, userBody(), undefined);
              await sleep(20);
              return made.id;
            }),
      ),
    );
    const found = await Promise.allSettled(ids.map((id) => read(id)));
    expect(found.map(({ status }) => status === 'fulfilled')).toEqual(ids.map((_, index) => index % 2 === 0));
  });

  it('is given up when it takes too long, and nothing of it comes later', async () => {
    const late = newName();
    const afterwards: unknown[] = [];
    let goOn = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const began = Promise.withResolvers<void>();
    const run = dryRun(server.services, tenantId(), async (dry) => {
      await createResource(dry, context(), USER_TYPE, userBody(), undefined);
      began.resolve();
      await waiting;
      await createResource(dry, context(), USER_TYPE, userBody({ userName: late }), undefined).catch(
        (error) => afterwards.push(error),
      );
      afterwards.push('end');
    });
    const refused = expect(run).rejects.toMatchObject({ status: 503 });
    await began.promise;
    // waits for its turn, where one transaction writes at a time
    const id = await user();
    await refused;
    goOn();
    await expect.poll(() => afterwards).toMatchObject([{ status: 503 }, 'end']);
    await read(id);
    await user(late);
  });
});
