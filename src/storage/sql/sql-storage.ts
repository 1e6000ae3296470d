import type { Storage } from '../storage.ts';
import { createDirectory } from './directory.ts';
import type { Engine } from './engine.ts';
import { createReader } from './resource-reader.ts';
import { createTransaction } from './resource-writer.ts';

/** The storage over a SQL database whose tables are up to date. */
export function createSqlStorage(engine: Engine): Storage {
  return {
    ...createReader(engine),
    // the tenant is named by every statement itself; a database with row-level security is told it here
    transaction: (_tenantId, work) =>
      engine.transaction((executor) => work(createTransaction(engine, executor))),
    directory: createDirectory(engine),
    close: () => engine.close(),
  };
}
