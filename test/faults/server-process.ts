import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRoster, freePort, type Roster, type Serving } from '../cli/roster.ts';
import type { Outcome } from './experiment.ts';
import { type DatabaseName, type Place, sharedPlace } from './place.ts';
import { readStore, type StoreContents } from './store-check.ts';

export interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly retryAfter: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

/** A server that runs as users start it, and a client of it. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** The secret that it is asked with. */
  readonly token: string;
  /** From the start of the process until it listened. */
  readonly readyMs: number;
  /** @returns undefined when the connection ended without an answer. Never sends anything twice. */
  send(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer | undefined>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  readonly log: () => string;
}

/** A database on which servers start, one after the other or side by side. */
export interface Installation {
  readonly roster: Roster;
  /** What the check of the store reads: a file of SQLite, or the URL of a PostgreSQL database. */
  readonly source: string;
  /** What commands are told beside their arguments. */
  readonly settings: Readonly<Record<string, string>>;
  /** @param token of an integration; undefined: that of the first start */
  start(environment?: Record<string, string>, token?: string): Promise<ServerProcess>;
  /** Reads the store past the servers. */
  read(): Promise<StoreContents>;
  close(): Promise<void>;
}

/** @param on a database of this kind is made and removed with the installation; or where it is */
export async function createInstallation(
  on: DatabaseName | Place,
  extra: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const place = on === 'postgres' ? await sharedPlace() : on === 'sqlite' ? undefined : on;
  const settings = { ...place?.settings, ...extra };
  const roster = createRoster();
  const source = place?.source ?? join(settings.ROSTER_DATA_DIR ?? roster.dataDir, 'roster.db');
  let token: string | undefined;
  return {
    roster,
    source,
    settings,
    read: () => readStore(source),
    async start(environment = {}, given = token) {
      const port = await freePort();
      const started = performance.now();
      const serving = roster.start(['serve', '--json', '--port', String(port)], {
        ROSTER_RATE_LIMIT: 'off',
        ROSTER_LOG_LEVEL: 'error',
        ...settings,
        ...environment,
      });
      await serving.until(/\n/);
      const readyMs = performance.now() - started;
      const { url, firstStart } = JSON.parse(serving.stdout());
      // a start that fails prints a document, too
      if (url === undefined) throw new Error(serving.stdout());
      token = given ?? firstStart?.token;
      return clientOf(serving, port, String(token), readyMs);
    },
    async close() {
      await roster.close();
      await place?.remove();
    },
  };
}

function clientOf(serving: Serving, port: number, token: string, readyMs: number): ServerProcess {
  const authorization = `Bearer ${token}`;
  // idle connections are given up before the server does so, which would look like a request without an answer
  const agent = new Agent({ keepAlive: true, timeout: 2000 });
  return {
    pid: serving.pid,
    port,
    token,
    readyMs,
    log: serving.stderr,
    send(method, path, body, headers = {}) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const type = text === undefined ? {} : { 'content-type': 'application/scim+json' };
      return new Promise((resolve) => {
        const options = { port, host: '127.0.0.1', method, path: `/scim/v2${path}`, agent };
        const sent = request({ ...options, headers: { authorization, ...type, ...headers } }, (answer) => {
          let received = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            received += chunk;
          });
          answer.on('error', () => resolve(undefined));
          answer.on('end', () => {
            const { etag, 'retry-after': retryAfter } = answer.headers;
            const json = received === '' ? undefined : JSON.parse(received);
            resolve({ status: answer.statusCode ?? 0, etag, retryAfter, json });
          });
        });
        sent.on('error', () => resolve(undefined));
        sent.end(text);
      });
    },
    async end(signal) {
      const code = await serving.stop(signal);
      agent.destroy();
      return code;
    },
  };
}

/** How long a client waits before it sends again what was refused. */
export const ASK_AGAIN_MS = 20;

/** Sends a request that may be sent twice until it is not answered with 503. */
export async function insist(
  outcome: Outcome,
  server: ServerProcess,
  ...request: Parameters<ServerProcess['send']>
): Promise<Answer | undefined> {
  for (;;) {
    const answer = await server.send(...request);
    if (answer?.status !== 503 || answer.retryAfter === undefined) return answer;
    outcome.refused += 1;
    await sleep(ASK_AGAIN_MS);
  }
}

/** Notes an answer that is none of those that a request may get. @returns whether the write was acknowledged */
export function isAcknowledged(
  outcome: Outcome,
  answer: Answer | undefined,
  what: string,
  excused: readonly number[] = [],
): answer is Answer {
  if (answer === undefined || excused.includes(answer.status)) return false;
  if (answer.status >= 200 && answer.status < 300) {
    outcome.acknowledged += 1;
    return true;
  }
  outcome.badAnswers.push(`${what}: ${answer.status} ${answer.json?.detail}`);
  return false;
}
