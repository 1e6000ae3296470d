import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Location } from './database.ts';
import { endProcess, endWithBenchmark } from './lifetime.ts';
import type { Pinning } from './machine.ts';

/** A server that can be measured: Roster or one of its peers. */
export type Server = { name: string; start(): Promise<RunningServer> };

export type RunningServer = {
  name: string;
  /** What the paths of requests are appended to. */
  url: string;
  headers: Readonly<Record<string, string>>;
  pid: number;
  /** The process of a database server that works for it. */
  databasePid?: number;
  /** How many users it holds: users 0 to `users - 1`. */
  users: number;
  /** A file of the ids it serves, when they are not the ones derived from the index. */
  idsFile?: string;
  stop(): Promise<void>;
};

const startLimit = 1_800_000;

/** Starts Node on a script of this directory, behind `prefix` commands, with an IPC channel; it ends with the benchmark. */
export function spawnScript(
  script: string,
  prefix: readonly string[],
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, '--no-warnings', path, ...args];
  return endWithBenchmark(spawn(command, rest, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

/** Resolves with the first message of a child process; throws an Error when it ends or stays silent for half an hour. */
export function firstMessage<T>(child: ChildProcess, what: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: no sign of life`)), startLimit);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as T);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${what} ended with ${code ?? signal}`));
    });
  });
}

/** What a peer's script is told on its command line, as JSON. */
export type PeerOptions = {
  users: number;
  token: string;
  /** Where it may keep what it needs. */
  store: Location;
  /** Where Roster keeps the same users. */
  roster: Location;
  /** The answer that the bare server gives. */
  answer: { headers: Record<string, string>; body: string };
};

const peerPaths = {
  'bare-http': '',
  'point-read': '',
  'pg-point-read': '',
  'group-commit': '',
  'pg-insert': '',
  scimmy: '/scim',
} as const;

export type PeerName = keyof typeof peerPaths;

/**
 * Describes one of the reference servers in peers/, which report their port once they are ready to answer.
 *
 * @param databasePid the database server, for those that use it
 */
export function peerServer(
  name: PeerName,
  pinning: Pinning,
  databasePid: number | undefined,
  options: PeerOptions,
): Server {
  return {
    name,
    async start() {
      const child = spawnScript(`peers/${name}.ts`, pinning.server, [JSON.stringify(options)]);
      const { port } = await firstMessage<{ port: number }>(child, name);
      return {
        name,
        url: `http://127.0.0.1:${port}${peerPaths[name]}`,
        headers: { authorization: `Bearer ${options.token}` },
        pid: child.pid as number,
        ...(databasePid !== undefined && { databasePid }),
        users: options.users,
        stop: () => endProcess(child),
      };
    },
  };
}
