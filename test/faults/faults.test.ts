import { expect, test } from 'vitest';
import { EXPERIMENTS } from './experiments.ts';

// A few rounds each; npm run test:faults makes many.
const possible = EXPERIMENTS.filter(({ isPossible }) => isPossible?.() !== false);
for (const { name } of EXPERIMENTS.filter((experiment) => !possible.includes(experiment)))
  console.log(`Left out, not possible on this machine: ${name}`);

test.each(possible)(
  '$name: nothing acknowledged is lost, nothing is half done',
  {
    timeout: 120_000,
  },
  async ({ run, fewRounds }) => {
    const { acknowledged, lost, halfDone, badAnswers } = await run(fewRounds);
    expect({ lost, halfDone, badAnswers }).toEqual({ lost: [], halfDone: [], badAnswers: [] });
    expect(acknowledged).toBeGreaterThan(0);
  },
);
