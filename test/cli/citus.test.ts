import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { hasCitus, temporaryCitusDatabase } from '../support/citus.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, type Roster } from './roster.ts';

const SECRET = 'a secret key of more than 32 characters';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

describe('roster migrate --distribute', () => {
  it('is refused on SQLite', async () => {
    const run = await roster.runHere(['migrate', '--distribute'], { ROSTER_SECRET_KEY: SECRET });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/^roster: A SQLite database is on one server: .*ROSTER_DATABASE_URL/);
  });

  if (hasPostgres)
    it('is refused where there is no Citus', async () => {
      const { url, remove } = await temporaryDatabase();
      try {
        const environment = { ROSTER_DATABASE_URL: url, ROSTER_SECRET_KEY: SECRET };
        const run = await roster.runHere(['migrate', '--distribute', '--json'], environment);
        expect([run.code, run.json.error.code]).toEqual([4, 'conflict']);
        expect(run.json.error.message).toMatch(/CREATE EXTENSION citus/);
        expect((await roster.runHere(['tenant', 'list'], environment)).code).toBe(0);
      } finally {
        await remove();
      }
    });
});

/** Tables of a database and how they are spread; those that are not are left out. */
const SPREAD = `SELECT CAST(logicalrelid AS text) AS name, partmethod AS method, colocationid AS together
  FROM pg_dist_partition ORDER BY name`;

if (hasCitus)
  describe('roster on Citus', () => {
    let database: Awaited<ReturnType<typeof temporaryCitusDatabase>>;
    let engine: Engine;
    beforeAll(async () => {
      database = await temporaryCitusDatabase();
      engine = openPostgres(database.url, 20_000);
    });
    afterAll(async () => {
      await engine.close();
      await database.remove();
    });

    const environment = () => ({ ROSTER_DATABASE_URL: database.url, ROSTER_SECRET_KEY: SECRET });
    const all = <Row>(text: string): Promise<Row[]> => engine.shared.reader.all<Row>(text, []);

    it('spreads the tables with what they hold, once', async () => {
      const create = ['tenant', 'create', 'acme.com', '--admin-password', 'secret'];
      expect((await roster.runHere(create, environment())).code).toBe(0);
      const first = await roster.runHere(['migrate', '--distribute', '--json'], environment());
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.json.distribution.byTenant).toContain('resource');
      expect(first.json.distribution.everywhere).toEqual(
        expect.arrayContaining(['tenant', 'setting', 'migration_step']),
      );
      const again = await roster.runHere(['migrate', '--distribute', '--json'], environment());
      expect(again.json.distribution).toEqual({ byTenant: [], everywhere: [] });
      const tenants = await roster.runHere(['tenant', 'list', '--json'], environment());
      expect(tenants.stdout).toContain('acme.com');
      expect(await all("SELECT count(*) AS users FROM resource WHERE type = 'User'")).toEqual([{ users: 1 }]);
      // nothing is left of the rows that have moved
      expect(await all(`SELECT pg_relation_size('resource') AS bytes`)).toEqual([{ bytes: 0 }]);
    });

    it('keeps all rows of a tenant on one server', async () => {
      const rows = await all<{ name: string; method: string; together: number }>(SPREAD);
      const [spread, copied] = ['h', 'n'].map((kind) => rows.filter(({ method }) => method === kind));
      expect(new Set(spread?.map(({ together }) => together)).size).toBe(1);
      expect(spread?.length).toBeGreaterThan(9);
      expect(copied?.map(({ name }) => name)).toEqual(expect.arrayContaining(['tenant', 'setting']));
    });

    it('spreads what a later version adds', async () => {
      const before = await all(SPREAD);
      await engine.shared.transaction(async (tx) => {
        await tx.run('DROP TABLE user_password', []);
        await tx.run("DELETE FROM migration_step WHERE name = '0003-passwords-01'", []);
      });
      expect(await all(SPREAD)).toHaveLength(before.length - 1);
      const { json } = await roster.runHere(['migrate', '--json'], environment());
      expect(json.applied).toEqual(['0003-passwords-01']);
      expect(await all(SPREAD)).toEqual(before);
    });

    it('spreads nothing when a server can’t be reached', async () => {
      const { url, remove } = await temporaryCitusDatabase();
      const other = openPostgres(url, 20_000);
      try {
        const unreachable = 'UPDATE pg_dist_node SET nodeport = groupid WHERE groupid <> 0';
        await other.shared.transaction((tx) => tx.run(unreachable, []));
        const settings = { ROSTER_DATABASE_URL: url, ROSTER_SECRET_KEY: SECRET };
        const run = await roster.runHere(['migrate', '--distribute'], settings);
        expect([run.code, run.stderr]).toEqual([
          1,
          expect.stringMatching(/can't be spread now: .*:\d failed/),
        ]);
        expect(await other.shared.reader.all(SPREAD, [])).toEqual([]);
        expect((await roster.runHere(['tenant', 'list'], settings)).code).toBe(0);
      } finally {
        await other.close();
        await remove();
      }
    });
  });
