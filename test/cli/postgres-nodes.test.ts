import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

/** How long a change may take to count everywhere. */
const EVERYWHERE_MS = 5000;
const NODES = 3;
const SECRET = 'a secret key of more than 32 characters';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

if (hasPostgres)
  describe('three processes with ports of their own on one PostgreSQL', () => {
    let roster: Roster;
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    let ports: number[];

    const environment = () => ({ ROSTER_DATABASE_URL: database.url, ROSTER_SECRET_KEY: SECRET });
    const run = async (line: string) => {
      const { code, json, stderr } = await roster.runHere([...line.split(' '), '--json'], environment());
      expect([code, stderr], JSON.stringify(json)).toEqual([0, '']);
      return json;
    };

    beforeAll(async () => {
      roster = createRoster();
      database = await temporaryDatabase();
      ports = await Promise.all(Array.from({ length: NODES }, freePort));
      const servers = ports.map((port) =>
        roster.start(['--quickstart', 'off'], {
          ...environment(),
          ROSTER_PORT: String(port),
          ROSTER_BASE_URL: 'http://roster.test',
        }),
      );
      await Promise.all(servers.map((server) => server.until(/base URL/)));
    });
    afterAll(async () => {
      await roster.close();
      await database.remove();
    });

    async function send(
      node: number,
      authorization: string,
      method: string,
      path: string,
      body?: object,
    ): Promise<Answer> {
      const answer = await fetch(`http://127.0.0.1:${ports[node]}/scim/v2${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/scim+json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
    }

    /** The status of a GET at each process. */
    const everywhere = async (authorization: string, path = '/Users?count=1'): Promise<number[]> =>
      (await Promise.all(ports.map((_, node) => send(node, authorization, 'GET', path)))).map(
        ({ status }) => status,
      );

    /** Asks all processes, time and again as clients do, until they answer so; the time is of the first change. */
    async function expectEverywhere(status: number, authorization: string, path?: string): Promise<void> {
      const deadline = performance.now() + EVERYWHERE_MS;
      let statuses = await everywhere(authorization, path);
      while (statuses.some((each) => each !== status) && performance.now() < deadline) {
        // those that refuse already count it as guessing
        await sleep(100);
        statuses = await everywhere(authorization, path);
      }
      expect(statuses).toEqual(ports.map(() => status));
    }

    async function connect(tenant: string): Promise<{ authorization: string; integration: string }> {
      await run(`tenant create ${tenant}`);
      const { id, token } = await run(`integration create ${tenant} --tenant ${tenant}`);
      const authorization = `Bearer ${token}`;
      // they have all seen it, and remember it as well as they do
      for (let times = 0; times < 2; times++)
        expect(await everywhere(authorization)).toEqual(ports.map(() => 200));
      return { authorization, integration: id };
    }

    const newUser = async (node: number, authorization: string, attributes: object): Promise<string> => {
      const emails = [{ value: 'a@example.com', primary: true }];
      const { status, json } = await send(node, authorization, 'POST', '/Users', {
        schemas: [USER],
        emails,
        ...attributes,
      });
      expect(status, JSON.stringify(json)).toBe(201);
      return json.id;
    };

    it('refuse a revoked credential, the credentials of a deleted integration and of a deactivated tenant', async () => {
      const { authorization, integration } = await connect('one.example');
      const second = await run(`credential add ${integration} --tenant one.example`);
      const other = `Bearer ${second.token}`;
      expect(await everywhere(other)).toEqual(ports.map(() => 200));
      const credentials = await run(`credential list ${integration} --tenant one.example`);
      const first = credentials.find(({ suffix }: { suffix: string }) => authorization.endsWith(suffix));
      await run(`credential revoke ${first.id} --tenant one.example`);
      await expectEverywhere(401, authorization);
      expect(await everywhere(other)).toEqual(ports.map(() => 200));
      await run('tenant deactivate one.example');
      await expectEverywhere(401, other);
      await run('tenant activate one.example');
      await expectEverywhere(200, other);
      await run(`integration delete ${integration} --tenant one.example`);
      await expectEverywhere(401, other);
    });

    it('let users in by the password that they have now, whichever process changed it', async () => {
      const { authorization } = await connect('two.example');
      const userName = 'ann@two.example';
      const id = await newUser(0, authorization, { userName, password: 'the first password' });
      const as = (password: string) => `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
      for (let times = 0; times < 2; times++)
        expect(await everywhere(as('the first password'), '/Me')).toEqual(ports.map(() => 200));
      const Operations = [{ op: 'replace', path: 'password', value: 'the second password' }];
      const changed = await send(1, authorization, 'PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
      expect(changed.status).toBe(200);
      await expectEverywhere(401, as('the first password'), '/Me');
      await expectEverywhere(200, as('the second password'), '/Me');
      const off = [{ op: 'replace', path: 'active', value: false }];
      await send(2, authorization, 'PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: off });
      await expectEverywhere(401, as('the second password'), '/Me');
    });

    it('know what a tenant has defined from then on, and no more when it is gone', async () => {
      const { authorization } = await connect('three.example');
      await expectEverywhere(404, authorization, '/Devices');
      const schema = {
        id: 'urn:example:Device',
        name: 'Device',
        description: 'A device',
        attributes: [{ name: 'serial', type: 'string', required: true }],
      };
      const type = { name: 'Device', endpoint: '/Devices', schema: 'urn:example:Device' };
      for (const [command, definition] of [
        ['schema', schema],
        ['resource-type', type],
      ] as const) {
        const file = join(roster.dataDir, '..', 'definition.json');
        writeFileSync(file, JSON.stringify(definition));
        await run(`${command} add ${file} --tenant three.example`);
      }
      await expectEverywhere(200, authorization, '/Devices');
      await run('resource-type remove Device --tenant three.example');
      await expectEverywhere(404, authorization, '/Devices');
    });

    it('go on with a list that another one has begun', async () => {
      const { authorization } = await connect('four.example');
      for (let count = 0; count < 7; count++)
        await newUser(count % NODES, authorization, { userName: `user-${count}` });
      const found: string[] = [];
      let cursor = '';
      for (let page = 0; page === 0 || cursor !== ''; page++) {
        const path = `/Users?sortBy=userName&count=2&cursor=${encodeURIComponent(cursor)}`;
        const { status, json } = await send(page % NODES, authorization, 'GET', path);
        expect(status).toBe(200);
        found.push(...json.Resources.map(({ userName }: { userName: string }) => userName));
        cursor = json.nextCursor ?? '';
      }
      expect(found).toEqual(Array.from({ length: 7 }, (_, count) => `user-${count}`));
    });
  });
