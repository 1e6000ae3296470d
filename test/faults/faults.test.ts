import { expect, test } from 'vitest';
import { EXPERIMENTS } from './experiments.ts';
import { hasSharedPostgres } from './place.ts';

// A few rounds each; npm run test:faults makes many.
const short = EXPERIMENTS.filter(({ fewRounds }) => fewRounds > 0);
const possible = short.filter(({ isPossible }) => isPossible?.() !== false);
for (const { name } of short.filter((experiment) => !possible.includes(experiment)))
  console.log(`Left out, not possible on this machine: ${name}`);

const onDatabases = possible.flatMap((experiment) =>
  experiment.databases
    .filter((database) => database === 'sqlite' || hasSharedPostgres())
    .map((database) => ({ ...experiment, database })),
);

test.each(onDatabases)(
  '$name on $database: nothing acknowledged is lost, nothing is half done',
  {
    timeout: 120_000,
  },
  async ({ run, fewRounds, database }) => {
    const { acknowledged, lost, halfDone, badAnswers } = await run(fewRounds, database);
    expect({ lost, halfDone, badAnswers }).toEqual({ lost: [], halfDone: [], badAnswers: [] });
    expect(acknowledged).toBeGreaterThan(0);
  },
);
