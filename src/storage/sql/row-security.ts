import type { ReadAccess } from './engine.ts';

const UNFENCED = `SELECT c.relname AS name
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = CAST(current_schema() AS regnamespace)
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
  ORDER BY c.relname`;

const PASSES = `SELECT rolname AS name FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)`;

/**
 * Why a transaction could reach the rows of another tenant if a statement did not name its own.
 *
 * @param access to a PostgreSQL database whose tables are up to date
 * @returns undefined when row-level security keeps it from that
 */
export async function findGap({ reader }: Pick<ReadAccess, 'reader'>): Promise<string | undefined> {
  const tables = await reader.all<{ name: string }>(UNFENCED, []);
  if (tables.length > 0) return `off for ${tables.map(({ name }) => name).join(', ')}`;
  const passing = await reader.get<{ name: string }>(PASSES, []);
  return passing && `the user ${passing.name} passes it by, being a superuser or having BYPASSRLS`;
}
