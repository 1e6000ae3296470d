import { parseArgs } from 'node:util';

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
  'memory',
] as const;

export type MeasurementName = (typeof measurementNames)[number];

export type Options = {
  users: number;
  /** Seconds of one run of one server. */
  seconds: number;
  /** How often the servers take turns. */
  rounds: number;
  only: readonly MeasurementName[];
  /** Where the JSON goes; absent: to stdout, after the table. */
  json: string | undefined;
};

export const usage = `usage: npm run bench -- [--users N] [--seconds S] [--rounds R] [--only NAME,...] [--json FILE]
  --users N     users to store before measuring (default 100000)
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
      users: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: measurementNames.join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const only = values.only.split(',').map((name) => {
    const known = measurementNames.find((each) => each === name.trim());
    if (known === undefined)
      throw new Error(`--only: no measurement ${name}; there are ${measurementNames.join(', ')}`);
    return known;
  });
  return {
    users: Math.floor(numberOf('users', values.users, 1000)),
    seconds: numberOf('seconds', values.seconds, 0.5),
    rounds: Math.floor(numberOf('rounds', values.rounds, 3)),
    only,
    json: values.json,
  };
}
