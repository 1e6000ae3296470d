import { Client as PostgresClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { proxied } from '../faults/postgres-proxy.ts';
import { hasPostgres, type TemporaryDatabase, temporaryDatabase } from '../support/postgres.ts';
import {
  type Answer,
  type Client,
  startServer,
  storageInPostgres,
  type TestServer,
} from '../support/server.ts';
import { type Created, createUser, patchBody } from './messages.ts';

const CONNECTIONS = 10;

if (hasPostgres)
  describe('limits on PostgreSQL', () => {
    let database: TemporaryDatabase;
    let through: Awaited<ReturnType<typeof proxied>>;
    let server: TestServer;
    let client: Client;
    /** Another program on the same database, and who watches, since a transaction sees one state of the activity. */
    let other: PostgresClient;
    let watcher: PostgresClient;

    beforeAll(async () => {
      database = await temporaryDatabase();
      through = await proxied(database.url);
      const { remove } = database;
      server = await startServer({ open: () => storageInPostgres({ url: through.url, remove }, 1000) });
      client = await server.connect();
      other = new PostgresClient(database.url);
      watcher = new PostgresClient(database.url);
      await Promise.all([other.connect(), watcher.connect()]);
    });
    afterAll(async () => {
      await Promise.all([other.end(), watcher.end()]);
      await server.close();
      await through.proxy.close();
    });

    const refused = ({ status, headers }: Answer): boolean =>
      status === 503 && headers['retry-after'] === '1';

    it('refuses with 503 what waits for a lock or a connection, and is as before when they are free', async () => {
      const free = await createUser(client);
      const locked: Created[] = [];
      for (let i = 0; i < CONNECTIONS; i++) locked.push(await createUser(client));
      const patch = patchBody({ op: 'replace', path: 'title', value: 'Tester' });
      await other.query(`BEGIN; SET LOCAL roster.tenant = '${server.superTenant.id}'`);
      await other.query('SELECT id FROM resource WHERE id = ANY($1) FOR UPDATE', [
        locked.map(({ id }) => id),
      ]);
      let refusedReads = 0;
      // on a busy machine the locks can be given up before the reads are there
      for (let round = 0; round < 5 && refusedReads === 0; round++) {
        const waiting = locked.map(({ path }) => client.request('PATCH', path, patch));
        await expect
          .poll(() => connections('wait_event_type', 'Lock'), { timeout: 20_000 })
          .toBeGreaterThan(CONNECTIONS / 2);
        const reads = Array.from({ length: 2 * CONNECTIONS }, () => client.request('GET', free.path));
        expect((await server.send('GET', '/healthz', {})).status).toBe(200);
        const answers = await Promise.all(reads);
        expect(answers.filter((answer) => answer.status !== 200 && !refused(answer))).toEqual([]);
        refusedReads += answers.filter(refused).length;
        expect((await Promise.all(waiting)).filter(refused)).toHaveLength(CONNECTIONS);
      }
      expect(refusedReads).toBeGreaterThan(0);
      await other.query('ROLLBACK');
      for (const { path } of locked) expect((await client.request('PATCH', path, patch)).status).toBe(200);
      const again = await Promise.all(
        Array.from({ length: CONNECTIONS }, () => client.request('GET', free.path)),
      );
      expect(again.filter(({ status }) => status === 200)).toHaveLength(CONNECTIONS);
      await expect.poll(() => connections('state', 'idle in transaction')).toBe(0);
      expect(await connections('state', 'active')).toBe(0);
    });

    /** How many connections of the server are in a state. */
    async function connections(column: string, value: string): Promise<number> {
      const { rows } = await watcher.query<{ total: string }>(
        `SELECT count(*) AS total FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'roster' AND ${column} = $1`,
        [value],
      );
      return Number(rows[0]?.total);
    }

    it('gives up statements that take too long, and a server that never answers', async () => {
      const engine = openPostgres(database.url);
      const hung = await proxied(database.url);
      const behind = openPostgres(hung.url);
      try {
        const access = behind.of(server.superTenant.id);
        await access.reader.get('SELECT 1', []);
        await access.transaction(async (tx) => {
          // it holds this transaction, and from now on nothing comes back
          await tx.get('SELECT 1', []);
        });
        hung.proxy.isHung = true;
        const sleeping = 'SELECT pg_sleep(60)';
        const own = engine.of(server.superTenant.id);
        const outcomes = await Promise.allSettled([
          own.reader.get(sleeping, []),
          own.scanner.all(sleeping, []),
          own.transaction((tx) => tx.get(sleeping, [])),
          access.reader.get('SELECT 1', []),
          access.scanner.all('SELECT 1', []),
          access.transaction((tx) => tx.get('SELECT 1', [])),
          behind.shared.reader.get('SELECT 1', []),
        ]);
        for (const outcome of outcomes)
          expect(outcome).toEqual({ status: 'rejected', reason: expect.any(Unavailable) });
        hung.proxy.isHung = false;
        expect(await access.reader.get('SELECT 1 AS one', [])).toEqual({ one: 1 });
        expect(await access.transaction((tx) => tx.get('SELECT 1 AS one', []))).toEqual({ one: 1 });
        expect(await own.reader.get('SELECT 1 AS one', [])).toEqual({ one: 1 });
      } finally {
        await engine.close();
        await behind.close();
        await hung.proxy.close();
      }
    });

    it('is not ready while the database is away, and ready when it is back', async () => {
      const status = async (path: string): Promise<number> => (await server.send('GET', path, {})).status;
      expect([await status('/readyz'), await status('/healthz')]).toEqual([200, 200]);
      through.proxy.pointTo('/nowhere');
      expect([await status('/readyz'), await status('/healthz')]).toEqual([503, 200]);
      expect(refused(await client.request('GET', '/Users?count=1'))).toBe(true);
      through.proxy.pointTo(through.server);
      expect([await status('/readyz'), await status('/healthz')]).toEqual([200, 200]);
      expect((await client.request('GET', '/Users?count=1')).status).toBe(200);
    });
  });
