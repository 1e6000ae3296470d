import type { Context } from '../context.ts';
import { type Row, takeTurns } from '../measurement.ts';
import type { RunningServer } from '../server.ts';
import { filterByUserName, filterByUserName1, getById, getById1, underLoad } from './requests.ts';
import { costRow } from './rows.ts';

const warmUp = 4;

/** GET by id and by userName over SCIM 1.1 against the same over 2.0, on the same server. */
export async function measureScim1({ roster, options, generator, say }: Context): Promise<Row[]> {
  const one: RunningServer = { ...roster, url: roster.url.replace('/scim/v2', '/wso2/scim') };
  const rows: Row[] = [];
  for (const [what, template2, template1] of [
    ['GET /Users/{id}', getById, getById1],
    ['GET /Users?filter=userName eq "x"', filterByUserName, filterByUserName1],
  ] as const) {
    say(`SCIM 1.1, ${what}: measuring`);
    const contenders = [
      { key: '1.1', server: one, plan: underLoad(template1, options.seconds), warmUp },
      { key: '2.0', server: roster, plan: underLoad(template2, options.seconds), warmUp },
    ];
    const rounds = await takeTurns(generator, contenders, options.rounds);
    rows.push(
      costRow(rounds, { name: 'scim1', what: `SCIM 1.1 ${what}, cost against 2.0` }, '1.1', '2.0', 1.2),
    );
  }
  return rows;
}
