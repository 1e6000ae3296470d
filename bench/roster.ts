import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, Store } from './database.ts';
import { endProcess, endWithBenchmark } from './lifetime.ts';
import type { LoadReport } from './load-users.ts';
import type { Pinning } from './machine.ts';
import { firstMessage, type RunningServer, spawnScript } from './server.ts';

/** A database with users that Rosters can serve. */
export type Installation = {
  database: Database;
  store: Store;
  users: number;
  /** How long the first load took. */
  loadSeconds: number;
  idsFile: string;
  /** Starts a Roster on it, as its users do. */
  serve(options?: ServeOptions): Promise<RunningServer & { idsFile: string }>;
};

type ServeOptions = {
  /** Commands to put before it; the core meant for servers when absent. */
  prefix?: readonly string[];
  environment?: Readonly<Record<string, string>>;
};

/** A running Roster with what it serves. */
export type Roster = RunningServer & Omit<Installation, 'serve'> & { installation: Installation };

const program = fileURLToPath(new URL('../bin/roster.js', import.meta.url));
const startLimit = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function waitUntilReady(url: string, ended: () => boolean): Promise<void> {
  const deadline = performance.now() + startLimit;
  while (performance.now() < deadline && !ended()) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`roster serve did not answer ${url}`);
}

/**
 * Fills an empty database with users, through the storage layer.
 *
 * @param users how many
 * @param say told about the progress
 * @throws Error when any of the steps fails
 */
export async function install(
  database: Database,
  users: number,
  pinning: Pinning,
  say: (text: string) => void,
): Promise<Installation> {
  const store = await database.createStore();
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ROSTER_'))),
    ...store.environment,
    ROSTER_SECRET_KEY: randomBytes(32).toString('base64url'),
    ROSTER_HOST: '127.0.0.1',
    ROSTER_RATE_LIMIT: 'off',
    ROSTER_LOG_LEVEL: 'warn',
    ROSTER_QUICKSTART: 'off',
    // what it costs has a measurement of its own
    ROSTER_REQUEST_LOG_DAYS: '0',
  };
  const created = execFileSync(
    process.execPath,
    [program, 'integration', 'create', 'bench', '--auth', 'bearer', '--no-require-primary-email', '--json'],
    { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { token } = JSON.parse(created) as { token: string };

  say(`${database.name}: loading ${users} users into Roster`);
  const idsFile = join(store.directory, 'bench-ids.txt');
  const loader = spawnScript('load-users.ts', pinning.server, [String(users), idsFile], environment);
  const { seconds, loaded } = await firstMessage<LoadReport>(loader, 'loading users');
  if (loaded !== users) throw new Error(`${loaded} of ${users} users were loaded`);
  await endProcess(loader);
  await store.settle();

  return {
    database,
    store,
    users,
    loadSeconds: seconds,
    idsFile,
    async serve({ prefix = pinning.server, environment: more = {} } = {}) {
      const ownPort = await freePort();
      const [command = process.execPath, ...rest] = [...prefix, process.execPath, program, 'serve'];
      const env = { ...environment, ROSTER_PORT: String(ownPort), ...more };
      // What the server prints at its start belongs on stderr here: stdout is for the result.
      const child = endWithBenchmark(spawn(command, rest, { env, stdio: ['ignore', 2, 2] }));
      await waitUntilReady(`http://127.0.0.1:${ownPort}/readyz`, () => child.exitCode !== null);
      return {
        name: 'roster',
        url: `http://127.0.0.1:${ownPort}/scim/v2`,
        headers: { authorization: `Bearer ${token}` },
        pid: child.pid as number,
        ...(database.pid !== undefined && { databasePid: database.pid }),
        users,
        idsFile,
        stop: () => endProcess(child),
      };
    },
  };
}

/** Fills a database and starts a Roster on it; when that stops, the database goes too. See `install`. */
export async function startRoster(...args: Parameters<typeof install>): Promise<Roster> {
  const installation = await install(...args);
  const { serve, ...rest } = installation;
  const server = await serve();
  return {
    ...server,
    ...rest,
    installation,
    async stop() {
      await server.stop();
      await installation.store.remove();
    },
  };
}
