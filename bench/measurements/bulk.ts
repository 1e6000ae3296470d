import type { Context } from '../context.ts';
import type { Row } from '../measurement.ts';
import { median } from '../statistics.ts';
import { makeUser } from '../user-data.ts';
import { show } from './rows.ts';

const OPERATIONS = 1000;
const CONNECTIONS = 16;
const FIRST_USER = 20_000_000;

/** One Bulk request that creates 1,000 users against as many single POSTs, one after another and side by side. */
export async function measureBulk({ roster, options, say }: Context): Promise<Row[]> {
  say('Bulk: measuring');
  let next = FIRST_USER;
  const newUsers = () => Array.from({ length: OPERATIONS }, () => makeUser(next++));
  const send = async (path: string, body: unknown, status: number): Promise<void> => {
    const answer = await fetch(`${roster.url}${path}`, {
      method: 'POST',
      headers: { ...roster.headers, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status !== status) throw new Error(`POST ${path}: ${answer.status} ${text.slice(0, 200)}`);
    if (path === '/Bulk' && text.split('"status":"201"').length !== OPERATIONS + 1)
      throw new Error('an operation of a Bulk has failed');
  };

  async function single(connections: number): Promise<void> {
    const users = newUsers().values();
    const line = async () => {
      for (const user of users) await send('/Users', user, 201);
    };
    await Promise.all(Array.from({ length: connections }, line));
  }

  const asBulk = () =>
    send(
      '/Bulk',
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: newUsers().map((data, index) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `u${index}`,
          data,
        })),
      },
      200,
    );

  const times: Record<'bulk' | 'single' | 'parallel', number[]> = { bulk: [], single: [], parallel: [] };
  await asBulk();
  for (let round = 0; round < options.rounds; round++) {
    times.bulk.push(await millisecondsOf(asBulk));
    times.single.push(await millisecondsOf(() => single(1)));
    times.parallel.push(await millisecondsOf(() => single(CONNECTIONS)));
  }
  const [bulk, one, many] = [median(times.bulk), median(times.single), median(times.parallel)];
  const row = { name: 'bulk', what: `POST /Bulk of ${OPERATIONS} new users`, value: `${show(bulk)} ms` };
  return [
    { ...row, reference: `one by one ${show(one)} ms`, goal: '<= 1/3', met: bulk <= one / 3 },
    { ...row, reference: `${CONNECTIONS} at a time ${show(many)} ms` },
  ];
}

async function millisecondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
