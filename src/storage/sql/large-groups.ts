import type { RelationQuery } from '../storage.ts';
import { LARGE, membersPiece, relationColumn } from './answer-sql.ts';
import type { Executor, ReadAccess, SqlDialect } from './engine.ts';
import { type Fragment, raw, sql } from './fragment.ts';

/** A group with more members is large: they are read as they are sent, not with the group. */
const FEW_MEMBERS = 100;

/** Members of a large group that are read at a time: about 320 KB. */
const MEMBERS_PER_PIECE = 2000;

/** Reads the members of a large group piece by piece as they are sent, so that no answer is ever held as a whole. */
export async function* memberPieces(
  { dialect, scanner }: ReadAccess,
  tenantId: string,
  groupId: string,
  query: RelationQuery,
): AsyncGenerator<Uint8Array> {
  let after = '';
  for (;;) {
    const piece = membersPiece(dialect, query, tenantId, groupId, after, MEMBERS_PER_PIECE);
    const [row] = await scanner.all<MembersRow>(piece.text, piece.values);
    if (row === undefined || row.last === null) return;
    if (after !== '') yield COMMA;
    yield row.relation;
    if (Number(row.members) < MEMBERS_PER_PIECE) return;
    after = row.last;
  }
}

interface MembersRow {
  readonly relation: Uint8Array;
  readonly members: number;
  readonly last: string | null;
}

const COMMA = Buffer.from(',');

/** Whether a group is large. */
export async function hasManyMembers(reader: Executor, tenantId: string, groupId: string): Promise<boolean> {
  const row = await reader.get<{ many: number }>(
    'SELECT 1 AS many FROM member WHERE tenant_id = ? AND group_id = ? LIMIT 1 OFFSET ?',
    [tenantId, groupId, FEW_MEMBERS],
  );
  return row !== undefined;
}

/** The membership values of the row `r` of a list, as `relationColumn` makes them, but of a large group only a mark. */
export function listedRelation(dialect: SqlDialect, tenantId: string, query: RelationQuery): Fragment {
  const column = relationColumn(dialect, tenantId, query);
  if (query.kind !== 'members') return column;
  return sql`CASE WHEN (SELECT 1 FROM member m WHERE m.tenant_id = ${tenantId} AND m.group_id = r.id
      LIMIT 1 OFFSET ${raw(String(FEW_MEMBERS))}) IS NULL THEN ${column} ELSE ${LARGE} END`;
}
