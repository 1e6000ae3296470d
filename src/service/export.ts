import { randomUUID } from 'node:crypto';
import type { Tenant } from '../storage/directory.ts';
import type { RecordSnapshot, RecordStore } from '../storage/records.ts';
import { type Clock, timestamp } from './clock.ts';
import { type Counts, createTally, type ExportEnd, makeHeader, recordLine } from './export-lines.ts';
import { FIRST_START } from './first-start.ts';
import { KEY_CHECK } from './keys.ts';

/** Characters that are written at once. */
const CHUNK = 65_536;

export interface ExportSummary {
  readonly tenants: readonly string[];
  readonly lines: number;
  readonly counts: Counts;
  readonly sha256: string;
}

/**
 * Writes everything that a server has, or one of its tenants, as it is at one moment, while others go on writing. Holds a
 * few hundred records at a time.
 *
 * @param tenant undefined: all
 * @param write takes text; the export goes on when it resolves
 * @param onProgress told how many of all resources are done
 */
export function exportRecords(
  { records, now }: { readonly records: RecordStore; readonly now: Clock },
  tenant: Tenant | undefined,
  write: (text: string) => Promise<void>,
  onProgress: (done: number, total: number) => void,
): Promise<ExportSummary> {
  return records.snapshot(async (snapshot) => {
    const all = await snapshot.listTenants();
    const tenants = tenant === undefined ? all : all.filter(({ id }) => id === tenant.id);
    const header = makeHeader({
      id: randomUUID(),
      created: timestamp(now()),
      whole: tenant === undefined,
      tenants: tenants.map(({ id, domain, active }) => ({ id, domain, active })),
      settings: tenant === undefined ? await settingsOf(snapshot) : {},
      keyCheck: await snapshot.getSetting(KEY_CHECK),
    });
    let total = 0;
    for (const { id } of tenants) total += await snapshot.countResources(id);

    const tally = createTally();
    let pending = '';
    const add = async (line: string): Promise<void> => {
      tally.addLine(line);
      pending += `${line}\n`;
      if (pending.length < CHUNK) return;
      await write(pending);
      pending = '';
      onProgress(tally.counts().resource ?? 0, total);
    };
    await add(JSON.stringify(header));
    for (const { id } of tenants)
      for await (const record of snapshot.recordsOf(id)) {
        tally.addRecord(record);
        await add(recordLine(record));
      }
    const superTenant = tenants.find(({ isSuper }) => isSuper);
    if (tenant === undefined && superTenant !== undefined)
      for (const record of await snapshot.ownersOf(superTenant.id)) {
        tally.addRecord(record);
        await add(recordLine(record));
      }
    const end: ExportEnd = {
      kind: 'end',
      lines: tally.lines(),
      counts: tally.counts(),
      sha256: tally.sha256(),
    };
    await write(`${pending}${JSON.stringify(end)}\n`);
    onProgress(total, total);
    const { kind, ...told } = end;
    return { tenants: tenants.map(({ domain }) => domain), ...told };
  });
}

async function settingsOf(snapshot: RecordSnapshot): Promise<Record<string, string>> {
  const firstStart = await snapshot.getSetting(FIRST_START);
  return firstStart === undefined ? {} : { [FIRST_START]: firstStart };
}
