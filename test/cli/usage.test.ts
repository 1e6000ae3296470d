import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoster, type Roster } from './roster.ts';

let roster: Roster;
beforeAll(() => {
  roster = createRoster();
});
afterAll(() => roster.close());

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['tennant', 'list'], /unknown command 'tennant'/],
    ['an unknown sub-command', ['tenant', 'lst'], /unknown command 'lst'/],
    ['a command without its sub-command', ['tenant'], /Usage: roster tenant/],
    ['a missing argument', ['tenant', 'create'], /missing required argument 'domain'/],
    ['an argument too many', ['tenant', 'list', 'all'], /too many arguments/],
    ['an unknown option', ['tenant', 'list', '--al'], /unknown option '--al'/],
    ['an option without its value', ['serve', '--port'], /argument missing/],
    [
      'a wrong choice',
      ['integration', 'create', 'x', '--auth', 'digest'],
      /Allowed choices are bearer, basic/,
    ],
  ])('%s: exit code 2', async (_, args, message) => {
    const asText = await roster.runHere(args);
    expect(asText).toMatchObject({ code: 2, stdout: '' });
    expect(asText.stderr).toMatch(message);
    expect(asText.stderr).not.toMatch(/\n +at /);
  });

  it('is told as one JSON document with --json', async () => {
    const { code, json, stderr } = await roster.run(['tenant', 'create', '--json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(json).toEqual({ error: { code: 'usage', message: "missing required argument 'domain'" } });
  });
});

describe('settings', () => {
  it('that are wrong or unknown stop every command with a line for each', async () => {
    const environment = { ROSTER_PROT: '1', ROSTER_PORT: 'eighty' };
    const asText = await roster.run(['tenant', 'list'], environment);
    expect(asText).toMatchObject({ code: 2, stdout: '' });
    expect(asText.stderr).toBe(
      'roster: ROSTER_PROT is not a setting. Did you mean ROSTER_PORT?\n' +
        'roster: ROSTER_PORT: give a port number from 1 to 65535 (it is "eighty").\n',
    );
    const asJson = await roster.run(['tenant', 'list', '--json'], environment);
    expect(asJson).toMatchObject({ code: 2, stderr: '', json: { error: { code: 'settings' } } });
  });

  it('name the base URL of integrations', async () => {
    const { json } = await roster.run(['integration', 'create', 'x', '--json'], {
      ROSTER_BASE_URL: 'https://scim.example.com/',
    });
    expect(json.baseUrl).toBe('https://scim.example.com/scim/v2');
  });

  it('can name a data directory that no directory can be made at', async () => {
    const asText = await roster.run(['tenant', 'list', '--data-dir', '/dev/null/data']);
    expect(asText).toMatchObject({ code: 1, stdout: '' });
    expect(asText.stderr).toMatch(
      /^roster: The data directory \/dev\/null\/data can't be used: ENOTDIR\.[^\n]*\n$/,
    );
  });
});

describe('help', () => {
  it('lists the commands and the exit codes', async () => {
    const { code, stdout } = await roster.run(['--help']);
    expect(code).toBe(0);
    const commands = ['serve', 'migrate', 'doctor', 'tenant', 'store', 'integration', 'credential'];
    commands.push('backup', 'restore', 'export', 'import');
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
    for (const exitCode of [0, 1, 2, 3, 4])
      expect(stdout).toMatch(new RegExp(`^ {2}${exitCode} {2}\\w`, 'm'));
  });

  it('of serve lists every setting', async () => {
    const { code, stdout } = await roster.run(['serve', '--help']);
    expect(code).toBe(0);
    for (const flag of ['--host', '--port', '--base-url', '--data-dir', '--secret-key-file', '--log-level']) {
      expect(stdout).toContain(`  ${flag} <`);
    }
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await roster.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});
