import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoster, type Roster, type Serving } from '../cli/roster.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { type Balancer, type BalancerAnswer, freePorts, hasHaproxy, startBalancer } from './balancer.ts';

const CLIENTS = 4;

const userOf = (userName: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  emails: [{ value: `${userName}@example.com`, primary: true }],
});

/** What became of a request, and when. */
interface Noted {
  readonly method: string;
  readonly status: number | undefined;
  readonly began: number;
  readonly ended: number;
}

if (hasHaproxy && hasPostgres)
  describe('three processes on PostgreSQL behind deploy/haproxy/haproxy.cfg', { timeout: 120_000 }, () => {
    let roster: Roster;
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    let balancer: Balancer;
    let ports: readonly [number, number, number];
    let authorization: string;
    let servers: Serving[];

    const start = (port: number): Serving =>
      roster.start(['serve', '--json'], {
        ROSTER_DATABASE_URL: database.url,
        ROSTER_SECRET_KEY: 'a secret key of more than 32 characters',
        ROSTER_BASE_URL: balancer.url,
        ROSTER_PORT: String(port),
        // each process counts for itself
        ROSTER_RATE_LIMIT: '100000',
        ROSTER_TRUST_PROXY: '127.0.0.1',
        ROSTER_STOP_DELAY: '4',
      });

    beforeAll(async () => {
      roster = createRoster();
      database = await temporaryDatabase();
      const [port, ...others] = await freePorts();
      ports = others;
      balancer = await startBalancer(port, ports);
      servers = ports.map(start);
      await Promise.all(servers.map((server) => server.until(/\n/)));
      const [made] = servers.map((server) => JSON.parse(server.stdout()).firstStart).filter(Boolean);
      authorization = `Bearer ${made.token}`;
      await untilUp(3);
    }, 120_000);
    afterAll(async () => {
      await balancer.close();
      await roster.close();
      await database.remove();
    });

    const send = (method: string, path: string, body?: object, headers = {}) =>
      balancer.send(method, `/scim/v2${path}`, body, { authorization, ...headers });

    /** How many processes the balancer sends requests to. */
    async function upNow(): Promise<number> {
      const answers = (status: string) => status.startsWith('UP');
      return (await balancer.serverStates()).filter(answers).length;
    }

    async function untilUp(count: number): Promise<void> {
      while ((await upNow()) !== count) await sleep(50);
    }

    it('fail no request while one is stopped, and none but those it had while one is killed', async () => {
      const noted: Noted[] = [];
      const created = new Set<string>();
      let isOver = false;
      async function tried(method: string, path: string, body?: object): Promise<BalancerAnswer | undefined> {
        const began = performance.now();
        const answer = await send(method, path, body);
        noted.push({ method, status: answer?.status, began, ended: performance.now() });
        return answer;
      }
      const client = async () => {
        while (!isOver) {
          const made = await tried('POST', '/Users', userOf(randomUUID()));
          if (made?.status !== 201) continue;
          created.add(made.json.id);
          await tried('GET', `/Users/${made.json.id}`);
          await tried('GET', '/Users?cursor&count=2&attributes=id');
          // processes start meanwhile, on the same processors
          await sleep(10);
        }
      };
      const clients = Array.from({ length: CLIENTS }, client);
      await sleep(500);

      const [first, second] = servers as [Serving, Serving];
      let hasEnded = false;
      const stopped = first.stop('SIGTERM').finally(() => {
        hasEnded = true;
      });
      await untilUp(2);
      expect(hasEnded).toBe(false);
      expect(await stopped).toBe(0);
      servers[0] = start(ports[0]);
      await servers[0].until(/\n/);
      await untilUp(3);
      const failedOfStop = noted.filter(({ status }) => status !== 200 && status !== 201);

      const killed = performance.now();
      await second.stop('SIGKILL');
      const gone = performance.now();
      await untilUp(2);
      await sleep(500);
      isOver = true;
      await Promise.all(clients);

      expect(failedOfStop).toEqual([]);
      const failed = noted.filter(({ status }) => status !== 200 && status !== 201);
      expect(failed.filter(({ began, ended }) => began > gone || ended < killed)).toEqual([]);
      // one request for each client, at most
      expect(failed.length).toBeLessThanOrEqual(CLIENTS);
      expect(failed.filter(({ status }) => status !== undefined && status !== 502)).toEqual([]);

      servers[1] = start(ports[1]);
      await servers[1].until(/\n/);
      await untilUp(3);
      const listed: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const page = await send('GET', `/Users?cursor=${cursor}&count=20&attributes=id`);
        expect(page?.status).toBe(200);
        const { Resources, nextCursor } = page?.json ?? {};
        listed.push(...Resources.map(({ id }: { id: string }) => id));
        cursor = nextCursor;
      }
      expect(new Set(listed).size).toBe(listed.length);
      expect([...created].filter((id) => !listed.includes(id))).toEqual([]);
      expect(created.size).toBeGreaterThan(CLIENTS);
    });

    it('get what clients send, but for what these say of themselves', async () => {
      const made = await send('POST', '/Users', userOf('ann'), { 'x-forwarded-host': 'evil.example.com' });
      expect(made?.headers.location).toBe(`${balancer.url}/scim/v2/Users/${made?.json.id}`);
      const filter = encodeURIComponent(`userName eq "${'é'.repeat(8_000)}"`);
      const found = await send('GET', `/Users?filter=${filter}`);
      expect([found?.status, found?.json.totalResults]).toEqual([200, 0]);
      expect((await balancer.send('GET', '/metrics'))?.status).toBe(404);

      const [last, ...others] = servers as [Serving, ...Serving[]];
      await Promise.all(others.map((server) => server.stop('SIGKILL')));
      await untilUp(1);
      // strangers are counted by their address, not by one that they choose
      const statuses = new Set<number | undefined>();
      for (let round = 0; round < 40 && !statuses.has(429); round++) {
        const strangers = Array.from({ length: 50 }, (_, index) =>
          balancer.send('GET', '/scim/v2/Users', undefined, { 'x-forwarded-for': `10.0.${round}.${index}` }),
        );
        for (const answer of await Promise.all(strangers)) statuses.add(answer?.status);
      }
      expect(statuses).toEqual(new Set([401, 429]));
      await last.stop('SIGKILL');
      await untilUp(0);
      const none = await send('GET', '/Users');
      expect([none?.status, none?.headers['retry-after'], none?.json.status]).toEqual([503, '2', '503']);
    });
  });
