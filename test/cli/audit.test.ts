import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoster, type Roster } from './roster.ts';

let roster: Roster;
beforeAll(async () => {
  roster = createRoster();
  await run('tenant create acme.com');
  await run('integration create Okta --tenant acme.com');
  await run('store create EU --tenant acme.com');
});
afterAll(() => roster.close());

const run = (line: string) => roster.runHere(line.split(' '));

const { username } = userInfo();

describe('roster audit', () => {
  it('lists who has done what in a tenant, the newest first', async () => {
    const { code, json } = await run('audit list --tenant acme.com --json');
    expect(code).toBe(0);
    expect(json).toMatchObject([
      { action: 'userStore.create', target: { name: 'EU' } },
      { action: 'credential.create' },
      {
        action: 'integration.create',
        actor: { kind: 'cli', name: username, via: 'cli' },
        target: { type: 'Integration', name: 'Okta' },
        result: 'success',
      },
    ]);
  });

  it('prints a table for people', async () => {
    const { stdout } = await run('audit list --tenant acme.com --action integration.');
    expect(stdout).toMatch(
      new RegExp(
        `^TIME +WHO +VIA +ACTION +WHAT +RESULT\n\\S+Z +${username} +cli +integration\\.create +Integration Okta +success\n$`,
      ),
    );
    expect((await run('audit list --tenant acme.com --via scim')).stdout).toBe('There is no record.\n');
  });

  it('keeps what belongs to no tenant apart', async () => {
    const { json } = await run('audit list --server --json --action tenant.create --limit 1');
    expect(json).toMatchObject([{ target: { type: 'Tenant', name: 'acme.com' } }]);
    expect((await run('audit list --json --action tenant.')).json).toEqual([]);
  });

  it('takes times that are past', async () => {
    expect((await run('audit list --tenant acme.com --since 1h --json')).json.length).toBeGreaterThan(2);
    expect((await run('audit list --tenant acme.com --until 1h --json')).json).toEqual([]);
  });

  it('exports as JSON lines and as CSV, and says so', async () => {
    const { stdout } = await run('audit export --tenant acme.com --action userStore.');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ action: 'userStore.create' }]);
    const table = (await run('audit export --tenant acme.com --format csv')).stdout;
    expect(table.split('\r\n')[0]).toMatch(/^time,action,/);
    expect(table.split('\r\n')[1]).toContain(',audit.export,success,cli,');
  });

  it.each([
    ['audit list --server --tenant acme.com', 2],
    ['audit list --limit 0', 2],
    ['audit list --via mail', 2],
    ['audit list --since yesterday', 2],
    ['audit list --tenant nobody.example', 3],
    ['audit export --json', 2],
  ])('%s ends with %i', async (line, code) => {
    expect((await run(line)).code).toBe(code);
  });
});
