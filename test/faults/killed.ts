import { type Experiment, newOutcome, type Outcome, randomBelow } from './experiment.ts';
import { createLoad } from './load.ts';
import { createInstallation } from './server-process.ts';
import { readStore } from './store-check.ts';

const WRITERS = 16;

/** The server ends by a signal at a random moment of a load of writes, and starts again. */
async function endUnderLoad(
  rounds: number,
  signal: 'SIGKILL' | 'SIGTERM',
  excused: readonly number[],
): Promise<Outcome> {
  const outcome = newOutcome();
  const installation = createInstallation();
  const load = createLoad(outcome, WRITERS, excused);
  try {
    let server = await installation.start();
    for (; outcome.rounds < rounds; outcome.rounds++) {
      const written = load.run(server, () => false);
      await new Promise((resolve) => setTimeout(resolve, 100 + randomBelow(1200)));
      const code = await server.end(signal);
      if (signal === 'SIGTERM' && code !== 0) outcome.badAnswers.push(`ended with ${code}: ${server.log()}`);
      await written;
      server = await installation.start();
      outcome.recoveryMs.push(server.readyMs);
      load.check(readStore(installation.databaseFile));
    }
  } finally {
    await installation.close();
  }
  return outcome;
}

export const KILLED: Experiment = {
  name: 'kill -9 under load',
  rounds: 200,
  fewRounds: 2,
  run: (rounds) => endUnderLoad(rounds, 'SIGKILL', []),
};

export const STOPPED: Experiment = {
  name: 'SIGTERM under load',
  rounds: 20,
  fewRounds: 1,
  run: (rounds) => endUnderLoad(rounds, 'SIGTERM', [503]),
};
