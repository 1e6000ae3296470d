import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { type Engine, type SqlValue, UnsupportedStatement } from '../../src/storage/sql/engine.ts';
import { migrate, pendingSteps } from '../../src/storage/sql/migrate.ts';
import { MIGRATIONS } from '../../src/storage/sql/migrations/migrations.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { findGap } from '../../src/storage/sql/row-security.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { watchedEngine } from '../support/watched-engine.ts';
import { fillTenant } from './filled-tenant.ts';

const WAIT_MS = 20_000;

it('no migration behind the fences reads or writes rows, of which it would see none', () => {
  const fences = MIGRATIONS.findIndex(({ name }) => name === '0008-fences');
  const later = MIGRATIONS.slice(fences).flatMap(({ statements }) => statements);
  expect(later.length).toBeGreaterThan(10);
  expect(later.filter((text) => /^\s*(INSERT|UPDATE|DELETE|SELECT|WITH|MERGE)\b/i.test(text))).toEqual([]);
});

if (hasPostgres)
  describe('row-level security', () => {
    let engine: Engine;
    let remove: () => Promise<void>;
    let tables: readonly string[];
    let own: Tenant;
    let other: Tenant;

    beforeAll(async () => {
      const database = await temporaryDatabase();
      remove = database.remove;
      engine = openPostgres(database.url, WAIT_MS);
      await migrate(engine, Date.now);
      own = await fillTenant(engine, 'a.example');
      other = await fillTenant(engine, 'b.example');
      const rows = await engine.shared.reader.all<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns
          WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY table_name`,
        [],
      );
      tables = rows.map(({ name }) => name);
    });
    afterAll(async () => {
      await engine.close();
      await remove();
    });

    /** Does something for every table, and names the table with what it comes to. */
    const ofEach = async <T>(work: (table: string) => Promise<T>): Promise<[string, T][]> => {
      const outcomes: [string, T][] = [];
      for (const table of tables) outcomes.push([table, await work(table)]);
      expect(outcomes.length).toBeGreaterThan(10);
      return outcomes;
    };
    const all = <T>(value: T): [string, T][] => tables.map((table) => [table, value]);

    it('holds for every table with a tenant_id', async () => {
      expect(await findGap(engine.shared)).toBeUndefined();
    });

    it('shows nothing to a statement without a tenant', async () => {
      const seen = await ofEach(async (table) => {
        const text = `SELECT tenant_id FROM ${table}`;
        const read = await engine.shared.reader.all(text, []);
        const scanned = await engine.shared.scanner.all(text, []);
        const written = await engine.shared.transaction((tx) => tx.all(text, []));
        return read.length + scanned.length + written.length;
      });
      expect(seen).toEqual(all(0));
    });

    it('shows the rows of the tenant, and of no other, whatever a statement asks for', async () => {
      const access = engine.of(own.id);
      const seen = await ofEach(async (table) => {
        const text = `SELECT DISTINCT tenant_id FROM ${table}`;
        const found = [
          ...(await access.reader.all<{ tenant_id: string }>(text, [])),
          ...(await access.scanner.all<{ tenant_id: string }>(text, [])),
          ...(await access.transaction((tx) => tx.all<{ tenant_id: string }>(text, []))),
          ...(await engine.snapshot(({ of }) => of(own.id).all<{ tenant_id: string }>(text, []))),
        ];
        return found.map(({ tenant_id }) => tenant_id);
      });
      expect(seen).toEqual(all([own.id, own.id, own.id, own.id]));
    });

    it('shows one tenant after the other in a snapshot, and nothing besides', async () => {
      const seen = await engine.snapshot(({ of, shared }) =>
        ofEach(async (table) => {
          const text = `SELECT DISTINCT tenant_id FROM ${table}`;
          // asked for side by side
          const found = await Promise.all(
            [of(own.id), of(other.id), of(own.id)].map((each) => each.all(text, [])),
          );
          return [...found.flat(), (await shared.all('SELECT id FROM tenant', [])).length];
        }),
      );
      expect(seen).toEqual(all([{ tenant_id: own.id }, { tenant_id: other.id }, { tenant_id: own.id }, 2]));
    });

    it('changes and deletes no row of another tenant', async () => {
      const changed = await ofEach((table) =>
        engine.of(own.id).transaction(async (tx) => {
          const moved = `UPDATE ${table} SET tenant_id = tenant_id WHERE tenant_id = ?`;
          const deleted = `DELETE FROM ${table} WHERE tenant_id = ?`;
          return (await tx.run(moved, [other.id])) + (await tx.run(deleted, [other.id]));
        }),
      );
      expect(changed).toEqual(all(0));
    });

    it('refuses what would write a row for another tenant, as a fault of the server', async () => {
      const refused = await ofEach((table) =>
        engine
          .of(own.id)
          .transaction((tx) => tx.run(`UPDATE ${table} SET tenant_id = ?`, [other.id]))
          .catch((error: unknown) => error instanceof Unavailable && String(error.cause)),
      );
      expect(refused).toEqual(all(expect.stringMatching(/42501 .*row-level security/)));
    });

    it('takes no id for a tenant that could be more than that in a statement', () => {
      for (const id of ['', "a'; DROP TABLE tenant; --", 'A', 'a b', 'a\0', '*'])
        expect(() => engine.of(id)).toThrow(TypeError);
    });

    it('costs no look at a row: a plan compares the tenants once', async () => {
      const statements: { sql: string; params: readonly SqlValue[] }[] = [];
      const storage = createSqlStorage(
        watchedEngine(engine, (sql, params) => statements.push({ sql, params })),
      );
      const listed = (text: string | undefined, startIndex: number) => {
        const filter = text === undefined ? undefined : readFilter(USER_TYPE, text, toleranceOf('strict'));
        const part = { type: USER_TYPE, filter, sort: undefined, relation: undefined };
        return storage.listResources(own.id, { parts: [part], page: { startIndex, count: 100 } });
      };
      await storage.getResource(own.id, 'User', 'x', undefined);
      await listed(undefined, 501);
      for (const filter of [
        'userName eq "x"',
        'userName sw "x"',
        'emails.value eq "x"',
        'title co "x"',
        'active eq true',
      ])
        await listed(filter, 2);
      expect(statements.length).toBeGreaterThan(8);
      for (const { sql, params } of statements) {
        const plan = await engine
          .of(own.id)
          .reader.all<Record<'QUERY PLAN', string>>(`EXPLAIN ${sql}`, params);
        const lines = plan.map((line) => line['QUERY PLAN']);
        const looks = lines.filter((line) => line.includes('current_setting'));
        expect(looks.length, sql).toBeGreaterThan(0);
        expect(
          looks.filter((line) => !line.includes('One-Time Filter')),
          lines.join('\n'),
        ).toEqual([]);
      }
    });

    it('is passed over where an engine has none, which doctor tells', async () => {
      const { url, remove: removeBare } = await temporaryDatabase();
      const full = openPostgres(url, WAIT_MS);
      const bare: Engine = {
        ...full,
        migration: (work) =>
          full.migration((tx) =>
            work({
              ...tx,
              run: (sql, params) =>
                /POLICY|SECURITY/.test(sql)
                  ? Promise.reject(new UnsupportedStatement('no such feature'))
                  : tx.run(sql, params),
            }),
          ),
      };
      try {
        expect((await migrate(bare, Date.now)).length).toBeGreaterThan(10);
        expect(await pendingSteps(bare)).toEqual([]);
        expect(await findGap(bare.shared)).toMatch(/^off for attribute_value, .*user_store$/);
        await fillTenant(bare, 'a.example');
        expect(await bare.shared.reader.all('SELECT tenant_id FROM user_store', [])).toHaveLength(1);
      } finally {
        await full.close();
        await removeBare();
      }
    });
  });
