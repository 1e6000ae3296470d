import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeSelfSigned } from '../../src/service/self-signed.ts';
import { freePort } from '../cli/roster.ts';

const CONFIGURATION = fileURLToPath(new URL('../../deploy/haproxy/haproxy.cfg', import.meta.url));

// Debian keeps it where only root looks
export const PATH = [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter);

const isThere = spawnSync('haproxy', ['-v'], { env: { PATH } }).status === 0;
if (!isThere) {
  const line = 'No HAProxy is found';
  if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('haproxy'))
    throw new Error(`${line}, but ROSTER_TEST_REQUIRE asks for it.`);
  console.warn(`${line}: its tests are left out.`);
}

export const hasHaproxy = isThere;

export interface BalancerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

/** HAProxy with the configuration of `deploy/`, and a client of it. */
export interface Balancer {
  readonly url: string;
  /** @returns undefined when the connection ended without an answer. Never sends anything twice. */
  send(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<BalancerAnswer | undefined>;
  /** What it says of the processes: `UP`, `DOWN` and others. */
  serverStates(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param ports of 127.0.0.1, on which the three processes listen */
export async function startBalancer(
  port: number,
  ports: readonly [number, number, number],
): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-haproxy-'));
  const { cert, key } = await makeSelfSigned(['localhost'], Date.now());
  const certFile = join(folder, 'tls.pem');
  writeFileSync(certFile, cert + key, { mode: 0o600 });
  const statsSocket = join(folder, 'stats.sock');
  const [first, second, third] = ports.map((each) => `127.0.0.1:${each}`);
  const child: ChildProcess = spawn('haproxy', ['-db', '-f', CONFIGURATION], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH,
      BALANCER_BIND: `127.0.0.1:${port}`,
      BALANCER_CERT: certFile,
      BALANCER_STATS: statsSocket,
      BALANCER_TO_1: first,
      BALANCER_TO_2: second,
      BALANCER_TO_3: third,
    },
  });
  let messages = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    messages += part;
  });
  const agent = new Agent({ keepAlive: true, ca: cert, servername: 'localhost' });
  const balancer: Balancer = {
    url: `https://localhost:${port}`,
    send: (method, path, body, headers = {}) =>
      new Promise((resolve) => {
        const sentText = body === undefined ? undefined : JSON.stringify(body);
        const type = sentText === undefined ? {} : { 'content-type': 'application/scim+json' };
        const options = { host: '127.0.0.1', port, method, path, agent, headers: { ...type, ...headers } };
        const sent = request(options, (answer) => {
          let received = '';
          answer.setEncoding('utf8').on('data', (part: string) => {
            received += part;
          });
          answer.on('error', () => resolve(undefined));
          answer.on('end', () => {
            const { statusCode: status = 0, headers: fields } = answer;
            resolve({ status, headers: fields, text: received, json: jsonOf(received) });
          });
        });
        sent.on('error', () => resolve(undefined)).end(sentText);
      }),
    async serverStates() {
      const socket = connect(statsSocket);
      socket.end('show stat\n');
      const rows = (await text(socket)).split('\n').map((line) => line.split(','));
      const column = rows[0]?.indexOf('status') ?? -1;
      return rows.filter(([, name]) => name?.startsWith('roster-')).map((row) => row[column] ?? '');
    },
    async close() {
      agent.destroy();
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  while ((await balancer.send('GET', '/healthz')) === undefined) {
    if (child.exitCode !== null) throw new Error(`HAProxy has ended: ${messages}`);
    await sleep(50);
  }
  return balancer;
}

/** A port for the balancer and three for the processes behind it. */
export async function freePorts(): Promise<readonly [number, number, number, number]> {
  const ports = new Set<number>();
  while (ports.size < 4) ports.add(await freePort());
  return [...ports] as [number, number, number, number];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
