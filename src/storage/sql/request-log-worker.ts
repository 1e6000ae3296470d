import { parentPort, workerData } from 'node:worker_threads';
import { NO_TENANT, type TenantHour } from '../request-log.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { REQUEST_LOG_MIGRATIONS } from './migrations/request-log.ts';
import { openPostgres } from './postgres.ts';
import { type PackedRequest, unpacked } from './request-log-wire.ts';
import { createRequestLogWriter, type RequestLogWriter } from './request-log-writer.ts';
import { openSqlite } from './sqlite.ts';

// The thread that writes the request log: taking secrets out and writing rows holds up no request.

/** Where the log is. */
export type RequestLogPlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

export type RequestLogTask =
  | { readonly kind: 'open' }
  | { readonly kind: 'append'; readonly requests: readonly PackedRequest[] }
  | { readonly kind: 'noteTotals'; readonly tenantId: string; readonly totals: TenantHour }
  | { readonly kind: 'prune'; readonly requestsBefore: number; readonly hoursBefore: string }
  | { readonly kind: 'forgetTenant'; readonly tenantId: string }
  | { readonly kind: 'close' };

export interface RequestLogCall {
  readonly number: number;
  readonly task: RequestLogTask;
}

export type RequestLogReply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly error: string };

/** How long a transaction waits for the one connection of the thread. */
const WAIT_MS = 10_000;

/** One writes, and one deletes what is old meanwhile. */
const CONNECTIONS = 2;

interface Open {
  readonly engine: Engine;
  readonly writer: RequestLogWriter;
}

async function open(place: RequestLogPlace): Promise<Open> {
  const engine =
    place.kind === 'sqlite' ? openSqlite(place.path, 'log') : openPostgres(place.url, WAIT_MS, CONNECTIONS);
  if (place.kind === 'sqlite') await migrate(engine, Date.now, REQUEST_LOG_MIGRATIONS);
  const tenantIds = place.kind === 'sqlite' ? () => tenantsWithRows(engine) : () => allTenants(engine);
  return { engine, writer: createRequestLogWriter(engine, tenantIds) };
}

async function allTenants({ shared }: Engine): Promise<string[]> {
  const rows = await shared.reader.all<{ id: string }>('SELECT id FROM tenant ORDER BY id', []);
  return [NO_TENANT, ...rows.map(({ id }) => id)];
}

/** In a file of its own the log knows no table of tenants: each look finds the next one by the key. */
async function tenantsWithRows({ shared }: Engine): Promise<string[]> {
  const found = new Set<string>();
  for (const table of ['request_log', 'request_hour', 'tenant_hour'])
    for (let last: string | undefined = ''; last !== undefined; ) {
      const text = `SELECT min(tenant_id) AS id FROM ${table} WHERE tenant_id > ?`;
      const row: { id: string | null } | undefined = await shared.reader.get(text, [last]);
      last = row?.id ?? undefined;
      if (last !== undefined) found.add(last);
    }
  return [...found];
}

let opened: Promise<Open> | undefined;

async function carryOut(task: RequestLogTask): Promise<unknown> {
  if (task.kind === 'close') {
    await (await opened)?.engine.close();
    opened = undefined;
    return undefined;
  }
  opened ??= open(workerData as RequestLogPlace);
  // what can't be opened now may be the next time
  opened.catch(() => {
    opened = undefined;
  });
  const { writer } = await opened;
  if (task.kind === 'append') return writer.append(task.requests.map(unpacked));
  if (task.kind === 'noteTotals') return writer.noteTotals(task.tenantId, task.totals);
  if (task.kind === 'prune') return writer.prune(task.requestsBefore, task.hoursBefore);
  if (task.kind === 'forgetTenant') return writer.forgetTenant(task.tenantId);
  return undefined;
}

/** What is written comes one after the other, in the order in which it was sent. */
let last: Promise<unknown> = Promise.resolve();

parentPort?.on('message', ({ number, task }: RequestLogCall) => {
  const reply = (message: RequestLogReply): void => parentPort?.postMessage(message);
  const isSlow = task.kind === 'prune' || task.kind === 'forgetTenant';
  const done = isSlow ? carryOut(task) : last.then(() => carryOut(task));
  if (!isSlow) last = done.catch(() => undefined);
  done.then(
    (result) => reply({ number, result }),
    (error: Error) => reply({ number, error: String(error.cause ?? error.message) }),
  );
});
