import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';

/** Whether there is a server to test with; see `postgres-cluster.ts`. */
export const hasPostgres = process.env.ROSTER_TEST_POSTGRES_URL !== undefined;

/** The server may have been started a moment ago. */
const START_LIMIT_MS = 60_000;

/** There is no database of this name. */
const NO_SUCH_DATABASE = '3D000';

export interface TemporaryDatabase {
  readonly url: string;
  readonly remove: () => Promise<void>;
}

/**
 * Makes an empty database.
 *
 * @param settings what CREATE DATABASE takes besides
 */
export function temporaryDatabase(settings = ''): Promise<TemporaryDatabase> {
  return createDatabase(nameOf('test'), `TEMPLATE template0 ${settings}`);
}

/** Makes a database whose tables are up to date: a copy of one, which takes a fraction of the time. */
export async function migratedDatabase(): Promise<TemporaryDatabase> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await createDatabase(nameOf('test'), `TEMPLATE ${process.env.ROSTER_TEST_POSTGRES_TEMPLATE}`);
    } catch (error) {
      // the first tests may be there before it is
      if ((error as { code?: string }).code !== NO_SUCH_DATABASE || performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** Makes the database that `migratedDatabase` copies, and tells the tests of it. @returns what removes it */
export async function makeTemplate(): Promise<() => Promise<void>> {
  const [name, draft] = [nameOf('template'), nameOf('draft')];
  process.env.ROSTER_TEST_POSTGRES_TEMPLATE = name;
  const { url } = await createDatabase(draft, 'TEMPLATE template0');
  const engine = openPostgres(url, START_LIMIT_MS);
  await migrate(engine, Date.now).finally(() => engine.close());
  // nobody copies it before it is whole
  await onServer(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  return () => onServer(`DROP DATABASE ${name} WITH (FORCE)`);
}

const nameOf = (what: string): string => `roster_${what}_${randomBytes(8).toString('hex')}`;

async function createDatabase(name: string, settings: string): Promise<TemporaryDatabase> {
  const url = new URL(serverUrl());
  owner ??= await findOwner(url);
  await onServer(`CREATE DATABASE ${name} OWNER ${owner} ${settings}`);
  if (owner === OWN_USER) Object.assign(url, { username: OWN_USER, password: OWN_USER });
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Owns the databases where the server is used by a superuser, for whom row-level security would not hold. */
const OWN_USER = 'roster_test';

let owner: string | undefined;

async function findOwner(url: URL): Promise<string> {
  const client = await connected(url.href);
  try {
    const { rows } = await client.query<{ name: string; passes: boolean }>(
      'SELECT quote_ident(rolname) AS name, rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = current_user',
    );
    const [user] = rows;
    if (user?.passes === false) return user.name;
    await client.query(`CREATE ROLE ${OWN_USER} LOGIN PASSWORD '${OWN_USER}'`).catch((error) => {
      // other tests make it too
      if (error.code !== '42710' && error.code !== '23505') throw error;
    });
    return OWN_USER;
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env.ROSTER_TEST_POSTGRES_URL;
  if (url === undefined) throw new Error('There is no PostgreSQL to test with.');
  return url;
}

async function onServer(statement: string): Promise<void> {
  const client = await connected(serverUrl());
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
