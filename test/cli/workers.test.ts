import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, freePort, type Roster, type Serving } from './roster.ts';

const SECRET = 'a secret key of more than 32 characters';

// each test starts a dozen processes, which takes long on a busy machine
vi.setConfig({ testTimeout: 120_000 });

let roster: Roster;
let port: number;
beforeEach(async () => {
  roster = createRoster();
  port = await freePort();
});
afterEach(() => roster.close());

const url = (path: string) => `http://127.0.0.1:${port}${path}`;
const settings = (workers: number) => ({ ROSTER_PORT: String(port), ROSTER_WORKERS: String(workers) });

interface LogLine {
  readonly pid: number;
  readonly msg: string;
  readonly status?: number;
  readonly reason?: string;
}

/** Every line of the log; throws when one is not whole. */
const logOf = (server: Serving): LogLine[] =>
  server
    .stderr()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const listening = (server: Serving): number[] =>
  logOf(server)
    .filter(({ msg }) => msg.startsWith('Server listening'))
    .map(({ pid }) => pid);

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Starts the server and waits for all of its processes. */
async function start(workers: number, environment: Record<string, string> = {}) {
  const server = roster.start(['--json'], { ...settings(workers), ...environment });
  await server.until(/\n/);
  const { firstStart } = JSON.parse(server.stdout());
  await until(() => listening(server).length === workers);
  return { server, authorization: `Bearer ${firstStart?.token}` };
}

/** Clients that make one user after the other, each on a connection of its own, until they are told to stop. */
function writeUsers(authorization: string, clients: number) {
  const acknowledged: string[] = [];
  const refused: number[] = [];
  let goesOn = true;
  const all = Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let count = 0; goesOn; count++) {
        const body = JSON.stringify({
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: `user-${client}-${count}`,
          emails: [{ value: `${client}-${count}@example.com`, primary: true }],
        });
        const headers = { authorization, 'content-type': 'application/scim+json' };
        try {
          const answer = await fetch(url('/scim/v2/Users'), { method: 'POST', headers, body });
          const { id } = (await answer.json()) as { id: string };
          if (answer.status === 201) acknowledged.push(id);
          else refused.push(answer.status);
        } catch {
          // the connection was cut: the write may have been made
          await sleep(20);
        }
      }
    }),
  );
  return {
    acknowledged,
    refused,
    async stop() {
      goesOn = false;
      await all;
    },
  };
}

async function lost(ids: readonly string[], authorization: string): Promise<string[]> {
  const gone: string[] = [];
  for (const id of ids) {
    const { status } = await fetch(url(`/scim/v2/Users/${id}`), { headers: { authorization } });
    if (status !== 200) gone.push(id);
  }
  return gone;
}

const counted = (metrics: string): number =>
  Number(/_seconds_count\{method="GET",route="\/scim\/v2\/Users",status="200"\} (\d+)\n/.exec(metrics)?.[1]);

/** What several processes do on any database. */
function severalProcesses(environment: () => Record<string, string>): void {
  it('serve one port, print one document with the secrets once, and log whole lines', async () => {
    const { server, authorization } = await start(3, environment());
    const requests = 40;
    const send = () => fetch(url('/scim/v2/Users'), { headers: { authorization, connection: 'close' } });
    for (let answered = 0; answered < requests; ) {
      const { status } = await send();
      // connections to the database may be long in coming when the machine is busy
      expect([200, 503]).toContain(status);
      if (status === 200) answered++;
    }
    let metrics = '';
    // an answer may be here before it is counted
    await until(async () => {
      metrics = await (await fetch(url('/metrics'))).text();
      return counted(metrics) >= requests;
    });
    expect(counted(metrics)).toBe(requests);
    expect(metrics).toContain('\nroster_processes 3\n');
    expect(metrics).toContain('# TYPE roster_http_request_duration_seconds histogram\n');
    expect(metrics).toContain('# TYPE process_cpu_seconds_total counter\n');
    expect(await server.stop('SIGTERM')).toBe(0);
    const answered = logOf(server).filter(({ status }) => status === 200);
    expect(new Set(answered.map(({ pid }) => pid)).size).toBe(3);
    expect(JSON.parse(server.stdout()).firstStart.token).toMatch(/^roster_/);

    const second = await start(2, environment());
    expect(await second.server.stop('SIGINT')).toBe(0);
    expect(JSON.parse(second.server.stdout()).firstStart).toBeNull();
  });

  it('lose nothing that was acknowledged when one is killed, which gets a successor, nor at the end', async () => {
    const { server, authorization } = await start(2, environment());
    const load = writeUsers(authorization, 6);
    await until(() => load.acknowledged.length > 20);
    const [victim] = listening(server);
    process.kill(victim as number, 'SIGKILL');
    await until(() => listening(server).length === 3);
    const before = load.acknowledged.length;
    await until(() => load.acknowledged.length > before + 20);
    expect(load.refused.filter((status) => status !== 503)).toEqual([]);
    expect(await server.stop('SIGTERM')).toBe(0);
    await load.stop();
    expect(logOf(server).filter(({ msg }) => msg === 'a server process has ended')).toMatchObject([
      { ended: victim, reason: 'signal SIGKILL' },
    ]);

    const again = await start(1, environment());
    expect(await lost(load.acknowledged, authorization)).toEqual([]);
    expect(await again.server.stop('SIGTERM')).toBe(0);
  });
}

describe('several processes on SQLite', () => {
  severalProcesses(() => ({}));

  it('count wrong passwords together, so that guessing is no easier', async () => {
    const { server } = await start(2, { ROSTER_ADMIN_PASSWORD: 'chosen-by-me' });
    let tries = 0;
    for (let status = 401; status === 401; tries++) {
      const authorization = `Basic ${Buffer.from(`admin:wrong-${tries}`).toString('base64')}`;
      ({ status } = await fetch(url('/scim/v2/Me'), { headers: { authorization, connection: 'close' } }));
      // longer than they take to tell each other
      await sleep(300);
    }
    // 10 and the one that is refused; each for itself would let in 20
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(15);
    expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('end when the first one is killed', async () => {
    const { server } = await start(3);
    // its output is closed when nobody is left who could write into it
    expect(await server.stop('SIGKILL')).toBeNull();
    await expect(fetch(url('/healthz'))).rejects.toThrow();
  });

  it('try again and again to replace one, and say why they can’t', async () => {
    const keyFile = `${roster.dataDir}.key`;
    writeFileSync(keyFile, SECRET);
    const { server } = await start(2, { ROSTER_SECRET_KEY_FILE: keyFile });
    writeFileSync(keyFile, SECRET.toUpperCase());
    process.kill(listening(server)[0] as number, 'SIGKILL');
    const failures = () => logOf(server).filter(({ reason }) => reason?.startsWith('The secret key is not'));
    await until(() => failures().length > 1);
    expect((await fetch(url('/readyz'))).status).toBe(200);
    writeFileSync(keyFile, SECRET);
    await until(() => listening(server).length === 3);
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(server.stdout().split('\n')).toHaveLength(2);
  });

  it('say all of them that they are about to stop', async () => {
    const { server } = await start(2, { ROSTER_STOP_DELAY: '10' });
    const ask = (path: string) => fetch(url(path), { headers: { connection: 'close' } });
    const stopped = server.stop('SIGTERM');
    await until(async () => (await ask('/readyz')).status === 503);
    expect([(await ask('/readyz')).status, (await ask('/readyz')).status]).toEqual([503, 503]);
    expect([(await ask('/healthz')).status, (await ask('/healthz')).status]).toEqual([200, 200]);
    expect(await stopped).toBe(0);
  });

  it('say that their port is taken as one process does', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const refused = await roster.run([], settings(2));
    other.close();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^roster: Can't listen on port \d+ of 127\.0\.0\.1: [^\n]*\n$/);
  });

  it('end with the reason and the exit code of the first one when it can’t begin', async () => {
    await roster.runHere(['migrate'], { ROSTER_SECRET_KEY: SECRET });
    const other = { ...settings(2), ROSTER_SECRET_KEY: SECRET.toUpperCase() };
    const told = await roster.run(['serve'], other);
    expect(told).toMatchObject({ code: 1, stdout: '' });
    expect(told.stderr).toMatch(/^roster: The secret key is not the one [^\n]*\n$/);
    const { code, json, stderr } = await roster.run(['serve', '--json'], other);
    expect([code, stderr]).toEqual([1, '']);
    expect(json).toMatchObject({ error: { code: 'failed', message: expect.stringContaining('secret key') } });
  });

  it('speak HTTPS', async () => {
    const { server } = await start(2, { ROSTER_TLS: 'self-signed' });
    await expect(fetch(url('/healthz'))).rejects.toThrow();
    const refusal = await fetch(url('/healthz').replace('http', 'https')).catch(({ cause }) => cause.code);
    expect(refusal).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await server.stop('SIGTERM')).toBe(0);
  });
});

if (hasPostgres)
  describe('several processes on PostgreSQL', () => {
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    beforeEach(async () => {
      database = await temporaryDatabase();
    });
    afterEach(() => database.remove());

    severalProcesses(() => ({ ROSTER_DATABASE_URL: database.url, ROSTER_SECRET_KEY: SECRET }));
  });
