import type { RecordStore } from '../records.ts';
import type { Engine } from './engine.ts';
import { createGrowth } from './growth.ts';
import { createRecordSnapshot } from './record-reader.ts';
import { createRecordWriter } from './record-writer.ts';
import { createTransaction } from './resource-writer.ts';

/** The records in a SQL database whose tables are up to date. */
export function createRecordStore(engine: Engine): RecordStore {
  const growth = createGrowth(engine);
  return {
    snapshot: (work) => engine.snapshot((snapshot) => work(createRecordSnapshot(snapshot))),
    async transaction(tenantId, work) {
      const result = await engine.of(tenantId).transaction((executor) => {
        const { insertResources, addMembers } = growth.counting(createTransaction(engine, executor));
        return work({ insertResources, addMembers, ...createRecordWriter(engine.dialect, executor) });
      });
      growth.committed();
      return result;
    },
  };
}
