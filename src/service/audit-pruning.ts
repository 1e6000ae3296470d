import { setImmediate } from 'node:timers/promises';
import { SERVER_AUDIT } from '../storage/audit.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Records of one transaction, which other writers wait for. */
const RECORDS_AT_ONCE = 1000;

/** When the first look is, so that a start is not slower for it. */
const FIRST_MS = 60_000;

interface PruningSettings {
  readonly storage: Pick<Storage, 'audit' | 'directory'>;
  readonly now: Clock;
}

/**
 * Deletes records of the audit that are older than some days. What two processes do at the same time is done once.
 *
 * @param isEnding asked between the transactions
 * @returns how many
 */
export async function pruneAudit(
  { storage, now }: PruningSettings,
  days: number,
  isEnding: () => boolean = () => false,
): Promise<number> {
  const before = now() - days * DAY_MS;
  const tenants = await storage.directory.listTenants();
  let deleted = 0;
  for (const tenantId of [SERVER_AUDIT, ...tenants.map(({ id }) => id)])
    for (let some = RECORDS_AT_ONCE; some === RECORDS_AT_ONCE && !isEnding(); ) {
      some = await storage.audit.prune(tenantId, before, RECORDS_AT_ONCE);
      deleted += some;
      await setImmediate();
    }
  return deleted;
}

/** Deletes old records once a day, as long as the server runs. */
export function createAuditPruning(
  settings: PruningSettings,
  days: number,
  onFailed: (error: unknown) => void,
): { begin(): void; end(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let isEnding = false;
  const after = (ms: number): void => {
    timer = setTimeout(() => {
      running = pruneAudit(settings, days, () => isEnding).catch(onFailed);
      after(DAY_MS);
    }, ms).unref();
  };
  return {
    begin: () => after(FIRST_MS),
    async end() {
      isEnding = true;
      clearTimeout(timer);
      await running;
    },
  };
}
