import { parseArgs } from 'node:util';
import { type DatabaseName, databaseNames } from './database.ts';
import { hasPostgres } from './postgres.ts';

/** The measurements in the order they run: those that write come after those that read. */
export const measurementNames = [
  'load',
  'get',
  'filter',
  'scim1',
  'indexes',
  'paging',
  'cursors',
  'post',
  'bulk',
  'large-group',
  'membership',
  'workers',
  'request-log',
  'memory',
] as const;

export type MeasurementName = (typeof measurementNames)[number];

export type Options = {
  databases: readonly DatabaseName[];
  users: number;
  /** Users of the store that a large one is compared with. */
  fewUsers: number;
  /** Seconds of one run of one server. */
  seconds: number;
  /** How often the servers take turns. */
  rounds: number;
  only: readonly MeasurementName[];
  /** Where the JSON goes; absent: to stdout, after the table. */
  json: string | undefined;
};

export const usage = `usage: npm run bench -- [--database NAME,...] [--users N] [--few-users N] [--seconds S] [--rounds R] [--only NAME,...] [--json FILE]
  --database .. sqlite, postgres (default both, where PostgreSQL is found or ROSTER_BENCH_POSTGRES_URL names one)
  --users N     users to store before measuring (default 100000)
  --few-users N users of the small store that look-ups are compared with (default 1000)
  --seconds S   length of one run of one server (default 4)
  --rounds R    how often servers take turns, at least 3 (default 5)
  --only ...    any of ${measurementNames.join(', ')}
  --json FILE   write the JSON there instead of after the table
`;

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least)
    throw new Error(`--${name}: a number of at least ${least}, not ${text}`);
  return value;
}

/** @throws Error when there is a name in the list that is not known */
function namesOf<T extends string>(option: string, list: string, known: readonly T[]): T[] {
  return list.split(',').map((name) => {
    const found = known.find((each) => each === name.trim());
    if (found === undefined) throw new Error(`--${option}: no ${name}; there are ${known.join(', ')}`);
    return found;
  });
}

/**
 * Reads the command line.
 *
 * @returns undefined when help was asked for
 * @throws Error that says which option is wrong
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      database: { type: 'string' },
      users: { type: 'string', default: '100000' },
      'few-users': { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: measurementNames.join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const found = databaseNames.filter((name) => name !== 'postgres' || hasPostgres());
  return {
    databases: values.database === undefined ? found : namesOf('database', values.database, databaseNames),
    users: Math.floor(numberOf('users', values.users, 1000)),
    fewUsers: Math.floor(numberOf('few-users', values['few-users'], 100)),
    seconds: numberOf('seconds', values.seconds, 0.5),
    rounds: Math.floor(numberOf('rounds', values.rounds, 3)),
    only: namesOf('only', values.only, measurementNames),
    json: values.json,
  };
}
