import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Experiment, newOutcome, type Outcome, sideBySide } from './experiment.ts';
import { againOn } from './killed.ts';
import { createLoad } from './load.ts';
import { userNamed } from './messages.ts';
import { createInstallation, type ServerProcess } from './server-process.ts';

const WRITERS = 8;
const WALKED = 30;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What the clock does in a round, in milliseconds: forth and back, and back further than it ever was. */
const JUMPS = [DAY_MS, -HOUR_MS, -DAY_MS, -2 * HOUR_MS, 5000, -5000];

/** What a server is told whose clock differs from that of the machine by the milliseconds in a file. */
export const movedClock = (file: string): Record<string, string> => ({
  FAULT_CLOCK_FILE: file,
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('./moved-clock.ts', import.meta.url))}`,
});

/** Pages through a list while the clock jumps: everybody who was there throughout comes once. */
async function walk(outcome: Outcome, server: ServerProcess, ids: readonly string[], jump: () => void) {
  const found: string[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined; page++) {
    const filter = encodeURIComponent('userName sw "walked-"');
    const answer = await server.send('GET', `/Users?filter=${filter}&count=10&cursor=${cursor}`);
    // a cursor lives for a while only, so that one from long ago is refused
    if (answer?.status === 400 && answer.json.scimType === 'expiredCursor') return;
    if (answer?.status !== 200) outcome.badAnswers.push(`page ${page}: ${answer?.status}`);
    found.push(...(answer?.json.Resources ?? []).map(({ id }: { id: string }) => id));
    cursor = answer?.json?.nextCursor;
    if (page === 0) jump();
  }
  if (found.length !== ids.length || new Set(found).size !== ids.length)
    outcome.lost.push(`${found.length} of ${ids.length} in a list while the clock jumped`);
}

/** The clock of the server jumps under a load of writes; the server is killed and starts in another time. */
export const CLOCK_JUMPS: Experiment = {
  name: 'clock jumps, kill -9',
  rounds: 12,
  databases: ['sqlite', 'postgres'],
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    const directory = mkdtempSync(join(tmpdir(), 'roster-clock-'));
    const file = join(directory, 'offset');
    let offset = 0;
    const jump = (milliseconds: number): void => {
      offset += milliseconds;
      writeFileSync(`${file}.new`, String(offset));
      renameSync(`${file}.new`, file);
    };
    jump(0);
    const installation = await createInstallation(database, movedClock(file));
    const load = createLoad(outcome, WRITERS, [], againOn(database));
    try {
      let server = await installation.start();
      const made = await sideBySide(WALKED, (number) =>
        server.send('POST', '/Users', userNamed(`walked-${number}`)),
      );
      const ids = made.map((answer) => answer?.json.id as string);
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const written = load.run(server, () => false);
        await sleep(100);
        await walk(outcome, server, ids, () => jump(JUMPS[outcome.rounds % JUMPS.length] as number));
        await sleep(200);
        await server.end('SIGKILL');
        await written;
        jump(JUMPS[(outcome.rounds + 3) % JUMPS.length] as number);
        server = await installation.start();
        outcome.recoveryMs.push(server.readyMs);
        load.check(await installation.read());
      }
    } finally {
      await installation.close();
      rmSync(directory, { recursive: true });
    }
    return outcome;
  },
};
