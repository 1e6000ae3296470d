/**
 * The limit of GET by id: node:http, a keyed hash of the bearer token, one read of the stored JSON text by primary key.
 * No tenants, no settings, no validators, no other routes.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeStoredUser, userIdOf } from '../user-data.ts';
import { readOptions, servePointReads } from './peer.ts';

const { users, token, store } = readOptions();
const database = new Database(join(store.directory, 'point-read.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = OFF');
database.exec('CREATE TABLE user (id TEXT PRIMARY KEY, doc TEXT NOT NULL)');
const insert = database.prepare('INSERT INTO user (id, doc) VALUES (?, ?)');
database.transaction(() => {
  for (let index = 0; index < users; index += 1) {
    insert.run(userIdOf(index), JSON.stringify(makeStoredUser(index)));
  }
})();
database.pragma('wal_checkpoint(TRUNCATE)');
const select = database.prepare('SELECT doc FROM user WHERE id = ?').pluck();

servePointReads(token, (id, answer) => answer(select.get(id) as string | undefined));
