import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deleteDirectory, endProcess, endWithBenchmark, temporaryDirectory } from './lifetime.ts';
import type { LoadReport } from './load-users.ts';
import type { Pinning } from './machine.ts';
import { firstMessage, type RunningServer, spawnScript } from './server.ts';

/** A running Roster, with how long its first load took. */
export type Roster = RunningServer & {
  loadSeconds: number;
  dataDirectory: string;
  idsFile: string;
};

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
 * Starts Roster as its users do, on an empty data directory into which users are first loaded through the storage layer.
 *
 * @param users how many users to load
 * @param say told about the progress
 * @throws Error when any of the steps fails
 */
export async function startRoster(
  users: number,
  pinning: Pinning,
  say: (text: string) => void,
): Promise<Roster> {
  const dataDirectory = temporaryDirectory('roster');
  const port = await freePort();
  const environment = {
    ...process.env,
    ROSTER_DATA_DIR: dataDirectory,
    ROSTER_HOST: '127.0.0.1',
    ROSTER_PORT: String(port),
    ROSTER_RATE_LIMIT: 'off',
    ROSTER_LOG_LEVEL: 'warn',
    ROSTER_QUICKSTART: 'off',
  };
  const created = execFileSync(
    process.execPath,
    [program, 'integration', 'create', 'bench', '--auth', 'bearer', '--no-require-primary-email', '--json'],
    { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { token } = JSON.parse(created) as { token: string };

  say(`loading ${users} users into Roster`);
  const idsFile = join(dataDirectory, 'bench-ids.txt');
  const loader = spawnScript('load-users.ts', pinning.server, [dataDirectory, String(users), idsFile]);
  const { seconds, loaded } = await firstMessage<LoadReport>(loader, 'loading users');
  if (loaded !== users) throw new Error(`${loaded} of ${users} users were loaded`);
  await endProcess(loader);

  const [command = process.execPath, ...rest] = [...pinning.server, process.execPath, program, 'serve'];
  // What the server prints at its start belongs on stderr here: stdout is for the result.
  const child = endWithBenchmark(spawn(command, rest, { env: environment, stdio: ['ignore', 2, 2] }));
  await waitUntilReady(`http://127.0.0.1:${port}/readyz`, () => child.exitCode !== null);
  return {
    name: 'roster',
    url: `http://127.0.0.1:${port}/scim/v2`,
    headers: { authorization: `Bearer ${token}` },
    pid: child.pid as number,
    users,
    loadSeconds: seconds,
    dataDirectory,
    idsFile,
    async stop() {
      await endProcess(child);
      deleteDirectory(dataDirectory);
    },
  };
}
