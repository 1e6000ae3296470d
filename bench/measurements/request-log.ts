import type { Context } from '../context.ts';
import { type Contender, type Row, takeTurns } from '../measurement.ts';
import type { RunningServer } from '../server.ts';
import { createUser, getById, underLoad } from './requests.ts';
import { cpuRow, rateRow } from './rows.ts';

const warmUp = 4;

/** What keeping requests may cost the ones that are kept: the time of the thread that answers them. */
const MOST = 1.05;

/**
 * GET and POST of a server that keeps requests against one that does not. The log is written by a thread beside the one that
 * answers; what both come to is told besides. CPU time is measured, which other work on the machine changes least.
 */
export async function measureRequestLog({
  roster,
  options,
  pinning,
  generator,
  say,
}: Context): Promise<Row[]> {
  const servers: Record<string, RunningServer> = {};
  const rows: Row[] = [];
  try {
    for (const [key, days] of [
      ['on', '7'],
      ['off', '0'],
    ] as const)
      servers[key] = await roster.installation.serve({
        prefix: pinning.all,
        environment: { ROSTER_REQUEST_LOG_DAYS: days },
      });
    for (const [template, newUsers] of [
      [getById, false],
      [createUser, true],
    ] as const) {
      say(`request log, ${template.label}: measuring`);
      const contenders = Object.entries(servers).map(([key, server]): Contender => {
        const plan = { ...underLoad(template, options.seconds), newUsers };
        return { key, server, plan, warmUp };
      });
      const rounds = await takeTurns(generator, contenders, options.rounds);
      const name = 'request-log';
      const what = `${template.label}, requests kept against not`;
      rows.push(
        cpuRow(rounds, { name, what: `${what}: thread that answers` }, 'on', 'off', 'threadCpu', MOST),
        cpuRow(rounds, { name, what: `${what}: all threads` }, 'on', 'off', 'serverCpu'),
        rateRow(rounds, { name, what: `${what}: rate` }, 'on', 'off'),
      );
    }
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
  return rows;
}
