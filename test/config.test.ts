import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, requireSafeListener, SETTINGS } from '../src/config.ts';
import { settingsDocument } from './settings-document.ts';

function problemsOf(
  environment: Record<string, string>,
  flags: Record<string, string> = {},
): readonly string[] {
  try {
    requireSafeListener(loadConfig(environment, flags));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('all have defaults', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      workers: 1,
      baseUrl: 'http://127.0.0.1:8080',
      dataDir: resolve('data'),
      secretKey: undefined,
      secretKeyFile: undefined,
      adminPassword: undefined,
      quickstart: true,
      rateLimit: 1000,
      requestLogDays: 7,
      requestLogBodies: true,
      metricsToEveryone: false,
      logLevel: 'info',
      trustProxy: false,
      tls: undefined,
      stopDelay: 0,
      auditDays: 400,
      given: {},
    });
  });

  it.each([
    ['ROSTER_HOST', '::1', { host: '::1', baseUrl: 'http://[::1]:8080' }],
    ['ROSTER_HOST', 'localhost', { host: 'localhost', baseUrl: 'http://localhost:8080' }],
    ['ROSTER_PORT', '1', { port: 1, baseUrl: 'http://127.0.0.1:1' }],
    ['ROSTER_PORT', '65535', { port: 65_535 }],
    ['ROSTER_WORKERS', '1', { workers: 1 }],
    ['ROSTER_WORKERS', '64', { workers: 64 }],
    ['ROSTER_BASE_URL', 'https://Scim.example.com', { baseUrl: 'https://scim.example.com' }],
    ['ROSTER_BASE_URL', 'https://example.com/roster//', { baseUrl: 'https://example.com/roster' }],
    ['ROSTER_DATA_DIR', '/var/lib/roster', { dataDir: resolve('/var/lib/roster') }],
    ['ROSTER_SECRET_KEY', 'x'.repeat(32), { secretKey: 'x'.repeat(32) }],
    ['ROSTER_SECRET_KEY_FILE', '/run/secrets/key', { secretKeyFile: '/run/secrets/key' }],
    ['ROSTER_ADMIN_PASSWORD', 'admin', { adminPassword: 'admin' }],
    ['ROSTER_QUICKSTART', 'off', { quickstart: false }],
    ['ROSTER_QUICKSTART', 'ON', { quickstart: true }],
    ['ROSTER_QUICKSTART', '0', { quickstart: false }],
    ['ROSTER_RATE_LIMIT', 'off', { rateLimit: undefined }],
    ['ROSTER_METRICS', 'on', { metricsToEveryone: true }],
    ['ROSTER_RATE_LIMIT', '500', { rateLimit: 500 }],
    ['ROSTER_REQUEST_LOG_DAYS', '0', { requestLogDays: 0 }],
    ['ROSTER_REQUEST_LOG_DAYS', '90', { requestLogDays: 90 }],
    ['ROSTER_REQUEST_LOG_BODIES', 'off', { requestLogBodies: false }],
    ['ROSTER_LOG_LEVEL', 'warn', { logLevel: 'warn' }],
    ['ROSTER_TRUST_PROXY', 'on', { trustProxy: true }],
    ['ROSTER_STOP_DELAY', '60', { stopDelay: 60 }],
    ['ROSTER_AUDIT_DAYS', '1', { auditDays: 1 }],
    ['ROSTER_TRUST_PROXY', 'off', { trustProxy: false }],
    [
      'ROSTER_TRUST_PROXY',
      '10.0.0.1, 10.1.0.0/16,::1/128',
      { trustProxy: ['10.0.0.1', '10.1.0.0/16', '::1/128'] },
    ],
    ['ROSTER_TLS', 'self-signed', { tls: 'self-signed', baseUrl: 'https://127.0.0.1:8080' }],
  ])('%s may be %s', (name, value, expected) => {
    expect(loadConfig({ [name]: value })).toMatchObject(expected);
  });

  it.each([
    ['ROSTER_HOST', 'a b'],
    ['ROSTER_HOST', 'http://a'],
    ['ROSTER_PORT', '0'],
    ['ROSTER_PORT', '65536'],
    ['ROSTER_PORT', '80a'],
    ['ROSTER_PORT', '-1'],
    ['ROSTER_WORKERS', '0'],
    ['ROSTER_WORKERS', '65'],
    ['ROSTER_WORKERS', '1.5'],
    ['ROSTER_WORKERS', 'all'],
    ['ROSTER_BASE_URL', 'scim.example.com'],
    ['ROSTER_BASE_URL', 'ftp://scim.example.com'],
    ['ROSTER_BASE_URL', 'https://a.example/?x=1'],
    ['ROSTER_QUICKSTART', 'maybe'],
    ['ROSTER_QUICKSTART', 'constructor'],
    ['ROSTER_RATE_LIMIT', '0'],
    ['ROSTER_METRICS', 'everybody'],
    ['ROSTER_RATE_LIMIT', '1.5'],
    ['ROSTER_RATE_LIMIT', 'none'],
    ['ROSTER_LOG_LEVEL', 'loud'],
    ['ROSTER_TRUST_PROXY', 'yes'],
    ['ROSTER_TRUST_PROXY', '10.0.0.1/33'],
    ['ROSTER_TRUST_PROXY', '10.0.0.1,'],
    ['ROSTER_TLS', 'on'],
    ['ROSTER_TLS', 'SELF-SIGNED'],
    ['ROSTER_STOP_DELAY', '61'],
    ['ROSTER_STOP_DELAY', '1s'],
    ['ROSTER_AUDIT_DAYS', '0'],
    ['ROSTER_AUDIT_DAYS', '100000'],
  ])('%s can’t be %s', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(problem).toMatch(new RegExp(`^${name}: .+ \\(it is `));
    expect(problem).toContain(JSON.stringify(value));
    expect(others).toEqual([]);
  });

  it.each([
    ['ROSTER_SECRET_KEY', 'too-short-but-secret'],
    ['ROSTER_ADMIN_PASSWORD', 'a secret'],
    ['ROSTER_DATABASE_URL', 'mysql://user:secret@db/roster'],
    ['ROSTER_DATABASE_URL', 'postgres://user:secret@db'],
    ['ROSTER_DATABASE_URL', 'user:secret@db/roster'],
  ])('a wrong %s is named, but not shown', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(problem).toMatch(new RegExp(`^${name}: `));
    expect(problem).not.toContain('secret@');
    expect(problem).not.toContain(value);
    expect(others).toEqual([]);
  });

  it('of PostgreSQL need a secret key that all processes can have', () => {
    const database = { ROSTER_DATABASE_URL: 'postgresql://user:secret@db:5433/roster?sslmode=verify-full' };
    const [problem, ...others] = problemsOf(database);
    expect(problem).toMatch(/^ROSTER_SECRET_KEY is missing: .*ROSTER_SECRET_KEY_FILE/);
    expect(others).toEqual([]);
    const { databaseUrl } = loadConfig({ ...database, ROSTER_SECRET_KEY_FILE: 'x' });
    expect(databaseUrl).toBe(database.ROSTER_DATABASE_URL);
  });

  it('may read the URL of the database from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-config-'));
    const file = join(folder, 'url');
    const settings = { ROSTER_DATABASE_URL_FILE: file, ROSTER_SECRET_KEY_FILE: 'x' };
    expect(problemsOf(settings)).toEqual([`ROSTER_DATABASE_URL_FILE: ${file} can't be read: ENOENT.`]);
    writeFileSync(file, 'postgres://user:secret@db');
    const [problem] = problemsOf(settings);
    expect(problem).toMatch(/^ROSTER_DATABASE_URL_FILE: in .+url, give postgres:/);
    expect(problem).not.toContain('secret@');
    writeFileSync(file, 'postgres://user:secret@db/roster\n');
    expect(loadConfig(settings).databaseUrl).toBe('postgres://user:secret@db/roster');
    expect(problemsOf({ ...settings, ROSTER_DATABASE_URL: 'postgres://db/roster' })[0]).toMatch(/both set/);
    expect(problemsOf({ ROSTER_DATABASE_URL_FILE: file })[0]).toMatch(/^ROSTER_SECRET_KEY is missing/);
    rmSync(folder, { recursive: true });
  });

  it('name an OpenID provider, whose secret may be in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-config-'));
    const file = join(folder, 'secret');
    const issuer = 'https://login.example.com/t';
    const settings = { ROSTER_OIDC_ISSUER: issuer, ROSTER_OIDC_CLIENT_ID: 'roster' };
    expect(loadConfig(settings).oidc).toEqual({ issuer, clientId: 'roster', clientSecret: undefined });
    const withFile = { ...settings, ROSTER_OIDC_CLIENT_SECRET_FILE: file };
    expect(problemsOf(withFile)[0]).toMatch(/can't be read: ENOENT/);
    writeFileSync(file, ' \n');
    expect(problemsOf(withFile)[0]).toMatch(/holds nothing/);
    writeFileSync(file, 's3cret\n');
    expect(loadConfig(withFile).oidc?.clientSecret).toBe('s3cret');
    expect(problemsOf({ ...withFile, ROSTER_OIDC_CLIENT_SECRET: 'x' })[0]).toMatch(/both set/);
    expect(problemsOf({ ROSTER_OIDC_ISSUER: issuer })[0]).toMatch(/^ROSTER_OIDC_CLIENT_ID is missing/);
    expect(problemsOf({ ROSTER_OIDC_CLIENT_ID: 'x' })[0]).toMatch(/^ROSTER_OIDC_ISSUER is missing/);
    for (const wrong of [
      'http://login.example.com',
      'login.example.com',
      'https://a.b/?x',
      'https://u:p@a.b',
    ])
      expect(problemsOf({ ...settings, ROSTER_OIDC_ISSUER: wrong })[0]).toMatch(
        /^ROSTER_OIDC_ISSUER: give an/,
      );
    for (const right of ['http://localhost:8081', 'http://127.0.0.1:8081/x', 'http://[::1]:1'])
      expect(problemsOf({ ...settings, ROSTER_OIDC_ISSUER: right })).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('that do not exist are refused, with the one that was probably meant', () => {
    expect(
      problemsOf({ ROSTER_PROT: '1', ROSTER_DATA_DIRECTORY: 'x', ROSTER_: 'x', ROSTER_HOSTT: 'x' }),
    ).toEqual([
      'ROSTER_PROT is not a setting. Did you mean ROSTER_PORT?',
      'ROSTER_DATA_DIRECTORY is not a setting.',
      'ROSTER_ is not a setting.',
      'ROSTER_HOSTT is not a setting. Did you mean ROSTER_HOST?',
    ]);
  });

  it('are told about all at once', () => {
    const problems = problemsOf({ ROSTER_PROT: '1', ROSTER_PORT: 'x', ROSTER_QUICKSTART: 'x' });
    expect(problems).toHaveLength(3);
  });

  it('can’t be empty', () => {
    for (const { name } of SETTINGS) {
      expect(problemsOf({ [name]: '' })).toEqual([`${name} is empty: give a value, or leave it out.`]);
    }
  });

  it('of other programs and of the test suite are left alone', () => {
    expect(problemsOf({ PORT: 'x', ROSTERX: 'x', ROSTER_TEST_REQUIRE: 'postgres' })).toEqual([]);
  });

  it('on the command line count more than those of the environment, and are named as they were given', () => {
    expect(loadConfig({ ROSTER_PORT: '1' }, { ROSTER_PORT: '2' }).port).toBe(2);
    expect(problemsOf({ ROSTER_PORT: '1' }, { ROSTER_PORT: 'x' })[0]).toMatch(/^--port: /);
  });

  it('can’t give two secret keys', () => {
    const both = { ROSTER_SECRET_KEY: 'x'.repeat(32), ROSTER_SECRET_KEY_FILE: '/run/secrets/key' };
    expect(problemsOf(both)[0]).toMatch(/both set/);
  });

  const files = { ROSTER_TLS_CERT: 'cert.pem', ROSTER_TLS_KEY: '/etc/tls/key.pem' };

  it('name a certificate and its key together', () => {
    const config = loadConfig({ ...files, ROSTER_HOST: 'localhost', ROSTER_PORT: '9443' });
    expect(config.tls).toEqual({ certFile: resolve('cert.pem'), keyFile: '/etc/tls/key.pem' });
    expect(config.baseUrl).toBe('https://localhost:9443');
    expect(problemsOf({ ROSTER_TLS_CERT: 'cert.pem' })).toEqual([
      'ROSTER_TLS_KEY is missing: give the private key of ROSTER_TLS_CERT.',
    ]);
    expect(problemsOf({ ROSTER_TLS_KEY: 'key.pem' })).toEqual([
      'ROSTER_TLS_CERT is missing: give the certificate of ROSTER_TLS_KEY.',
    ]);
    for (const given of [files, { ROSTER_TLS_KEY: 'key.pem' }]) {
      expect(problemsOf({ ...given, ROSTER_TLS: 'self-signed' })[0]).toMatch(/^ROSTER_TLS=self-signed and/);
    }
  });

  it('with a certificate and a base URL of plain HTTP contradict each other', () => {
    const url = { ROSTER_BASE_URL: 'http://scim.example.com' };
    expect(problemsOf({ ...url, ...files })[0]).toMatch(/^ROSTER_BASE_URL begins with http,/);
    expect(problemsOf({ ...url, ROSTER_TLS: 'self-signed' })).toHaveLength(1);
    expect(problemsOf(url)).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'scim.example.com'])(
    'plain HTTP on %s needs a base URL and a proxy that ends TLS, or a certificate',
    (host) => {
      const url = { ROSTER_BASE_URL: 'https://scim.example.com' };
      expect(problemsOf({ ROSTER_HOST: host })[0]).toMatch(/^ROSTER_BASE_URL is missing/);
      expect(problemsOf({ ROSTER_HOST: host, ...url })[0]).toMatch(
        /^ROSTER_HOST: .*ROSTER_TLS_CERT.*ROSTER_TRUST_PROXY/,
      );
      expect(problemsOf({ ROSTER_HOST: host, ...url, ROSTER_TRUST_PROXY: 'off' })).toHaveLength(1);
      expect(problemsOf({ ROSTER_HOST: host, ...url, ROSTER_TRUST_PROXY: '10.0.0.1' })).toEqual([]);
      expect(problemsOf({ ROSTER_HOST: host, ...url, ...files })).toEqual([]);
      expect(problemsOf({ ROSTER_HOST: host, ...url, ROSTER_TLS: 'self-signed' })).toEqual([]);
    },
  );

  it.each(['127.0.0.1', '127.5.5.5', '::1', 'localhost', 'LOCALHOST'])('%s is only this machine', (host) => {
    expect(problemsOf({ ROSTER_HOST: host })).toEqual([]);
  });

  it('are all in the reference', async () => {
    await expect(settingsDocument()).toMatchFileSnapshot('../docs/reference/settings.md');
  });
});
