import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemplate } from './postgres.ts';
import {
  databaseUrlIn,
  findPrograms,
  giveToServer,
  initdbArguments,
  postgresArguments,
  serverUser,
} from './postgres-programs.ts';

// Set up once before all test files: a PostgreSQL server for those that need one. ROSTER_TEST_POSTGRES_URL names a server
// to use, by any database of it; else a temporary one is started where its programs are found.

const SUPERUSER = 'roster';

const OPTIONS = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=300'];

/** @returns what stops the server again */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.ROSTER_TEST_POSTGRES_URL !== undefined) return prepareTemplate();
  const programs = findPrograms();
  if (programs === undefined) {
    const line = 'No PostgreSQL is found (initdb, or ROSTER_TEST_POSTGRES_URL)';
    if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('postgres'))
      throw new Error(`${line}, but ROSTER_TEST_REQUIRE asks for it.`);
    console.warn(`${line}: its tests are left out.`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'roster-postgres-'));
  giveToServer(folder);
  const run = (program: string, args: readonly string[]): ChildProcess =>
    spawn(join(programs, program), args, { cwd: folder, stdio: 'ignore', ...serverUser() });

  process.env.ROSTER_TEST_POSTGRES_URL = databaseUrlIn(folder, SUPERUSER, 'postgres');
  const made = run('initdb', [...initdbArguments(folder, SUPERUSER), '--no-sync']);
  let server: ChildProcess | undefined;
  // most test files need no database: they do not wait
  const started = once(made, 'exit').then(([code]) => {
    if (code !== 0) console.error(`initdb has failed with ${code}: tests that need PostgreSQL will fail.`);
    server = run('postgres', postgresArguments(folder, OPTIONS));
  });
  // a run that is cut off, as by a closed pipe, leaves no server behind
  process.on('exit', () => server?.kill('SIGQUIT'));
  const removeTemplate = prepareTemplate();
  return async () => {
    await started;
    await removeTemplate();
    if (server?.exitCode === null) {
      const ended = once(server, 'exit');
      // at once: nothing of it is kept
      server.kill('SIGQUIT');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Begins to make the database that those of the tests are copies of. @returns what removes it */
function prepareTemplate(): () => Promise<void> {
  const made = makeTemplate();
  made.catch((error: Error) =>
    console.error(`No template: tests that need PostgreSQL will fail. ${error.message}`),
  );
  return () =>
    made.then(
      (remove) => remove(),
      () => undefined,
    );
}
