import { expect, test } from 'vitest';
import { EXPERIMENTS } from './experiments.ts';
import type { DatabaseName } from './place.ts';

/** Tests that make each fault a few times; `npm run test:faults` makes it many times. */
export function tryFewRounds(database: DatabaseName): void {
  const short = EXPERIMENTS.filter(
    ({ databases, fewRounds }) => fewRounds > 0 && databases.includes(database),
  );
  const possible = short.filter(({ isPossible }) => isPossible?.() !== false);
  for (const { name } of short.filter((experiment) => !possible.includes(experiment)))
    console.log(`Left out, not possible on this machine: ${name}`);

  test.each(possible)(
    '$name: nothing acknowledged is lost, nothing is half done',
    {
      timeout: 120_000,
    },
    async ({ run, fewRounds }) => {
      const { acknowledged, lost, halfDone, badAnswers } = await run(fewRounds, database);
      expect({ lost, halfDone, badAnswers }).toEqual({ lost: [], halfDone: [], badAnswers: [] });
      expect(acknowledged).toBeGreaterThan(0);
    },
  );
}
