/**
 * The limit of POST: node:http, JSON.parse, the rows that Roster writes, each answered only after its commit reached the disk.
 * Requests that arrive in one turn of the event loop share a transaction, with a savepoint each. It validates nothing.
 */
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makeUser } from '../user-data.ts';
import { readOptions, serve } from './peer.ts';
import { createTables, prepareUserRows } from './user-rows.ts';

const { users, directory } = readOptions();
const database = new Database(join(directory, 'group-commit.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = OFF');
createTables(database);
const insertUser = prepareUserRows(database);
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const savepoint = database.prepare('SAVEPOINT one');
const release = database.prepare('RELEASE one');
const undo = database.prepare('ROLLBACK TO one');

begin.run();
for (let index = 0; index < users; index += 1) insertUser(JSON.stringify(makeUser(index)));
commit.run();
database.pragma('wal_checkpoint(TRUNCATE)');
database.pragma('synchronous = FULL');

type Waiting = { text: string; response: ServerResponse };
let waiting: Waiting[] = [];

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/scim+json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function writeTogether(): void {
  const group = waiting;
  waiting = [];
  const answers: (() => void)[] = [];
  begin.run();
  for (const { text, response } of group) {
    savepoint.run();
    try {
      const { id, answer: body } = insertUser(text);
      release.run();
      answers.push(() =>
        answer(response, 201, body, { location: `http://127.0.0.1:8080/scim/v2/Users/${id}` }),
      );
    } catch (error) {
      undo.run();
      release.run();
      answers.push(() => answer(response, 400, JSON.stringify({ detail: String(error) })));
    }
  }
  commit.run();
  for (const send of answers) send();
}

serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (waiting.length === 0) setImmediate(writeTogether);
    waiting.push({ text: Buffer.concat(chunks).toString(), response });
  });
});
