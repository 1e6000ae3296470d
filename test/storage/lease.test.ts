import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { LeaseLost, releaseLease, renewLease, takeLease, whileLeased } from '../../src/storage/sql/lease.ts';
import { migrate, pendingSteps } from '../../src/storage/sql/migrate.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';

/** Three engines on one database, as three processes have them, with what removes it. */
interface Database {
  readonly engines: readonly [Engine, Engine, Engine];
  remove(): Promise<void>;
}

const LEASE_MS = 5000;
const NOW = Date.parse('2026-01-01T00:00:00.000Z');

function describeLeases(name: string, open: () => Promise<Database>): void {
  describe(`leases on ${name}`, () => {
    let database: Database;
    let engine: Engine;
    beforeAll(async () => {
      database = await open();
      [engine] = database.engines;
      await migrate(engine, Date.now);
    });
    afterAll(async () => {
      await Promise.all(database.engines.map((each) => each.close()));
      await database.remove();
    });
    beforeEach(() => engine.shared.transaction((tx) => tx.run('DELETE FROM lease', [])));

    const at = (time: number) => ({ access: engine.shared, name: 'work', now: () => time });
    const held = () => engine.shared.reader.all('SELECT name, owner, until FROM lease', []);

    it('are taken by one of several that try', async () => {
      const taken = await Promise.all(
        database.engines.flatMap((each, index) =>
          ['a', 'b'].map((letter) => takeLease({ ...at(NOW), access: each.shared }, `${letter}${index}`)),
        ),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await takeLease({ ...at(NOW), name: 'other work' }, 'a')).toBe(true);
    });

    it('are taken over when they have run out, and then not renewed or released by the owner before', async () => {
      expect(await takeLease(at(NOW), 'first')).toBe(true);
      expect(await renewLease(at(NOW + 1000), 'first')).toBe(true);
      expect(await takeLease(at(NOW + LEASE_MS), 'second')).toBe(false);
      expect(await takeLease(at(NOW + LEASE_MS + 1000), 'second')).toBe(true);
      expect(await renewLease(at(NOW + LEASE_MS + 1000), 'first')).toBe(false);
      expect(await releaseLease(at(NOW), 'first')).toBe(false);
      expect(await held()).toEqual([
        { name: 'work', owner: 'second', until: new Date(NOW + 2 * LEASE_MS + 1000).toISOString() },
      ]);
      expect(await releaseLease(at(NOW), 'second')).toBe(true);
      expect(await held()).toEqual([]);
    });

    it('let work be done by one at a time, by those alone who still find it needed', async () => {
      let left = 2;
      let inside = 0;
      const done = await Promise.all(
        [...database.engines, ...database.engines].map(({ shared }) =>
          whileLeased(
            { access: shared, name: 'work', now: Date.now },
            async () => left > 0,
            async () => {
              expect(++inside).toBe(1);
              await sleep(50);
              inside--;
              return left--;
            },
          ),
        ),
      );
      expect(done.filter((each) => each !== undefined).sort()).toEqual([1, 2]);
      expect(await held()).toEqual([]);
    });

    it('are released when the work fails', async () => {
      const failing = whileLeased(
        at(NOW),
        async () => true,
        () => Promise.reject(new Error('no')),
      );
      await expect(failing).rejects.toThrow('no');
      expect(await held()).toEqual([]);
    });

    it('of an owner that is gone are taken over, whatever its clock has said', async () => {
      await takeLease(at(NOW + 24 * 3_600_000), 'gone');
      const started = performance.now();
      expect(
        await whileLeased(
          at(NOW),
          async () => true,
          async () => 'done',
        ),
      ).toBe('done');
      expect(performance.now() - started).toBeGreaterThan(LEASE_MS);
    });

    it('undo what an owner would commit that was out of action for too long', async () => {
      const late = whileLeased(
        at(NOW),
        async () => true,
        (lease) =>
          engine.shared.transaction(async (tx) => {
            await tx.run("INSERT INTO setting (name, value) VALUES ('late', 'yes')", []);
            await tx.run("UPDATE lease SET owner = 'other' WHERE name = 'work'", []);
            await lease.confirm(tx);
          }),
      );
      await expect(late).rejects.toThrow(LeaseLost);
      expect(await engine.shared.reader.all("SELECT name FROM setting WHERE name = 'late'", [])).toEqual([]);
    });
  });

  describe(`migrations on ${name}`, () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
      return async () => {
        await Promise.all(database.engines.map((each) => each.close()));
        await database.remove();
      };
    });

    const everywhere = async () =>
      (await Promise.all(database.engines.map((each) => migrate(each, Date.now)))).flat();

    it('are made once by processes that start together, on an empty database and on an older one', async () => {
      const [engine] = database.engines;
      const all = await everywhere();
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThan(20);
      expect(await pendingSteps(engine)).toEqual([]);
      await engine.shared.transaction(async (tx) => {
        await tx.run('DROP TABLE group_permission', []);
        await tx.run("DELETE FROM migration_step WHERE name LIKE '0007-%'", []);
      });
      expect((await everywhere()).sort()).toEqual(all.filter((step) => step.startsWith('0007-')).sort());
      expect(await everywhere()).toEqual([]);
    });

    it('go on where a process was killed, when its lease has run out', async () => {
      const [engine, other] = database.engines;
      await migrate(engine, Date.now);
      await engine.shared.transaction(async (tx) => {
        await tx.run('DROP TABLE group_permission', []);
        await tx.run("DELETE FROM migration_step WHERE name LIKE '0007-%'", []);
      });
      await takeLease({ access: engine.shared, name: 'migration', now: Date.now }, 'killed');
      const started = performance.now();
      expect(await migrate(other, Date.now)).toHaveLength(2);
      expect(performance.now() - started).toBeGreaterThan(LEASE_MS / 2);
      expect(await pendingSteps(engine)).toEqual([]);
    });
  });
}

describeLeases('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'roster-test-'));
  const open = () => openSqlite(join(folder, 'roster.db'));
  return { engines: [open(), open(), open()], remove: () => rm(folder, { recursive: true, force: true }) };
});

if (hasPostgres) {
  describeLeases('PostgreSQL', async () => {
    const { url, remove } = await temporaryDatabase();
    const open = () => openPostgres(url, 20_000);
    return { engines: [open(), open(), open()], remove };
  });

  it('a migration on PostgreSQL waits for a table that others read, without holding up who comes later', async () => {
    const { url, remove } = await temporaryDatabase();
    const [engine, reader] = [openPostgres(url, 20_000), openPostgres(url, 20_000)];
    try {
      await migrate(engine, Date.now);
      await engine.shared.transaction(async (tx) => {
        await tx.run('ALTER TABLE resource DROP COLUMN hidden', []);
        await tx.run("DELETE FROM migration_step WHERE name = '0005-definitions-04'", []);
      });
      const { promise: read, resolve: stopReading } = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const reading = reader.snapshot(async (tx) => {
        await tx.shared.all('SELECT id FROM resource', []);
        begun.resolve();
        await read;
      });
      await begun.promise;
      const migrated = migrate(engine, Date.now);
      await sleep(500);
      // waits behind the migration, which gives up for a while
      expect(await engine.shared.reader.all('SELECT id FROM resource', [])).toEqual([]);
      expect(await pendingSteps(engine)).toHaveLength(1);
      stopReading();
      await reading;
      expect(await migrated).toEqual(['0005-definitions-04']);
    } finally {
      await Promise.all([engine.close(), reader.close()]);
      await remove();
    }
  });
}
