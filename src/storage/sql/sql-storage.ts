import type { Storage } from '../storage.ts';
import { createAuditLog } from './audit-log.ts';
import { createDirectory } from './directory.ts';
import { onDryEngine } from './dry-run.ts';
import type { Engine } from './engine.ts';
import { createGrowth } from './growth.ts';
import { whileLeased } from './lease.ts';
import { createOperatorStore } from './operator-store.ts';
import { createReader } from './resource-reader.ts';
import { createTransaction } from './resource-writer.ts';
import { holdTenant } from './tenant-lock.ts';
import { createTurns } from './turns.ts';

/** How long a change waits for others of the same resource in this process, which takes nothing from anybody else. */
const TURN_LIMIT_MS = 5000;

/** The storage over a SQL database whose tables are up to date. */
export function createSqlStorage(engine: Engine): Storage {
  const growth = createGrowth(engine);
  const inTurn = createTurns(TURN_LIMIT_MS);
  // where one transaction writes at a time, those that come together share a commit, which turns would keep apart
  const isConcurrent = engine.dialect.locks.change !== '';
  return {
    ...createReader((tenantId) => engine.of(tenantId)),
    transaction(tenantId, work, changed) {
      const run = async () => {
        const result = await engine.of(tenantId).transaction(async (executor) => {
          await holdTenant(engine.dialect, executor, tenantId);
          return work(growth.counting(createTransaction(engine, executor)));
        });
        growth.committed();
        return result;
      };
      return isConcurrent && changed !== undefined ? inTurn(`${tenantId} ${changed}`, run) : run();
    },
    dryRun: (tenantId, work) => onDryEngine(engine, tenantId, (dry) => work(createSqlStorage(dry))),
    exclusively: (name, now, isNeeded, work) =>
      whileLeased({ access: engine.shared, name, now }, isNeeded, work),
    directory: createDirectory(engine),
    operators: createOperatorStore(engine),
    audit: createAuditLog(engine),
    close: () => engine.close(),
  };
}
