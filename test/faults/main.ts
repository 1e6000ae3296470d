import { parseArgs } from 'node:util';
import type { Experiment, Outcome } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';

const HEADINGS = [
  'Fault',
  'Rounds',
  'Acknowledged',
  'Lost',
  'Half done',
  'Bad answers',
  'Recovery (median, most)',
];

/** Details of one kind that are shown of a round that went wrong. */
const SHOWN = 5;

const rowOf = ({ name }: Experiment, outcome: Outcome): string => {
  const { rounds, acknowledged, lost, halfDone, badAnswers, recoveryMs } = outcome;
  const sorted = recoveryMs.toSorted((a, b) => a - b).map(Math.round);
  const recovery = sorted.length === 0 ? '' : `${sorted[sorted.length >> 1]} ms, ${sorted.at(-1)} ms`;
  return line([name, rounds, acknowledged, lost.length, halfDone.length, badAnswers.length, recovery]);
};

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' } },
  allowPositionals: true,
});
const chosen = EXPERIMENTS.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
process.stdout.write(`${line(HEADINGS)}\n${line(HEADINGS.map(() => '---'))}\n`);
for (const experiment of chosen) {
  if (experiment.isPossible?.() === false) {
    process.stderr.write(`left out, not possible on this machine: ${experiment.name}\n`);
    continue;
  }
  const outcome = await experiment.run(Number(values.rounds ?? experiment.rounds));
  process.stdout.write(`${rowOf(experiment, outcome)}\n`);
  for (const wrong of [outcome.lost, outcome.halfDone, outcome.badAnswers]) {
    if (wrong.length > 0) process.exitCode = 1;
    for (const detail of wrong.slice(0, SHOWN)) process.stderr.write(`${experiment.name}: ${detail}\n`);
  }
}
