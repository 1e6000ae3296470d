import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Experiment, eventually, newOutcome, randomBelow, sideBySide, slowest } from './experiment.ts';
import { patchOf, userNamed } from './messages.ts';
import { createInstallation } from './server-process.ts';

const CLIENTS = 200;

/** Of so many requests one needs what another program has locked. */
const LOCKED_ONE_IN = 100;

/** More resources are locked than a server has connections: changes of one wait for each other with one of them. */
const LOCKED = 20;

const LOCKED_MS = 5000;

/** Requests one after the other that show that all is as before. */
const GOOD_IN_A_ROW = 50;

/** Another program holds a row that some requests need, until they have all the connections and the others get none. */
export const POOL_EXHAUSTED: Experiment = {
  name: 'all connections wait for a lock',
  databases: ['postgres'],
  rounds: 10,
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    const installation = await createInstallation(database);
    const other = new Client(installation.source);
    const ordinaryMs: number[] = [];
    const healthMs: number[] = [];
    try {
      await other.connect();
      const server = await installation.start();
      const users = await sideBySide(CLIENTS + LOCKED, async (number) => {
        await sleep(number * 5);
        return (await server.send('POST', '/Users', userNamed(`user-${number}`)))?.json.id as string;
      });
      const lockedIds = users.slice(CLIENTS);
      for (; outcome.rounds < rounds; outcome.rounds++) {
        await other.query('BEGIN');
        await other.query('SELECT id FROM resource WHERE id = ANY ($1) FOR UPDATE', [lockedIds]);
        const end = performance.now() + LOCKED_MS;
        const isOver = (): boolean => performance.now() > end;
        const watched = watchHealth(server.port, isOver, healthMs, outcome.badAnswers);
        await sideBySide(CLIENTS, async (client) => {
          for (let turn = 0; !isOver(); turn++) {
            await sleep(50 + randomBelow(200));
            const isLocked = randomBelow(LOCKED_ONE_IN) === 0;
            const path = `/Users/${isLocked ? lockedIds[randomBelow(LOCKED)] : users[client]}`;
            const title = patchOf({ op: 'replace', path: 'title', value: `${outcome.rounds}-${turn}` });
            const isWrite = isLocked || turn % 5 === 0;
            const started = performance.now();
            const answer = isWrite ? await server.send('PATCH', path, title) : await server.send('GET', path);
            const tookMs = performance.now() - started;
            if (answer?.status === 503 && answer.retryAfter !== undefined) outcome.refused += 1;
            else if (answer?.status !== 200 || (isLocked && !isOver()))
              outcome.badAnswers.push(`${isLocked ? 'locked' : 'not locked'} ${path}: ${answer?.status}`);
            else if (isWrite) outcome.acknowledged += 1;
            if (!isLocked) ordinaryMs.push(tookMs);
          }
        });
        await watched;
        await other.query('ROLLBACK');
        const freed = performance.now();
        let inARow = 0;
        await eventually('all requests are answered', async () => {
          const answer = await server.send('GET', `/Users/${users[inARow % users.length]}`);
          inARow = answer?.status === 200 ? inARow + 1 : 0;
          return inARow === GOOD_IN_A_ROW;
        });
        outcome.recoveryMs.push(performance.now() - freed);
        const { rows } = await other.query(
          `SELECT pid FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
        );
        if (rows.length > 0) outcome.halfDone.push(`${rows.length} connections still have something to do`);
      }
      outcome.figures.push(slowest('answers of what is not locked', ordinaryMs));
      outcome.figures.push(slowest('/healthz', healthMs));
      outcome.halfDone.push(...(await installation.read()).problems);
    } finally {
      await other.end();
      await installation.close();
    }
    return outcome;
  },
};

async function watchHealth(
  port: number,
  isOver: () => boolean,
  tookMs: number[],
  badAnswers: string[],
): Promise<void> {
  while (!isOver()) {
    const started = performance.now();
    const status = await new Promise((resolve) => {
      const sent = get({ port, host: '127.0.0.1', path: '/healthz' }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      });
      sent.on('error', resolve);
    });
    tookMs.push(performance.now() - started);
    if (status !== 200) badAnswers.push(`/healthz: ${status}`);
    await sleep(20);
  }
}
