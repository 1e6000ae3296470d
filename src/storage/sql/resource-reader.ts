import type { Member, Reader, ReadResource, RelationQuery } from '../storage.ts';
import {
  ANSWER_COLUMNS,
  type AnswerRow,
  isMarkedLarge,
  type MarkedRow,
  membershipColumn,
  relationColumn,
  storedResource,
} from './answer-sql.ts';
import type { Executor, ReadAccess } from './engine.ts';
import { type Fragment, sql } from './fragment.ts';
import { hasManyMembers, memberPieces } from './large-groups.ts';
import { countAllMembers, listNamedMembers } from './named-members.ts';
import { listResources } from './resource-list.ts';

/** The reading half of the storage, over any SQL database. */
export function createReader(of: (tenantId: string) => ReadAccess): Reader {
  return {
    getResource: (tenantId, type, id, relation) => getResource(of(tenantId), tenantId, type, id, relation),
    listResources: (tenantId, query) => listResources(of(tenantId), tenantId, query),

    async countMembers(tenantId, groupId, most) {
      const row = await of(tenantId).reader.get<{ total: number }>(
        'SELECT count(*) AS total FROM (SELECT 1 FROM member WHERE tenant_id = ? AND group_id = ? LIMIT ?) m',
        [tenantId, groupId, most],
      );
      return Number(row?.total ?? 0);
    },

    async listMembers(tenantId, groupId, after, most) {
      const rows = await of(tenantId).reader.all<{ member_id: string; member_type: string }>(
        `SELECT member_id, member_type FROM member
         WHERE tenant_id = ? AND group_id = ? AND member_id > ? ORDER BY member_id LIMIT ?`,
        [tenantId, groupId, after ?? '', most],
      );
      return rows.map((row): Member => ({ value: row.member_id, type: row.member_type }));
    },

    listNamedMembers: (tenantId, groupId, query) => listNamedMembers(of(tenantId), tenantId, groupId, query),
    countAllMembers: (tenantId, groupId) => countAllMembers(of(tenantId), tenantId, groupId),
  };
}

const GET_RESOURCE = `SELECT ${ANSWER_COLUMNS.text} FROM resource r WHERE r.tenant_id = ? AND r.type = ? AND r.id = ?`;

const GET_MARKED = `SELECT ${ANSWER_COLUMNS.text}, ${membershipColumn('').text} FROM resource r
  WHERE r.tenant_id = ? AND r.type = ? AND r.id = ?`;

/** A resource without its membership values. @param lock what the statement ends with */
export async function readResource(
  executor: Executor,
  tenantId: string,
  type: string,
  id: string,
  lock = '',
): Promise<ReadResource | undefined> {
  const row = await executor.get<AnswerRow>(`${GET_RESOURCE}${lock}`, [tenantId, type, id]);
  return row && storedResource(row);
}

async function getResource(
  access: ReadAccess,
  tenantId: string,
  type: string,
  id: string,
  relation: RelationQuery | undefined,
): Promise<ReadResource | undefined> {
  const { dialect, reader, scanner } = access;
  const isLarge = relation?.kind === 'members' && (await hasManyMembers(reader, tenantId, id));
  if (relation === undefined || isLarge) {
    const found = await readResource(reader, tenantId, type, id);
    return found && relation ? { ...found, relation: memberPieces(access, tenantId, id, relation) } : found;
  }
  if (relation.kind === 'memberOf') {
    const row = await reader.get<MarkedRow>(GET_MARKED, [tenantId, tenantId, type, id]);
    if (row === undefined || row.membership === null) return row && storedResource(row);
  }
  const queryWith = (column: Fragment): Fragment =>
    sql`SELECT ${ANSWER_COLUMNS}, ${column} AS relation FROM resource r
      WHERE r.tenant_id = ${tenantId} AND r.type = ${type} AND r.id = ${id}`;
  const few = queryWith(relationColumn(dialect, tenantId, relation, true));
  const row = await reader.get<AnswerRow>(few.text, few.values);
  if (!isMarkedLarge(row?.relation)) return row && storedResource(row);
  const all = queryWith(relationColumn(dialect, tenantId, relation));
  const [whole] = await scanner.all<AnswerRow>(all.text, all.values);
  return whole && storedResource(whole);
}
