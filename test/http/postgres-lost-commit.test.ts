import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createUserStores } from '../../src/service/user-stores.ts';
import { type AtCommit, type PostgresProxy, proxied } from '../faults/postgres-proxy.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { type Client, startServer, storageInPostgres, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  memberIdsOf,
  membersOf,
  newName,
  patchBody,
  read,
  userBody,
} from './messages.ts';

if (hasPostgres)
  describe('a connection that breaks in a COMMIT', () => {
    let through: Awaited<ReturnType<typeof proxied>>;
    let proxy: PostgresProxy;
    let server: TestServer;
    let client: Client;

    beforeAll(async () => {
      const { url, remove } = await temporaryDatabase();
      through = await proxied(url);
      proxy = through.proxy;
      server = await startServer({ open: () => storageInPostgres({ url: through.url, remove }) });
      client = await server.connect();
    });
    afterAll(async () => {
      await server.close();
      await proxy.close();
    });

    beforeEach(async () => {
      // the use of the credential is noted by now
      await createUser(client);
    });

    /** Breaks the connections of some writes. */
    async function losing<T>(fates: readonly AtCommit[], work: () => Promise<T>): Promise<T> {
      const left = [...fates];
      proxy.atCommit = (begin) => (begin.includes('READ ONLY') ? 'pass' : (left.shift() ?? 'pass'));
      try {
        return await work();
      } finally {
        proxy.atCommit = () => 'pass';
        expect(left).toEqual([]);
      }
    }

    const found = async (userName: string): Promise<{ totalResults: number; Resources: object[] }> =>
      read(client, `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);

    describe.each<[string, AtCommit[]]>([
      ['before the server gets it', ['cut before']],
      ['after the server got it', ['cut after']],
      ['before, and the next time after', ['cut before', 'cut after']],
    ])('%s', (_name, fates) => {
      it('POST creates one user', async () => {
        const body = userBody();
        const { status, json } = await losing(fates, () => client.request('POST', '/Users', body));
        expect(status).toBe(201);
        expect(await found(body.userName)).toMatchObject({ totalResults: 1, Resources: [json] });
      });

      it('PATCH changes a user once', async () => {
        const { path, json } = await createUser(client);
        const patch = patchBody({ op: 'replace', path: 'title', value: 'Tester' });
        // a second time would be refused
        const ifMatch = { 'if-match': json.meta.version };
        const answer = await losing(fates, () => client.request('PATCH', path, patch, ifMatch));
        expect([answer.status, answer.json?.title]).toEqual([200, 'Tester']);
        expect(await read(client, path)).toEqual(answer.json);
      });

      it('DELETE deletes a user', async () => {
        const { path } = await createUser(client);
        expect((await losing(fates, () => client.request('DELETE', path))).status).toBe(204);
        expect((await client.request('GET', path)).status).toBe(404);
      });

      it('PATCH adds a member once', async () => {
        const [user, group] = [await createUser(client), await createGroup(client)];
        const patch = patchBody({ op: 'add', path: 'members', value: membersOf(user) });
        const answer = await losing(fates, () => client.request('PATCH', group.path, patch));
        expect(answer.status).toBe(200);
        expect(await memberIdsOf(client, group.path)).toEqual([user.id]);
        expect((await read(client, group.path)).meta).toEqual(answer.json.meta);
      });

      it('Bulk creates each of its users once', async () => {
        const users = Array.from({ length: 3 }, () => userBody());
        const Operations = users.map((data, index) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `b${index}`,
          data,
        }));
        const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
        const bulk = { schemas, Operations };
        const { status, json } = await losing(fates, () => client.request('POST', '/Bulk', bulk));
        expect([status, json.Operations.map((each: { status: string }) => each.status)]).toEqual([
          200,
          ['201', '201', '201'],
        ]);
        for (const { userName } of users) expect((await found(userName)).totalResults).toBe(1);
      });

      it('an administrator adds a user store, and an integration whose credential works', async () => {
        const stores = createUserStores(server.services);
        const name = newName('S').replaceAll(/\W/g, '').toUpperCase();
        const store = await losing(fates, () => stores.create(server.superTenant, name));
        const listed = await stores.list(server.superTenant);
        expect(listed.filter((each) => each.name === name)).toEqual([store]);
        const other = await losing(fates, () => server.connect());
        expect((await other.request('GET', '/Users?count=1')).status).toBe(200);
      });
    });

    it('many at once: each creates its user once', async () => {
      const bodies = Array.from({ length: 20 }, () => userBody());
      const fates = bodies.map((_, index): AtCommit => (index % 2 === 0 ? 'cut after' : 'cut before'));
      const answers = await losing(fates, () =>
        Promise.all(bodies.map((body) => client.request('POST', '/Users', body))),
      );
      for (const [index, { status, json }] of answers.entries()) {
        expect([201, 503]).toContain(status);
        const { totalResults, Resources } = await found(bodies[index]?.userName ?? '');
        if (status === 201) expect([totalResults, Resources]).toEqual([1, [json]]);
        else expect(totalResults).toBeLessThanOrEqual(1);
      }
      // only who has lost five times in a row gives up
      expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(15);
    });

    it('is 503 with Retry-After when nobody can tell', async () => {
      const body = userBody();
      const answer = await losing(['cut after'], async () => {
        const { atCommit } = proxy;
        proxy.atCommit = (begin) => {
          const fate = atCommit(begin);
          if (fate !== 'pass') setImmediate(() => proxy.pointTo('/nowhere'));
          return fate;
        };
        return client.request('POST', '/Users', body);
      });
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
      const ready = await server.send('GET', '/readyz', {});
      const healthy = await server.send('GET', '/healthz', {});
      expect([ready.status, healthy.status]).toEqual([503, 200]);
      proxy.pointTo(through.server);
      const again = await client.request('POST', '/Users', body);
      expect([201, 409]).toContain(again.status);
      expect((await found(body.userName)).totalResults).toBe(1);
    });
  });
