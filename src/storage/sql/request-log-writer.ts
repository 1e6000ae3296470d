import { setTimeout as sleep } from 'node:timers/promises';
import type { CapturedRequest, RequestLogStore, TenantHour } from '../request-log.ts';
import type { Engine, Executor, SqlValue } from './engine.ts';
import { REQUEST_LOG_TABLES } from './migrations/request-log.ts';
import {
  createRowMaker,
  REQUEST_CONTENT,
  REQUEST_LOG,
  REQUEST_TERM,
  type RequestRows,
} from './request-log-rows.ts';
import { idAt } from './request-log-times.ts';
import { insertRows } from './row-insert.ts';

export type RequestLogWriter = Pick<RequestLogStore, 'append' | 'noteTotals' | 'prune' | 'forgetTenant'>;

/** Requests that one transaction deletes, and the pause after it in which others write. */
const ROWS_AT_ONCE = 500;
const PAUSE_MS = 25;

const COUNT = `INSERT INTO request_hour (tenant_id, hour, integration_id, requests, refused, failed, micros)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (tenant_id, hour, integration_id) DO UPDATE SET requests = request_hour.requests + excluded.requests,
    refused = request_hour.refused + excluded.refused, failed = request_hour.failed + excluded.failed,
    micros = request_hour.micros + excluded.micros`;

const NOTE_ACTIVITY = `INSERT INTO integration_activity
    (tenant_id, integration_id, last_request, last_success, last_error, last_error_id, last_error_status)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (tenant_id, integration_id) DO UPDATE SET last_request = excluded.last_request,
    last_success = coalesce(excluded.last_success, integration_activity.last_success),
    last_error = coalesce(excluded.last_error, integration_activity.last_error),
    last_error_id = coalesce(excluded.last_error_id, integration_activity.last_error_id),
    last_error_status = coalesce(excluded.last_error_status, integration_activity.last_error_status)`;

const NOTE_TOTALS = `INSERT INTO tenant_hour (tenant_id, hour, users, groups) VALUES (?, ?, ?, ?)
  ON CONFLICT (tenant_id, hour) DO NOTHING`;

const BOUNDARY = 'SELECT id FROM request_log WHERE tenant_id = ? AND id < ? ORDER BY id LIMIT 1 OFFSET ?';

/**
 * Writes the request log. All of it may go at once when the machine fails: nobody waits for a disk.
 *
 * @param tenantIds the tenants that rows may be of
 */
export function createRequestLogWriter(
  engine: Engine,
  tenantIds: () => Promise<readonly string[]>,
): RequestLogWriter {
  const { dialect } = engine;
  const rowsOf = createRowMaker();

  const write = <T>(tenantId: string, work: (tx: Executor) => Promise<T>): Promise<T> =>
    engine.of(tenantId).transaction(async (tx) => {
      if (dialect.name === 'postgres') await tx.run('SET LOCAL synchronous_commit = off', []);
      return work(tx);
    });

  async function appendOf(tenantId: string, requests: readonly CapturedRequest[]): Promise<void> {
    const rows = requests.map(rowsOf);
    const insert = (tx: Executor, table: typeof REQUEST_LOG, some: readonly (readonly SqlValue[])[]) =>
      insertRows(dialect, tx, table, tenantId, some, (row) => row);
    await write(tenantId, async (tx) => {
      await insert(
        tx,
        REQUEST_LOG,
        rows.map(({ log }) => log),
      );
      await insert(
        tx,
        REQUEST_CONTENT,
        rows.flatMap(({ content }) => (content === undefined ? [] : [content])),
      );
      await insert(
        tx,
        REQUEST_TERM,
        rows.flatMap(({ terms }) => terms),
      );
      // all processes go by the same order, so that none waits for one that waits for it
      for (const values of hoursOf(requests)) await tx.run(COUNT, [tenantId, ...values]);
      for (const values of activitiesOf(requests, rows)) await tx.run(NOTE_ACTIVITY, [tenantId, ...values]);
    });
  }

  /** @returns the number of requests deleted */
  async function pruneOf(tenantId: string, requestsBefore: string, hoursBefore: string): Promise<number> {
    let deleted = 0;
    for (;;) {
      const { rows, isLast } = await write(tenantId, async (tx) => {
        const boundary = await tx.get<{ id: string }>(BOUNDARY, [tenantId, requestsBefore, ROWS_AT_ONCE]);
        const before = boundary?.id ?? requestsBefore;
        for (const table of ['request_content', 'request_term'])
          await tx.run(`DELETE FROM ${table} WHERE tenant_id = ? AND id < ?`, [tenantId, before]);
        const text = 'DELETE FROM request_log WHERE tenant_id = ? AND id < ?';
        return { rows: await tx.run(text, [tenantId, before]), isLast: boundary === undefined };
      });
      deleted += rows;
      if (isLast) break;
      await sleep(PAUSE_MS);
    }
    await write(tenantId, async (tx) => {
      for (const table of ['request_hour', 'tenant_hour'])
        await tx.run(`DELETE FROM ${table} WHERE tenant_id = ? AND hour < ?`, [tenantId, hoursBefore]);
    });
    return deleted;
  }

  return {
    async append(requests) {
      const byTenant = Map.groupBy(requests, ({ source }) => source.tenantId);
      for (const [tenantId, some] of byTenant) await appendOf(tenantId, some);
    },

    async noteTotals(tenantId, { hour, users, groups }: TenantHour) {
      await write(tenantId, (tx) => tx.run(NOTE_TOTALS, [tenantId, hour, users, groups]));
    },

    async prune(requestsBefore, hoursBefore) {
      let deleted = 0;
      for (const tenantId of await tenantIds())
        deleted += await pruneOf(tenantId, idAt(requestsBefore), hoursBefore);
      return deleted;
    },

    async forgetTenant(tenantId) {
      await pruneOf(tenantId, LAST_ID, LAST_HOUR);
      await write(tenantId, async (tx) => {
        for (const [table] of REQUEST_LOG_TABLES)
          await tx.run(`DELETE FROM ${table} WHERE tenant_id = ?`, [tenantId]);
      });
    },
  };
}

/** Behind all ids and all hours. */
const LAST_ID = 'g';
const LAST_HOUR = 'a';

/** The counts of some requests of a tenant: a row for each hour and integration, in the order of the key. */
function hoursOf(requests: readonly CapturedRequest[]): SqlValue[][] {
  const groups = Map.groupBy(
    requests,
    ({ time, source }) => `${new Date(time).toISOString().slice(0, 13)} ${source.integrationId ?? ''}`,
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, some]) => [
      ...key.split(' '),
      some.length,
      some.filter(({ status }) => status >= 400 && status < 500).length,
      some.filter(({ status }) => status >= 500).length,
      Math.round(some.reduce((sum, { ms }) => sum + ms, 0) * 1000),
    ]);
}

/** What some requests of a tenant tell of its integrations. */
function activitiesOf(requests: readonly CapturedRequest[], rows: readonly RequestRows[]): SqlValue[][] {
  const all = requests.map((request, index) => ({
    integrationId: request.source.integrationId ?? '',
    time: new Date(request.time).toISOString(),
    status: request.status,
    id: rows[index]?.id ?? null,
  }));
  const groups = Map.groupBy(all, ({ integrationId }) => integrationId);
  return [...groups]
    .filter(([integrationId]) => integrationId !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([integrationId, some]) => {
      const success = some.findLast(({ status }) => status < 400);
      const error = some.findLast(({ status }) => status >= 400);
      return [
        ...[integrationId, some.at(-1)?.time ?? null, success?.time ?? null],
        ...[error?.time ?? null, error?.id ?? null, error?.status ?? null],
      ];
    });
}
