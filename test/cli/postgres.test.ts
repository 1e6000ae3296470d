import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

const SECRET = 'a secret key of more than 32 characters';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

it('a database that is not there ends a command with a line that says so, without the password', async () => {
  const url = `postgres://roster:hidden@127.0.0.1:${await freePort()}/nothing`;
  const run = await roster.runHere(['migrate'], { ROSTER_DATABASE_URL: url, ROSTER_SECRET_KEY: SECRET });
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/^roster: The database nothing on 127.0.0.1:\d+ can't be used: .*ECONNREFUSED/);
  expect(run.stderr).not.toContain('hidden');
});

if (hasPostgres)
  describe('roster on PostgreSQL', () => {
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    beforeEach(async () => {
      database = await temporaryDatabase();
    });
    afterEach(() => database.remove());

    const environment = () => ({ ROSTER_DATABASE_URL: database.url, ROSTER_SECRET_KEY: SECRET });

    it('is checked by doctor before and after the tables are made, and needs no data directory', async () => {
      const before = await roster.runHere(['doctor', '--json'], environment());
      expect([before.code, before.json.checks.at(-1)]).toMatchObject([
        0,
        { detail: expect.stringMatching(/no tables yet/) },
      ]);
      expect((await roster.runHere(['migrate', '--json'], environment())).json.applied).not.toEqual([]);
      expect((await roster.runHere(['migrate', '--json'], environment())).json.applied).toEqual([]);
      const after = await roster.runHere(['doctor', '--json'], environment());
      expect(after.json.checks.map(({ name, status }: Record<string, string>) => [name, status])).toEqual([
        ['node', 'ok'],
        ['database', 'ok'],
        ['database user', 'ok'],
        ['migrations', 'ok'],
        ['secret key', 'ok'],
        ['row-level security', 'ok'],
        ['contents', 'ok'],
      ]);
      const other = { ...environment(), ROSTER_SECRET_KEY: SECRET.toUpperCase() };
      expect((await roster.runHere(['doctor'], other)).code).toBe(1);
      expect(existsSync(roster.dataDir)).toBe(false);
    });

    it('is refused in another encoding, and told of by doctor, as are rights that are missing', async () => {
      const latin = await temporaryDatabase("ENCODING 'LATIN1' LOCALE 'C'");
      try {
        const settings = { ...environment(), ROSTER_DATABASE_URL: latin.url };
        const checked = await roster.runHere(['doctor'], settings);
        expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/encoding is LATIN1/)]);
        const refused = await roster.runHere(['tenant', 'list'], settings);
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/encoding is LATIN1/)]);
      } finally {
        await latin.remove();
      }
      const client = new Client(database.url);
      await client.connect();
      await client.query('ALTER SCHEMA public RENAME TO elsewhere').finally(() => client.end());
      const checked = await roster.runHere(['doctor'], environment());
      expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/may not make tables/)]);
    });

    it('takes what SQLite had and gives it back', async () => {
      const key = { ROSTER_SECRET_KEY: SECRET };
      await roster.runHere(['tenant', 'create', 'acme.com', '--admin-password', 'secret'], key);
      const [there, back] = ['there', 'back'].map((name) => `${roster.dataDir}/${name}.jsonl`) as [
        string,
        string,
      ];
      expect((await roster.runHere(['export', there], key)).code).toBe(0);
      const { code, json } = await roster.runHere(['import', there, '--json'], environment());
      expect([code, json.tenants, json.counts.resource]).toEqual([0, ['carbon.super', 'acme.com'], 2]);
      expect((await roster.runHere(['export', back], environment())).code).toBe(0);
      const [before, after] = [there, back].map((file) =>
        readFileSync(file, 'utf8').split('\n').slice(1, -2),
      );
      expect(after).toEqual(before);
    });

    it('goes on with a migration in whose middle a process was killed, from three that start together', async () => {
      await roster.runHere(['migrate'], environment());
      const client = new Client(database.url);
      await client.connect();
      const stepsOf = async (): Promise<number> =>
        (await client.query("SELECT name FROM migration_step WHERE name LIKE '0007-%'")).rows.length;
      try {
        const steps = await stepsOf();
        await client.query('DROP TABLE group_permission');
        await client.query("DELETE FROM migration_step WHERE name LIKE '0007-%'");
        await client.query('BEGIN');
        // the second step reads it
        await client.query('LOCK TABLE resource IN ACCESS EXCLUSIVE MODE');
        const migrating = roster.start(['migrate'], environment());
        while ((await stepsOf()) === 0) await sleep(20);
        expect(await migrating.stop('SIGKILL')).toBeNull();
        await client.query('COMMIT');
        expect(await stepsOf()).toBeLessThan(steps);
        const ends = await Promise.all([1, 2, 3].map(() => roster.run(['migrate', '--json'], environment())));
        expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
        expect(ends.flatMap(({ json }) => json.applied)).toEqual(['0007-permissions-02']);
        expect(await stepsOf()).toBe(steps);
      } finally {
        await client.end();
      }
    });

    it('serves from processes started at once what any of them writes, and one of them makes the first start', async () => {
      const ports = [await freePort(), await freePort(), await freePort()];
      const servers = ports.map((port) =>
        roster.start(['--json'], { ...environment(), ROSTER_PORT: String(port) }),
      );
      await Promise.all(servers.map((server) => server.until(/\n/)));
      const made = servers.map((server) => JSON.parse(server.stdout()).firstStart).filter(Boolean);
      expect(made).toHaveLength(1);
      const headers = {
        authorization: `Bearer ${made[0].token}`,
        'content-type': 'application/scim+json',
      };
      const body = JSON.stringify({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'ann',
        emails: [{ value: 'ann@example.com', primary: true }],
      });
      const users = (port: number | undefined) => `http://127.0.0.1:${port}/scim/v2/Users`;
      const created = await fetch(users(ports[0]), { method: 'POST', headers, body });
      expect(created.status).toBe(201);
      const { id } = (await created.json()) as { id: string };
      for (const port of ports) expect((await fetch(`${users(port)}/${id}`, { headers })).status).toBe(200);
      const revoked = await roster.runHere(['integration', 'delete', 'quickstart'], environment());
      expect([revoked.code, revoked.stderr]).toEqual([0, '']);
      for (const port of ports) {
        const refused = async () => (await fetch(users(port), { headers })).status;
        await expect.poll(refused, { timeout: 5000 }).toBe(401);
      }
    });
  });
