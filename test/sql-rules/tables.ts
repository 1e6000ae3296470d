import { type CreateStmt, loadModule, type Node, parseSync } from 'libpg-query';
import { LEASE_TABLE } from '../../src/storage/sql/lease.ts';
import { STEP_TABLE } from '../../src/storage/sql/migrate.ts';
import { MIGRATIONS } from '../../src/storage/sql/migrations/migrations.ts';
import { REQUEST_LOG_MIGRATIONS } from '../../src/storage/sql/migrations/request-log.ts';
import { numbered } from '../../src/storage/sql/postgres-connection.ts';

await loadModule();

/** Tables without rows of a tenant, and why they are none. Citus copies them to every server. */
export const TABLES_WITHOUT_TENANT: ReadonlyMap<string, string> = new Map([
  ['setting', 'what the server as a whole keeps, a few rows'],
  ['tenant', 'the tenants themselves: a domain is looked up before it is known whose it is'],
  ['migration_step', 'what has been done to the tables'],
  ['lease', 'who does what one process at a time may do'],
  ['operator', 'who signs in is found by e-mail before it is known which tenant they are of, if any'],
  ['operator_recovery', 'of operators'],
  ['operator_session', 'of operators'],
  ['operator_key', 'of operators'],
  ['operator_link', 'of operators'],
]);

/** Words of migrations as PostgreSQL spells them. */
const WORDS: Readonly<Record<string, string>> = { BYTES: 'bytea', TEXT_KEY: 'text COLLATE "C"', KEYED: '' };

const spelled = (text: string): string => text.replace(/\{(\w+)\}/g, (_, word: string) => WORDS[word] ?? '');

const ALL_MIGRATIONS = [...MIGRATIONS, ...REQUEST_LOG_MIGRATIONS];

/** The statements that make and change tables, as PostgreSQL gets them, but for those of row-level security. */
export const MIGRATION_STATEMENTS: readonly string[] = [
  STEP_TABLE,
  LEASE_TABLE,
  ...ALL_MIGRATIONS.flatMap(({ onPostgres, statements }) => (onPostgres ? [] : statements)),
].map(spelled);

/** Row-level security, which some of the databases lack: the steps of migrations that they pass over. */
export const FENCES: readonly string[] = ALL_MIGRATIONS.flatMap(({ onPostgres, statements }) =>
  onPostgres ? statements.filter((text) => text.startsWith('CREATE POLICY')) : [],
);

/** @throws Error when the text is no statement, or more than one */
export function parseStatement(sql: string): Node {
  const statements = parseSync(numbered(sql)).stmts ?? [];
  const [only] = statements;
  if (only?.stmt === undefined || statements.length > 1) throw new Error(`Not one statement: ${sql}`);
  return only.stmt;
}

export const columnsOf = ({ tableElts = [] }: CreateStmt): string[] =>
  tableElts.flatMap((element) => ('ColumnDef' in element ? (element.ColumnDef.colname ?? []) : []));

/** Tables that have `tenant_id`, by the migrations. */
export const TENANT_TABLES: ReadonlySet<string> = new Set(
  MIGRATION_STATEMENTS.map(parseStatement).flatMap((node) =>
    'CreateStmt' in node && columnsOf(node.CreateStmt).includes('tenant_id')
      ? [node.CreateStmt.relation?.relname ?? '']
      : [],
  ),
);
