import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import {
  databaseUrlIn,
  findPrograms,
  giveToServer,
  initdbArguments,
  postgresArguments,
  serverUser,
} from '../test/support/postgres-programs.ts';
import type { Database } from './database.ts';
import { deleteDirectory, endProcess, endWithBenchmark, temporaryDirectory } from './lifetime.ts';
import { moveProcess } from './machine.ts';

/** How the temporary server differs from one just installed: all of it is durable. */
const settings = ['shared_buffers=1GB', 'max_wal_size=4GB', 'max_connections=100'];
/** What is told of any server. */
const shown = ['server_version', 'shared_buffers', 'fsync', 'synchronous_commit', 'full_page_writes'];

const startLimit = 60_000;
const superuser = 'postgres';
const role = 'roster';

/** Tells whether there is a PostgreSQL to measure: one that is named, or the programs of one. */
export const hasPostgres = (): boolean => givenUrl() !== undefined || findPrograms() !== undefined;

const givenUrl = (): string | undefined => process.env.ROSTER_BENCH_POSTGRES_URL || undefined;

/**
 * Starts a temporary PostgreSQL server, or takes the one that ROSTER_BENCH_POSTGRES_URL names by a role that may make databases.
 *
 * @param prefix commands to put before the server, so that it runs on the cores meant for it
 * @throws Error when it can't be started or reached
 */
export async function openPostgres(prefix: readonly string[]): Promise<Database> {
  const given = givenUrl();
  const server = given === undefined ? await startServer(prefix) : undefined;
  const adminUrl = server?.url ?? (given as string);
  const url = server === undefined ? adminUrl : withRole(adminUrl, role);
  const description = await onServer(adminUrl, describe);
  let stores = 0;
  return {
    name: 'postgres',
    description,
    pid: server?.child.pid,
    async createStore() {
      stores += 1;
      const directory = temporaryDirectory('postgres-store');
      const name = `roster_bench_${process.pid}_${stores}`;
      const owner = server === undefined ? '' : ` OWNER ${role}`;
      await onServer(adminUrl, (client) =>
        client.query(`CREATE DATABASE ${name} TEMPLATE template0${owner}`),
      );
      const own = { url: withDatabase(url, name), adminUrl: withDatabase(adminUrl, name) };
      return {
        ...own,
        directory,
        environment: { ROSTER_DATABASE_URL: own.url, ROSTER_DATA_DIR: directory },
        // autovacuum does so within minutes; the checkpoint that a load leaves behind comes then too
        settle: () =>
          onServer(own.adminUrl, async (client) => {
            await client.query('VACUUM (ANALYZE)');
            if (server !== undefined) await client.query('CHECKPOINT');
          }),
        async remove() {
          await onServer(adminUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
          deleteDirectory(directory);
        },
      };
    },
    async runOn(cores) {
      if (server?.child.pid !== undefined) moveProcess(server.child.pid, cores);
    },
    async stop() {
      if (server === undefined) return;
      await endProcess(server.child);
      deleteDirectory(server.folder);
    },
  };
}

type Server = { child: ChildProcess; folder: string; url: string };

async function startServer(prefix: readonly string[]): Promise<Server> {
  const programs = findPrograms();
  if (programs === undefined) throw new Error('no PostgreSQL: neither initdb nor ROSTER_BENCH_POSTGRES_URL');
  const folder = temporaryDirectory('postgres');
  giveToServer(folder);
  const options = { cwd: folder, ...serverUser() };
  execFileSync(join(programs, 'initdb'), initdbArguments(folder, superuser), { ...options, stdio: 'ignore' });
  const args = [join(programs, 'postgres'), ...postgresArguments(folder, settings)];
  const [command = '', ...rest] = [...prefix, ...args];
  // SIGINT is its fast shutdown: the other one waits for its clients
  const child = endWithBenchmark(spawn(command, rest, { ...options, stdio: 'ignore' }), 'SIGINT');
  const url = databaseUrlIn(folder, superuser, 'postgres');
  await waitUntilReady(url, () => child.exitCode !== null);
  // a plain role: a superuser would be exempt from row-level security
  await onServer(url, (client) => client.query(`CREATE ROLE ${role} LOGIN`));
  return { child, folder, url };
}

async function waitUntilReady(url: string, ended: () => boolean): Promise<void> {
  const deadline = performance.now() + startLimit;
  for (;;) {
    try {
      await onServer(url, async () => {});
      return;
    } catch (error) {
      if (ended() || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function describe(client: Client): Promise<string> {
  const values: string[] = [];
  for (const name of shown) {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
    values.push(`${name}=${rows[0]?.value}`);
  }
  return `PostgreSQL, ${values.join(', ')}`;
}

function withRole(url: string, name: string): string {
  const changed = new URL(url);
  changed.username = name;
  return changed.href;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
