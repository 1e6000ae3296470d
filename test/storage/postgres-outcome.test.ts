import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPool, withConnection } from '../../src/storage/sql/postgres-connection.ts';
import { beginWitnessed, type CommitWitness, outcomeOf } from '../../src/storage/sql/postgres-outcome.ts';
import { type ReadForm, readOnce } from '../../src/storage/sql/postgres-read.ts';
import { inTransaction, inWriteTransaction } from '../../src/storage/sql/postgres-transaction.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';

if (hasPostgres)
  describe('what became of a transaction', () => {
    let url: string;
    let pool: Pool;
    let remove: () => Promise<void>;
    beforeAll(async () => {
      const database = await temporaryDatabase();
      ({ url, remove } = database);
      pool = openPool(url, 3, 20_000);
    });
    afterAll(async () => {
      await pool.end();
      await remove();
    });

    const FORM = { begin: 'BEGIN', answerMs: 20_000 };

    /** Runs a transaction, and something while it is there. */
    const witnessed = (end: string, meanwhile = async (_: CommitWitness): Promise<void> => {}) =>
      withConnection(pool, async (client): Promise<CommitWitness> => {
        const witness = (await beginWitnessed(client, FORM)) as CommitWitness;
        await meanwhile(witness);
        await client.query(end);
        return witness;
      });

    it('is known, whether it was committed or not', async () => {
      expect(await outcomeOf(pool, await witnessed('COMMIT'))).toBe('committed');
      expect(await outcomeOf(pool, await witnessed('ROLLBACK'))).toBe('aborted');
    });

    it('is nothing where the engine has no such numbers, which it is asked for once', async () => {
      await withConnection(pool, (client) =>
        client.query(`CREATE SCHEMA other; CREATE FUNCTION other.version() RETURNS text LANGUAGE sql
          AS $$ SELECT 'PostgreSQL 15.2-YB-2025.1' $$`),
      );
      const otherUrl = new URL(url);
      otherUrl.searchParams.set('options', '-c search_path=other,pg_catalog');
      const other = openPool(otherUrl.href, 1, 20_000);
      try {
        await withConnection(other, async (client) => {
          const sent = vi.spyOn(client, 'query');
          for (const _ of [1, 2]) {
            expect(await beginWitnessed(client, FORM)).toBeUndefined();
            await client.query('ROLLBACK');
          }
          const texts = sent.mock.calls.map(([query]) => (query as unknown as { text?: string }).text ?? '');
          expect(texts.filter((text) => text.includes('version()'))).toHaveLength(1);
          sent.mockRestore();
        });
      } finally {
        await other.end();
      }
    });

    it('is waited for while it runs', async () => {
      let outcome: ReturnType<typeof outcomeOf> | undefined;
      await witnessed('COMMIT', async (witness) => {
        outcome = outcomeOf(pool, witness);
        const first = await Promise.race([
          outcome,
          new Promise((resolve) => setTimeout(resolve, 200, 'waits')),
        ]);
        expect(first).toBe('waits');
      });
      expect(await outcome).toBe('committed');
    });

    it('is unknown when it goes on for too long', async () => {
      await witnessed('COMMIT', async (witness) => {
        expect(await outcomeOf(pool, witness)).toBe('unknown');
      });
    });

    it('is nothing when it could not begin: the connection is as before', async () => {
      const single = openPool(url, 1, 20_000);
      const form = { ...FORM, begin: 'BEGIN; SELECT 1 / 0' };
      const read: ReadForm = { settings: {}, isPlannedOnce: true, answerMs: FORM.answerMs };
      const one = async () =>
        (await inTransaction(single, FORM, (client) => client.query('SELECT 1 AS one'))).rows;
      try {
        for (const begun of [inTransaction, inWriteTransaction])
          await expect(begun(single, form, async () => 'done')).rejects.toThrow('division by zero');
        expect(await one()).toEqual([{ one: 1 }]);
        await expect(readOnce(single, read, '', 'SELECT 1 / 0', [])).rejects.toThrow('division by zero');
        expect((await readOnce(single, read, '', 'SELECT 1 AS one', [])).rows).toEqual(await one());
        expect([single.totalCount, single.idleCount, single.waitingCount]).toEqual([1, 1, 0]);
      } finally {
        await single.end();
      }
    });

    it('is not that of another transaction which got its number after a crash', async () => {
      const server = 'before the crash';
      const [committed, aborted] = [await witnessed('COMMIT'), await witnessed('ROLLBACK')];
      expect(await outcomeOf(pool, { ...committed, server })).toBe('unknown');
      // whichever it is: the one that was asked about is not committed
      expect(await outcomeOf(pool, { ...aborted, server })).toBe('aborted');
      expect(await outcomeOf(pool, { ...committed, transaction: '4000000000' })).toBe('unknown');
    });
  });
