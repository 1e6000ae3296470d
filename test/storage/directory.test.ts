import { expect, it } from 'vitest';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { isOnPostgres, temporaryEngine, temporaryStorage } from '../support/server.ts';
import { watchedEngine } from '../support/watched-engine.ts';
import { describeDefinitions } from './definition-contract.ts';
import { describeDirectory } from './directory-contract.ts';
import { fillTenant } from './filled-tenant.ts';

describeDirectory(temporaryStorage);
describeDefinitions(temporaryStorage);

/** Gives the tables with a column tenant_id. */
const TENANT_TABLES = isOnPostgres
  ? `SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'tenant_id' ORDER BY table_name`
  : `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'tenant_id' ORDER BY m.name`;

it('deleting a tenant leaves no row of it in any table that has a tenant_id', async () => {
  const { engine, unruled, close } = await temporaryEngine();
  try {
    const { directory } = createSqlStorage(engine);
    const tenant = await fillTenant(engine, 'a.example');
    const tables = await unruled.shared.reader.all<{ name: string }>(TENANT_TABLES, []);
    const rowsOf = async (name: string) =>
      (
        await engine
          .of(tenant.id)
          .reader.all(`SELECT tenant_id FROM ${name} WHERE tenant_id = ?`, [tenant.id])
      ).length;
    for (const { name } of tables) expect([name, await rowsOf(name)]).not.toEqual([name, 0]);
    await directory.deleteTenant(tenant.id);
    for (const { name } of tables) expect([name, await rowsOf(name)]).toEqual([name, 0]);
    expect(tables.length).toBeGreaterThanOrEqual(8);
  } finally {
    await close();
  }
});

if (!isOnPostgres)
  it('asks whether a user store is empty by an index', async () => {
    const { engine, unruled, close } = await temporaryEngine();
    try {
      const texts: string[] = [];
      const watched = createSqlStorage(watchedEngine(engine, (sql) => texts.push(sql)));
      await watched.directory.deleteUserStore('t1', 'eu');
      const text = texts.find((each) => /^delete from "user_store"/.test(each)) ?? '';
      const plan = await unruled.shared.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, [
        't1',
        'eu',
        't1',
        'eu',
      ]);
      expect(plan.map(({ detail }) => detail).join('\n')).toContain('resource_store');
    } finally {
      await close();
    }
  });
