import { setTimeout as sleep } from 'node:timers/promises';
import { type Experiment, eventually, newOutcome, type Outcome, randomBelow } from './experiment.ts';
import { createLoad } from './load.ts';
import { userNamed } from './messages.ts';
import { placeOn } from './place.ts';
import { type AtCommit, createProxy, type PostgresProxy } from './postgres-proxy.ts';
import { canServePostgres, createPostgres, type PostgresServer } from './postgres-server.ts';
import { createInstallation, type ServerProcess } from './server-process.ts';
import { readStore } from './store-check.ts';

const WRITERS = 16;

/** What an experiment has at hand in a round. */
interface Stage {
  readonly outcome: Outcome;
  readonly roster: ServerProcess;
  readonly proxy: PostgresProxy;
  /** The server that writes go to; an experiment may put another one in its place. */
  postgres: PostgresServer;
}

/**
 * A fault of the database in each round, under a load of clients that send again what was not done. The process of Roster goes
 * on all the time.
 *
 * @param fault resolves when the database is there again
 */
async function faultUnderLoad(rounds: number, fault: (stage: Stage) => Promise<void>): Promise<Outcome> {
  const outcome = newOutcome();
  const first = await createPostgres();
  const proxy = await createProxy(first.socket);
  const place = await placeOn(first.url('postgres'), proxy.address);
  const installation = await createInstallation({ ...place, remove: async () => {} });
  const database = new URL(place.source).pathname.slice(1);
  const load = createLoad(outcome, WRITERS, [], 'always');
  let postgres = first;
  try {
    const roster = await installation.start();
    const stage: Stage = { outcome, roster, proxy, postgres };
    for (; outcome.rounds < rounds; outcome.rounds++) {
      let isOver = false;
      const written = load.run(roster, () => isOver);
      await sleep(100 + randomBelow(500));
      await fault(stage);
      postgres = stage.postgres;
      outcome.recoveryMs.push(await firstSuccess(stage));
      // what the fault did to connections shows in the next requests
      await sleep(200);
      isOver = true;
      await written;
      load.check(await readStore(postgres.url(database)));
    }
  } finally {
    await installation.close();
    await proxy.close();
    await postgres.close();
  }
  return outcome;
}

/** @returns milliseconds until a user could be made */
async function firstSuccess({ outcome, roster }: Stage): Promise<number> {
  const started = performance.now();
  let probes = 0;
  await eventually('a user can be made', async () => {
    const name = `probe-${outcome.rounds}-${probes++}`;
    const answer = await roster.send('POST', '/Users', userNamed(name));
    if (answer?.status !== 201 && answer?.status !== 503)
      outcome.badAnswers.push(`POST ${name}: ${answer?.status}`);
    return answer?.status === 201;
  });
  return performance.now() - started;
}

/** While the database is down everything is answered, and with 503. */
async function probeDown({ outcome, roster }: Stage): Promise<void> {
  for (const [method, path] of [
    ['GET', '/Users?count=1'],
    ['POST', '/Users'],
  ] as const) {
    const answer = await roster.send(method, path, method === 'POST' ? userNamed('nobody') : undefined);
    if (answer?.status !== 503 || answer.retryAfter === undefined)
      outcome.badAnswers.push(`${method} ${path} without a database: ${answer?.status}`);
  }
}

const onOwnPostgres = {
  databases: ['postgres'],
  isPossible: canServePostgres,
} as const;

const ended = (name: string, signal: 'SIGINT' | 'SIGKILL', fewRounds: number): Experiment => ({
  name,
  ...onOwnPostgres,
  rounds: 30,
  fewRounds,
  run: (rounds) =>
    faultUnderLoad(rounds, async (stage) => {
      await stage.postgres.end(signal);
      await probeDown(stage);
      await stage.postgres.start();
    }),
});

export const DATABASE_RESTARTED = ended('PostgreSQL restarts (-m fast)', 'SIGINT', 1);

export const DATABASE_KILLED = ended('kill -9 of PostgreSQL', 'SIGKILL', 1);

/** Of so many COMMITs one is cut off. */
const CUT_ONE_IN = 10;

export const CUT_IN_COMMIT: Experiment = {
  name: 'connections cut in COMMIT',
  ...onOwnPostgres,
  rounds: 30,
  fewRounds: 1,
  async run(rounds) {
    const cuts = { 'cut before': 0, 'cut after': 0, pass: 0 };
    const outcome = await faultUnderLoad(rounds, async ({ proxy }) => {
      proxy.atCommit = () => {
        const fates: readonly AtCommit[] = ['cut before', 'cut after'];
        const fate = fates[randomBelow(fates.length * CUT_ONE_IN)] ?? 'pass';
        cuts[fate] += 1;
        return fate;
      };
      await sleep(500);
      proxy.atCommit = () => 'pass';
    });
    outcome.figures.push(
      `cut ${cuts['cut before']} times before COMMIT, ${cuts['cut after']} times after it`,
    );
    return outcome;
  },
};

export const PROMOTED: Experiment = {
  name: 'kill -9 of the primary, synchronous standby promoted',
  ...onOwnPostgres,
  rounds: 10,
  fewRounds: 1,
  run: (rounds) =>
    faultUnderLoad(rounds, async (stage) => {
      const primary = stage.postgres;
      // made before the primary is told to wait for it: once promoted, it waits for nobody
      const standby = await primary.standby();
      await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await primary.query('SELECT pg_reload_conf()');
      await eventually('the standby is synchronous', async () => {
        const [row] = await primary.query('SELECT sync_state FROM pg_stat_replication');
        return row?.sync_state === 'sync';
      });
      await sleep(200 + randomBelow(500));
      await primary.end('SIGKILL');
      await probeDown(stage);
      await standby.query('SELECT pg_promote()');
      stage.proxy.pointTo(standby.socket);
      stage.postgres = standby;
      await primary.close();
    }),
};
