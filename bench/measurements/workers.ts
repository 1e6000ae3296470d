import type { Context } from '../context.ts';
import { type Contender, type Row, takeTurns } from '../measurement.ts';
import { getById, underLoad } from './requests.ts';
import { rateRow } from './rows.ts';

const warmUp = 5;

/**
 * GET by id with one worker and with two. Load, database and server share the cores: a core for one worker, two cores for two, so
 * that each worker has as much of all three. What the second worker brings where both cores are free is told besides.
 */
export async function measureWorkers(context: Context): Promise<Row[]> {
  const { roster, options, pinning, generator, say } = context;
  const places = {
    'one on one core': { workers: 1, cores: pinning.server },
    'one on all cores': { workers: 1, cores: pinning.all },
    two: { workers: 2, cores: pinning.all },
  };
  const contenders: Contender[] = [];
  try {
    for (const [key, { workers, cores }] of Object.entries(places)) {
      say(`workers: starting ${workers}`);
      // the connections of each go on where they were, and those of all are in one database server
      const prepare = (): Promise<void> => roster.database.runOn(cores);
      await prepare();
      const environment = { ROSTER_WORKERS: String(workers) };
      const server = await roster.installation.serve({ prefix: cores, environment });
      const own = context.startGenerator(cores);
      contenders.push({
        key,
        server,
        plan: underLoad(getById, options.seconds),
        warmUp,
        prepare,
        generator: own,
      });
    }
    say('workers: measuring');
    const rounds = await takeTurns(generator, contenders, options.rounds);
    const row = { name: 'workers', what: 'GET /Users/{id}, 2 workers on 2 cores' };
    const onAll = { name: 'workers', what: 'GET /Users/{id}, 2 workers, both with all cores' };
    return [
      ...(pinning.pinned ? [rateRow(rounds, row, 'two', 'one on one core', 1.6)] : []),
      rateRow(rounds, onAll, 'two', 'one on all cores'),
    ];
  } finally {
    await roster.database.runOn(pinning.server);
    for (const contender of contenders) {
      await contender.generator?.stop();
      await contender.server.stop();
    }
  }
}
