import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRoster, type Roster, type Run } from './roster.ts';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

const statusOf = ({ json }: Run, name: string): string | undefined =>
  json.checks.find((check: { name: string }) => check.name === name)?.status;

describe('roster migrate', () => {
  it('makes the tables once', async () => {
    const first = await roster.runHere(['migrate', '--json']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.json.applied.length).toBeGreaterThan(0);
    expect((await roster.runHere(['migrate', '--json'])).json).toEqual({ applied: [] });
    expect((await roster.runHere(['migrate'])).stdout).toBe('The tables are up to date.\n');
  });

  it('makes a data directory that only its owner may look into', async () => {
    await roster.runHere(['migrate']);
    expect(statSync(roster.dataDir).mode & 0o777).toBe(0o700);
    for (const file of ['roster.db', 'secret.key']) {
      expect(statSync(join(roster.dataDir, file)).mode & 0o777).toBe(0o600);
    }
  });
});

describe('roster doctor', () => {
  it('changes nothing before the first start', async () => {
    const { code, json } = await roster.runHere(['doctor', '--json']);
    expect({ code, ok: json.ok }).toEqual({ code: 0, ok: true });
    expect(() => statSync(roster.dataDir)).toThrow('ENOENT');
  });

  it('finds a fresh installation in order', async () => {
    await roster.runHere(['migrate']);
    const { code, json } = await roster.runHere(['doctor', '--json']);
    expect({ code, ok: json.ok }).toEqual({ code: 0, ok: true });
    expect(json.checks.map((check: { name: string }) => check.name)).toEqual([
      'node',
      'data directory',
      'disk space',
      'migrations',
      'secret key',
      'database',
      'contents',
    ]);
    expect((await roster.runHere(['doctor'])).stdout).toMatch(/^ok {7}node: Node \d+/);
  });

  it('warns of a directory and a key that others may read', async () => {
    await roster.runHere(['migrate']);
    chmodSync(roster.dataDir, 0o755);
    chmodSync(join(roster.dataDir, 'secret.key'), 0o644);
    const run = await roster.runHere(['doctor', '--json']);
    expect([run.code, statusOf(run, 'data directory'), statusOf(run, 'secret key')]).toEqual([
      0,
      'warning',
      'warning',
    ]);
  });

  it('finds another secret key, which no command then works with, until it is accepted', async () => {
    await roster.runHere(['migrate']);
    const other = { ROSTER_SECRET_KEY: 'another-key-of-more-than-32-characters' };
    const found = await roster.runHere(['doctor', '--json'], other);
    expect([found.code, found.json.ok, statusOf(found, 'secret key')]).toEqual([1, false, 'failed']);
    const refused = await roster.runHere(['tenant', 'list'], other);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^roster: The secret key is not the one[^\n]*\n$/);
    expect((await roster.runHere(['doctor', '--accept-key'], other)).code).toBe(0);
    expect((await roster.runHere(['tenant', 'list'], other)).code).toBe(0);
  });

  it('finds that the secret key is missing, and makes none', async () => {
    await roster.runHere(['migrate']);
    rmSync(join(roster.dataDir, 'secret.key'));
    const run = await roster.runHere(['doctor', '--json']);
    expect([run.code, statusOf(run, 'secret key')]).toEqual([1, 'failed']);
    expect(() => statSync(join(roster.dataDir, 'secret.key'))).toThrow('ENOENT');
  });

  it('finds rows that do not fit together', async () => {
    await roster.runHere(['tenant', 'create', 'acme.com', '--admin-password', 'secret']);
    const database = new Database(join(roster.dataDir, 'roster.db'));
    database.prepare("UPDATE resource_count SET total = 5 WHERE type = 'User'").run();
    database.close();
    const run = await roster.runHere(['doctor', '--json']);
    expect([run.code, statusOf(run, 'database'), statusOf(run, 'contents')]).toEqual([1, 'ok', 'failed']);
    expect(run.stdout).toContain('acme.com has a total that is not the number of resources: User');
  });

  it('finds a database that is none, and one that is damaged', async () => {
    await roster.runHere(['tenant', 'create', 'acme.com']);
    const file = join(roster.dataDir, 'roster.db');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 8192, 40_960);
    writeFileSync(file, bytes);
    const damaged = await roster.runHere(['doctor', '--json']);
    expect([damaged.code, damaged.json.ok]).toEqual([1, false]);
    writeFileSync(file, 'this is no database at all, whatever its name says'.repeat(100));
    const none = await roster.runHere(['doctor', '--json']);
    expect([none.code, statusOf(none, 'database')]).toEqual([1, 'failed']);
    const refused = await roster.runHere(['tenant', 'list']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^roster: [^\n]+\n$/);
  });
});
