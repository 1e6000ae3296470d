import type { NamedMember, NamedMemberQuery } from '../storage.ts';
import type { ReadAccess } from './engine.ts';
import { compileFilter } from './filter-sql.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';

/** Members of a group in the order of their ids, with their names. */
export async function listNamedMembers(
  { dialect, scanner }: ReadAccess,
  tenantId: string,
  groupId: string,
  { after = '', most, matching }: NamedMemberQuery,
): Promise<NamedMember[]> {
  const fits = (matching ?? []).map(({ type, filter }): Fragment => {
    const scope = { dialect, tenantId, type: type.name, resourceType: type };
    const isType = sql`m.member_type = ${type.name}`;
    return filter === undefined ? isType : sql`(${isType} AND ${compileFilter(scope, filter).where})`;
  });
  const condition = fits.length === 0 ? raw('') : sql`AND (${joinFragments(fits, ' OR ')})`;
  const [userName, displayName] = ['userName', 'displayName'].map((name) =>
    dialect.jsonMember('r.doc', name),
  );
  // CROSS JOIN, because SQLite takes it as the order in which to join
  const statement = sql`SELECT m.member_id, m.member_type, ${raw(`coalesce(${userName}, ${displayName})`)} AS name
    FROM member m CROSS JOIN resource r
    WHERE m.tenant_id = ${tenantId} AND m.group_id = ${groupId} AND m.member_id > ${after}
      AND r.tenant_id = ${tenantId} AND r.type = m.member_type AND r.id = m.member_id ${condition}
    ORDER BY m.member_id LIMIT ${raw(String(most))}`;
  const rows = await scanner.all<NamedRow>(statement.text, statement.values);
  return rows.map(({ member_id: value, member_type: type, name }) => ({
    value,
    type,
    name: name === null ? undefined : (JSON.parse(name) as string),
  }));
}

interface NamedRow {
  readonly member_id: string;
  readonly member_type: string;
  /** JSON text. */
  readonly name: string | null;
}

/** Number of members of a group. */
export async function countAllMembers(
  { scanner }: ReadAccess,
  tenantId: string,
  groupId: string,
): Promise<number> {
  const text = 'SELECT count(*) AS total FROM member WHERE tenant_id = ? AND group_id = ?';
  const [row] = await scanner.all<{ total: number }>(text, [tenantId, groupId]);
  return Number(row?.total ?? 0);
}
