import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate, pendingSteps } from '../../src/storage/sql/migrate.ts';
import { MIGRATIONS } from '../../src/storage/sql/migrations/migrations.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';

/** What the version before can go on with: it neither misses anything nor has to give values that it does not know. */
const ADDS = [
  /^CREATE TABLE \w+ \(/,
  /^CREATE (?:UNIQUE )?INDEX \w+ ON \w+ /,
  /^ALTER TABLE \w+ ADD COLUMN \w+ \S+(?: NOT NULL DEFAULT \S+)?$/,
  /^INSERT INTO \w+ \(/,
  // what the planner thinks, and a fence: who names the tenant, as every version does, sees the same rows as before
  /^ALTER TABLE \w+ ALTER COLUMN \w+ SET STATISTICS \d+$/,
  /^CREATE POLICY \w+ ON \w+ /,
];

it.each(MIGRATIONS)(
  'the migration $name only adds, so that two versions can serve at once',
  ({ statements }) => {
    for (const statement of statements) {
      const text = statement.trim().replace(/\s+/g, ' ');
      expect([text, ADDS.some((form) => form.test(text))]).toEqual([text, true]);
    }
  },
);

it('a version goes on with what a later one has added', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
  const engine = openSqlite(join(folder, 'roster.db'));
  await migrate(engine, Date.now);
  await engine.migration(async (tx) => {
    await tx.run('CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY)', []);
    await tx.run('ALTER TABLE tenant ADD COLUMN later INTEGER NOT NULL DEFAULT 0', []);
    await tx.run('INSERT INTO migration_step (name, applied) VALUES (?, ?)', [
      `9999-${randomUUID()}`,
      '2030',
    ]);
  });
  expect(await pendingSteps(engine)).toEqual([]);
  expect(await migrate(engine, Date.now)).toEqual([]);
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});
