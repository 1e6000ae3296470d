import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyRoster, type Populated, populate, rowsOf, whileServing } from './populated-server.ts';
import { createRoster, type Roster } from './roster.ts';

let source: Roster;
let populated: Populated;
let backup: string;
beforeAll(async () => {
  source = createRoster();
  populated = await populate(source);
  backup = join(source.dataDir, '..', 'roster.backup');
  expect(await source.runHere(['backup', backup])).toMatchObject({ code: 0, stderr: '' });
}, 60_000);
afterAll(() => source.close());

const authorization = (): string => populated.credentials[0]?.[0] ?? '';

describe('roster backup', () => {
  it('makes one file for its owner, without the key, and overwrites none', async () => {
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(backup);
    expect(bytes.includes(readFileSync(join(source.dataDir, 'secret.key')).subarray(0, 40))).toBe(false);
    const refused = await source.runHere(['backup', backup, '--json']);
    expect(refused).toMatchObject({ code: 4, json: { error: { code: 'conflict' } } });
    expect(readFileSync(backup).equals(bytes)).toBe(true);
    const more = readdirSync(join(backup, '..')).filter((name) => name.startsWith('roster.backup'));
    expect(more).toEqual(['roster.backup']);
    const other = await source.runHere(['backup', `${backup}-2`, '--json']);
    expect(other.json).toEqual({ file: `${backup}-2`, bytes: statSync(`${backup}-2`).size });
  });

  it('is of one moment while a server goes on writing', async () => {
    const file = join(source.dataDir, '..', 'busy.backup');
    const busy = emptyRoster(source);
    expect((await busy.runHere(['restore', backup])).code).toBe(0);
    const known = await whileServing(busy, async (origin) => {
      let done = 0;
      let stopped = false;
      const post = async (): Promise<void> => {
        const answer = await fetch(`${origin}/scim/v2/Users`, {
          method: 'POST',
          headers: { authorization: authorization(), 'content-type': 'application/scim+json' },
          body: JSON.stringify({
            schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
            userName: `busy${done}`,
            nickName: 'x'.repeat(50_000),
          }),
        });
        expect(answer.status).toBe(201);
        done += 1;
      };
      // more than the pages of one step
      while (done < 100) await post();
      const before = done;
      const writing = (async () => {
        while (!stopped) await post();
      })();
      const { code } = await source.run(['backup', file, '--data-dir', busy.dataDir]);
      stopped = true;
      await writing;
      expect(code).toBe(0);
      return { before, after: done };
    });
    const database = new Database(file, { readonly: true });
    try {
      const count = (sql: string) => database.prepare(sql).pluck().get() as number;
      const names = count("SELECT count(*) FROM resource WHERE user_name LIKE 'busy%'");
      expect(names).toBeGreaterThanOrEqual(known.before);
      expect(names).toBeLessThanOrEqual(known.after);
      expect(count('SELECT count(*) FROM resource')).toBe(count('SELECT sum(total) FROM resource_count'));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    } finally {
      database.close();
    }
  });
});

describe('roster restore', () => {
  it('brings back every row, with credentials that work', async () => {
    const target = emptyRoster(source);
    const restored = await target.runHere(['restore', backup, '--json']);
    expect(restored).toMatchObject({ code: 0, stderr: '', json: { file: backup, replaced: false } });
    expect(statSync(join(target.dataDir, 'roster.db')).mode & 0o777).toBe(0o600);
    expect(rowsOf(target)).toEqual(rowsOf(source));
    expect((await target.runHere(['doctor'])).code).toBe(0);
    await whileServing(target, async (origin) => {
      for (const [header, status] of populated.credentials) {
        const answer = await fetch(`${origin}/scim/v2/Users`, { headers: { authorization: header } });
        expect(answer.status).toBe(status);
      }
    });
  });

  it('replaces a database only when it is told to, and none that a server uses', async () => {
    const target = emptyRoster(source);
    await target.runHere(['tenant', 'create', 'other.com']);
    const before = rowsOf(target);
    const refused = await target.runHere(['restore', backup]);
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringMatching(/already: [^\n]+--replace\.\n$/),
    ]);
    await whileServing(target, async () => {
      const inUse = await target.runHere(['restore', backup, '--replace']);
      expect([inUse.code, inUse.stderr]).toEqual([4, expect.stringMatching(/is in use: stop the server/)]);
    });
    expect(rowsOf(target).get('tenant')).toEqual(before.get('tenant'));
    const replaced = await target.runHere(['restore', backup, '--replace', '--json']);
    expect(replaced).toMatchObject({ code: 0, json: { replaced: true } });
    expect(readdirSync(target.dataDir).sort()).toEqual(['roster.db', 'secret.key']);
    expect(rowsOf(target)).toEqual(rowsOf(source));
  });

  it('replaces a damaged database', async () => {
    const target = emptyRoster(source);
    writeFileSync(join(target.dataDir, 'roster.db'), 'no database, whatever its name says'.repeat(200));
    writeFileSync(join(target.dataDir, 'roster.db-wal'), 'left from before');
    expect((await target.runHere(['restore', backup])).code).toBe(4);
    expect((await target.runHere(['restore', backup, '--replace'])).code).toBe(0);
    expect(rowsOf(target)).toEqual(rowsOf(source));
  });

  it.each<[what: string, code: number, message: RegExp, content: (bytes: Buffer) => Buffer]>([
    ['text', 2, /is no SQLite database/, () => Buffer.from('text'.repeat(1000))],
    ['half a backup', 1, /is damaged/, (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['damaged pages', 1, /is damaged/, (bytes) => bytes.fill(0xff, 8192, 40_960)],
    ['another database', 2, /is not from Roster/, () => otherDatabase((db) => db.exec('CREATE TABLE a (b)'))],
    [
      'a newer version',
      2,
      /from a newer version/,
      () =>
        otherDatabase((db) =>
          db.exec(`CREATE TABLE migration_step (name TEXT, applied TEXT);
            INSERT INTO migration_step VALUES ('9999-later-01', '')`),
        ),
    ],
  ])('refuses %s, and leaves what is there', async (_, code, message, content) => {
    const target = emptyRoster(source);
    await target.runHere(['migrate']);
    const before = rowsOf(target);
    const file = join(target.dataDir, '..', 'given');
    writeFileSync(file, content(Buffer.from(readFileSync(backup))));
    const refused = await target.runHere(['restore', file, '--replace']);
    expect([refused.code, refused.stdout]).toEqual([code, '']);
    expect(refused.stderr).toMatch(/^roster: [^\n]+\n$/);
    expect(refused.stderr).toMatch(message);
    expect(rowsOf(target)).toEqual(before);
    expect(readdirSync(target.dataDir).sort()).toEqual(['roster.db', 'secret.key']);
  });

  it('refuses what is no file, and another secret key or none', async () => {
    const target = emptyRoster(source, { withKey: false });
    expect((await target.runHere(['restore', join(backup, 'nothing')])).code).toBe(3);
    expect((await target.runHere(['restore', target.dataDir])).code).toBe(2);
    const none = await target.runHere(['restore', backup]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/There is no secret key here/)]);
    expect(existsSync(join(target.dataDir, 'secret.key'))).toBe(false);
    const other = { ROSTER_SECRET_KEY: 'another-key-of-more-than-32-characters' };
    const wrong = await target.runHere(['restore', backup], other);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/made with another secret key/)]);
    expect((await target.runHere(['restore', backup, '--accept-key'], other)).code).toBe(0);
    expect((await target.runHere(['tenant', 'list'], other)).code).toBe(0);
  });
});

function otherDatabase(fill: (database: Database.Database) => void): Buffer {
  const database = new Database(':memory:');
  try {
    fill(database);
    return database.serialize();
  } finally {
    database.close();
  }
}
