import type { Transaction } from '../storage/storage.ts';
import type { ChangeNote } from './change-notes.ts';
import type { RequestContext, Services } from './context.ts';

/**
 * Runs a transaction that changes resources of the context's tenant. What it has noted becomes part of the context after the
 * commit; what an attempt that is run again, or undone, has noted does not.
 */
export async function changeResources<T>(
  { storage }: Pick<Services, 'storage'>,
  { tenantId, changes }: RequestContext,
  work: (tx: Transaction, notes: ChangeNote[]) => Promise<T>,
  changed?: string,
): Promise<T> {
  let notes: ChangeNote[] = [];
  const result = await storage.transaction(
    tenantId,
    (tx) => {
      notes = [];
      return work(tx, notes);
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
