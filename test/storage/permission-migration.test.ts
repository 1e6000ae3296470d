import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { storeOf, tenantOf } from './directory-contract.ts';

const NOW = '2026-01-01T00:00:00.000Z';

let folder: string;
let engine: Engine;
let storage: Storage;
let accounts: ReturnType<typeof createAccounts>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-test-'));
  engine = openSqlite(join(folder, 'roster.db'));
  await migrate(engine, Date.now);
  storage = createSqlStorage(engine);
  const services = createServices({ storage, key: createSecretKey(randomBytes(32)), now: Date.now });
  accounts = createAccounts(services, 'http://roster.test');
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Goes back to before there were permissions, and forward again. */
async function migrateAgain(): Promise<void> {
  await engine.shared.transaction(async (tx) => {
    await tx.run('DROP TABLE group_permission', []);
    await tx.run("DELETE FROM migration_step WHERE name LIKE '0007-%'", []);
  });
  await migrate(engine, Date.now);
}

async function newTenant(domain: string, isSuper = false): Promise<Tenant> {
  const tenant = { ...tenantOf(domain), isSuper };
  await storage.directory.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
  return tenant;
}

const permitted = async ({ id }: Tenant) => [...(await storage.directory.listPermissions(id))];

async function newAdmin(tenant: Tenant): Promise<string> {
  const user = await accounts.createUser(tenant, 'admin');
  await storage.transaction(tenant.id, (tx) => tx.setPassword(tenant.id, user, 'hash', NOW));
  return user;
}

describe('an installation from before there were permissions', () => {
  it('gives them to PRIMARY/admin, with the user admin in it or as the first group of the super tenant', async () => {
    const [first, second] = [await newTenant('carbon.super', true), await newTenant('a.example')];
    const one = await accounts.createGroup(first, 'admin', []);
    const two = await accounts.createGroup(second, 'admin', [await newAdmin(second)]);
    await migrateAgain();
    expect(await permitted(first)).toEqual([[one, ['login', 'provision']]]);
    expect(await permitted(second)).toEqual([[two, ['login', 'provision']]]);
  });

  it('gives none to groups of that name that somebody else has made', async () => {
    const [first, second] = [await newTenant('carbon.super', true), await newTenant('a.example')];
    await accounts.createGroup(first, 'staff', []);
    await accounts.createGroup(first, 'admin', []);
    await accounts.createGroup(second, 'admin', [await accounts.createUser(second, 'admin')]);
    await migrateAgain();
    expect([await permitted(first), await permitted(second)]).toEqual([[], []]);
  });
});
