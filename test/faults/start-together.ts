import { isDeepStrictEqual } from 'node:util';
import { freePort } from '../cli/roster.ts';
import { type Experiment, newOutcome, type Outcome, randomBelow, sideBySide } from './experiment.ts';
import { bulkOf, groupNamed, userNamed } from './messages.ts';
import { countRows, makeOlder, OLDER_VERSIONS, readSchema } from './older-database.ts';
import type { DatabaseName } from './place.ts';
import {
  createInstallation,
  type Installation,
  insist,
  isAcknowledged,
  type ServerProcess,
} from './server-process.ts';

const SERVERS = 3;

const USERS = 30;

const SECRET = { ROSTER_SECRET_KEY: 'one key for all of these installations' };

/** What a start that nobody disturbs makes of an empty database, and one that has been at work for a while. */
interface Model {
  readonly installation: Installation;
  /** Milliseconds that such a start takes. */
  readonly startMs: number;
  readonly token: string;
}

async function makeModel(database: DatabaseName, isEmpty: boolean): Promise<Model> {
  const settings = { ...SECRET, ...(isEmpty && { ROSTER_QUICKSTART: 'off' }) };
  const installation = await createInstallation(database, settings);
  const server = await installation.start();
  if (!isEmpty) {
    const operations = Array.from({ length: USERS }, (_, number) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `b${number}` },
      data: userNamed(`there-before-${number}`),
    }));
    await server.send('POST', '/Bulk', bulkOf(operations));
    await server.send('POST', '/Groups', groupNamed('there before'));
  }
  await server.end('SIGTERM');
  return { installation, startMs: server.readyMs, token: server.token };
}

/**
 * Three servers are killed while they make the tables, of nothing or of those of an older version; then three start at once on
 * what is there, are killed at work, and start at once again.
 */
export const STARTED_TOGETHER: Experiment = {
  name: 'three start and migrate at once, kill -9 in it',
  databases: ['sqlite', 'postgres'],
  rounds: 50,
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    const models = new Map<boolean, Model>();
    try {
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const isEmpty = randomBelow(2) === 0;
        const model = models.get(isEmpty) ?? (await makeModel(database, isEmpty));
        models.set(isEmpty, model);
        const installation = await createInstallation(database, { ...SECRET, ROSTER_QUICKSTART: 'off' });
        try {
          const tables = isEmpty
            ? undefined
            : await makeOlder(model.installation.source, installation, randomBelow(OLDER_VERSIONS));
          await interruptStarts(installation, model.startMs);
          await startAll(outcome, installation, model, tables);
        } catch (error) {
          outcome.badAnswers.push(`no start: ${(error as Error).message.slice(0, 500)}`);
        } finally {
          await installation.close();
        }
      }
    } finally {
      for (const { installation } of models.values()) await installation.close();
    }
    return outcome;
  },
};

/** Kills servers at any moment of their start, in the second half of which they migrate. */
async function interruptStarts({ roster, settings }: Installation, startMs: number): Promise<void> {
  await sideBySide(SERVERS, async () => {
    const server = roster.start(['serve', '--port', String(await freePort())], settings);
    await new Promise((resolve) => setTimeout(resolve, startMs * (0.4 + Math.random() * 0.8)));
    await server.stop('SIGKILL');
  });
}

async function startAll(
  outcome: Outcome,
  installation: Installation,
  model: Model,
  tables: readonly string[] | undefined,
): Promise<void> {
  const { roster, settings, source } = installation;
  const start = (token: string): Promise<ServerProcess[]> =>
    sideBySide(SERVERS, () => installation.start({}, token));
  const made = new Set<string>();
  const write = async (servers: readonly ServerProcess[], turn: number): Promise<void> => {
    for (const [number, server] of servers.entries()) {
      outcome.recoveryMs.push(server.readyMs);
      const name = `user-${turn}-${number}`;
      const answer = await insist(outcome, server, 'POST', '/Users', userNamed(name));
      if (isAcknowledged(outcome, answer, `POST ${name}`, outcome.refused > 0 ? [409] : []))
        made.add(`User ${name}`);
    }
  };
  const first = await start(model.token);
  if (!isDeepStrictEqual(await readSchema(source), await readSchema(model.installation.source)))
    outcome.halfDone.push('the tables are not those of a start that nobody disturbs');
  const [counts, expected] = await Promise.all(
    // each start without operators makes a link to set up by
    [source, model.installation.source].map(async (each) => {
      const { operator_link: _, ...rows } = await countRows(each, tables);
      return rows;
    }),
  );
  if (!isDeepStrictEqual(counts, expected))
    outcome.lost.push(`rows: ${JSON.stringify(counts)}, not ${JSON.stringify(expected)}`);
  if (tables !== undefined) await write(first, 0);
  await Promise.all(first.map((server) => server.end('SIGKILL')));
  const create = ['integration', 'create', 'faults', '--json'];
  const second = await start(
    tables === undefined ? (await roster.run(create, settings)).json.token : model.token,
  );
  await write(second, 1);
  await Promise.all(second.map((server) => server.end('SIGKILL')));
  const { byName, problems } = await installation.read();
  outcome.halfDone.push(...problems);
  for (const name of made) if (!byName.has(name)) outcome.lost.push(`${name} is not there`);
}
