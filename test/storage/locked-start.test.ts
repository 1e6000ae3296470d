import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';

// what another process does that makes the file, or recovers it, at the same moment
const HOLDER = `
  import Database from 'better-sqlite3';
  const database = new Database(process.argv[1]);
  database.exec('BEGIN EXCLUSIVE');
  process.stdout.write('locked');
  setTimeout(() => { database.exec('CREATE TABLE made (x TEXT)'); database.exec('COMMIT'); }, 500);
`;

test('a database that another process has locked for a moment is opened when it is free', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'roster-test-'));
  const file = join(directory, 'roster.db');
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, file], { cwd });
  const ended = once(holder, 'close');
  try {
    await once(holder.stdout, 'data');
    const engine = openSqlite(file);
    await engine.shared.transaction((tx) => tx.run("INSERT INTO made (x) VALUES ('y')", []));
    expect(await engine.shared.reader.all('SELECT x FROM made', [])).toEqual([{ x: 'y' }]);
    await engine.close();
  } finally {
    await ended;
    await rm(directory, { recursive: true });
  }
});
