import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { hasPostgres, type TemporaryDatabase, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, type Roster, type Run } from './roster.ts';

const SECRET = 'a secret key of more than 32 characters';

if (hasPostgres)
  describe('every command on PostgreSQL', () => {
    let roster: Roster;
    let database: TemporaryDatabase;
    let folder: string;
    const done = new Set<string>();

    beforeAll(async () => {
      roster = createRoster();
      folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
      database = await temporaryDatabase();
    });
    afterAll(async () => {
      await roster.close();
      await database.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const onServer = (args: readonly string[], url = database.url): Promise<Run> =>
      roster.runHere([...args, '--json'], { ROSTER_DATABASE_URL: url, ROSTER_SECRET_KEY: SECRET });

    /** Runs a command that succeeds. */
    async function run(line: string, ...more: string[]) {
      const args = [...line.split(' '), ...more];
      done.add(args.slice(0, commandWords(args)).join(' '));
      const { code, json, stderr } = await onServer(args);
      expect([line, code, stderr, json]).toEqual([line, 0, '', expect.anything()]);
      return json;
    }

    const GROUPED = /^(tenant|store|permission|integration|credential|schema|resource-type|operator|audit)$/;
    const commandWords = ([first = '']: readonly string[]): number => (GROUPED.test(first) ? 2 : 1);

    const file = (name: string, content: unknown): string => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };

    it('backup and restore are refused before anything is made, with what to use', async () => {
      for (const [command, program] of [
        ['backup', 'pg_dump'],
        ['restore', 'pg_restore'],
      ] as const) {
        done.add(command);
        const refused = await onServer([command, join(folder, 'none')]);
        expect(refused).toMatchObject({ code: 2, json: { error: { code: 'invalid' } } });
        expect(refused.json.error.message).toContain(`${program} --`);
      }
      const client = new Client(database.url);
      await client.connect();
      const { rows } = await client.query(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'",
      );
      await client.end();
      expect(rows).toEqual([]);
    });

    it('runs', async () => {
      expect((await run('migrate')).applied).not.toEqual([]);
      await run('tenant create acme.com --name Acme --admin-password secret');
      expect(await run('tenant list')).toHaveLength(2);
      expect(await run('tenant show acme.com')).toMatchObject({ domain: 'acme.com' });
      await run('tenant deactivate acme.com');
      await run('tenant activate acme.com');
      await run('store create EU --tenant acme.com');
      expect(await run('store list --tenant acme.com')).toHaveLength(2);
      await run('store delete EU --tenant acme.com');
      await run('permission grant admin login --tenant acme.com');
      expect(await run('permission list --tenant acme.com')).not.toEqual([]);
      await run('permission revoke admin login --tenant acme.com');
      const made = await run('integration create Okta --tenant acme.com');
      expect(await run('integration list --tenant acme.com')).toHaveLength(1);
      expect(await run('integration show Okta --tenant acme.com')).toMatchObject({ id: made.id });
      await run('integration update Okta --tenant acme.com --rate-limit 50');
      const credential = await run('credential add Okta --tenant acme.com');
      expect(await run('credential list Okta --tenant acme.com')).toHaveLength(2);
      await run(`credential revoke ${credential.id} --tenant acme.com`);
      for (const [name, definition] of Object.entries({ device: DEVICE_DEFINITION, lease: LEASE_DEFINITION }))
        await run('schema add --tenant acme.com', file(`${name}.json`, definition));
      await run('resource-type add --tenant acme.com', file('type.json', DEVICE_TYPE_DEFINITION));
      await run('schema replace --tenant acme.com', join(folder, 'device.json'));
      expect(await run('schema list --tenant acme.com')).toHaveLength(2);
      expect(await run('resource-type list --tenant acme.com')).toHaveLength(1);
      await run('operator create jo@example.com --tenant acme.com --role auditor');
      expect(await run('operator list')).toMatchObject([{ email: 'jo@example.com', role: 'auditor' }]);
      await run('operator reset jo@example.com');
      expect((await run('audit list --tenant acme.com')).length).toBeGreaterThan(5);
      const audit = await roster.runHere(['audit', 'export', '--tenant', 'acme.com'], {
        ROSTER_DATABASE_URL: database.url,
        ROSTER_SECRET_KEY: SECRET,
      });
      done.add('audit export');
      expect([audit.code, audit.stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^\{.*\}$/)]);
      const checks = await run('doctor');
      expect(checks.checks).toContainEqual(
        expect.objectContaining({
          name: 'contents',
          status: 'ok',
          detail: expect.stringMatching(/2 tenants/),
        }),
      );
      await run('resource-type remove Device --tenant acme.com');
      await run('schema remove --tenant acme.com', (DEVICE_DEFINITION as { id: string }).id);
      await run('export', join(folder, 'all.jsonl'));
      const other = await temporaryDatabase();
      try {
        done.add('import');
        expect((await onServer(['import', join(folder, 'all.jsonl')], other.url)).code).toBe(0);
      } finally {
        await other.remove();
      }
      await run('integration delete Okta --tenant acme.com');
      await run('tenant deactivate acme.com');
      await run('tenant delete acme.com');
    });

    it('is one of those above, or serve', async () => {
      const commandsOf = async (path: readonly string[]): Promise<string[]> => {
        const { stdout } = await roster.runHere([...path, '--help']);
        const [, list = ''] = stdout.split(/^Commands:$/m);
        const names = [...(list.split(/^\S/m)[0]?.matchAll(/^ {2}([\w-]+)/gm) ?? [])].map(
          ([, name]) => name ?? '',
        );
        const inner: string[] = [];
        for (const name of names) if (name !== 'help') inner.push(...(await commandsOf([...path, name])));
        return inner.length === 0 ? [path.join(' ')] : inner;
      };
      expect((await commandsOf([])).sort()).toEqual([...done, 'serve'].sort());
    });
  });
