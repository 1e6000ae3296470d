import type { Transaction } from '../storage/storage.ts';
import { recordOfChange } from './audit.ts';
import type { ChangeNote } from './change-notes.ts';
import type { RequestContext, Services } from './context.ts';

/**
 * Runs a transaction that changes resources of the context's tenant, and keeps in it who has changed what. What it has
 * noted becomes part of the context after the commit; what an attempt that is run again, or undone, has noted does not.
 */
export async function changeResources<T>(
  { storage, now }: Pick<Services, 'storage' | 'now'>,
  { tenantId, actor, changes }: RequestContext,
  work: (tx: Transaction, notes: ChangeNote[]) => Promise<T>,
  changed?: string,
): Promise<T> {
  let notes: ChangeNote[] = [];
  const result = await storage.transaction(
    tenantId,
    async (tx) => {
      notes = [];
      const done = await work(tx, notes);
      const time = now();
      const records = notes.map((note) => recordOfChange(time, actor, note));
      await tx.appendAudit(tenantId, records);
      return done;
    },
    changed,
  );
  changes.push(...notes);
  return result;
}

/** Runs a part of a transaction that can fail by itself: when it throws, what it has done and noted is undone. */
export async function attemptNoted<T>(
  tx: Transaction,
  notes: ChangeNote[],
  work: () => Promise<T>,
): Promise<T> {
  const before = notes.length;
  try {
    return await tx.attempt(work);
  } catch (error) {
    notes.length = before;
    throw error;
  }
}
