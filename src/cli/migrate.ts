import type { Command } from 'commander';
import { Unavailable } from '../core/error.ts';
import { ServiceError } from '../service/service-error.ts';
import { type Distribution, distribute } from '../storage/sql/citus.ts';
import type { Engine } from '../storage/sql/engine.ts';
import { type CommonOptions, onInstallation } from './command.ts';

interface MigrateOptions extends CommonOptions {
  readonly distribute?: boolean;
}

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the tables of the database up to date (every other command does so, too)')
    .option('--distribute', 'then spread them by tenant over the servers of a Citus cluster');
  onInstallation<MigrateOptions>(command, async ({ migrated, engine }, options) => {
    const done = migrated.length === 0 ? 'The tables are up to date.' : `Done: ${migrated.join(', ')}.`;
    if (options.distribute !== true) return { json: { applied: migrated }, text: done };
    const distribution = await distributed(engine);
    return {
      json: { applied: migrated, distribution },
      text: `${done}\n${distributionText(distribution)}`,
    };
  });
}

async function distributed(engine: Engine): Promise<Distribution> {
  if (engine.dialect.name === 'sqlite')
    throw new ServiceError(
      'invalid',
      'A SQLite database is on one server: --distribute needs ROSTER_DATABASE_URL with the coordinator of a Citus cluster.',
    );
  const distribution = await distribute(engine).catch((error: unknown) => {
    // another server that can't be reached, or a table that somebody uses all the time
    if (!(error instanceof Unavailable)) throw error;
    throw new ServiceError('failed', `The tables can't be spread now: ${error.cause}.`);
  });
  if (distribution === undefined)
    throw new ServiceError(
      'conflict',
      'The database has no extension "citus": make it on every server first (CREATE EXTENSION citus), and tell the coordinator of the others.',
    );
  return distribution;
}

const distributionText = ({ byTenant, everywhere }: Distribution): string =>
  byTenant.length + everywhere.length === 0
    ? 'The tables are spread already.'
    : `Spread by tenant: ${byTenant.join(', ') || 'none'}.\nCopied to every server: ${everywhere.join(', ') || 'none'}.`;
