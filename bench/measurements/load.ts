import type { Context } from '../context.ts';
import type { Row } from '../measurement.ts';

const goal = 10_000;

/** The first load of all users through the storage layer. */
export async function measureLoad({ roster }: Context): Promise<Row[]> {
  const rate = roster.users / roster.loadSeconds;
  return [
    {
      name: 'load',
      what: `first load of ${roster.users} users through the storage layer`,
      value: `${Math.round(rate)} users/s`,
      goal: `>= ${goal} users/s`,
      met: rate >= goal,
      ...(roster.users < 1_000_000 && { note: 'the goal is meant for 1000000 users' }),
    },
  ];
}
