import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { movedClock } from './clock-jumps.ts';
import { type Experiment, newOutcome, randomBelow, sideBySide } from './experiment.ts';
import { patchOf, userNamed, versionIn } from './messages.ts';
import { createInstallation, insist, isAcknowledged } from './server-process.ts';

/** How far the clock of each server is from that of the machine, in milliseconds. */
const OFFSETS = [0, 5000];

const CLIENTS = 4;

/** Two servers whose clocks differ by five seconds change the same user: its times and versions only grow. */
export const CLOCKS_APART: Experiment = {
  name: 'clocks of two servers 5 s apart',
  databases: ['sqlite', 'postgres'],
  rounds: 200,
  fewRounds: 5,
  async run(rounds, database) {
    const outcome = newOutcome();
    const directory = mkdtempSync(join(tmpdir(), 'roster-clock-'));
    const installation = await createInstallation(database);
    try {
      const servers = [];
      for (const offset of OFFSETS) {
        const file = join(directory, `offset-${offset}`);
        writeFileSync(file, String(offset));
        servers.push(await installation.start(movedClock(file)));
      }
      const [one, other] = servers as [(typeof servers)[number], (typeof servers)[number]];
      const user = await one.send('POST', '/Users', userNamed('changed'));
      const path = `/Users/${user?.json.id}`;
      let [version, lastModified] = [1, user?.json.meta.lastModified as string];
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const etags = await sideBySide(CLIENTS, async (client) => {
          const server = client % 2 === 0 ? one : other;
          const title = patchOf({ op: 'replace', path: 'title', value: `${outcome.rounds}-${client}` });
          const answer = await insist(outcome, server, 'PATCH', path, title);
          return isAcknowledged(outcome, answer, 'PATCH') ? answer.etag : undefined;
        });
        const now = await insist(outcome, randomBelow(2) === 0 ? one : other, 'GET', path);
        const { meta } = now?.json ?? {};
        if (versionIn(now?.etag) !== version + etags.filter((etag) => etag !== undefined).length)
          outcome.lost.push(`version ${now?.etag} after ${version} and ${etags}`);
        if (!(meta?.lastModified > lastModified))
          outcome.lost.push(`changed at ${meta?.lastModified}, after ${lastModified}`);
        version = versionIn(now?.etag);
        lastModified = meta?.lastModified;
      }
      outcome.halfDone.push(...(await installation.read()).problems);
    } finally {
      await installation.close();
      rmSync(directory, { recursive: true });
    }
    return outcome;
  },
};
