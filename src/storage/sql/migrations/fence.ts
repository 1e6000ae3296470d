/**
 * What lets a transaction see and write the rows of its own tenant alone. A plain equality: where a statement names the
 * tenant too, as they all do, the planner compares the two names once, and no row needs a look. Both statements are one
 * step, since a table that is fenced without a policy shows nothing to anybody.
 */
export function fence(table: string): string {
  return `CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = current_setting('roster.tenant', true));
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`;
}
