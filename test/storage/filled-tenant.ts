import { createSecretKey, randomBytes } from 'node:crypto';
import { createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { createRequestLogWriter } from '../../src/storage/sql/request-log-writer.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { capturedRequest } from './captured-request.ts';
import { credentialOf, integrationOf, storeOf, tenantOf } from './directory-contract.ts';

/** Creates a tenant with at least one row in every table that has rows of tenants. */
export async function fillTenant(engine: Engine, domain: string): Promise<Tenant> {
  const storage = createSqlStorage(engine);
  const { directory } = storage;
  const tenant = tenantOf(domain);
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
  await engine
    .of(tenant.id)
    .transaction((tx) =>
      tx.run('INSERT INTO unique_value (tenant_id, type, path, value, resource_id) VALUES (?, ?, ?, ?, ?)', [
        ...[tenant.id, 'User', 'x', 'y', user],
      ]),
    );
  // with SQLite the request log is no part of the database
  if (engine.dialect.name === 'postgres') {
    const log = createRequestLogWriter(engine, async () => [tenant.id]);
    await log.append([capturedRequest(tenant.id, { tolerances: ['boolean-as-string'] })]);
    await log.noteTotals(tenant.id, { hour: '2026-11-22T03', users: 1, groups: 1 });
  }
  return tenant;
}
