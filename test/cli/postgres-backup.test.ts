import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, type TemporaryDatabase, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

const KEY = { ROSTER_SECRET_KEY: 'a secret key of more than 32 characters' };

const hasTools = spawnSync('pg_dump', ['--version']).status === 0;
if (hasPostgres && !hasTools) {
  const line = 'No pg_dump is found';
  if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('postgres')) throw new Error(`${line}.`);
  console.warn(`${line}: the test of backups on PostgreSQL is left out.`);
}

const run = promisify(execFile);

/** A superuser's way to the database, for whom row-level security hides nothing. */
function superuserUrl({ url }: TemporaryDatabase): string {
  const server = new URL(process.env.ROSTER_TEST_POSTGRES_URL as string);
  server.pathname = new URL(url).pathname;
  return server.href;
}

if (hasPostgres && hasTools)
  describe('a dump of PostgreSQL', () => {
    let roster: Roster;
    let from: TemporaryDatabase;
    let to: TemporaryDatabase;
    beforeAll(async () => {
      roster = createRoster();
      [from, to] = [await temporaryDatabase(), await temporaryDatabase()];
    });
    afterAll(async () => {
      await roster.close();
      await from.remove();
      await to.remove();
    });

    it('that is made while a server writes has all that was acknowledged before, and is whole', async () => {
      const port = await freePort();
      const environment = { ...KEY, ROSTER_PORT: String(port), ROSTER_RATE_LIMIT: 'off' };
      const server = roster.start(['serve', '--json'], { ...environment, ROSTER_DATABASE_URL: from.url });
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
      try {
        await run('pg_dump', ['--format=custom', `--file=${dump}`, superuserUrl(from)]);
      } finally {
        isOver = true;
      }
      await Promise.all(clients);
      expect(await server.stop('SIGTERM')).toBe(0);

      await run('pg_restore', [
        '--exit-on-error',
        '--single-transaction',
        `--dbname=${superuserUrl(to)}`,
        dump,
      ]);
      const settings = { ...environment, ROSTER_DATABASE_URL: to.url };
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
