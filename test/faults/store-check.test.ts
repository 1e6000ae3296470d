import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroup, createUser, membersOf } from '../http/messages.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { readStore } from './store-check.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const client = await server.connect();
  const user = await createUser(client, { title: 'Dr', password: 'correct horse' });
  await createGroup(client, { members: membersOf(user) });
});
afterAll(() => server.close());

// a check that finds nothing must be one that would
test.each([
  ['nothing', '', []],
  ['an index row', "DELETE FROM attribute_value WHERE path = 'title'", [/index rows are not/]],
  ['a column', "UPDATE resource SET active = 1 WHERE type = 'User'", [/index rows are not/]],
  [
    'a user',
    "DELETE FROM resource WHERE type = 'User'",
    [/foreign key/, /value without/, /without its member/, /password without/, /counter/],
  ],
  ['a group', "DELETE FROM resource WHERE type = 'Group'", [/value without|counter/, /without its group/]],
  [
    'a counter',
    "UPDATE resource_count SET total = 7 WHERE type = 'User'",
    [/counter that is not the count: User/],
  ],
] as const)('the check of the store finds what is wrong with %s', (name, damage, problems) => {
  const file = join(server.directory, `${name}.db`);
  const original = new Database(join(server.directory, 'roster.db'));
  original.prepare('VACUUM INTO ?').run(file);
  original.close();
  const copy = new Database(file);
  copy.pragma('foreign_keys = OFF');
  copy.exec(damage);
  copy.close();
  const found = readStore(file).problems;
  for (const problem of problems) expect(found).toContainEqual(expect.stringMatching(problem));
  if (problems.length === 0) expect(found).toEqual([]);
});
