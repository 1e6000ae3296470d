import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, requireSafeListener } from '../../src/config.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(checkout, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const servers = services.filter(([name]) => name.startsWith('roster-'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-compose-'));
  copyFileSync(join(checkout, 'deploy/make-secrets'), join(folder, 'make-secrets'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const makeSecrets = (): string => execFileSync(join(folder, 'make-secrets'), { encoding: 'utf8' });

const canMakeSecrets = spawnSync('openssl', ['version']).status === 0;
if (!canMakeSecrets) console.warn('No openssl is found: the tests of deploy/make-secrets are left out.');

describe('deploy/compose.yaml', () => {
  it('has three servers, a balancer, a database with a standby, and a migration before the servers', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['balancer', 'db', 'db-standby', 'migrate', 'roster-1', 'roster-2', 'roster-3'].sort(),
    );
    for (const [name, service] of services) {
      expect([name, service.image ?? service.build]).not.toContain(undefined);
      expect([name, service.restart]).not.toContain(undefined);
      if (name !== 'migrate' && name !== 'balancer')
        expect([name, service.healthcheck?.test[0]]).toEqual([name, 'CMD']);
    }
    for (const [, server] of servers) {
      expect(server.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
      expect(server.healthcheck?.test.at(-1)).toContain('/readyz');
    }
  });

  it('names nothing that is not there', () => {
    for (const [, { secrets = [], volumes = [], depends_on = {} }] of services) {
      for (const secret of secrets) expect(compose.secrets).toHaveProperty([secret]);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.'))
          expect([source, existsSync(join(checkout, 'deploy', source))]).toContain(true);
        else expect(compose.volumes).toHaveProperty([source]);
      }
      for (const other of Object.keys(depends_on)) expect(compose.services).toHaveProperty([other]);
    }
    const used = [...read('deploy/haproxy/haproxy.cfg').matchAll(/"\$\{(\w+)\}"/g)].map(([, name]) => name);
    expect(Object.keys(compose.services.balancer?.environment ?? {}).sort()).toEqual(
      [...new Set(used)].sort(),
    );
    // the image of PostgreSQL runs a script that may be executed, and reads one that may not into its own shell
    expect(statSync(join(checkout, 'deploy/postgres/init-primary.sh')).mode & 0o111).toBe(0o111);
  });

  it('holds no secret', () => {
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|KEY|URL_FILE|CERT/.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
  });
});

if (canMakeSecrets)
  describe('deploy/make-secrets', () => {
    it('makes the secrets of compose.yaml that are not there yet', () => {
      const made = makeSecrets();
      const files = Object.values(compose.secrets).map(({ file }) => file.replace('secrets/', ''));
      expect(readdirSync(join(folder, 'secrets')).sort()).toEqual(files.sort());
      for (const file of files) expect(made).toContain(`made deploy/secrets/${file}\n`);
      expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
      const contents = () => files.map((file) => readFileSync(join(folder, 'secrets', file), 'utf8'));
      const before = contents();
      expect([makeSecrets(), contents()]).toEqual(['', before]);
      expect(before[files.indexOf('tls.pem')]).toMatch(/BEGIN CERTIFICATE[\s\S]+BEGIN PRIVATE KEY/);
    });

    it('gives the servers settings that they take', () => {
      makeSecrets();
      for (const [, { environment = {}, stop_grace_period: grace = '' }] of servers) {
        const settings = Object.entries({
          ...environment,
          ROSTER_BASE_URL: 'https://scim.example.com',
          ROSTER_LOG_LEVEL: 'info',
        }).map(([name, value]) => [name, value.replace('/run/secrets', join(folder, 'secrets'))]);
        const config = loadConfig(Object.fromEntries(settings));
        requireSafeListener(config);
        expect(config).toMatchObject({ port: 8080, quickstart: false });
        expect(config.databaseUrl).toMatch(/^postgres:\/\/roster:[0-9a-f]{64}@db:5432\/roster$/);
        expect(Number.parseInt(grace, 10)).toBeGreaterThan(config.stopDelay + 10);
        const { networks } = compose.services.balancer as Service;
        const { ipv4_address } = (networks as Record<string, { ipv4_address: string }>).edge ?? {};
        expect(config.trustProxy).toEqual([ipv4_address]);
      }
    });
  });

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('takes the Node that the tests run on', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${devDependencies.node}-slim\n`);
  });

  it('copies what is there and what .dockerignore lets through', () => {
    const ignored = read('.dockerignore').split('\n');
    const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    // what lets a folder through lets through what is in it
    const roots = copied.map((file) => file.replace(/\/.*/, ''));
    expect(new Set(roots)).toEqual(new Set(allowed));
    for (const file of copied) expect([file, existsSync(join(checkout, file))]).toContain(true);
  });

  it('runs as a user who is not root, and checks itself', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    const [, check = ''] = /^HEALTHCHECK [^\n]*\n {2}CMD (.+)$/m.exec(dockerfile) ?? [];
    expect(JSON.parse(check)).toEqual(['node', '-e', expect.stringContaining('/healthz')]);
  });
});
