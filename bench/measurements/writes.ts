import type { Context } from '../context.ts';
import { type Row, takeTurns } from '../measurement.ts';
import { createUser, underLoad } from './requests.ts';
import { rateRow } from './rows.ts';

/** The bare write of the same rows; how much of its rate Roster is to reach, and how often that of scimmy. */
const writers = {
  sqlite: { peer: 'group-commit', goal: 0.6, scimmyGoal: 6 },
  postgres: { peer: 'pg-insert', goal: undefined, scimmyGoal: undefined },
} as const;

/** POST of new users, each acknowledged after its fsync, against a bare server that writes the same and scimmy in memory. */
export async function measurePost({ roster, options, generator, withPeers, say }: Context): Promise<Row[]> {
  const { peer, goal, scimmyGoal } = writers[roster.database.name];
  say('POST /Users: starting the reference servers');
  const rounds = await withPeers([peer, 'scimmy'], (peers) => {
    say('POST /Users: measuring');
    const contenders = [roster, ...peers].map((server) => ({
      key: server.name,
      server,
      plan: { ...underLoad(createUser, options.seconds), newUsers: true },
      warmUp: server.name === 'scimmy' ? 10 : 5,
    }));
    return takeTurns(generator, contenders, options.rounds);
  });
  const row = { name: 'post', what: 'POST /Users, acknowledged after fsync' };
  return [rateRow(rounds, row, 'roster', peer, goal), rateRow(rounds, row, 'roster', 'scimmy', scimmyGoal)];
}
