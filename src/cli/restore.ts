import type { KeyObject } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import { bindKey, isKeyOfDirectory } from '../service/keys.ts';
import { ServiceError } from '../service/service-error.ts';
import { createSqlStorage } from '../storage/sql/sql-storage.ts';
import { openSqlite } from '../storage/sql/sqlite.ts';
import {
  DatabaseInUse,
  findFaults,
  type Hold,
  holdSqlite,
  isKnownSchema,
} from '../storage/sql/sqlite-backup.ts';
import { requireSqlite } from './backup.ts';
import { type CommonOptions, withCommonOptions } from './command.ts';
import { sizeOf } from './import.ts';
import { databaseFileOf } from './installation.ts';
import { keyForMoved } from './moved-key.ts';
import { flushToDisk } from './new-file.ts';
import { EXIT_CODES, type Outcome, writeOutcome } from './output.ts';
import { progressBar } from './progress.ts';

interface RestoreOptions extends CommonOptions {
  readonly replace?: boolean;
  readonly acceptKey?: boolean;
}

/** `roster restore` */
export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('put a backup back into the data directory; the server must not run')
    .argument('<file>', 'what "roster backup" has made')
    .option('--replace', 'replace the database that is there')
    .option(
      '--accept-key',
      'restore although the secret key is not that of the backup; its credentials will not work',
    );
  withCommonOptions(command).action(async (file: string, options: RestoreOptions) => {
    const outcome = await restore(file, options);
    writeOutcome(outcome, options.json === true);
    process.exitCode = EXIT_CODES.done;
  });
}

async function restore(
  file: string,
  { dataDir, replace = false, acceptKey = false }: RestoreOptions,
): Promise<Outcome> {
  const config = loadConfig(process.env, { ROSTER_DATA_DIR: dataDir });
  requireSqlite(config, 'pg_restore --exit-on-error --single-transaction --dbname=URL FILE');
  const bytes = sizeOf(file);
  const key = keyForMoved(config, 'backup', acceptKey);
  const database = databaseFileOf(config.dataDir);
  const draft = `${database}.restore`;
  const replaced = hasContent(database);
  const letGo = holdDatabase(config, replace);
  try {
    removeDatabase(draft);
    await copy(file, draft, bytes);
    await requireUsable(file, draft, key, acceptKey);
    await flushToDisk(draft);
    // what a damaged database has left beside it would be taken for part of the new one
    for (const rest of ['-wal', '-shm', '-journal']) rmSync(database + rest, { force: true });
    renameSync(draft, database);
  } finally {
    letGo?.();
    removeDatabase(draft);
  }
  return {
    json: { file, bytes, replaced },
    text: `Restored ${file}: the database is intact, and ${acceptKey ? 'uses the secret key that is here' : 'its credentials work with the secret key that is here'}.`,
  };
}

/** @throws ServiceError when a server has the database open, or there is one that is not to be replaced */
function holdDatabase({ dataDir }: Config, replace: boolean): Hold {
  const file = databaseFileOf(dataDir);
  if (!hasContent(file)) return undefined;
  let letGo: Hold;
  try {
    letGo = holdSqlite(file);
  } catch (error) {
    if (!(error instanceof DatabaseInUse)) throw error;
    throw new ServiceError('conflict', `The database in ${dataDir} is in use: stop the server first.`);
  }
  if (replace) return letGo;
  letGo?.();
  throw new ServiceError(
    'conflict',
    `There is a database in ${dataDir} already: restore into another data directory, or give --replace.`,
  );
}

const hasContent = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

async function copy(from: string, to: string, bytes: number): Promise<void> {
  const bar = progressBar('Restoring', bytes);
  let done = 0;
  try {
    await pipeline(
      createReadStream(from, { highWaterMark: 1024 * 1024 }),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          done += chunk.length;
          bar.update(done);
          yield chunk;
        }
      },
      createWriteStream(to, { flags: 'wx', mode: 0o600 }),
    );
  } finally {
    bar.stop();
  }
}

/** @throws ServiceError when the copy is damaged, no database of Roster, or needs another key */
async function requireUsable(
  file: string,
  copied: string,
  key: KeyObject,
  acceptKey: boolean,
): Promise<void> {
  const engine = openCopy(file, copied);
  try {
    const faults = await findFaults(engine.shared).catch((error: Error) => [error.message]);
    if (faults.length > 0)
      throw new ServiceError('failed', `${file} is damaged: ${faults.slice(0, 3).join('; ')}.`);
    if (!(await isKnownSchema(engine.shared)))
      throw new ServiceError(
        'invalid',
        `${file} is not from Roster, or from a newer version of it than this.`,
      );
    const { directory } = createSqlStorage(engine);
    if (acceptKey) await bindKey(directory, key);
    else if (!(await isKeyOfDirectory(directory, key)))
      throw new ServiceError(
        'failed',
        'The credentials of the backup were made with another secret key than the one that is here. Put that key back, ' +
          'or give --accept-key and make every credential anew.',
      );
  } finally {
    await engine.close();
  }
}

function openCopy(file: string, copied: string) {
  try {
    return openSqlite(copied);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    throw code === 'SQLITE_NOTADB'
      ? new ServiceError('invalid', `${file} is no SQLite database.`)
      : new ServiceError('failed', `${file} is damaged: ${message}.`);
  }
}

function removeDatabase(file: string): void {
  for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(file + rest, { force: true });
}
