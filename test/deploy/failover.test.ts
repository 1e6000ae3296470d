import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasHaproxy, PATH } from './balancer.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));

it('deploy/patroni/patroni.yaml confirms nothing that one server alone has', () => {
  const { bootstrap, postgresql } = parse(readFileSync(path('patroni/patroni.yaml'), 'utf8'));
  expect(bootstrap.dcs).toMatchObject({ synchronous_mode: true, synchronous_mode_strict: true });
  // passwords come from the environment, and nobody gets in without
  expect(JSON.stringify(postgresql)).not.toMatch(/password/);
  expect(postgresql.pg_hba.join('\n')).not.toMatch(/trust/);
});

if (hasHaproxy)
  it('deploy/haproxy/postgresql.cfg is a configuration that HAProxy takes', () => {
    const env = {
      PATH,
      POSTGRES_BIND: '127.0.0.1:5432',
      POSTGRES_1: '10.0.0.11',
      POSTGRES_2: '10.0.0.12',
      POSTGRES_3: '10.0.0.13',
    };
    const checked = spawnSync('haproxy', ['-c', '-f', path('haproxy/postgresql.cfg')], {
      env,
      encoding: 'utf8',
    });
    expect(checked.stderr).not.toMatch(/WARNING|ALERT/);
    expect(checked.status).toBe(0);
  });
