import type {
  Actor,
  AuditDetail,
  AuditFilter,
  AuditLog,
  AuditRecord,
  NewAuditRecord,
  Via,
} from '../audit.ts';
import type { Engine, Executor, RowTable, SqlDialect, SqlValue } from './engine.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { insertRows } from './row-insert.ts';

const AUDIT_RECORD: RowTable = {
  name: 'audit_record',
  canConflict: false,
  columns: (
    [
      ...['id', 'actor_kind', 'actor_id', 'actor_name', 'via', 'address', 'action'],
      ...['target_type', 'target_id', 'target_name', 'detail', 'result', 'request_id'],
    ] as const
  ).map((name) => [name, 'text']),
};

interface AuditRow {
  readonly id: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly via: string;
  readonly address: string | null;
  readonly action: string;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly target_name: string | null;
  readonly detail: string;
  readonly result: string;
  readonly request_id: string | null;
}

const PRUNE = `DELETE FROM audit_record WHERE tenant_id = ? AND id IN
  (SELECT id FROM audit_record WHERE tenant_id = ? AND id < ? ORDER BY id LIMIT ?)`;

/** What was done, in rows that nothing changes. */
export function createAuditLog(engine: Engine): AuditLog {
  const { dialect } = engine;
  return {
    append: (tenantId, records) =>
      engine.of(tenantId).transaction((tx) => insertAudit(dialect, tx, tenantId, records)),

    async list(tenantId, filter, behind, most) {
      const { text, values } = listQuery(tenantId, filter, behind, most);
      const rows = await engine.of(tenantId).scanner.all<AuditRow>(text, values);
      return rows.map(recordOf);
    },

    prune: (tenantId, before, most) =>
      engine.of(tenantId).transaction((tx) => tx.run(PRUNE, [tenantId, tenantId, firstIdAt(before), most])),
  };
}

/** Appends records in a transaction. */
export const insertAudit = (
  dialect: SqlDialect,
  tx: Executor,
  tenantId: string,
  records: readonly NewAuditRecord[],
): Promise<void> => insertRows(dialect, tx, AUDIT_RECORD, tenantId, records, rowOf);

/**
 * A page of a list. What is about one thing, or by people, is found by an index that has all it takes, and the rows are
 * joined to that: SQLite would walk through all of a tenant to save itself the join.
 */
function listQuery(
  tenantId: string,
  { actorId, via, action, targetId, since, until }: AuditFilter,
  behind: string | undefined,
  most: number,
): Fragment {
  const place = [sql`t.tenant_id = ${tenantId}`];
  if (behind !== undefined) place.push(sql`t.id < ${behind}`);
  if (since !== undefined) place.push(sql`t.id >= ${firstIdAt(since)}`);
  if (until !== undefined) place.push(sql`t.id < ${firstIdAt(until)}`);
  const byPeople = via !== undefined && via !== 'scim';
  if (targetId !== undefined) place.push(sql`t.target_id = ${targetId}`);
  // says what the partial index says, so that it can answer
  else if (byPeople) place.push(sql`t.via = ${via} AND t.via <> 'scim'`);
  const isJoined = targetId !== undefined || byPeople;
  const row = isJoined ? raw('a') : raw('t');
  const rest = isJoined ? [sql`a.tenant_id = ${tenantId} AND a.id = t.id`] : [];
  if (actorId !== undefined) rest.push(sql`${row}.actor_id = ${actorId}`);
  if (via !== undefined) rest.push(sql`${row}.via = ${via}`);
  if (action !== undefined) rest.push(sql`substr(${row}.action, 1, ${[...action].length}) = ${action}`);
  return sql`SELECT ${row}.* FROM audit_record t ${raw(isJoined ? 'CROSS JOIN audit_record a' : '')}
    WHERE ${joinFragments([...place, ...rest], ' AND ')} ORDER BY t.id DESC LIMIT ${most}`;
}

/** What no id of an earlier time is above: the beginning of a UUID of version 7 is its time. */
function firstIdAt(milliseconds: number): string {
  const time = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

const timeOf = (id: string): string =>
  new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString();

function rowOf({ id, actor, action, target, detail, result }: NewAuditRecord): SqlValue[] {
  return [
    ...[id, actor.kind, actor.id, actor.name, actor.via, actor.address ?? null, action],
    ...[target?.type ?? null, target?.id ?? null, target?.name ?? null],
    ...[JSON.stringify(detail), result, actor.requestId ?? null],
  ];
}

const recordOf = (row: AuditRow): AuditRecord => ({
  ...{ id: row.id, time: timeOf(row.id), action: row.action },
  actor: {
    ...{ kind: row.actor_kind as Actor['kind'], id: row.actor_id, name: row.actor_name },
    ...{ via: row.via as Via, address: row.address ?? undefined, requestId: row.request_id ?? undefined },
  },
  target:
    row.target_type === null
      ? undefined
      : { type: row.target_type, id: row.target_id ?? '', name: row.target_name ?? undefined },
  detail: JSON.parse(row.detail) as AuditDetail,
  result: row.result as AuditRecord['result'],
});
