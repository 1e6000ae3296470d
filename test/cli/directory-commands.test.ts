import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInstallation } from '../../src/cli/installation.ts';
import { loadConfig } from '../../src/config.ts';
import { SYSTEM_ACTOR } from '../../src/service/actor.ts';
import { NO_PEERS } from '../../src/service/peers.ts';
import { createSignIns } from '../../src/service/sign-in.ts';
import { createRoster, type Roster } from './roster.ts';

const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const id = expect.stringMatching(/^[a-z2-7]{12}$/);
const baseUrl = 'http://127.0.0.1:8080/scim/v2';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

const run = (line: string, ...more: string[]) => roster.runHere([...line.split(' '), ...more]);

describe('roster tenant', () => {
  it('creates, lists, shows, deactivates, activates and deletes', async () => {
    const acme = { id, domain: 'acme.com', name: 'Acme', super: false, active: true, created: time };
    const created = await run('tenant create ACME.com --json --name', 'Acme');
    expect(created).toMatchObject({ code: 0, stderr: '', json: acme });
    const list = await run('tenant list --json');
    expect(list.json).toEqual([acme, { ...acme, domain: 'carbon.super', name: 'carbon.super', super: true }]);
    expect((await run('tenant show acme.com --json')).json).toEqual(acme);
    expect((await run('tenant deactivate acme.com --json')).json).toEqual({ ...acme, active: false });
    expect((await run('tenant activate acme.com --json')).json).toEqual(acme);
    expect((await run('tenant delete acme.com --json')).json).toEqual({ ...acme, deleted: true });
    expect(await run('tenant show acme.com --json')).toMatchObject({
      code: 3,
      json: { error: { code: 'notFound' } },
    });
  });

  it('creates the administrator of a tenant with a password', async () => {
    const created = await run('tenant create amrsnghe.org --admin-password adming --json');
    expect(created).toMatchObject({ code: 0, json: { domain: 'amrsnghe.org' } });
    expect(created.stdout).not.toContain('adming');
    expect((await run('store list --tenant amrsnghe.org --json')).json).toMatchObject([{ name: 'PRIMARY' }]);
    const config = loadConfig({ ROSTER_DATA_DIR: roster.dataDir });
    const installation = await openInstallation(config, Date.now, SYSTEM_ACTOR);
    try {
      const signIns = createSignIns({ ...installation.services, key: installation.key, peers: NO_PEERS });
      const header = `Basic ${Buffer.from('admin@amrsnghe.org:adming').toString('base64')}`;
      const user = await signIns.signIn(header, undefined, 'here');
      expect(user?.tenant.domain).toBe('amrsnghe.org');
      const { directory } = installation.storage;
      for (const permission of ['login', 'provision'])
        expect(await directory.permits(user?.tenant.id ?? '', user?.userId ?? '', permission)).toBe(true);
    } finally {
      await installation.storage.close();
    }
    const refused = await run('tenant create other.org --admin-password bad');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^roster: A password has 5 to 1000 characters[^\n]*\n$/);
    expect((await run('tenant show other.org')).code).toBe(3);
  });

  it('prints tables and sentences for people', async () => {
    expect((await run('tenant create acme.com')).stdout).toBe('Created the tenant acme.com.\n');
    const lines = (await run('tenant list')).stdout.split('\n');
    expect(lines[0]).toMatch(/^DOMAIN {2,}NAME {2,}STATE {2,}CREATED$/);
    expect(lines[1]).toMatch(/^acme\.com {2,}acme\.com {2,}active {2,}\d/);
    expect((await run('tenant show acme.com')).stdout).toMatch(/^Domain: +acme\.com\n/);
  });

  it('answers a conflict with 4', async () => {
    await run('tenant create acme.com');
    expect(await run('tenant create acme.com --json')).toMatchObject({
      code: 4,
      json: { error: { code: 'conflict' } },
    });
    const superTenant = await run('tenant delete carbon.super');
    expect(superTenant).toMatchObject({ code: 4, stdout: '' });
    expect(superTenant.stderr).toMatch(/^roster: carbon\.super is the super tenant[^\n]*\n$/);
  });
});

describe('roster store', () => {
  it('creates, lists and deletes in the super tenant or another', async () => {
    await run('tenant create acme.com');
    const store = { name: 'AMRSNGHE', tenant: 'carbon.super', created: time };
    expect(await run('store create Amrsnghe --json')).toMatchObject({ code: 0, stderr: '', json: store });
    const list = await run('store list --json');
    expect(list.json).toEqual([store, { ...store, name: 'PRIMARY' }]);
    const other = await run('store list --tenant acme.com --json');
    expect(other.json).toEqual([{ name: 'PRIMARY', tenant: 'acme.com', created: time }]);
    expect((await run('store delete amrsnghe --tenant acme.com')).code).toBe(3);
    expect((await run('store delete amrsnghe --json')).json).toEqual({ ...store, deleted: true });
    expect((await run('store delete primary')).code).toBe(4);
    expect((await run('store create a/b')).code).toBe(2);
    expect((await run('store list --tenant nobody.example')).code).toBe(3);
  });
});

it.each([
  ['permission list', 'No group of carbon.super has a permission.'],
  ['integration list', 'carbon.super has no integration.'],
  ['schema list', 'carbon.super has defined no schema.'],
  ['resource-type list', 'carbon.super has defined no resource type.'],
])('%s says to people that there is none', async (line, text) => {
  expect(await run(line)).toMatchObject({ code: 0, stdout: `${text}\n` });
  expect((await run(`${line} --json`)).json).toEqual([]);
});

describe('roster permission', () => {
  const group = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const admin = { group, name: 'PRIMARY/admin', tenant: 'acme.com', permissions: ['login', 'provision'] };

  it('lists, revokes and grants what the administrators of a tenant may do', async () => {
    await run('tenant create acme.com --admin-password secret');
    expect((await run('permission list --tenant acme.com --json')).json).toEqual([admin]);
    expect((await run('permission list --json')).json).toEqual([]);
    const revoked = await run('permission revoke PRIMARY/admin provision --tenant acme.com --json');
    expect(revoked).toMatchObject({ code: 0, stderr: '', json: { ...admin, permissions: ['login'] } });
    const [{ group: id }] = (await run('permission list --tenant acme.com --json')).json;
    for (const name of ['admin', 'primary/ADMIN', id])
      expect((await run(`permission grant ${name} provision --tenant acme.com --json`)).json).toEqual(admin);
    expect((await run('permission list --tenant acme.com --group admin --json')).json).toEqual([admin]);
  });

  it('says to people what it has done', async () => {
    await run('tenant create acme.com --admin-password secret');
    expect((await run('permission revoke admin login --tenant acme.com')).stdout).toBe(
      'The group PRIMARY/admin has no permission login.\n',
    );
    expect((await run('permission grant admin login --tenant acme.com')).stdout).toBe(
      'The group PRIMARY/admin has the permission login.\n',
    );
    const lines = (await run('permission list --tenant acme.com')).stdout.split('\n');
    expect(lines[0]).toMatch(/^ID {2,}GROUP {2,}PERMISSIONS$/);
    expect(lines[1]).toMatch(/ {2}PRIMARY\/admin {2}login, provision$/);
  });

  it.each([
    ['grant nobody login', 3],
    ['grant admin login --tenant nobody.example', 3],
    ['grant admin everything --tenant acme.com', 2],
    ['grant admin --tenant acme.com', 2],
    ['list --group nobody', 3],
  ])('%s ends with %i', async (line, code) => {
    await run('tenant create acme.com --admin-password secret');
    expect(await run(`permission ${line}`)).toMatchObject({ code, stdout: '' });
    expect((await run('permission list --tenant acme.com --json')).json).toEqual([admin]);
  });
});

describe('roster integration', () => {
  it('creates a bearer integration in the super tenant', async () => {
    const created = await run('integration create bench --auth bearer --json');
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.json).toEqual({
      id,
      name: 'bench',
      tenant: 'carbon.super',
      baseUrl,
      auth: 'bearer',
      token: expect.stringMatching(/^roster_[a-z2-7]{12}_[a-z2-7]{12}_[\w-]{49}$/),
    });
  });

  it('creates a basic integration in another tenant, with settings', async () => {
    await run('tenant create acme.com');
    const options =
      '--tenant acme.com --auth basic --dialect strict --no-require-primary-email --read-only --json';
    const created = await run(`integration create ${options}`, 'Okta production');
    expect(created.json).toEqual({
      id,
      name: 'Okta production',
      tenant: 'acme.com',
      baseUrl,
      auth: 'basic',
      username: expect.stringMatching(/^[a-z2-7]{12}-[a-z2-7]{12}$/),
      password: expect.stringMatching(/^[\w-]{49}$/),
    });
    const shown = await run('integration show --tenant acme.com --json', 'Okta production');
    const { username, password, ...head } = created.json;
    expect(shown.json).toEqual({
      ...head,
      dialect: 'strict',
      requirePrimaryEmail: false,
      scopes: ['read'],
      tolerances: {},
      rateLimit: 'default',
      rateBurst: 'default',
      created: time,
      credentials: [
        {
          id: username.slice(13),
          integration: head.id,
          active: true,
          created: time,
          lastUsed: null,
          expires: null,
          suffix: password.slice(-4),
        },
      ],
    });
  });

  it('creates with tolerances and limits, and updates them', async () => {
    const options = '--dialect strict --accept scalar-member --accept empty-operations --rate-limit 50';
    expect((await run(`integration create one ${options} --rate-burst 99 --json`)).code).toBe(0);
    const shown = (await run('integration show one')).stdout;
    expect(shown).toMatch(/^Accepts besides: +empty-operations, scalar-member$/m);
    expect(shown).toMatch(/^Rate limit: +50 per second\nBurst: +99 in one second$/m);
    const updated = await run(
      'integration update one --name two --by-dialect scalar-member --refuse boolean-as-string ' +
        '--rate-limit off --rate-burst default --no-require-primary-email --json',
    );
    expect(updated).toMatchObject({
      code: 0,
      json: {
        name: 'two',
        dialect: 'strict',
        requirePrimaryEmail: false,
        tolerances: { 'empty-operations': true, 'boolean-as-string': false },
        rateLimit: 'off',
        rateBurst: 'default',
      },
    });
    const text = (await run('integration update two --dialect standard --rate-limit default')).stdout;
    expect(text).toMatch(/^Name: +two\nDialect: +standard\nRefuses besides: +boolean-as-string\n/);
    expect(text).toMatch(/^Primary e-mail required: +no$/m);
    expect(text).toMatch(/^Rate limit: +as the server is set$/m);
    expect((await run('integration update two --require-primary-email --json')).json).toMatchObject({
      name: 'two',
      requirePrimaryEmail: true,
    });
  });

  it.each([
    ['--accept nothing', /^roster: There is no tolerance nothing\. The names are operation-name-case, /],
    ['--accept scalar-member --refuse scalar-member', /two things about the tolerance scalar-member/],
    ['--rate-limit 24', /from 25/],
    ['--rate-limit fast', /number of requests per second, off or default/],
    ['--rate-burst off', /number of requests, or default/],
    ['--rate-limit 100 --rate-burst 50', /can't be less/],
    ['', /Say what to change/],
  ])('update %s is refused with 2', async (options, message) => {
    await run('integration create one');
    const before = (await run('integration show one --json')).stdout;
    const refused = await run(`integration update one ${options}`.trim());
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(message);
    expect((await run('integration show one --json')).stdout).toBe(before);
  });

  it('lists and deletes, by id or name', async () => {
    const { json: one } = await run('integration create one --json');
    const { json: two } = await run('integration create two --json');
    expect((await run('integration list --json')).json.map((each: { id: string }) => each.id)).toEqual([
      one.id,
      two.id,
    ]);
    expect((await run('integration delete one --json')).json).toMatchObject({ id: one.id, deleted: true });
    expect((await run(`integration delete ${two.id}`)).stdout).toMatch(
      /^Deleted the integration two of carbon\.super/,
    );
    expect((await run('integration list --json')).json).toEqual([]);
    expect((await run('integration show one')).code).toBe(3);
  });

  it('shows a secret to people once, and never again', async () => {
    const created = await run('integration create one');
    const token = /roster_[\w-]{75}/.exec(created.stdout)?.[0] ?? '';
    expect(token).not.toBe('');
    expect(created.stdout).toContain('shown once');
    for (const command of ['integration list', 'integration show one', 'credential list one', 'doctor']) {
      for (const format of ['', ' --json']) {
        const { code, stdout } = await run(command + format);
        expect(code).toBe(0);
        expect(stdout).not.toContain(token.slice(33, 76));
      }
    }
  });
});

describe('roster credential', () => {
  it('adds one beside the first, and ends the first later or now', async () => {
    const { json: integration } = await run('integration create one --json');
    const added = await run('credential add one --expires 30d --json');
    expect(added.json).toEqual({
      id,
      integration: integration.id,
      tenant: 'carbon.super',
      baseUrl,
      auth: 'bearer',
      expires: time,
      token: expect.stringMatching(/^roster_/),
    });
    expect(added.json.token).toContain(`_${added.json.id}_`);
    const first = integration.token.slice(20, 32);
    const ending = await run(`credential revoke ${first} --at 2999-01-01 --json`);
    expect(ending.json).toMatchObject({ id: first, active: true, expires: '2999-01-01T00:00:00.000Z' });
    expect((await run(`credential revoke ${first} --json`)).json).toMatchObject({ id: first, active: false });
    const list = await run('credential list one --json');
    expect(list.json.map((each: { id: string; active: boolean }) => [each.id, each.active])).toEqual([
      [first, false],
      [added.json.id, true],
    ]);
  });

  it('refuses what is no time, a past one, and an unknown credential or integration', async () => {
    await run('integration create one');
    expect((await run('credential add one --expires soon')).code).toBe(2);
    expect((await run('credential add one --expires 2020-01-01')).code).toBe(2);
    expect((await run('credential add two')).code).toBe(3);
    expect((await run('credential revoke aaaaaaaaaaaa')).code).toBe(3);
    expect((await run('credential list one --json')).json).toHaveLength(1);
  });
});
