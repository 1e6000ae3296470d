import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, requireSafeListener } from '../../src/config.ts';

const path = (name: string): URL => new URL(`../../deploy/systemd/${name}`, import.meta.url);
const read = (name: string): string => readFileSync(path(name), 'utf8');

const unit = read('roster.service');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-systemd-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings of an environment file. */
const settingsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^(?:Environment=)?(ROSTER_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );

describe('deploy/systemd', () => {
  it('sets what Roster knows, on SQLite and on PostgreSQL', () => {
    writeFileSync(join(folder, 'database-url'), 'postgres://roster:secret@127.0.0.1/roster\n');
    const [ofUnit, ofPostgres] = [unit, read('postgresql.conf')].map((text) =>
      settingsOf(text.replaceAll('%S', '/var/lib').replaceAll('%d', folder)),
    );
    const example = read('roster.env.example');
    // what is commented out is right, too
    for (const text of [example, example.replace(/^ROSTER_TRUST.*$/m, '').replace(/^#(?=ROSTER_)/gm, '')]) {
      const config = loadConfig({ ...ofUnit, ...ofPostgres, ...settingsOf(text) });
      requireSafeListener(config);
      expect(config).toMatchObject({ dataDir: '/var/lib/roster', quickstart: false });
      expect(config.databaseUrl).toMatch(/^postgres:/);
      const [, limit] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
      // the longest delay that Roster takes, and the 10 s in which requests may end
      expect(Number(limit)).toBeGreaterThan(60 + 10);
    }
    expect(loadConfig({ ...ofUnit, ...settingsOf(example) }).databaseUrl).toBeUndefined();
  });

  // %d, the directory of credentials, came with 250
  const [, version = '0'] =
    /^systemd (\d+)/.exec(spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout ?? '') ??
    [];
  if (Number(version) < 250)
    console.warn('No systemd-analyze of 250 or later is found: the unit is not verified.');
  else
    it('is a unit that systemd understands, without and with PostgreSQL', () => {
      const file = join(folder, 'roster.service');
      // the program and its user are not installed here
      writeFileSync(
        file,
        unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`).replace(/^(User|Group)=.*\n/gm, ''),
      );
      /** What it says of this unit; others of the machine may have faults, too. */
      const verify = () =>
        spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
          .stderr.split('\n')
          .filter((line) => line.includes(folder));
      expect(verify()).toEqual([]);
      mkdirSync(`${file}.d`);
      copyFileSync(path('postgresql.conf'), join(`${file}.d`, 'postgresql.conf'));
      expect(verify()).toEqual([]);
      writeFileSync(join(`${file}.d`, 'wrong.conf'), '[Service]\nProtectSystems=strict\n');
      expect(verify()).toEqual([expect.stringContaining('ProtectSystems')]);
    });
});
