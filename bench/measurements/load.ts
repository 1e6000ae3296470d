import type { Context } from '../context.ts';
import type { Row } from '../measurement.ts';

const goals = { sqlite: 10_000, postgres: undefined };

/** The first load of all users through the storage layer. */
export async function measureLoad({ roster }: Context): Promise<Row[]> {
  const rate = roster.users / roster.loadSeconds;
  const goal = goals[roster.database.name];
  return [
    {
      name: 'load',
      what: `first load of ${roster.users} users through the storage layer`,
      value: `${Math.round(rate)} users/s`,
      ...(goal !== undefined && { goal: `>= ${goal} users/s`, met: rate >= goal }),
      ...(goal !== undefined && roster.users < 1_000_000 && { note: 'the goal is meant for 1000000 users' }),
    },
  ];
}
