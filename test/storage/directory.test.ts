import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import { hasPostgres } from '../support/postgres.ts';
import { temporaryPostgres, temporarySqlite } from '../support/server.ts';
import { watchedEngine } from '../support/watched-engine.ts';
import { describeDefinitions } from './definition-contract.ts';
import { credentialOf, describeDirectory, integrationOf, storeOf, tenantOf } from './directory-contract.ts';

describeDirectory('SQLite', temporarySqlite);
describeDefinitions('SQLite', temporarySqlite);
if (hasPostgres) {
  describeDirectory('PostgreSQL', temporaryPostgres);
  describeDefinitions('PostgreSQL', temporaryPostgres);
}

it('deleting a tenant leaves no row of it in any table that has a tenant_id', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roster-test-'));
  const engine = openSqlite(join(folder, 'roster.db'));
  try {
    await migrate(engine, '2026-01-01T00:00:00.000Z');
    const storage = createSqlStorage(engine);
    const { directory } = storage;
    const tenant = tenantOf('a.example');
    await directory.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
    await directory.createIntegration(integrationOf(tenant.id, 'i1'), credentialOf(tenant.id, 'i1', 'c1'));
    const accounts = createAccounts(
      createServices({ storage, key: createSecretKey(randomBytes(32)), now: Date.now }),
      'http://roster.test',
    );
    const user = await accounts.createUser(tenant, 'x');
    const group = await accounts.createGroup(tenant, 'staff', [user]);
    await directory.grantPermission(tenant.id, group, 'login');
    await storage.transaction(tenant.id, (tx) => tx.setPassword(tenant.id, user, 'hash', tenant.created));
    await directory.changeDefinitions(tenant.id, {
      revision: 0,
      added: [{ kind: 'schema', name: 'urn:x', content: '{}', created: tenant.created }],
      removed: [],
      unused: [],
    });
    await engine.shared.transaction((tx) =>
      tx.run('INSERT INTO unique_value (tenant_id, type, path, value, resource_id) VALUES (?, ?, ?, ?, ?)', [
        ...[tenant.id, 'User', 'x', 'y', user],
      ]),
    );

    const tables = await engine.shared.reader.all<{ name: string }>(
      `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name = 'tenant_id' ORDER BY m.name`,
      [],
    );
    const rowsOf = async (name: string) =>
      (await engine.shared.reader.all(`SELECT tenant_id FROM ${name} WHERE tenant_id = ?`, [tenant.id]))
        .length;
    for (const { name } of tables) expect([name, await rowsOf(name)]).not.toEqual([name, 0]);
    await directory.deleteTenant(tenant.id);
    for (const { name } of tables) expect([name, await rowsOf(name)]).toEqual([name, 0]);
    expect(tables.length).toBeGreaterThanOrEqual(8);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
});

it('asks whether a user store is empty by an index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roster-test-'));
  const engine = openSqlite(join(folder, 'roster.db'));
  try {
    await migrate(engine, '2026-01-01T00:00:00.000Z');
    const texts: string[] = [];
    const watched = createSqlStorage(watchedEngine(engine, (sql) => texts.push(sql)));
    await watched.directory.deleteUserStore('t1', 'eu');
    const text = texts.find((each) => /^delete from "user_store"/.test(each)) ?? '';
    const plan = await engine.shared.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, [
      't1',
      'eu',
      't1',
      'eu',
    ]);
    expect(plan.map(({ detail }) => detail).join('\n')).toContain('resource_store');
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
});
