import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { ServiceError } from '../service/service-error.ts';
import { backUpSqlite } from '../storage/sql/sqlite-backup.ts';
import { type CommonOptions, onInstallation } from './command.ts';
import { databaseFileOf, type Installation } from './installation.ts';
import { makeNewFile } from './new-file.ts';
import type { Outcome } from './output.ts';
import { progressBar } from './progress.ts';

/**
 * @param command of PostgreSQL's, for the message
 * @throws ServiceError when the database is not a file of the data directory
 */
export function requireSqlite({ databaseUrl }: Config, command: string): void {
  if (databaseUrl !== undefined)
    throw new ServiceError(
      'invalid',
      `This is for SQLite, and PostgreSQL has tools of its own: ${command}, see docs/operate/backup.md; "roster export" ` +
        'and "import" work with both.',
    );
}

/** `roster backup` */
export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description(
      'copy the SQLite database as it is now into a file; the server may run. The secret key is not in it',
    )
    .argument('<file>', 'the new file');
  const work = async ({ config }: Installation, _: CommonOptions, file = ''): Promise<Outcome> => {
    const bar = progressBar('Copying');
    try {
      await makeNewFile(file, (draft) =>
        backUpSqlite(databaseFileOf(config.dataDir), draft, (done, total) => bar.update(done, total)),
      );
    } finally {
      bar.stop();
    }
    const { size } = statSync(file);
    return {
      json: { file, bytes: size },
      text: `Backed up the database to ${file} (${size} bytes).
The secret key is not in it: keep secret.key, or what you set as ROSTER_SECRET_KEY, in another place. Without it no
credential of the backup works.`,
    };
  };
  onInstallation(command, work, (config) => requireSqlite(config, 'pg_dump --format=custom --file=FILE URL'));
}
