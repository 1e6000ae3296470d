import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

const program = fileURLToPath(new URL('../../bin/roster.js', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout holds when it is one JSON document, and nothing else. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

/** The `roster` program on a data directory of its own. */
export interface Roster {
  readonly dataDir: string;
  /** @param input what it reads from stdin */
  run(args: readonly string[], environment?: Record<string, string>, input?: string): Promise<Run>;
  /** The same in this process, which is faster. Only for one at a time, and not for `serve`. */
  runHere(args: readonly string[], environment?: Record<string, string>): Promise<Run>;
  start(args: readonly string[], environment?: Record<string, string>): Serving;
  close(): Promise<void>;
}

/** A server that is running. */
export interface Serving {
  readonly pid: number;
  /** Waits until stdout has a text that fits. @throws Error when the process ends before */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal and waits for the end. @returns the exit code */
  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
}

export function createRoster(): Roster {
  const parent = mkdtempSync(join(tmpdir(), 'roster-test-'));
  const dataDir = join(parent, 'data');
  const children = new Set<ChildProcessWithoutNullStreams>();

  function environmentOf(settings: Record<string, string>): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ROSTER_'));
    return { ...Object.fromEntries(inherited), ROSTER_DATA_DIR: dataDir, ...settings };
  }

  function launch(args: readonly string[], environment: Record<string, string>, input = '') {
    const env = environmentOf(environment);
    const child = spawn(process.execPath, [program, ...args], { env, cwd: parent });
    children.add(child);
    const ended = once(child, 'close').then(([code]) => {
      children.delete(child);
      return code as number | null;
    });
    // a program that reads none of it ends before
    child.stdin.on('error', () => {}).end(input);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    }
    return { child, ended, texts };
  }

  return {
    dataDir,

    async run(args, environment = {}, input = '') {
      const { ended, texts } = launch(args, environment, input);
      const code = await ended;
      return { code, ...texts, json: jsonOf(texts.stdout) };
    },

    runHere: (args, environment = {}) => runHere(args, environmentOf(environment)),

    start(args, environment = {}) {
      const { child, ended, texts } = launch(args, environment);
      return {
        pid: child.pid as number,
        stdout: () => texts.stdout,
        stderr: () => texts.stderr,
        async until(pattern) {
          for (;;) {
            const found = pattern.exec(texts.stdout);
            if (found !== null) return found;
            const more = once(child.stdout, 'data').then(() => true);
            if (!(await Promise.race([more, ended.then(() => false)]))) {
              throw new Error(`the server has ended: ${texts.stdout}${texts.stderr}`);
            }
          }
        },
        stop(signal) {
          child.kill(signal);
          return ended;
        },
      };
    },

    async close() {
      await Promise.all(
        [...children].map(async (child) => {
          child.kill('SIGKILL');
          await once(child, 'close');
        }),
      );
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

async function runHere(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Run> {
  const { env, exitCode } = process;
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += text;
      return true;
    }),
  );
  process.env = environment;
  process.exitCode = undefined;
  try {
    await main(args);
    return { code: Number(process.exitCode ?? 0), ...texts, json: jsonOf(texts.stdout) };
  } finally {
    process.env = env;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
