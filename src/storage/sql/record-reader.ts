import type { StoredDefinition } from '../directory.ts';
import type { RecordSnapshot, ResourceRecord, TenantRecord } from '../records.ts';
import { credentialOf, integrationOf, readUserStores, tenantOf } from './directory-rows.ts';
import type { Executor, Snapshot } from './engine.ts';
import { readOperatorRecords } from './operator-records.ts';
import type { Tables } from './tables.ts';

/** Rows read at once: enough that statements cost little, few enough that large documents fit into memory. */
const ROWS_AT_ONCE = 500;

type PlainTable = 'definition' | 'integration' | 'credential';

const PLAIN_ORDER: Readonly<Record<PlainTable, string>> = {
  definition: 'position, kind, name',
  integration: 'id',
  credential: 'id',
};

interface ResourceRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly created: string;
  readonly last_modified: string;
  readonly store: string;
  readonly doc: string;
  readonly hidden: string | null;
  readonly hash: string | null;
  readonly changed: string | null;
}

const RESOURCES = `SELECT r.type, r.id, r.version, r.created, r.last_modified, r.store, r.doc, r.hidden,
    p.hash, p.changed
  FROM resource r LEFT JOIN user_password p ON p.tenant_id = r.tenant_id AND p.user_id = r.id
  WHERE r.tenant_id = ? AND (r.type, r.id) > (?, ?) ORDER BY r.type, r.id LIMIT ${ROWS_AT_ONCE}`;

interface MemberRow {
  readonly group_id: string;
  readonly member_id: string;
  readonly member_type: string;
}

const MEMBERS = `SELECT group_id, member_id, member_type FROM member
  WHERE tenant_id = ? AND (group_id, member_id) > (?, ?) ORDER BY group_id, member_id LIMIT ${ROWS_AT_ONCE}`;

interface PermissionRow {
  readonly group_id: string;
  readonly permission: string;
}

const PERMISSIONS = `SELECT group_id, permission FROM group_permission
  WHERE tenant_id = ? AND (group_id, permission) > (?, ?) ORDER BY group_id, permission LIMIT ${ROWS_AT_ONCE}`;

/** Reads records of one state of the database. */
export function createRecordSnapshot({ of, shared }: Snapshot): RecordSnapshot {
  return {
    async listTenants() {
      const rows = await shared.all<Tables['tenant']>('SELECT * FROM tenant ORDER BY created, id', []);
      return rows.map(tenantOf);
    },

    async getSetting(name) {
      const row = await shared.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', [name]);
      return row?.value;
    },

    async countResources(tenantId) {
      const row = await of(tenantId).get<{ total: number | null }>(
        'SELECT sum(total) AS total FROM resource_count WHERE tenant_id = ?',
        [tenantId],
      );
      return Number(row?.total ?? 0);
    },

    recordsOf: (tenantId) => readRecords(of(tenantId), tenantId),
    ownersOf: (tenantId) => readOperatorRecords(shared, tenantId, 'owners'),
  };
}

async function* readRecords(executor: Executor, tenantId: string): AsyncGenerator<TenantRecord> {
  yield* await readTenant(executor, tenantId);
  for (const store of await readUserStores(executor, tenantId)) yield { kind: 'userStore', ...store };
  for (const row of await readPlain<Tables['definition']>(executor, 'definition', tenantId)) {
    const { tenant_id, kind, ...definition } = row;
    yield { ...definition, kind: 'definition', of: kind as StoredDefinition['kind'], tenantId };
  }
  for (const row of await readPlain<Tables['integration']>(executor, 'integration', tenantId))
    yield { kind: 'integration', ...integrationOf(row) };
  for (const row of await readPlain<Tables['credential']>(executor, 'credential', tenantId))
    yield { kind: 'credential', ...credentialOf(row) };
  yield* readResources(executor, tenantId);
  yield* readMembers(executor, tenantId);
  const permissions = eachPage<PermissionRow>(executor, PERMISSIONS, tenantId, (row) => [
    row.group_id,
    row.permission,
  ]);
  for await (const page of permissions)
    for (const { group_id, permission } of page)
      yield { kind: 'permission', tenantId, groupId: group_id, permission };
  yield* await readOperatorRecords(executor, tenantId, 'of the tenant');
}

async function readTenant(executor: Executor, tenantId: string): Promise<TenantRecord[]> {
  const row = await executor.get<Tables['tenant'] & { revision: number; definition_revision: number }>(
    'SELECT * FROM tenant WHERE id = ?',
    [tenantId],
  );
  if (row === undefined) return [];
  const revisions = {
    revision: Number(row.revision),
    definitionRevision: Number(row.definition_revision),
  };
  return [{ kind: 'tenant', ...tenantOf(row as never), ...revisions }];
}

const readPlain = <Row>(executor: Executor, table: PlainTable, tenantId: string): Promise<Row[]> =>
  executor.all<Row>(`SELECT * FROM ${table} WHERE tenant_id = ? ORDER BY ${PLAIN_ORDER[table]}`, [tenantId]);

async function* readResources(executor: Executor, tenantId: string): AsyncGenerator<ResourceRecord> {
  const pages = eachPage<ResourceRow>(executor, RESOURCES, tenantId, (row) => [row.type, row.id]);
  for await (const page of pages)
    for (const { last_modified, version, hidden, hash, changed, ...row } of page)
      yield {
        kind: 'resource',
        tenantId,
        ...row,
        version: Number(version),
        lastModified: last_modified,
        hidden: hidden ?? undefined,
        password: hash === null ? undefined : { hash, changed: changed ?? '' },
      };
}

async function* readMembers(executor: Executor, tenantId: string): AsyncGenerator<TenantRecord> {
  const pages = eachPage<MemberRow>(executor, MEMBERS, tenantId, (row) => [row.group_id, row.member_id]);
  for await (const page of pages)
    for (const [groupId, rows] of Map.groupBy(page, (row) => row.group_id))
      yield {
        kind: 'members',
        tenantId,
        groupId,
        members: rows.map(({ member_id, member_type }) => ({ value: member_id, type: member_type })),
      };
}

/** The rows of a tenant in the order of a key of two texts, page by page. */
async function* eachPage<Row>(
  executor: Executor,
  sql: string,
  tenantId: string,
  keyOf: (row: Row) => readonly [string, string],
): AsyncGenerator<Row[]> {
  let after: readonly [string, string] = ['', ''];
  for (;;) {
    const page = await executor.all<Row>(sql, [tenantId, ...after]);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < ROWS_AT_ONCE) return;
    after = keyOf(last);
  }
}
