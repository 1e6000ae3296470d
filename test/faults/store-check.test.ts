import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupNamed, userNamed } from './messages.ts';
import { type DatabaseName, hasSharedPostgres } from './place.ts';
import { queried } from './postgres-server.ts';
import { createInstallation, type Installation } from './server-process.ts';
import { readStore } from './store-check.ts';

/** A copy of the store of a server that has ended, with something done to it. @returns what the check says of it */
const DAMAGED: Readonly<
  Record<DatabaseName, (source: string, copy: string, damage: string) => Promise<readonly string[]>>
> = {
  async sqlite(source, copy, damage) {
    const file = `${source}-${copy}`;
    const original = new Database(source);
    original.prepare('VACUUM INTO ?').run(file);
    original.close();
    const database = new Database(file);
    database.pragma('foreign_keys = OFF');
    database.exec(damage);
    database.close();
    return (await readStore(file)).problems;
  },
  async postgres(source, copy, damage) {
    const url = new URL(source);
    const name = `${url.pathname.slice(1)}_${copy}`;
    const server = new URL(process.env.ROSTER_TEST_POSTGRES_URL as string).href;
    await queried(server, `CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)}`);
    try {
      url.pathname = `/${name}`;
      await queried(url.href, `SET session_replication_role = replica; ${damage}`);
      return (await readStore(url.href)).problems;
    } finally {
      await queried(server, `DROP DATABASE ${name}`);
    }
  },
};

// a check that finds nothing must be one that would
const DAMAGES = [
  ['nothing', '', []],
  ['an index row', "DELETE FROM attribute_value WHERE path = 'title'", [/index rows are not/]],
  ['a column', "UPDATE resource SET active = '1' WHERE type = 'User'", [/index rows are not/]],
  [
    'a user',
    "DELETE FROM resource WHERE type = 'User'",
    [/foreign key/, /value without/, /without its member/, /password without/, /total/],
  ],
  ['a group', "DELETE FROM resource WHERE type = 'Group'", [/value without|total/, /without its group/]],
  [
    'a counter',
    "UPDATE resource_count SET total = 7 WHERE type = 'User'",
    [/total that is not the number of resources: User/],
  ],
] as const;

const databases = (['sqlite', 'postgres'] as const).filter(
  (name) => name === 'sqlite' || hasSharedPostgres(),
);

describe.each(databases)('the check of a store in %s', (database) => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation(database);
    const server = await installation.start();
    const made = await server.send(
      'POST',
      '/Users',
      userNamed('ann', { title: 'Dr', password: 'correct horse' }),
    );
    await server.send('POST', '/Groups', groupNamed('all', { members: [{ value: made?.json.id }] }));
    await server.end('SIGTERM');
  });
  afterAll(() => installation.close());

  test.each(DAMAGES)('finds what is wrong with %s', async (name, damage, problems) => {
    const found = await DAMAGED[database](installation.source, name.replaceAll(' ', '_'), damage);
    for (const problem of problems) expect(found).toContainEqual(expect.stringMatching(problem));
    if (problems.length === 0) expect(found).toEqual([]);
  });
});
