import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import type { Engine, Executor } from '../../src/storage/sql/engine.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';

let directory: string;
let engine: Engine;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'roster-test-'));
  engine = openSqlite(join(directory, 'roster.db'));
  await engine.shared.transaction((tx) => tx.run('CREATE TABLE note (text TEXT NOT NULL)', []));
});
afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true });
});

const note = (tx: Executor, text: string) => tx.run('INSERT INTO note (text) VALUES (?)', [text]);

/** Nothing that takes more than a few pages fits into the database any more. */
const limit = () =>
  engine.shared.transaction(async (tx) => {
    const pages = await tx.get<{ page_count: number }>('PRAGMA page_count', []);
    await tx.get(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 4}`, []);
  });
const unlimit = () => engine.shared.transaction((tx) => tx.get('PRAGMA max_page_count = 1000000', []));

const notes = async () => {
  const rows = await engine.shared.reader.all<{ text: string }>('SELECT text FROM note', []);
  return rows.map(({ text }) => text);
};

/** A row that there is no room for: SQLite undoes the whole transaction, its savepoints included. */
const tooMuch = (tx: Executor) => note(tx, 'x'.repeat(200_000));

test('transactions that share a commit with one that fills the database are refused, and nothing of them is left', async () => {
  await engine.shared.transaction((tx) => note(tx, 'before'));
  await limit();
  const outcomes = await Promise.allSettled([
    engine.shared.transaction((tx) => note(tx, 'one')),
    engine.shared.transaction(tooMuch),
    engine.shared.transaction((tx) => note(tx, 'two')),
  ]);
  for (const outcome of outcomes)
    expect(outcome).toEqual({ status: 'rejected', reason: expect.any(Unavailable) });
  expect(await notes()).toEqual(['before']);
  await unlimit();
  await engine.shared.transaction((tx) => note(tx, 'after'));
  expect(await notes()).toEqual(['before', 'after']);
});

test('a transaction that goes on after the database has undone it changes nothing more', async () => {
  await engine.shared.transaction((tx) => note(tx, 'before'));
  await limit();
  const goingOn = engine.shared.transaction(async (tx) => {
    await note(tx, 'one');
    await tx.run('SAVEPOINT part', []);
    await expect(tooMuch(tx)).rejects.toBeInstanceOf(Unavailable);
    // what a caller does that takes this for the failure of a part
    for (const sql of [
      'ROLLBACK TO part',
      'RELEASE part',
      'SAVEPOINT part',
      "INSERT INTO note VALUES ('two')",
    ])
      await expect(tx.run(sql, [])).rejects.toBeInstanceOf(Unavailable);
  });
  await expect(goingOn).rejects.toBeInstanceOf(Unavailable);
  expect(await notes()).toEqual(['before']);
});
