import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Whether there is a server to test with; see `postgres-cluster.ts`. */
export const hasPostgres = process.env.ROSTER_TEST_POSTGRES_URL !== undefined;

/** The server may have been started a moment ago. */
const START_LIMIT_MS = 60_000;

/** Makes an empty database. @returns its URL, and what removes it */
export async function temporaryDatabase(): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = process.env.ROSTER_TEST_POSTGRES_URL;
  if (server === undefined) throw new Error('There is no PostgreSQL to test with.');
  const name = `roster_test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    remove: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = await connected(url);
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function connected(url: string): Promise<Client> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const client = new Client(url);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
