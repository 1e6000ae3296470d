import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type Experiment, newOutcome, sideBySide } from './experiment.ts';
import { createLoad } from './load.ts';
import { userNamed } from './messages.ts';
import { createInstallation } from './server-process.ts';

const WRITERS = 8;

/** How long the server waits for another process, in milliseconds, and a little more. */
const TOO_LONG_MS = 5500;

/** Rounds between those in which the lock is held for too long. */
const LONG_EVERY = 5;

/** Another process holds the lock of writers, under a load of writes: for a moment, or for longer than the server waits. */
export const BUSY: Experiment = {
  name: 'database locked by another process',
  databases: ['sqlite'],
  rounds: 20,
  fewRounds: 2,
  async run(rounds) {
    const outcome = newOutcome();
    const installation = await createInstallation('sqlite');
    const load = createLoad(outcome, WRITERS, [503]);
    let isOver = false;
    try {
      const server = await installation.start();
      const written = load.run(server, () => isOver);
      const reader = await server.send('POST', '/Users', userNamed('reader'));
      const other = new Database(installation.source, { timeout: 60_000 });
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const isLong = outcome.rounds % LONG_EVERY === LONG_EVERY - 1;
        await lock(other);
        const end = performance.now() + (isLong ? TOO_LONG_MS : 200);
        while (performance.now() < end) {
          const read = await server.send('GET', `/Users/${reader?.json.id}`);
          if (read?.status !== 200) outcome.badAnswers.push(`GET while locked: ${read?.status}`);
          await sleep(20);
        }
        if (isLong) {
          const answers = await sideBySide(3, (number) =>
            server.send('POST', '/Users', userNamed(`refused-${outcome.rounds}-${number}`)),
          );
          for (const answer of answers)
            if (answer?.status !== 503 || answer.retryAfter === undefined)
              outcome.badAnswers.push(`POST while locked for long: ${answer?.status}`);
        }
        other.exec('ROLLBACK');
        const freed = performance.now();
        const again = await server.send('POST', '/Users', userNamed(`after-${outcome.rounds}`));
        if (again?.status !== 201) outcome.badAnswers.push(`POST when free again: ${again?.status}`);
        outcome.recoveryMs.push(performance.now() - freed);
      }
      other.close();
      isOver = true;
      await written;
      load.check(await installation.read());
    } finally {
      await installation.close();
    }
    return outcome;
  },
};

/** Takes the lock of writers without holding up this process, which the writers run in. */
async function lock(database: Database.Database): Promise<void> {
  database.pragma('busy_timeout = 0');
  for (;;) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch {
      await sleep(1);
    }
  }
}
