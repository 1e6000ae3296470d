import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import { type Engine, ReferenceViolation, UniqueViolation } from '../../src/storage/sql/engine.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { numbered } from '../../src/storage/sql/postgres-connection.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';

const WAIT_MS = 20_000;

describe('placeholders', () => {
  it.each([
    ['SELECT ?, ?', 'SELECT $1, $2'],
    [`SELECT '?' || ? || 'it''s ?' || ?`, `SELECT '?' || $1 || 'it''s ?' || $2`],
    [`SELECT '' || ?`, `SELECT '' || $1`],
    ['SELECT 1', 'SELECT 1'],
  ])('%s', (sql, text) => {
    expect(numbered(sql)).toBe(text);
    expect(numbered(sql)).toBe(text);
  });
});

describe('a server that is not there', () => {
  it('makes every call Unavailable', async () => {
    const engine = openPostgres('postgres://roster@localhost/x?host=/nowhere');
    await expect(engine.shared.reader.get('SELECT 1', [])).rejects.toThrow(Unavailable);
    await expect(engine.shared.scanner.all('SELECT 1', [])).rejects.toThrow(Unavailable);
    await expect(engine.shared.transaction((tx) => tx.run('SELECT 1', []))).rejects.toThrow(Unavailable);
    await engine.close();
  });
});

if (hasPostgres)
  describe('PostgreSQL', () => {
    let engine: Engine;
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;

    beforeAll(async () => {
      database = await temporaryDatabase();
      engine = openPostgres(database.url, WAIT_MS);
      await engine.shared.transaction(async (tx) => {
        await tx.run('CREATE TABLE spot (id integer PRIMARY KEY, amount integer NOT NULL)', []);
        await tx.run('CREATE TABLE thing (spot integer CONSTRAINT thing_spot REFERENCES spot (id))', []);
        await tx.run('INSERT INTO spot (id, amount) VALUES (?, ?), (?, ?)', [1, 0, 2, 0]);
      });
    });
    afterAll(async () => {
      await engine.close();
      await database.remove();
    });

    it('gives counts and sums as numbers and bytes as bytes', async () => {
      const text = `SELECT count(*) AS total, sum(amount) AS sum, convert_to(?, 'UTF8') AS bytes FROM spot`;
      const row = await engine.shared.reader.get<{ total: number; sum: number; bytes: Uint8Array }>(text, [
        'é',
      ]);
      expect([row?.total, row?.sum]).toEqual([2, 0]);
      expect([...(row?.bytes ?? [])]).toEqual([0xc3, 0xa9]);
    });

    it('finds nothing by a text with a NUL', async () => {
      expect(await engine.shared.reader.get('SELECT 1 AS one WHERE ? = ?', ['\0', '\0'])).toBeUndefined();
    });

    it('names the constraint that a row breaks, and undoes the transaction', async () => {
      const twice = engine.shared.transaction(async (tx) => {
        await tx.run('UPDATE spot SET amount = 7 WHERE id = 1', []);
        await tx.run('INSERT INTO spot (id, amount) VALUES (1, 0)', []);
      });
      await expect(twice).rejects.toMatchObject({ constraint: 'spot_pkey' });
      await expect(twice).rejects.toThrow(UniqueViolation);
      expect(await engine.shared.reader.get('SELECT amount FROM spot WHERE id = 1', [])).toEqual({
        amount: 0,
      });
    });

    it('commits nothing when a failed statement was passed over', async () => {
      const swallowed = engine.shared.transaction(async (tx) => {
        await tx.run('UPDATE spot SET amount = 7 WHERE id = 1', []);
        await tx.run('SELECT 1 / 0', []).catch(() => undefined);
      });
      await expect(swallowed).rejects.toThrow();
      expect(await engine.shared.reader.get('SELECT amount FROM spot WHERE id = 1', [])).toEqual({
        amount: 0,
      });
    });

    it('runs a transaction again whose row points to what is gone by then, and fails at last', async () => {
      let runs = 0;
      const pointing = engine.shared.transaction(async (tx) => {
        runs++;
        await tx.run('INSERT INTO thing (spot) VALUES (?)', [runs < 3 ? 99 : 1]);
      });
      await pointing;
      expect(runs).toBe(3);
      runs = 0;
      const never = engine.shared.transaction(async (tx) => {
        runs++;
        await tx.run('INSERT INTO thing (spot) VALUES (99)', []);
      });
      await expect(never).rejects.toThrow(ReferenceViolation);
      expect(runs).toBeGreaterThan(1);
    });

    it('carries out both of two transactions that wait for each other', async () => {
      await engine.shared.transaction((tx) => tx.run('UPDATE spot SET amount = 0', []));
      const add = (first: number, second: number) =>
        engine.shared.transaction(async (tx) => {
          await tx.run('UPDATE spot SET amount = amount + 1 WHERE id = ?', [first]);
          await sleep(50);
          await tx.run('UPDATE spot SET amount = amount + 1 WHERE id = ?', [second]);
        });
      await Promise.all([add(1, 2), add(2, 1)]);
      const rows = await engine.shared.reader.all('SELECT amount FROM spot ORDER BY id', []);
      expect(rows).toEqual([{ amount: 2 }, { amount: 2 }]);
    });

    it('is Unavailable when all connections are taken, and works again when they are free', async () => {
      const small = openPostgres(database.url, 200);
      try {
        const { promise, resolve } = Promise.withResolvers<void>();
        const holders = Array.from({ length: 10 }, () => small.shared.transaction(() => promise));
        await sleep(100);
        await expect(small.shared.reader.get('SELECT 1', [])).rejects.toThrow(Unavailable);
        resolve();
        await Promise.all(holders);
        expect(await small.shared.reader.get('SELECT 1 AS one', [])).toEqual({ one: 1 });
      } finally {
        await small.close();
      }
    });

    it('survives connections that the server ends', async () => {
      const killed = engine.shared.transaction((tx) =>
        tx.get('SELECT pg_terminate_backend(pg_backend_pid())', []),
      );
      await expect(killed).rejects.toThrow(Unavailable);
      expect(await engine.shared.reader.get('SELECT 1 AS one', [])).toEqual({ one: 1 });
    });
  });
