import { closeSync, existsSync, openSync } from 'node:fs';
import type { RequestLogStore } from '../request-log.ts';
import type { Engine } from './engine.ts';
import { createRequestLogReader, type RequestLogReader } from './request-log-reader.ts';
import { createRequestLogThread } from './request-log-thread.ts';
import { packed } from './request-log-wire.ts';
import type { RequestLogPlace } from './request-log-worker.ts';
import { SqliteScanner } from './sqlite-scanner.ts';

type OnStart = Parameters<typeof createRequestLogThread>[1];

/** Page cache of the connection that reads, in KiB. */
const CACHE_KIB = 4096;

/**
 * The request log in a SQLite file of its own. Nothing is opened before it is needed.
 *
 * @param path the file, made when absent
 * @param onStart gets each thread that begins to write
 */
export function openRequestLogFile(path: string, onStart?: OnStart): RequestLogStore {
  const scanner = new SqliteScanner({ path, cacheKib: CACHE_KIB }, 1);
  const { writer, run, close } = writerAt({ kind: 'sqlite', path }, onStart, () =>
    // what people have sent is the owner's alone to read
    closeSync(openSync(path, 'a', 0o600)),
  );
  let made: Promise<void> | undefined;
  const make = (): Promise<void> => {
    made ??= run<void>({ kind: 'open' });
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  const reader = createRequestLogReader(async () => {
    // the tables are made by who writes
    await make();
    return scanner;
  });
  return {
    ...reader,
    ...writer,
    // where nothing is, nothing goes
    prune: async (...args) => (existsSync(path) ? writer.prune(...args) : 0),
    async forgetTenant(tenantId) {
      if (existsSync(path)) await writer.forgetTenant(tenantId);
    },
    async close() {
      await close();
      await scanner.close();
    },
  };
}

/**
 * The request log in a PostgreSQL database, by connections of its own.
 *
 * @param engine the database, its tables up to date
 * @param url the same database
 */
export function openRequestLogTables(
  engine: Pick<Engine, 'of'>,
  url: string,
  onStart?: OnStart,
): RequestLogStore {
  const reader: RequestLogReader = createRequestLogReader(async (tenantId) => engine.of(tenantId).scanner);
  const { writer, close } = writerAt({ kind: 'postgres', url }, onStart);
  return { ...reader, ...writer, close };
}

/** @param prepare run before each thread that might begin */
function writerAt(place: RequestLogPlace, onStart: OnStart, prepare: () => void = () => {}) {
  const thread = createRequestLogThread(place, onStart);
  let isPrepared = false;
  const run: typeof thread.run = async (task) => {
    if (!isPrepared) prepare();
    isPrepared = true;
    return thread.run(task);
  };
  return {
    run,
    close: () => thread.close(),
    writer: {
      append: (requests) => run<void>({ kind: 'append', requests: requests.map(packed) }),
      noteTotals: (tenantId, totals) => run<void>({ kind: 'noteTotals', tenantId, totals }),
      prune: (requestsBefore, hoursBefore) => run<number>({ kind: 'prune', requestsBefore, hoursBefore }),
      forgetTenant: (tenantId) => run<void>({ kind: 'forgetTenant', tenantId }),
    } satisfies Partial<RequestLogStore>,
  };
}
