import { join } from 'node:path';
import { deleteDirectory, temporaryDirectory } from './lifetime.ts';

export const databaseNames = ['sqlite', 'postgres'] as const;

export type DatabaseName = (typeof databaseNames)[number];

/** A database product that Rosters and their peers are measured on. */
export type Database = {
  readonly name: DatabaseName;
  /** Its version and settings in one line. */
  readonly description: string;
  /** The process that works for it besides the servers that use it, with its children. */
  readonly pid: number | undefined;
  createStore(): Promise<Store>;
  /** Gives the connections that are made from now on the cores of these commands; see Pinning. */
  runOn(prefix: readonly string[]): Promise<void>;
  stop(): Promise<void>;
};

/** Where a server keeps what it stores. */
export type Location = {
  /** A directory: SQLite files are in `data` below it. */
  readonly directory: string;
  /** The database, on a database server. */
  readonly url?: string;
  /** The same for who may do everything there. */
  readonly adminUrl?: string;
};

export const dataDirectoryOf = ({ directory }: Location): string => join(directory, 'data');

/** An empty database for one server. */
export type Store = Location & {
  /** The settings by which Roster finds it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Does what the database would do by itself some time after it was filled. */
  settle(): Promise<void>;
  remove(): Promise<void>;
};

/** What of a store can be told to another process. */
export const locationOf = ({ directory, url, adminUrl }: Store): Location => ({
  directory,
  ...(url !== undefined && { url }),
  ...(adminUrl !== undefined && { adminUrl }),
});

/** SQLite needs no server: a store is a directory. */
export const sqlite: Database = {
  name: 'sqlite',
  description: 'SQLite, WAL, synchronous=FULL',
  pid: undefined,
  async createStore() {
    const directory = temporaryDirectory('sqlite');
    return {
      directory,
      environment: { ROSTER_DATA_DIR: dataDirectoryOf({ directory }) },
      settle: async () => {},
      remove: async () => deleteDirectory(directory),
    };
  },
  runOn: async () => {},
  stop: async () => {},
};
