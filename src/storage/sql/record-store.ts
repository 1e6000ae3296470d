import type { RecordStore } from '../records.ts';
import type { Engine } from './engine.ts';
import { createRecordSnapshot } from './record-reader.ts';
import { createRecordWriter } from './record-writer.ts';
import { createTransaction } from './resource-writer.ts';

/** The records in a SQL database whose tables are up to date. */
export function createRecordStore(engine: Engine): RecordStore {
  return {
    snapshot: (work) => engine.snapshot((snapshot) => work(createRecordSnapshot(snapshot))),
    transaction: (tenantId, work) =>
      engine.of(tenantId).transaction((executor) => {
        const { insertResources, addMembers } = createTransaction(engine, executor);
        return work({ insertResources, addMembers, ...createRecordWriter(engine.dialect, executor) });
      }),
  };
}
