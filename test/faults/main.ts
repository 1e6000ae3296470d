import { parseArgs } from 'node:util';
import type { Experiment, Outcome } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';
import { type DatabaseName, hasSharedPostgres } from './place.ts';
import { canServePostgres, createPostgres, type PostgresServer } from './postgres-server.ts';

const HEADINGS = [
  'Fault',
  'Database',
  'Rounds',
  'Acknowledged',
  'Refused (503)',
  'Lost',
  'Half done',
  'Bad answers',
  'Recovery (median, most)',
  'Measured besides',
];

const DATABASES: Readonly<Record<DatabaseName, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** Details of one kind that are shown of a round that went wrong. */
const SHOWN = 5;

const rowOf = ({ name }: Experiment, database: DatabaseName, outcome: Outcome): string => {
  const { rounds, acknowledged, lost, halfDone, badAnswers, recoveryMs, figures, refused } = outcome;
  const sorted = recoveryMs.toSorted((a, b) => a - b).map(Math.round);
  const recovery = sorted.length === 0 ? '' : `${sorted[sorted.length >> 1]} ms, ${sorted.at(-1)} ms`;
  const wrong = [lost, halfDone, badAnswers].map((lines) => lines.length);
  return line([
    name,
    DATABASES[database],
    rounds,
    acknowledged,
    refused,
    ...wrong,
    recovery,
    figures.join('; '),
  ]);
};

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, database: { type: 'string' } },
  allowPositionals: true,
});
const chosen = EXPERIMENTS.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
const databases = (['sqlite', 'postgres'] as const).filter((name) => (values.database ?? name) === name);

let shared: PostgresServer | undefined;
if (databases.includes('postgres') && !hasSharedPostgres() && canServePostgres()) {
  shared = await createPostgres();
  process.env.ROSTER_TEST_POSTGRES_URL = shared.url('postgres');
}

async function tryOut(experiment: Experiment, database: DatabaseName): Promise<void> {
  const { name, isPossible, rounds } = experiment;
  if (isPossible?.() === false || (database === 'postgres' && !hasSharedPostgres())) {
    process.stderr.write(`left out, not possible on this machine: ${name}, ${database}\n`);
    return;
  }
  const started = performance.now();
  const outcome = await experiment.run(Number(values.rounds ?? rounds), database);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${rowOf(experiment, database, outcome)}\n`);
  process.stderr.write(`${name}, ${database}: ${seconds} s\n`);
  for (const wrong of [outcome.lost, outcome.halfDone, outcome.badAnswers]) {
    if (wrong.length > 0) process.exitCode = 1;
    for (const detail of wrong.slice(0, SHOWN)) process.stderr.write(`${name}, ${database}: ${detail}\n`);
  }
}

process.stderr.write('All of it takes about 45 minutes on two cores that have nothing else to do.\n');
process.stdout.write(`${line(HEADINGS)}\n${line(HEADINGS.map(() => '---'))}\n`);
try {
  for (const experiment of chosen)
    for (const database of experiment.databases)
      if (databases.includes(database)) await tryOut(experiment, database);
} finally {
  await shared?.close();
}
