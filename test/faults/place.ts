import { randomBytes } from 'node:crypto';
import { queried } from './postgres-server.ts';

export type DatabaseName = 'sqlite' | 'postgres';

/** Where the data of an installation is. */
export interface Place {
  /** What Roster is told of it. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the check of the store reads: a file, or the URL of one who sees all rows. */
  readonly source: string;
  remove(): Promise<void>;
}

/** The server that experiments share which do nothing to it, by any database of it. */
const sharedUrl = (): string | undefined => process.env.ROSTER_TEST_POSTGRES_URL;

export const hasSharedPostgres = (): boolean => sharedUrl() !== undefined;

/** An empty database on the server that experiments share. */
export function sharedPlace(): Promise<Place> {
  const url = sharedUrl();
  if (url === undefined) throw new Error('There is no PostgreSQL to test with.');
  return placeOn(url);
}

const ROLE = 'roster_faults';

/**
 * Makes an empty database on a server, for a user without any rights beyond it, as Roster should have.
 *
 * @param serverUrl of one who may make roles and databases
 * @param through host and port of what is between Roster and the server; absent: nothing
 */
export async function placeOn(serverUrl: string, through?: string): Promise<Place> {
  const name = `roster_faults_${randomBytes(6).toString('hex')}`;
  await queried(serverUrl, `CREATE ROLE ${ROLE} LOGIN PASSWORD '${ROLE}'`).catch((error) => {
    // others make it too
    if (error.code !== '42710' && error.code !== '23505') throw error;
  });
  await queried(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 OWNER ${ROLE}`);
  const source = new URL(serverUrl);
  source.pathname = `/${name}`;
  const own = new URL(source);
  own.username = ROLE;
  own.password = ROLE;
  return {
    settings: {
      ROSTER_DATABASE_URL: through === undefined ? own.href : `postgres://${ROLE}@${through}/${name}`,
      ROSTER_SECRET_KEY: randomBytes(32).toString('base64'),
    },
    source: source.href,
    remove: async () => void (await queried(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`)),
  };
}
