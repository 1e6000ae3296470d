import type { ReadAccess } from './engine.ts';

const SERVER = `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() AS standby, current_user AS name, current_schema() AS schema,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates`;

const FOREIGN_TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = CAST(current_schema() AS regnamespace)
    AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
      AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
  ORDER BY c.relname`;

const FILLED = `SELECT CAST(to_regclass('migration_step') AS text) AS name`;

interface ServerRow {
  readonly version: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly name: string;
  readonly schema: string | null;
  readonly creates: boolean;
}

/** What a PostgreSQL database is, and why Roster can't work with it. */
export interface Fitness {
  /** As the server says it. */
  readonly version: string;
  /** Whether a start has been there before. */
  readonly isFilled: boolean;
  /** One line each. */
  readonly faults: readonly string[];
  /** What the user of the connection may not do, one line each. */
  readonly missingRights: readonly string[];
}

const encodingFaults = (encoding: string): string[] =>
  encoding === 'UTF8' ? [] : [`its encoding is ${encoding}: make it with ENCODING 'UTF8' TEMPLATE template0`];

/** Why no text of every language can be kept in a database; undefined: it can. */
export async function findEncodingFault({ reader }: Pick<ReadAccess, 'reader'>): Promise<string | undefined> {
  const row = await reader.get<{ server_encoding: string }>('SHOW server_encoding', []);
  return encodingFaults(row?.server_encoding ?? '')[0];
}

/** Looks at a database by what its catalogue says; the tables need not be there yet. */
export async function readFitness({ reader }: Pick<ReadAccess, 'reader'>): Promise<Fitness> {
  const server = (await reader.get<ServerRow>(SERVER, [])) as ServerRow;
  const faults = encodingFaults(server.encoding);
  if (server.standby) faults.push('it is a standby, which nobody can write to: give the primary');
  const missingRights: string[] = [];
  if (!server.creates)
    missingRights.push(
      `${server.name} may not make tables in ${server.schema ?? 'any schema'}: ALTER DATABASE ... OWNER TO ${server.name}`,
    );
  const foreign = await reader.all<{ name: string }>(FOREIGN_TABLES, []);
  if (foreign.length > 0)
    missingRights.push(
      `${server.name} may not read and write ${foreign.map(({ name }) => name).join(', ')}: make it their owner`,
    );
  const filled = await reader.get<{ name: string | null }>(FILLED, []);
  return { version: server.version, isFilled: filled?.name != null, faults, missingRights };
}
