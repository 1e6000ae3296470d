import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import {
  databaseUrlIn,
  findPrograms,
  giveToServer,
  initdbArguments,
  postgresArguments,
  serverUser,
} from '../support/postgres-programs.ts';

/** A PostgreSQL server of an experiment, which may be stopped, killed and started again. It keeps what it confirms. */
export interface PostgresServer {
  /** Where clients find it, on this machine only. */
  readonly socket: string;
  /** A superuser's way to a database, past everything that is between Roster and the server. */
  url(database: string): string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Starts the server, again and again until it stays. Resolves when it answers. */
  start(): Promise<void>;
  /** SIGINT is a stop that waits for nobody (`-m fast`), SIGKILL takes the main process alone. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Starts a second server that follows this one. @param settings of the second one, beside its own */
  standby(settings?: readonly string[]): Promise<PostgresServer>;
  close(): Promise<void>;
}

interface Options {
  /** A folder for everything, where room is scarce; absent: one of its own. */
  readonly folder?: string;
  /** Lines of the configuration. */
  readonly settings?: readonly string[];
  readonly initdb?: readonly string[];
}

const SUPERUSER = 'roster';

/** Small files, so that many servers fit a machine, and nothing that makes a commit less durable. */
const SETTINGS = [
  ...['max_connections=100', 'shared_buffers=32MB', 'min_wal_size=32MB'],
  ...['wal_level=replica', 'max_wal_senders=4', 'hot_standby=on', 'log_min_messages=fatal'],
];

const START_LIMIT_MS = 60_000;

/** Where all programs are: what is on the PATH may be links to some of them. */
function programFolder(): string | undefined {
  const found = findPrograms();
  return found === undefined ? undefined : dirname(realpathSync(join(found, 'postgres')));
}

/** Whether a server of our own can be started here. */
export const canServePostgres = (): boolean => programFolder() !== undefined;

/** Makes and starts a server. @throws Error where its programs are not on the machine */
export async function createPostgres(options: Options = {}): Promise<PostgresServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'roster-fault-'));
  giveToServer(folder);
  await finished('initdb', folder, [
    ...initdbArguments(folder, SUPERUSER),
    '--no-sync',
    ...(options.initdb ?? []),
  ]);
  const server = serverIn(folder, [...SETTINGS, ...(options.settings ?? [])]);
  await server.start();
  return server;
}

function launch(program: string, folder: string, args: readonly string[]): ChildProcess {
  const programs = programFolder();
  if (programs === undefined) throw new Error('There is no PostgreSQL on this machine.');
  return spawn(join(programs, program), args, { cwd: folder, stdio: 'ignore', ...serverUser() });
}

async function finished(program: string, folder: string, args: readonly string[]): Promise<void> {
  const [code] = await once(launch(program, folder, args), 'exit');
  if (code !== 0) throw new Error(`${program} has failed with ${code}`);
}

function serverIn(folder: string, settings: readonly string[]): PostgresServer {
  const args = postgresArguments(folder, settings);
  let running: ChildProcess | undefined;
  const killAtExit = () => void running?.kill('SIGQUIT');
  process.on('exit', killAtExit);
  const url = (database: string): string => databaseUrlIn(folder, SUPERUSER, database);

  const server: PostgresServer = {
    socket: join(folder, '.s.PGSQL.5432'),
    url,
    query: (sql) => queried(url('postgres'), sql),
    async start() {
      const deadline = performance.now() + START_LIMIT_MS;
      for (;;) {
        // a server whose main process was killed is in the way until its other processes have noticed
        if (running === undefined || running.exitCode !== null || running.signalCode !== null)
          running = launch('postgres', folder, args);
        try {
          await server.query('SELECT 1');
          return;
        } catch (error) {
          if (performance.now() > deadline) throw error;
          await sleep(10);
        }
      }
    },
    async end(signal) {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      running.kill(signal);
      await ended;
    },
    async standby(ofItsOwn = []) {
      const other = mkdtempSync(join(tmpdir(), 'roster-fault-'));
      giveToServer(other);
      await finished('pg_basebackup', other, [
        ...['-D', join(other, 'data'), '-h', folder, '-U', SUPERUSER, '-R', '-X', 'stream', '-c', 'fast'],
        ...['--no-sync'],
      ]);
      const standby = serverIn(other, [...settings, ...ofItsOwn]);
      await standby.start();
      return standby;
    },
    async close() {
      await server.end('SIGKILL');
      process.off('exit', killAtExit);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  return server;
}

/** Runs one statement on a connection of its own. */
export async function queried(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // a server that goes away says so by an event, too
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
