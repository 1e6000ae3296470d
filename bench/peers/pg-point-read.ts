/**
 * The limit of GET by id on PostgreSQL: node:http, a keyed hash of the bearer token, one read of the stored JSON text by primary
 * key over a pool as large as Roster's. No tenants, no settings, no validators, no other routes.
 */
import { Pool } from 'pg';
import { CONNECTIONS } from '../../src/storage/sql/postgres.ts';
import { makeStoredUser, userIdOf } from '../user-data.ts';
import { readOptions, servePointReads } from './peer.ts';

const batch = 10_000;

const { users, token, store } = readOptions();
const pool = new Pool({ connectionString: store.url, max: CONNECTIONS });
await pool.query('CREATE TABLE "user" (id text PRIMARY KEY, doc text NOT NULL)');
for (let from = 0; from < users; from += batch) {
  const indexes = Array.from({ length: Math.min(batch, users - from) }, (_, offset) => from + offset);
  await pool.query('INSERT INTO "user" (id, doc) SELECT * FROM unnest($1::text[], $2::text[])', [
    indexes.map(userIdOf),
    indexes.map((index) => JSON.stringify(makeStoredUser(index))),
  ]);
}

servePointReads(token, (id, answer) => {
  pool.query<{ doc: string }>('SELECT doc FROM "user" WHERE id = $1', [id]).then(
    ({ rows }) => answer(rows[0]?.doc),
    (error) => {
      throw error;
    },
  );
});
