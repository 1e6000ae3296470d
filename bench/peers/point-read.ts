/**
 * The limit of GET by id: node:http, a keyed hash of the bearer token, one read of the stored JSON text by primary key.
 * No tenants, no settings, no validators, no other routes.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeStoredUser, userIdOf } from '../user-data.ts';
import { readOptions, serve } from './peer.ts';

const { users, token, directory } = readOptions();
const key = randomBytes(32);

function hashOf(secret: string): Buffer {
  return createHmac('sha256', key).update(secret).digest();
}

const expected = hashOf(token);
const database = new Database(join(directory, 'point-read.db'));
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

serve((request, response) => {
  const given = request.headers.authorization ?? '';
  if (!given.startsWith('Bearer ') || !timingSafeEqual(hashOf(given.slice(7)), expected)) {
    response.writeHead(401).end();
    return;
  }
  const doc = select.get(request.url?.slice('/Users/'.length)) as string | undefined;
  if (doc === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/scim+json',
    'content-length': Buffer.byteLength(doc),
  });
  response.end(doc);
});
