import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { ServiceError } from '../service/service-error.ts';
import { backUpSqlite } from '../storage/sql/sqlite-backup.ts';
import { onInstallation } from './command.ts';
import { databaseFileOf } from './installation.ts';
import { makeNewFile } from './new-file.ts';
import { progressBar } from './progress.ts';

/** @throws ServiceError when the database is not a file of the data directory */
export function requireSqlite({ databaseUrl }: Config): void {
  if (databaseUrl !== undefined)
    throw new ServiceError(
      'invalid',
      'This is for SQLite. Back up and restore PostgreSQL with its own tools (pg_dump, pg_basebackup); "roster export" works with both.',
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
  onInstallation(command, async ({ config }, _, file = '') => {
    requireSqlite(config);
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
  });
}
