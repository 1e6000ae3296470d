import { execFile, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

const KEY = { ROSTER_SECRET_KEY: 'a secret key of more than 32 characters' };

const hasTools = spawnSync('pg_dump', ['--version']).status === 0;
if (hasPostgres && !hasTools) {
  const line = 'No pg_dump is found';
  if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('postgres')) throw new Error(`${line}.`);
  console.warn(`${line}: the test of backups on PostgreSQL is left out.`);
}

const run = promisify(execFile);

/** A user of PostgreSQL with no other rights, as Roster should have. */
async function temporaryOwner() {
  const name = `roster_test_${randomBytes(8).toString('hex')}`;
  const client = new Client(process.env.ROSTER_TEST_POSTGRES_URL);
  await client.connect();
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  const databases: Awaited<ReturnType<typeof temporaryDatabase>>[] = [];
  return {
    /** An empty database that it owns. @returns URLs for it and for a superuser */
    async database() {
      const made = await temporaryDatabase();
      databases.push(made);
      const own = new URL(made.url);
      await client.query(`ALTER DATABASE ${own.pathname.slice(1)} OWNER TO ${name}`);
      own.username = name;
      own.password = name;
      return { own: own.href, superuser: made.url };
    },
    async remove() {
      for (const { remove } of databases) await remove();
      await client.query(`DROP ROLE ${name}`);
      await client.end();
    },
  };
}

if (hasPostgres && hasTools)
  describe('a dump of PostgreSQL', () => {
    let owner: Awaited<ReturnType<typeof temporaryOwner>>;
    let roster: Roster;
    beforeAll(async () => {
      roster = createRoster();
      owner = await temporaryOwner();
    });
    afterAll(async () => {
      await roster.close();
      await owner.remove();
    });

    it('that is made while a server writes has all that was acknowledged before, and is whole', async () => {
      const [from, to] = [await owner.database(), await owner.database()];
      const port = await freePort();
      const environment = { ...KEY, ROSTER_PORT: String(port), ROSTER_RATE_LIMIT: 'off' };
      const server = roster.start(['serve', '--json'], { ...environment, ROSTER_DATABASE_URL: from.own });
      await server.until(/\n/);
      const { token } = JSON.parse(server.stdout()).firstStart;
      const send = async (method: string, path: string, body?: object) => {
        const answer = await fetch(`http://127.0.0.1:${port}/scim/v2${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
          ...(body && { body: JSON.stringify(body) }),
        });
        // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
        return { status: answer.status, json: (await answer.json()) as any };
      };
      const acknowledged: string[] = [];
      let isOver = false;
      // a user comes with a group that has it as a member
      const client = async () => {
        while (!isOver) {
          const name = randomUUID();
          const user = await send('POST', '/Users', {
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
            userName: name,
            emails: [{ value: `${name}@example.com`, primary: true }],
          });
          const group = await send('POST', '/Groups', {
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
            displayName: name,
            members: [{ value: user.json.id }],
          });
          if (group.status === 201) acknowledged.push(user.json.id);
        }
      };
      const clients = Array.from({ length: 4 }, client);
      while (acknowledged.length < 20) await sleep(20);

      const before = acknowledged.slice();
      const dump = join(roster.dataDir, '..', 'roster.dump');
      await run('pg_dump', ['--format=custom', `--file=${dump}`, from.superuser]);
      isOver = true;
      await Promise.all(clients);
      expect(await server.stop('SIGTERM')).toBe(0);

      await run('pg_restore', ['--exit-on-error', '--single-transaction', `--dbname=${to.superuser}`, dump]);
      const settings = { ...environment, ROSTER_DATABASE_URL: to.own };
      const other = await roster.run(['serve'], { ...settings, ROSTER_SECRET_KEY: 'x'.repeat(32) });
      expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/secret key is not the one/)]);
      const restored = roster.start(['serve', '--json'], settings);
      await restored.until(/\n/);
      expect(JSON.parse(restored.stdout()).firstStart).toBeNull();
      for (const id of before) {
        const { json } = await send('GET', `/Users/${id}`);
        expect(json).toMatchObject({ id, groups: [{ display: json.userName }] });
        const filter = encodeURIComponent(`emails.value eq "${json.userName}@example.com"`);
        expect((await send('GET', `/Users?filter=${filter}`)).json.totalResults).toBe(1);
      }
      const all = (await send('GET', '/Users?count=1000')).json;
      expect(all.totalResults).toBe(all.Resources.length);
      // and it goes on
      const created = { displayName: 'after', schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] };
      expect((await send('POST', '/Groups', created)).status).toBe(201);
      const checked = await roster.run(['doctor', '--json'], settings);
      expect([checked.code, checked.json.ok]).toEqual([0, true]);
      expect(await restored.stop('SIGTERM')).toBe(0);
    }, 120_000);
  });
