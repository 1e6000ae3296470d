import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access, Executor } from './engine.ts';

// Work that one process at a time may do is held by a row with an owner and an end, which the owner moves on while it works.
// One that is killed stops doing so, and another takes the row over.

/** How long a lease holds that nobody renews. */
const LEASE_MS = 5000;

/** How often it is renewed: a clock that is ahead by less than the difference takes no lease from a living owner. */
const RENEWAL_MS = 1000;

/** How often those that wait look again. */
const POLL_MS = 100;

export const LEASE_TABLE = `CREATE TABLE IF NOT EXISTS lease (
  name {TEXT_KEY} NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  until {TEXT_KEY} NOT NULL
)`;

const TAKE = `INSERT INTO lease (name, owner, until) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE lease.until <= ? OR lease.until = ?`;
const RENEW = 'UPDATE lease SET until = ? WHERE name = ? AND owner = ?';
const RELEASE = 'DELETE FROM lease WHERE name = ? AND owner = ?';
const READ = 'SELECT until FROM lease WHERE name = ?';

/** Another process has taken over what this one was about to do: it was out of action for too long. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to do something alone. */
export interface Lease {
  /**
   * Called as the last thing in a transaction, so that nothing is committed after another process has taken over.
   *
   * @throws LeaseLost
   */
  confirm(tx: Executor): Promise<void>;
}

/** What leases work by. */
interface Leasing {
  readonly access: Access;
  /** What the lease is for. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Does work that one process at a time may do, and waits for others that do it. The lease of a process that is gone is
 * taken over when it has run out by the clock, or has not been renewed for as long while this one waited: so neither
 * clocks that differ nor one that was set back can block it. What clocks that differ by seconds do is that a living
 * owner may lose its lease, and with it what it was about to commit.
 *
 * @param isNeeded asked before the lease is taken and again when it is
 * @returns undefined when the work was not needed
 */
export async function whileLeased<T>(
  leasing: Leasing,
  isNeeded: () => Promise<boolean>,
  work: (lease: Lease) => Promise<T>,
): Promise<T | undefined> {
  const owner = randomUUID();
  if (!(await waitForLease(leasing, owner, isNeeded))) return undefined;
  const renewal = setInterval(() => {
    // what can't be renewed now may be the next time; whether it is lost shows when it is confirmed
    renewLease(leasing, owner).catch(() => {});
  }, RENEWAL_MS);
  try {
    if (!(await isNeeded())) return undefined;
    return await work({ confirm: (tx) => confirmLease(leasing, owner, tx) });
  } finally {
    clearInterval(renewal);
    await releaseLease(leasing, owner).catch(() => {});
  }
}

/** @returns false when it is not needed any more */
async function waitForLease(
  leasing: Leasing,
  owner: string,
  isNeeded: () => Promise<boolean>,
): Promise<boolean> {
  let seen: string | undefined;
  let seenSince = performance.now();
  while (await isNeeded()) {
    const isOver = performance.now() - seenSince > LEASE_MS;
    if (await takeLease(leasing, owner, isOver ? seen : undefined)) return true;
    const row = await leasing.access.reader.get<{ until: string }>(READ, [leasing.name]);
    if (row?.until !== seen) {
      seen = row?.until;
      seenSince = performance.now();
    }
    await sleep(POLL_MS * (0.5 + Math.random()));
  }
  return false;
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

const endOf = ({ now }: Leasing): string => timeOf(now() + LEASE_MS);

const changeOne = async ({ access }: Leasing, sql: string, params: readonly string[]): Promise<boolean> =>
  (await access.transaction((tx) => tx.run(sql, params))) > 0;

/**
 * @param over the end that a lease has which may be taken, whatever the clock says
 * @returns whether it is this owner's now
 */
export const takeLease = (leasing: Leasing, owner: string, over?: string): Promise<boolean> =>
  changeOne(leasing, TAKE, [leasing.name, owner, endOf(leasing), timeOf(leasing.now()), over ?? '']);

/** @returns false when another one has it */
export const renewLease = (leasing: Leasing, owner: string): Promise<boolean> =>
  changeOne(leasing, RENEW, [endOf(leasing), leasing.name, owner]);

export const releaseLease = (leasing: Leasing, owner: string): Promise<boolean> =>
  changeOne(leasing, RELEASE, [leasing.name, owner]);

async function confirmLease(leasing: Leasing, owner: string, tx: Executor): Promise<void> {
  if ((await tx.run(RENEW, [endOf(leasing), leasing.name, owner])) === 0) throw new LeaseLost(leasing.name);
}
