import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Directory } from '../../src/storage/directory.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { isOnPostgres, temporaryEngine } from '../support/server.ts';
import { watchedEngine } from '../support/watched-engine.ts';
import { credentialOf, integrationOf, storeOf, tenantOf } from './directory-contract.ts';

const LATER = '2026-06-01T00:00:00.000Z';

const tenant = tenantOf('a.example');
let close: () => Promise<void>;
let statements = 0;
/** Two processes on one database. */
let one: Directory;
let other: Directory;

const find = (directory: Directory) => directory.findCredential(tenant.id, 'c1');

beforeEach(async () => {
  const temporary = await temporaryEngine();
  close = temporary.close;
  one = createSqlStorage(watchedEngine(temporary.engine, () => statements++)).directory;
  other = createSqlStorage(temporary.engine).directory;
  await other.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
  await other.createIntegration(integrationOf(tenant.id, 'i1'), credentialOf(tenant.id, 'i1', 'c1'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});

test('a request asks the database about its credential, on PostgreSQL once a second', async () => {
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now);
  await find(one);
  const asked: boolean[] = [];
  for (const passed of [1, 990, 1010, 1020]) {
    clock.mockReturnValue(now + passed);
    const before = statements;
    expect(await find(one)).toMatchObject({ credential: { id: 'c1' } });
    asked.push(statements > before);
  }
  expect(asked).toEqual(isOnPostgres ? [false, false, true, false] : [true, true, true, true]);
});

test('what another process has ended is known a second later, and what this one has ended at once', async () => {
  await find(one);
  await find(other);
  await other.endCredential(tenant.id, 'c1', LATER);
  expect((await find(other))?.credential.expires).toBe(LATER);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 1000);
  expect((await find(one))?.credential.expires).toBe(LATER);
});

test('what was read while this process changed it is not kept', async () => {
  const found = find(other);
  const ended = other.endCredential(tenant.id, 'c1', LATER);
  await Promise.all([found, ended]);
  expect((await find(other))?.credential.expires).toBe(LATER);
});
