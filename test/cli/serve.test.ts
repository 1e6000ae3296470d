import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRoster, freePort, type Roster } from './roster.ts';

let roster: Roster;
let port: number;
beforeEach(async () => {
  roster = createRoster();
  port = await freePort();
});
afterEach(() => roster.close());

const baseUrl = () => `http://127.0.0.1:${port}/scim/v2`;
const environment = () => ({ ROSTER_PORT: String(port) });

const usersWith = (authorization: string) => fetch(`${baseUrl()}/Users`, { headers: { authorization } });

describe('roster serve', () => {
  it('prints the secrets at the first start only, with a curl line that works when pasted', async () => {
    const first = roster.start([], environment());
    const [, line = ''] = await first.until(/Try it:\n\n {2}(curl .+)\n/);
    const password = /^Password: +(\S+)$/m.exec(first.stdout())?.[1] ?? '';
    const token = /^Bearer token: +(\S+)$/m.exec(first.stdout())?.[1] ?? '';
    expect(password).toMatch(/^[\w-]{24}$/);
    expect(line).toContain(token);
    expect(first.stdout()).toContain(`SCIM 2.0 base URL: ${baseUrl()}`);
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ totalResults: 1, Resources: [{ userName: 'admin' }] });
    expect(await first.stop('SIGTERM')).toBe(0);

    const second = roster.start(['serve'], environment());
    await second.until(/Roster listens on .+\n.*base URL: .+\n/);
    expect((await usersWith(`Bearer ${token}`)).status).toBe(200);
    expect(await second.stop('SIGINT')).toBe(0);
    expect(second.stdout()).not.toContain(token);
    expect(second.stdout()).not.toContain(password);
    expect(second.stderr()).toBe('');
  });

  it('writes no secret to its log', async () => {
    const server = roster.start(['--json', '--log-level', 'trace'], environment());
    await server.until(/\n/);
    const { adminPassword, token } = JSON.parse(server.stdout()).firstStart;
    const basic = Buffer.from(`admin:${adminPassword}`).toString('base64');
    const { status } = await usersWith(`Bearer ${token}`);
    const refused = await usersWith(`Basic ${basic}`);
    await usersWith(`Bearer ${token}x`);
    expect([status, refused.status]).toEqual([200, 403]);
    expect(await server.stop('SIGTERM')).toBe(0);
    const log = server.stderr();
    expect(log.split('\n').filter((each) => each.includes('"request"')).length).toBeGreaterThanOrEqual(3);
    for (const secret of [adminPassword, token, token.slice(33, 76), basic])
      expect(log).not.toContain(secret);
  });

  it('prints one JSON document with --json, and logs to stderr', async () => {
    const server = roster.start(['serve', '--json', '--port', String(port), '--admin-password', 'chosen']);
    await server.until(/\n/);
    await usersWith('Bearer wrong');
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(JSON.parse(server.stdout())).toEqual({
      url: `http://127.0.0.1:${port}`,
      baseUrl: baseUrl(),
      scim1BaseUrl: baseUrl().replace('/scim/v2', '/wso2/scim'),
      dataDir: roster.dataDir,
      database: null,
      setupUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/console\/setup#[\w-]{43}$/),
      firstStart: {
        userName: 'admin',
        adminPassword: null,
        integration: 'quickstart',
        token: expect.stringMatching(/^roster_/),
      },
    });
    expect(server.stderr()).toContain('"status":401');
  });

  it('makes neither user nor integration with ROSTER_QUICKSTART=off, and logs nothing at level warn', async () => {
    const { json } = await roster.run(['integration', 'create', 'bench', '--json'], environment());
    const server = roster.start([], { ...environment(), ROSTER_QUICKSTART: 'off', ROSTER_LOG_LEVEL: 'warn' });
    await server.until(/base URL: .+\n/);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    const answer = await usersWith(`Bearer ${json.token}`);
    expect(await answer.json()).toMatchObject({ totalResults: 0 });
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(server.stdout()).toMatch(
      /^Roster listens .+\nSCIM 2.+\nSCIM 1.+\n\nSet up the console .+\n\n {2}http\S+\n\n$/,
    );
    const { json: integrations } = await roster.run(['integration', 'list', '--json']);
    expect(integrations.map(({ name }: { name: string }) => name)).toEqual(['bench']);
  });

  it('prints a link for the first owner at every start, until there is an operator', async () => {
    const codes: string[] = [];
    const ask = (path: string, body: object) =>
      fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
        ...{ method: 'POST', body: JSON.stringify(body) },
        headers: { 'content-type': 'application/json', 'x-roster-request': '1' },
      });
    const owner = { email: 'jo@example.com', name: 'Jo', password: 'violet otter harbour 42' };
    for (const isLast of [false, true]) {
      const server = roster.start(['--log-level', 'trace'], environment());
      const [, code = ''] = await server.until(/^ {2}http:\S+\/console\/setup#([\w-]{43})\n/m);
      codes.push(code);
      if (isLast) {
        expect((await ask('/setup', { code, ...owner })).status).toBe(201);
        expect((await ask('/setup', { code: codes[0], ...owner })).status).toBe(410);
        expect((await ask('/session', owner)).status).toBe(200);
      }
      await server.stop('SIGTERM');
      expect(server.stdout().split(code)).toHaveLength(2);
      expect(server.stdout()).not.toContain(owner.password);
    }
    expect(new Set(codes).size).toBe(2);
    const third = roster.start([], environment());
    await third.until(/base URL: .+\n.+\n/);
    await third.stop('SIGTERM');
    expect(third.stdout()).not.toContain('/console/');
  });

  it('obeys the commands of another process at once', async () => {
    const server = roster.start(['--quickstart', 'off'], environment());
    await server.until(/base URL/);
    const { json: integration } = await roster.run([
      'integration',
      'create',
      'x',
      '--auth',
      'basic',
      '--json',
    ]);
    const { username, password } = integration;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    expect((await usersWith(authorization)).status).toBe(200);
    const { json: credentials } = await roster.run(['credential', 'list', 'x', '--json']);
    await roster.run(['credential', 'revoke', credentials[0].id]);
    expect((await usersWith(authorization)).status).toBe(401);
    expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('says that its port is taken, and makes no secrets then', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const refused = await roster.run([], environment());
    other.close();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^roster: Can't listen on port \d+ of 127\.0\.0\.1: something else[^\n]*\n$/,
    );
    expect((await roster.run(['integration', 'list', '--json'])).json).toEqual([]);
  });

  it('says that it is not ready for a while before it stops, and answers all the same', async () => {
    const server = roster.start(['--stop-delay', '3', '--quickstart', 'off'], environment());
    await server.until(/base URL/);
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect((await ask('/readyz')).status).toBe(200);
    const stopped = server.stop('SIGTERM');
    let ready = await ask('/readyz');
    while (ready.status === 200) ready = await ask('/readyz');
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
    const answer = await ask('/scim/v2/Schemas');
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    expect((await ask('/healthz')).status).toBe(200);
    expect(await stopped).toBe(0);
  });

  it('refuses plain HTTP beyond this machine', async () => {
    const refused = await roster.run(
      ['--host', '0.0.0.0', '--base-url', 'https://scim.example.com'],
      environment(),
    );
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^roster: ROSTER_HOST: 0\.0\.0\.0 can be reached[^\n]*ROSTER_TRUST_PROXY[^\n]*\n$/,
    );
  });
});
