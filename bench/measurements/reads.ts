import type { Context } from '../context.ts';
import { type Contender, type Row, takeTurns } from '../measurement.ts';
import { spreadOf } from '../statistics.ts';
import { filterByUserName, getById, underLoad } from './requests.ts';
import { costRow, rateRow, show } from './rows.ts';

/** The bare read of one row, and how much of its rate Roster is to reach; and how often that of scimmy, which is in memory. */
const pointReads = {
  sqlite: { peer: 'point-read', goal: 0.8, scimmyGoal: 20 },
  postgres: { peer: 'pg-point-read', goal: 0.6, scimmyGoal: undefined },
} as const;

// scimmy gets faster for longer than the others: it would be unfair to measure it cold.
const warmUpSeconds = { roster: 5, 'point-read': 4, 'pg-point-read': 4, 'bare-http': 3, scimmy: 12 };

/** GET of random users by id, against the limits of the machine and scimmy. */
export async function measureGet(context: Context): Promise<Row[]> {
  const { roster, options, generator, withPeers, say } = context;
  const pointRead = pointReads[roster.database.name];
  say('GET /Users/{id}: starting the reference servers');
  const rounds = await withPeers([pointRead.peer, 'bare-http', 'scimmy'], (peers) => {
    say('GET /Users/{id}: measuring');
    const contenders = [roster, ...peers].map((server): Contender => {
      const template = server.name === 'bare-http' ? { ...getById, includes: '"id"' } : getById;
      const key = server.name as keyof typeof warmUpSeconds;
      return { key, server, plan: underLoad(template, options.seconds), warmUp: warmUpSeconds[key] };
    });
    return takeTurns(generator, contenders, options.rounds);
  });
  const what = 'GET /Users/{id}, random ids';
  const runs = rounds.runs.roster ?? [];
  const tailOf = (key: string) => spreadOf((rounds.runs[key] ?? []).map(({ p99, p50 }) => p99 / p50));
  const tail = tailOf('roster');
  const p99 = spreadOf(runs.map((run) => run.p99)).median;
  const p50 = spreadOf(runs.map((run) => run.p50)).median;
  return [
    rateRow(rounds, { name: 'get', what }, 'roster', pointRead.peer, pointRead.goal),
    rateRow(rounds, { name: 'get', what }, 'roster', 'scimmy', pointRead.scimmyGoal),
    rateRow(rounds, { name: 'get', what }, 'roster', 'bare-http'),
    {
      name: 'get',
      what: `${what}: p99 against p50`,
      value: `p99 ${show(p99)} ms`,
      reference: `p50 ${show(p50)} ms`,
      ratio: tail,
      goal: '< 3',
      met: tail.median < 3,
      // A machine without a spare core gives the bare servers a tail too: what Roster's is to be judged by.
      note: `p99 against p50 in the same rounds: ${pointRead.peer} ${show(tailOf(pointRead.peer).median)}, bare-http ${show(tailOf('bare-http').median)}`,
    },
  ];
}

/** Look-up by userName, against GET by id and against a store of few users. */
export async function measureFilter(context: Context): Promise<Row[]> {
  const { roster, options, generator, say } = context;
  const small = await context.startRoster(Math.min(options.fewUsers, options.users));
  const warmUp = warmUpSeconds.roster;
  say('GET /Users?filter=userName eq: measuring');
  const rounds = await takeTurns(
    generator,
    [
      { key: 'filter', server: roster, plan: underLoad(filterByUserName, options.seconds), warmUp },
      { key: 'by id', server: roster, plan: underLoad(getById, options.seconds), warmUp },
      { key: 'small store', server: small, plan: underLoad(filterByUserName, options.seconds), warmUp },
    ],
    options.rounds,
  );
  await small.stop();
  const what = 'GET /Users?filter=userName eq "x", cost against';
  return [
    costRow(rounds, { name: 'filter', what: `${what} GET by id` }, 'filter', 'by id', 1.3),
    costRow(rounds, { name: 'filter', what: `${what} ${small.users} users` }, 'filter', 'small store', 1.2),
  ];
}
