import type { Context } from '../context.ts';
import { type Row, takeTurns } from '../measurement.ts';
import { createUser, underLoad } from './requests.ts';
import { rateRow } from './rows.ts';

/** POST of new users, each acknowledged after its fsync, against a bare group-commit server and scimmy in memory. */
export async function measurePost({ roster, options, generator, withPeers, say }: Context): Promise<Row[]> {
  say('POST /Users: starting the reference servers');
  const rounds = await withPeers(['group-commit', 'scimmy'], (peers) => {
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
  return [rateRow(rounds, row, 'roster', 'group-commit', 0.6), rateRow(rounds, row, 'roster', 'scimmy', 6)];
}
