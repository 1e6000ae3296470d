import type { Storage } from '../storage.ts';
import { createDirectory } from './directory.ts';
import type { Engine } from './engine.ts';
import { whileLeased } from './lease.ts';
import { createReader } from './resource-reader.ts';
import { createTransaction } from './resource-writer.ts';
import { holdTenant } from './tenant-lock.ts';

/** The storage over a SQL database whose tables are up to date. */
export function createSqlStorage(engine: Engine): Storage {
  return {
    ...createReader((tenantId) => engine.of(tenantId)),
    transaction: (tenantId, work) =>
      engine.of(tenantId).transaction(async (executor) => {
        await holdTenant(engine.dialect, executor, tenantId);
        return work(createTransaction(engine, executor));
      }),
    exclusively: (name, now, isNeeded, work) =>
      whileLeased({ access: engine.shared, name, now }, isNeeded, work),
    directory: createDirectory(engine),
    close: () => engine.close(),
  };
}
