import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSelfSigned } from '../../src/service/self-signed.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

let roster: Roster;
let port: number;
beforeEach(async () => {
  roster = createRoster();
  port = await freePort();
});
afterEach(() => roster.close());

const environment = (settings: Record<string, string>) => ({ ROSTER_PORT: String(port), ...settings });

/** A GET as a client makes it that trusts certificates `ca`; undefined: whatever the server shows, as `curl -k` does. */
function get(url: string, ca: string | undefined, headers = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
    const sent = request(url, { ...trust, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

/** A file beside the data directory. */
function file(name: string, text: string): string {
  const path = join(roster.dataDir, '..', name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

async function certificateFiles(now = Date.now()) {
  const { cert, key } = await makeSelfSigned(['localhost'], now);
  return {
    cert,
    settings: { ROSTER_TLS_CERT: file('cert.pem', cert), ROSTER_TLS_KEY: file('key.pem', key) },
  };
}

describe('roster serve with ROSTER_TLS=self-signed', () => {
  it('speaks HTTPS with a certificate that it keeps, and prints a curl line that trusts it', async () => {
    const first = roster.start([], environment({ ROSTER_TLS: 'self-signed' }));
    const [, line = ''] = await first.until(/Try it:\n\n {2}(curl .+)\n/);
    const certFile = join(roster.dataDir, 'tls-cert.pem');
    expect(first.stdout()).toContain(`Roster listens on https://127.0.0.1:${port} and`);
    expect(first.stdout()).toContain(`Its certificate is self-signed: ${certFile}\n`);
    expect(first.stdout()).toContain(`SCIM 2.0 base URL: https://127.0.0.1:${port}/scim/v2`);
    expect(statSync(join(roster.dataDir, 'tls-key.pem')).mode & 0o777).toBe(0o600);

    const ca = readFileSync(certFile, 'utf8');
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await get(`https://${host}:${port}/healthz`, ca)).toEqual({
        status: 200,
        text: '{"status":"ok"}',
      });
    }
    expect((await get(`https://localhost:${port}/healthz`, undefined)).status).toBe(200);
    const { cert: stranger } = await makeSelfSigned(['localhost'], Date.now());
    await expect(get(`https://localhost:${port}/healthz`, stranger)).rejects.toThrow(/certificate/);
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    const [admin] = JSON.parse(stdout).Resources;
    expect(admin.meta.location).toBe(`https://127.0.0.1:${port}/scim/v2/Users/${admin.id}`);
    expect(await first.stop('SIGTERM')).toBe(0);

    const second = roster.start([], environment({ ROSTER_TLS: 'self-signed' }));
    await second.until(/base URL/);
    expect((await get(`https://localhost:${port}/healthz`, ca)).status).toBe(200);
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  it('speaks TLS 1.2 and newer, and no plain HTTP', async () => {
    const server = roster.start([], environment({ ROSTER_TLS: 'self-signed' }));
    await server.until(/Try it/);
    const protocolOf = (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> =>
      new Promise((resolve, reject) => {
        const options = { minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
        const socket: TLSSocket = connect({ ...options, port, rejectUnauthorized: false }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.on('error', reject);
      });
    expect(await protocolOf('TLSv1.3')).toBe('TLSv1.3');
    expect(await protocolOf('TLSv1.2')).toBe('TLSv1.2');
    await expect(protocolOf('TLSv1.1')).rejects.toThrow(/version/);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    expect((await get(`https://localhost:${port}/healthz`, undefined)).status).toBe(200);
    expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('may listen beyond this machine', async () => {
    const beyond = { ROSTER_HOST: '0.0.0.0', ROSTER_BASE_URL: `https://scim.example.com:${port}` };
    const server = roster.start([], environment({ ...beyond, ROSTER_TLS: 'self-signed' }));
    await server.until(/Roster listens on https:\/\/0\.0\.0\.0:/);
    expect((await get(`https://127.0.0.1:${port}/readyz`, undefined)).status).toBe(200);
    expect(await server.stop('SIGTERM')).toBe(0);
  });
});

describe('roster serve with a certificate', () => {
  it('shows it to its clients', async () => {
    const { cert, settings } = await certificateFiles();
    const server = roster.start(['--json'], environment(settings));
    await server.until(/\n/);
    expect(JSON.parse(server.stdout())).toMatchObject({
      url: `https://127.0.0.1:${port}`,
      baseUrl: `https://127.0.0.1:${port}/scim/v2`,
    });
    expect((await get(`https://localhost:${port}/healthz`, cert)).status).toBe(200);
    expect(server.stderr()).not.toContain('expired');
    expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('that has expired starts all the same, and logs a warning', async () => {
    const { cert, settings } = await certificateFiles(Date.parse('2020-01-01'));
    const server = roster.start(['--json'], environment(settings));
    await server.until(/\n/);
    expect(server.stderr()).toMatch(/"level":40.*the certificate has expired/);
    await expect(get(`https://localhost:${port}/healthz`, cert)).rejects.toThrow(/expired/);
    expect(await server.stop('SIGTERM')).toBe(0);
  });

  it('that can’t be used ends with one line, and makes no secrets', async () => {
    const { settings } = await certificateFiles();
    const { key } = await makeSelfSigned(['localhost'], Date.now());
    for (const [wrong, message] of [
      [{ ROSTER_TLS_CERT: '/missing.pem' }, "The certificate can't be read from /missing.pem: ENOENT."],
      [{ ROSTER_TLS_KEY: file('other.pem', key) }, /^The key in \S+other\.pem is not that of the cert/],
    ] as const) {
      const refused = await roster.run([], environment({ ...settings, ...wrong }));
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      const [, line] = /^roster: ([^\n]+)\n$/.exec(refused.stderr) ?? [];
      expect(line).toMatch(message);
    }
    expect((await roster.runHere(['integration', 'list', '--json'])).json).toEqual([]);
  });
});

describe('roster doctor', () => {
  const certificateCheck = async (settings: Record<string, string>) => {
    const { code, json } = await roster.runHere(['doctor', '--json'], settings);
    return { code, ...json.checks.find(({ name }: { name: string }) => name === 'certificate') };
  };

  it('says nothing about certificates when there is none', async () => {
    expect((await certificateCheck({})).status).toBeUndefined();
  });

  it('knows a certificate of the server before and after it is made', async () => {
    const own = { ROSTER_TLS: 'self-signed' };
    expect(await certificateCheck(own)).toMatchObject({ code: 0, status: 'ok' });
    const server = roster.start([], environment(own));
    await server.until(/Try it/);
    await server.stop('SIGTERM');
    expect(await certificateCheck(own)).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/tls-cert\.pem, until \w{3} .+ GMT$/),
    });
    const { cert, key } = await makeSelfSigned(['localhost'], Date.parse('2020-01-01'));
    writeFileSync(join(roster.dataDir, 'tls-cert.pem'), cert);
    writeFileSync(join(roster.dataDir, 'tls-key.pem'), key);
    expect(await certificateCheck(own)).toMatchObject({
      code: 1,
      status: 'failed',
      detail: expect.stringMatching(/has expired: .+: the next start renews it$/),
    });
  });

  const daysAgo = (days: number): number => Date.now() - days * 86_400_000;

  it.each([
    ['good', daysAgo(0), 'ok'],
    ['about to expire', daysAgo(825 - 10), 'warning'],
    ['expired', daysAgo(900), 'failed'],
  ])('finds a certificate that is %s', async (_what, made, status) => {
    const { settings } = await certificateFiles(made);
    expect((await certificateCheck(settings)).status).toBe(status);
  });

  it('finds a key that others may read, and one that is missing', async () => {
    const { settings } = await certificateFiles();
    const { ROSTER_TLS_KEY: keyFile } = settings;
    chmodSync(keyFile, 0o640);
    expect((await certificateCheck(settings)).status).toBe('ok');
    chmodSync(keyFile, 0o644);
    expect(await certificateCheck(settings)).toMatchObject({ code: 0, status: 'warning' });
    const missing = { ...settings, ROSTER_TLS_KEY: '/missing.pem' };
    expect(await certificateCheck(missing)).toMatchObject({ code: 1, status: 'failed' });
  });
});
