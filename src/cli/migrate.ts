import type { Command } from 'commander';
import { onInstallation } from './command.ts';

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the tables of the database up to date (every other command does so, too)');
  onInstallation(command, async ({ migrated }) => ({
    json: { applied: migrated },
    text: migrated.length === 0 ? 'The tables are up to date.' : `Done: ${migrated.join(', ')}.`,
  }));
}
