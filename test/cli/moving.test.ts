import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyRoster, listsOf, type Populated, populate, rowsOf, whileServing } from './populated-server.ts';
import { createRoster, type Roster } from './roster.ts';

let source: Roster;
let populated: Populated;
let exported: string;
beforeAll(async () => {
  source = createRoster();
  populated = await populate(source);
  exported = join(source.dataDir, '..', 'all.jsonl');
  expect(await source.runHere(['export', exported])).toMatchObject({ code: 0, stderr: '' });
}, 60_000);
afterAll(() => source.close());

function fileOf(roster: Roster, content: string | Buffer): string {
  const path = join(roster.dataDir, '..', 'given.jsonl');
  writeFileSync(path, content);
  return path;
}

const lines = (): string[] => readFileSync(exported, 'utf8').trimEnd().split('\n');

describe('roster export and import', () => {
  it('move every row of every table, with credentials and passwords that work', async () => {
    const target = emptyRoster(source);
    const imported = await target.runHere(['import', exported, '--json']);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(imported.json).toMatchObject({
      tenants: expect.arrayContaining(['carbon.super', 'acme.com', 'closed.com']),
      lines: lines().length - 1,
      counts: { tenant: 3, integration: 3, definition: 3 },
      resumedBehind: 0,
    });
    const [before, after] = [rowsOf(source), rowsOf(target)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [table, rows] of before) {
      expect([table, rows.length]).not.toEqual([table, 0]);
      expect([table, after.get(table)]).toEqual([table, rows]);
    }
    await whileServing(target, async (origin) => {
      for (const [authorization, status] of populated.credentials) {
        const answer = await fetch(`${origin}/scim/v2/Users?count=1`, { headers: { authorization } });
        expect([authorization, answer.status]).toEqual([authorization, status]);
      }
      const [entra = '', okta = ''] = populated.credentials.map(([authorization]) => authorization);
      expect(await listsOf(origin, [entra, okta])).toEqual(populated.lists);
      for (const [request, [status]] of populated.lists) expect([request, status]).toEqual([request, 200]);
    });
  });

  it('move one tenant between servers with the same key, while both run', async () => {
    const target = emptyRoster(source);
    const file = join(target.dataDir, '..', 'acme.jsonl');
    await whileServing(source, async () => {
      const run = await source.runHere(['export', file, '--tenant', 'acme.com', '--json']);
      expect(run).toMatchObject({ code: 0, stderr: '', json: { file, tenants: ['acme.com'] } });
    });
    const okta = populated.credentials[1]?.[0] ?? '';
    await whileServing(target, async (origin) => {
      const ask = () => fetch(`${origin}/t/acme.com/scim/v2/Users`, { headers: { authorization: okta } });
      expect((await ask()).status).toBe(401);
      expect((await target.runHere(['import', file])).code).toBe(0);
      expect((await ask()).status).toBe(200);
    });
    const again = await target.runHere(['import', file]);
    expect(again).toMatchObject({ code: 4, stdout: '' });
    expect(again.stderr).toMatch(/^roster: This server has acme\.com already: [^\n]+\n$/);
    const tenants = (await target.runHere(['tenant', 'list', '--json'])).json;
    expect(tenants.map(({ domain }: { domain: string }) => domain)).toEqual(['acme.com', 'carbon.super']);
  });

  it('write to stdout and read what was written there', async () => {
    const { code, stdout } = await source.run(['export']);
    expect(code).toBe(0);
    const target = emptyRoster(source);
    expect((await target.runHere(['import', fileOf(target, stdout)])).code).toBe(0);
    expect(rowsOf(target)).toEqual(rowsOf(source));
    expect(await source.runHere(['export', '-', '--json'])).toMatchObject({
      code: 2,
      json: { error: { code: 'invalid' } },
    });
  });

  it('make a file for its owner only, and overwrite none', async () => {
    expect(statSync(exported).mode & 0o777).toBe(0o600);
    const text = readFileSync(exported, 'utf8');
    const refused = await source.runHere(['export', exported]);
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toMatch(/is there already/);
    expect(readFileSync(exported, 'utf8')).toBe(text);
    expect(existsSync(`${exported}.part`)).toBe(false);
    const nowhere = join(exported, 'below-a-file');
    expect((await source.runHere(['export', nowhere])).stderr).toMatch(/can't be written: ENOTDIR/);
    expect((await source.runHere(['export', '--tenant', 'nowhere.com', `${exported}2`])).code).toBe(3);
    expect(existsSync(`${exported}2`)).toBe(false);
  });

  it('hold no secret but hashes and digests', () => {
    const text = readFileSync(exported, 'utf8');
    expect(text).toContain('$argon2id$');
    for (const secret of ['a-password-of-hers', 'acme-password']) expect(text).not.toContain(secret);
    for (const [authorization] of populated.credentials) {
      const given = authorization.replace(/^\w+ /, '');
      const secret = authorization.startsWith('Basic')
        ? Buffer.from(given, 'base64').toString().split(':')[1]
        : given;
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain(readFileSync(join(source.dataDir, 'secret.key'), 'utf8').trim());
  });
});

describe('roster import refuses', () => {
  it.each<[what: string, code: number, message: RegExp, change: (all: string[]) => string]>([
    ['no export', 2, /Line 1 is not that of an export/, () => 'anything\n'],
    ['nothing at all', 1, /cut off: it has no end behind line 0/, () => ''],
    ['JSON that is no export', 2, /Line 1 is not/, () => '{"kind":"roster-export"}\n'],
    [
      'a tenant with an id that is none',
      2,
      /Line 1 is not/,
      ([first = '', ...rest]) => [first.replace(/"id":"[a-z2-7]{12}"/, `"id":"'--"`), ...rest].join('\n'),
    ],
    [
      'a newer format',
      2,
      /has format 2, and this/,
      ([first = '', ...rest]) => [first.replace('"format":1', '"format":2'), ...rest].join('\n'),
    ],
    ['an export without its end', 1, /cut off/, (all) => `${all.slice(0, -1).join('\n')}\n`],
    ['an export cut off in a line', 2, /Line \d+ is not/, (all) => all.join('\n').slice(0, 5000)],
    ['a changed value', 1, /damaged/, (all) => all.join('\n').replace('Barbara', 'Barbora')],
    ['a line left out', 1, /damaged/, (all) => all.filter((_, index) => index !== 20).join('\n')],
    ['a line twice', 1, /damaged/, (all) => [...all.slice(0, 20), all[19], ...all.slice(20)].join('\n')],
    ['an unknown kind', 2, /Line 3 is not/, (all) => all.toSpliced(2, 0, '{"kind":"x"}').join('\n')],
  ])('%s, and writes nothing', async (_, code, message, change) => {
    const target = emptyRoster(source);
    const file = fileOf(target, change(lines()));
    const refused = await target.runHere(['import', file]);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toMatch(/^roster: [^\n]+\n$/);
    expect(refused.stderr).toMatch(message);
    expect(existsSync(join(target.dataDir, 'roster.db'))).toBe(false);
  });

  it('a server that has the tenants, whoever made them', async () => {
    const target = emptyRoster(source);
    await target.runHere(['migrate']);
    const before = rowsOf(target);
    expect(await target.runHere(['import', exported, '--json'])).toMatchObject({
      code: 4,
      json: { error: { code: 'conflict' } },
    });
    expect(rowsOf(target)).toEqual(before);
    expect(await target.runHere(['import', join(target.dataDir, 'none')])).toMatchObject({ code: 3 });
    expect(await target.runHere(['import', target.dataDir])).toMatchObject({ code: 2 });
  });

  it('another secret key, or none, unless it is told to accept that', async () => {
    const target = emptyRoster(source, { withKey: false });
    const none = await target.runHere(['import', exported]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/There is no secret key here/)]);
    expect(existsSync(join(target.dataDir, 'secret.key'))).toBe(false);
    const other = { ROSTER_SECRET_KEY: 'another-key-of-more-than-32-characters' };
    const wrong = await target.runHere(['import', exported], other);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/made with another secret key/)]);
    expect((await target.runHere(['import', exported, '--accept-key'], other)).code).toBe(0);
    expect((await target.runHere(['tenant', 'list'], other)).code).toBe(0);
    expect((await target.runHere(['tenant', 'list'])).code).toBe(1);
  });
});

describe('roster import goes on where it stopped', () => {
  it('when the same export is given again, and with no other', async () => {
    const target = emptyRoster(source);
    const all = lines();
    const stops = [2, 12, 60, all.length - 8];
    for (const stop of stops) {
      // what comes from stdin is known to be cut off at its end only
      const child = await target.run(['import', '-', '--json'], {}, `${all.slice(0, stop).join('\n')}\n`);
      expect([child.code, child.json]).toEqual([
        1,
        { error: { code: 'failed', message: expect.stringMatching(/cut off: .* behind line \d+/) } },
      ]);
      const tenants = (await target.runHere(['tenant', 'list', '--json'])).json as { active: boolean }[];
      expect(tenants.filter(({ active }) => active)).toEqual([]);
    }
    const changed = all.join('\n').replace('Barbara', 'Barbora');
    const refused = await target.run(['import', '-'], {}, changed);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/not the one/)]);

    const done = await target.runHere(['import', exported, '--json']);
    expect(done).toMatchObject({ code: 0, json: { resumedBehind: all.length - 8 } });
    expect(rowsOf(target)).toEqual(rowsOf(source));
  });
});
