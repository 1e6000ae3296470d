import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { giveToServer, isProgram, serverUser } from './postgres-programs.ts';

const START_LIMIT_MS = 30_000;

/** A PgBouncer that gives each transaction another connection of the server. */
export interface PgBouncer {
  /** The database by way of the pooler. */
  through(databaseUrl: string): string;
  close(): Promise<void>;
}

/** The program, or undefined where it is not on this machine. @throws Error when it has to be */
export function findPgBouncer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const program = folders.map((folder) => join(folder, 'pgbouncer')).find(isProgram);
  if (program !== undefined) return program;
  const line = 'No pgbouncer is found';
  if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('postgres'))
    throw new Error(`${line}, but ROSTER_TEST_REQUIRE asks for PostgreSQL and what its tests need.`);
  console.warn(`${line}: its tests are left out.`);
  return undefined;
}

/**
 * Starts a pooler with `pool_mode = transaction`.
 *
 * @param serverUrl of any database of the server, with the user whose databases they are
 * @param connections that it makes to each database
 */
export async function startPgBouncer(
  program: string,
  serverUrl: string,
  connections: number,
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-pgbouncer-'));
  giveToServer(folder);
  const { hostname, port, username, password, searchParams } = new URL(serverUrl);
  const host = searchParams.get('host') ?? hostname;
  writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`);
  writeFileSync(
    join(folder, 'config'),
    `[databases]
* = host=${host} port=${port || 5432} user=${username} password=${password}
[pgbouncer]
listen_addr =
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${folder}/users
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 200
`,
  );
  const child = spawn(program, ['-q', join(folder, 'config')], {
    cwd: folder,
    stdio: 'ignore',
    ...serverUser(),
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.on('exit', killAtExit);
  const through = (databaseUrl: string): string => {
    const { pathname } = new URL(databaseUrl);
    return `postgres://${username}:${password}@localhost:6432${pathname}?host=${encodeURIComponent(folder)}`;
  };
  await waitFor(child, through(serverUrl));
  return {
    through,
    async close() {
      process.off('exit', killAtExit);
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitFor(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const client = new Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
