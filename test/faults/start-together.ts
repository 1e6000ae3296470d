import { freePort } from '../cli/roster.ts';
import { type Experiment, newOutcome, randomBelow, sideBySide } from './experiment.ts';
import { userNamed } from './messages.ts';
import { createInstallation, isAcknowledged } from './server-process.ts';

const SERVERS = 3;

/**
 * Servers are killed while they make the tables of an empty data directory; then three start at once on what is there, are
 * killed at work, and start at once again.
 */
export const STARTED_TOGETHER: Experiment = {
  name: 'three start at once, kill -9 in it',
  rounds: 30,
  databases: ['sqlite', 'postgres'],
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    for (; outcome.rounds < rounds; outcome.rounds++) {
      const installation = await createInstallation(database, { ROSTER_QUICKSTART: 'off' });
      const { roster, settings } = installation;
      try {
        const interrupted = roster.start(['serve', '--port', String(await freePort())], settings);
        await new Promise((resolve) => setTimeout(resolve, 200 + randomBelow(500)));
        await interrupted.stop('SIGKILL');
        const { json } = await roster.run(['integration', 'create', 'faults', '--json'], settings);
        for (let start = 0; start < 2; start++) {
          const servers = await sideBySide(SERVERS, () => installation.start({}, json.token));
          for (const [number, server] of servers.entries()) {
            outcome.recoveryMs.push(server.readyMs);
            const name = `user-${start}-${number}`;
            isAcknowledged(outcome, await server.send('POST', '/Users', userNamed(name)), `POST ${name}`);
          }
          await Promise.all(servers.map((server) => server.end('SIGKILL')));
        }
        const { byName, problems } = await installation.read();
        outcome.halfDone.push(...problems);
        const users = [...byName.keys()].filter((name) => name.startsWith('User user-'));
        if (users.length !== 2 * SERVERS) outcome.lost.push(`${users.length} users of ${2 * SERVERS}`);
      } catch (error) {
        outcome.badAnswers.push(`no start: ${(error as Error).message.slice(0, 500)}`);
      } finally {
        await installation.close();
      }
    }
    return outcome;
  },
};
