import { type Experiment, newOutcome, type Outcome, randomBelow } from './experiment.ts';
import { type Again, createLoad } from './load.ts';
import { bulkOf, userNamed } from './messages.ts';
import type { DatabaseName } from './place.ts';
import { createInstallation, isAcknowledged, type ServerProcess } from './server-process.ts';

const WRITERS = 16;

/** On PostgreSQL a server with more to do than it can refuses some, as it has but few connections. */
export const againOn = (database: DatabaseName): Again => (database === 'sqlite' ? 'never' : 'after 503');

/** How many users the server has when it is to start with many. */
const MANY_USERS = 100_000;

/** The most operations that one request may have. */
const BULK_SIZE = 1000;

interface Ending {
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** Statuses that it may bring to requests. */
  readonly excused: readonly number[];
  readonly usersBefore?: number;
}

/** The server ends by a signal at a random moment of a load of writes, and starts again. */
async function endUnderLoad(
  rounds: number,
  database: DatabaseName,
  { signal, excused, usersBefore = 0 }: Ending,
): Promise<Outcome> {
  const outcome = newOutcome();
  const installation = await createInstallation(database);
  const load = createLoad(outcome, WRITERS, excused, againOn(database));
  try {
    let server = await installation.start();
    await addUsers(outcome, server, usersBefore);
    for (; outcome.rounds < rounds; outcome.rounds++) {
      const written = load.run(server, () => false);
      await new Promise((resolve) => setTimeout(resolve, 100 + randomBelow(1200)));
      const code = await server.end(signal);
      if (signal === 'SIGTERM' && code !== 0) outcome.badAnswers.push(`ended with ${code}: ${server.log()}`);
      await written;
      server = await installation.start();
      outcome.recoveryMs.push(server.readyMs);
      load.check(await installation.read());
    }
  } finally {
    await installation.close();
  }
  return outcome;
}

async function addUsers(outcome: Outcome, server: ServerProcess, count: number): Promise<void> {
  for (let added = 0; added < count; added += BULK_SIZE) {
    const operations = Array.from({ length: Math.min(BULK_SIZE, count - added) }, (_, number) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `b${number}` },
      data: userNamed(`there-before-${added + number}`),
    }));
    isAcknowledged(outcome, await server.send('POST', '/Bulk', bulkOf(operations)), 'POST /Bulk');
  }
}

export const KILLED: Experiment = {
  name: 'kill -9 under load',
  databases: ['sqlite', 'postgres'],
  rounds: 200,
  fewRounds: 1,
  run: (rounds, database) => endUnderLoad(rounds, database, { signal: 'SIGKILL', excused: [] }),
};

export const KILLED_WITH_MANY: Experiment = {
  name: 'kill -9 with 100,000 users',
  databases: ['sqlite', 'postgres'],
  rounds: 10,
  fewRounds: 0,
  run: (rounds, database) =>
    endUnderLoad(rounds, database, { signal: 'SIGKILL', excused: [], usersBefore: MANY_USERS }),
};

export const STOPPED: Experiment = {
  name: 'SIGTERM under load',
  databases: ['sqlite', 'postgres'],
  rounds: 20,
  fewRounds: 1,
  run: (rounds, database) => endUnderLoad(rounds, database, { signal: 'SIGTERM', excused: [503] }),
};
