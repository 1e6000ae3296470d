import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { TemporaryDatabase } from './postgres.ts';

/** Whether there is a Citus cluster to test with: ROSTER_TEST_CITUS_URL names any database of its coordinator. */
export const hasCitus = process.env.ROSTER_TEST_CITUS_URL !== undefined;

interface CitusDatabase extends TemporaryDatabase {
  readonly name: string;
  /** Ends all connections and takes no more, so that it can be copied. */
  readonly close: () => Promise<void>;
}

interface Node {
  readonly host: string;
  readonly port: number;
}

/** Makes an empty database on every server of the cluster, and a cluster of them. */
export async function temporaryCitusDatabase(): Promise<CitusDatabase> {
  const [coordinator, ...workers] = await serversOf();
  const servers = [coordinator, ...workers];
  const name = nameOf();
  await everywhere(servers, `CREATE DATABASE ${name} TEMPLATE template0`);
  await everywhere(
    servers.map((server) => databaseOf(server, name)),
    'CREATE EXTENSION citus',
  );
  const url = databaseOf(coordinator, name);
  await onDatabase(url, async (client) => {
    await client.query('SELECT citus_set_coordinator_host($1, $2)', [url.hostname, portOf(url)]);
    for (const worker of workers)
      await client.query('SELECT citus_add_node($1, $2)', [worker.hostname, portOf(worker)]);
  });
  return {
    name,
    url: url.href,
    close: () => closeDatabase(servers, name),
    remove: () => removeDatabase(servers, name),
  };
}

/** Citus connects by itself every now and then: nobody copies or drops a database meanwhile. */
async function closeDatabase(servers: readonly URL[], name: string): Promise<void> {
  await everywhere(servers, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  await everywhere(servers, end);
}

async function removeDatabase(servers: readonly URL[], name: string): Promise<void> {
  await closeDatabase(servers, name);
  await everywhere(servers, `DROP DATABASE ${name} WITH (FORCE)`);
}

/** Makes a database whose tables are up to date and spread: a copy, on each server, of what `citus-template.ts` has made. */
export async function spreadDatabase(): Promise<TemporaryDatabase> {
  const servers = await serversOf();
  const name = nameOf();
  await everywhere(servers, `CREATE DATABASE ${name} TEMPLATE ${process.env.ROSTER_TEST_CITUS_TEMPLATE}`);
  return {
    url: databaseOf(servers[0], name).href,
    remove: () => removeDatabase(servers, name),
  };
}

const nameOf = (): string => `roster_test_${randomBytes(8).toString('hex')}`;

const portOf = ({ port }: URL): number => Number(port === '' ? 5432 : port);

/** The coordinator and its workers. */
async function serversOf(): Promise<[URL, ...URL[]]> {
  const url = process.env.ROSTER_TEST_CITUS_URL;
  if (url === undefined) throw new Error('There is no Citus to test with.');
  const coordinator = new URL(url);
  const workers = await onDatabase(coordinator, async (client) => {
    const text = 'SELECT nodename AS host, nodeport AS port FROM pg_dist_node WHERE groupid <> 0';
    return (await client.query<Node>(text)).rows;
  });
  return [coordinator, ...workers.map((worker) => urlOf(coordinator, worker))];
}

function urlOf(coordinator: URL, { host, port }: Node): URL {
  const url = new URL(coordinator);
  url.hostname = host;
  url.port = String(port);
  return url;
}

function databaseOf(server: URL, name: string): URL {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url;
}

async function everywhere(servers: readonly URL[], statement: string): Promise<void> {
  await Promise.all(servers.map((url) => onDatabase(url, (client) => client.query(statement))));
}

async function onDatabase<T>(url: URL, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url.href);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
