import { afterAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/storage/sql/engine.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { findPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { hasPostgres, migratedDatabase, type TemporaryDatabase } from '../support/postgres.ts';
import { storageInPostgres } from '../support/server.ts';
import { describeDefinitions } from './definition-contract.ts';
import { describeDirectory } from './directory-contract.ts';
import { fillTenant } from './filled-tenant.ts';
import { describeMemberNames } from './member-name-contract.ts';
import { describeResources } from './resource-contract.ts';

/** Fewer than Roster has to the pooler, so that transactions take turns on them. */
const CONNECTIONS = 3;

const program = hasPostgres ? findPgBouncer() : undefined;

if (program !== undefined)
  describe('through PgBouncer, transactions by turns', () => {
    let bouncer: Promise<PgBouncer> | undefined;
    afterAll(async () => (await bouncer)?.close());

    /** A database whose URL leads through the pooler. */
    async function databaseBehind(): Promise<TemporaryDatabase> {
      const { url, remove } = await migratedDatabase();
      bouncer ??= startPgBouncer(program as string, url, CONNECTIONS);
      return { url: (await bouncer).through(url), remove };
    }
    const open = async () => storageInPostgres(await databaseBehind());

    describeResources(open);
    describeMemberNames(open);
    describeDirectory(open);
    describeDefinitions(open);

    it('lets nothing of a transaction get into another one', async () => {
      const { url, remove } = await databaseBehind();
      const engine = openPostgres(url, 20_000);
      try {
        const tenants = [await fillTenant(engine, 'a.example'), await fillTenant(engine, 'b.example')];
        const backends = new Set<number>();
        const rowsOf = 'SELECT DISTINCT tenant_id, pg_backend_pid() AS backend FROM resource';
        const settings = `SELECT current_setting('roster.tenant', true) AS tenant,
          current_setting('statement_timeout') AS timeout, current_setting('jit') AS jit`;
        const bare = await engine.shared.reader.get<{ timeout: string; jit: string }>(settings, []);
        await Promise.all(
          Array.from({ length: 300 }, async (_, number) => {
            const { id } = tenants[number % 2] as { id: string };
            const { reader, scanner, transaction } = engine.of(id);
            const inTransaction: Executor['all'] = (sql, params) => transaction((tx) => tx.all(sql, params));
            const ways = [reader, scanner, { all: inTransaction }];
            const way = ways[number % ways.length] ?? reader;
            const seen = await way.all<{ tenant_id: string; backend: number }>(rowsOf, []);
            expect(seen.map(({ tenant_id }) => tenant_id)).toEqual([id]);
            for (const { backend } of seen) backends.add(backend);
            // without a transaction of its own: what an earlier one has left behind would be seen
            const left = await engine.shared.reader.get<{ tenant: string | null }>(settings, []);
            expect(left).toEqual({ ...bare, tenant: left?.tenant === null ? null : '' });
            expect(await engine.shared.reader.all('SELECT id FROM resource', [])).toEqual([]);
          }),
        );
        expect(backends.size).toBeLessThanOrEqual(CONNECTIONS);
        expect(backends.size).toBeGreaterThan(1);
      } finally {
        await engine.close();
        await remove();
      }
    });
  });
