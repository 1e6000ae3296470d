/**
 * The limit of POST: node:http, JSON.parse, the rows that Roster writes, each answered only after its commit reached the disk.
 * Requests that arrive in one turn of the event loop share a transaction, with a savepoint each. It validates nothing, knows no
 * credentials and no routes; the making of rows and the settings of SQLite are Roster's own, so that both always write the same.
 * It starts with a copy of Roster's database.
 */
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databaseFileOf } from '../../src/cli/installation.ts';
import { createTransaction } from '../../src/storage/sql/resource-writer.ts';
import { CACHE_KIB, SQLITE_DIALECT } from '../../src/storage/sql/sqlite.ts';
import { executorOf, SqliteConnection } from '../../src/storage/sql/sqlite-connection.ts';
import { dataDirectoryOf } from '../database.ts';
import { newUser } from './new-user.ts';
import { readOptions, serve } from './peer.ts';

const pagesAtOnce = 10_000;

const { roster, store } = readOptions();
const file = join(store.directory, 'group-commit.db');
const source = new Database(databaseFileOf(dataDirectoryOf(roster)), { readonly: true });
await source.backup(file, { progress: () => pagesAtOnce });
source.close();

const connection = new SqliteConnection(file, 'write', CACHE_KIB.writer);
const tenant = connection.get<{ id: string }>('SELECT id FROM tenant WHERE is_super = 1', []);
const tenantId = tenant?.id ?? '';
const executor = executorOf(connection);
const transaction = createTransaction({ dialect: SQLITE_DIALECT }, executor);

async function insertUser(text: string): Promise<{ id: string; answer: string }> {
  const { write, answer } = newUser(text);
  await transaction.insertResource(tenantId, write);
  return { id: write.stored.id, answer };
}

type Waiting = { text: string; response: ServerResponse };
let waiting: Waiting[] = [];
let writing = false;

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

async function writeTogether(): Promise<void> {
  const group = waiting;
  waiting = [];
  const answers: (() => void)[] = [];
  connection.run('BEGIN IMMEDIATE', []);
  for (const { text, response } of group) {
    connection.run('SAVEPOINT one', []);
    try {
      const { id, answer: body } = await insertUser(text);
      const location = `http://127.0.0.1:8080/scim/v2/Users/${id}`;
      answers.push(() => answer(response, 201, body, { location }));
    } catch (error) {
      connection.run('ROLLBACK TO one', []);
      answers.push(() => answer(response, 400, JSON.stringify({ detail: String(error) })));
    }
    connection.run('RELEASE one', []);
  }
  connection.run('COMMIT', []);
  for (const send of answers) send();
}

async function writeAll(): Promise<void> {
  while (waiting.length > 0) await writeTogether();
  writing = false;
}

serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push({ text: Buffer.concat(chunks).toString(), response });
    if (writing) return;
    writing = true;
    setImmediate(writeAll);
  });
});
