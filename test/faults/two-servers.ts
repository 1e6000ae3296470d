import { newOutcome, type Outcome } from './experiment.ts';
import type { DatabaseName } from './place.ts';
import { createInstallation, type ServerProcess } from './server-process.ts';
import type { StoreContents } from './store-check.ts';

/** Gives one of two servers, by turns. */
type Turn = (number: number) => ServerProcess;

/**
 * Lets clients be in each other's way at two servers on one database.
 *
 * @param work the requests, and what they make of the outcome
 * @param check looks into the store when all is done
 */
export async function onTwoServers(
  database: DatabaseName,
  work: (outcome: Outcome, server: Turn) => Promise<(contents: StoreContents) => void>,
): Promise<Outcome> {
  const outcome = newOutcome();
  const installation = await createInstallation(database);
  try {
    const servers = [await installation.start(), await installation.start()] as const;
    const check = await work(outcome, (number) => servers[number % 2 === 0 ? 0 : 1]);
    const contents = await installation.read();
    outcome.halfDone.push(...contents.problems);
    check(contents);
  } finally {
    await installation.close();
  }
  return outcome;
}
