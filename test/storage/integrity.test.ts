import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { INTEGRITY_RULES, readContents } from '../../src/storage/sql/integrity.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { temporaryEngine } from '../support/server.ts';
import { credentialOf, integrationOf, storeOf, tenantOf } from './directory-contract.ts';

describe('what a database holds', () => {
  const tenant: Tenant = tenantOf('a.example');
  let engine: Engine;
  let close: () => Promise<void>;
  let user: string;

  beforeEach(async () => {
    const temporary = await temporaryEngine();
    engine = temporary.unruled;
    close = temporary.close;
    const storage = createSqlStorage(temporary.engine);
    await storage.directory.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
    await storage.directory.createTenant(tenantOf('b.example'), storeOf(tenantOf('b.example').id, 'PRIMARY'));
    await storage.directory.createIntegration(
      integrationOf(tenant.id, 'i1'),
      credentialOf(tenant.id, 'i1', 'c1'),
    );
    const accounts = createAccounts(
      createServices({ storage, key: createSecretKey(randomBytes(32)), now: Date.now }),
      'http://roster.test',
    );
    user = await accounts.createUser(tenant, 'x');
    const group = await accounts.createGroup(tenant, 'staff', [user]);
    await storage.directory.grantPermission(tenant.id, group, 'login');
    await storage.transaction(tenant.id, (tx) => tx.setPassword(tenant.id, user, 'hash', tenant.created));
  });
  afterEach(() => close());

  it('is counted, and fits together after complete changes', async () => {
    expect(await readContents(engine)).toEqual({ tenants: 2, resources: 2, members: 1, problems: [] });
  });

  const ROW = 'VALUES (?, ?, ?, ?, ?)';
  it.each<[problem: string, sql: string, params: string[]]>([
    [
      'a value without its resource',
      `INSERT INTO attribute_value (tenant_id, type, path, value, resource_id, element) VALUES (?, ?, ?, ?, ?, 0)`,
      ['User', 'title', 'x', 'gone'],
    ],
    [
      'a unique value without its resource',
      `INSERT INTO unique_value (tenant_id, type, path, value, resource_id) ${ROW}`,
      ['User', 'x', 'y', 'gone'],
    ],
    ['a membership without its group', 'UPDATE member SET group_id = ? WHERE tenant_id = ?', []],
    ['a password without its user', 'UPDATE user_password SET user_id = ? WHERE tenant_id = ?', []],
    ['a permission without its group', 'UPDATE group_permission SET group_id = ? WHERE tenant_id = ?', []],
    ['a user without the key of its name', `UPDATE resource SET user_name = NULL WHERE tenant_id = ?`, []],
    [
      'a total that is not the number of resources',
      `UPDATE resource_count SET total = 7 WHERE tenant_id = ? AND type = 'User'`,
      [],
    ],
  ])('tells of %s', async (problem, sql, params) => {
    const values = sql.includes('= ? WHERE') ? ['gone', tenant.id] : [tenant.id, ...params];
    expect(await engine.of(tenant.id).transaction((tx) => tx.run(sql, values))).toBeGreaterThan(0);
    const { problems } = await readContents(engine);
    expect(problems.map((line) => line.replace(/: .*/, ''))).toEqual([`a.example has ${problem}`]);
  });

  it('can have no membership without its member, and no credential without its integration', async () => {
    const deleted = engine
      .of(tenant.id)
      .transaction((tx) => tx.run('DELETE FROM resource WHERE tenant_id = ? AND id = ?', [tenant.id, user]));
    await expect(deleted).rejects.toThrow();
    expect(INTEGRITY_RULES.map(([problem]) => problem)).toEqual(
      expect.arrayContaining(['a membership without its member', 'a credential without its integration']),
    );
  });
});
