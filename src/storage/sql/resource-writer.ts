import { conflict } from '../../core/error.ts';
import { laterTime } from '../../core/time.ts';
import type { ResourceWrite, Transaction } from '../storage.ts';
import { insertAudit } from './audit-log.ts';
import { readDefinitionRevision } from './definition-directory.ts';
import { readUserStores } from './directory-rows.ts';
import {
  type Column,
  type Executor,
  type ReadAccess,
  type RowTable,
  type SqlValue,
  UniqueViolation,
} from './engine.ts';
import { type IndexColumns, splitIndexValues, type ValueRow } from './index-columns.ts';
import { createMemberWriter } from './member-writer.ts';
import { createReader, readResource } from './resource-reader.ts';
import { insertRows } from './row-insert.ts';
import { changeUniqueValues, isNameTaken } from './unique-value-writer.ts';

const text = (...names: string[]): Column[] => names.map((name) => [name, 'text']);

const RESOURCE: RowTable = {
  name: 'resource',
  canConflict: true,
  columns: [
    ...text('type', 'id'),
    ['version', 'integer'],
    ...text('created', 'last_modified', 'store'),
    ...text('user_name', 'display_name', 'external_id', 'family_name', 'active', 'doc', 'hidden'),
  ],
};

const ATTRIBUTE_VALUE: RowTable = {
  name: 'attribute_value',
  canConflict: false,
  columns: [
    ...text('type', 'path', 'value', 'resource_id'),
    ['element', 'integer'],
    ...text('element_type', 'element_primary', 'whole'),
  ],
};

const UPDATE_RESOURCE = `UPDATE resource SET version = ?, last_modified = ?, store = ?,
    user_name = ?, display_name = ?, external_id = ?, family_name = ?, active = ?, doc = ?, hidden = ?
  WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?`;

const DELETE_VALUE = `DELETE FROM attribute_value
  WHERE tenant_id = ? AND type = ? AND path = ? AND value = ? AND resource_id = ? AND element = ?`;

const COUNT = `INSERT INTO resource_count (tenant_id, type, shard, total) VALUES (?, ?, ?, ?)
  ON CONFLICT (tenant_id, type, shard) DO UPDATE SET total = resource_count.total + excluded.total`;

const SET_PASSWORD = `INSERT INTO user_password (tenant_id, user_id, hash, changed) VALUES (?, ?, ?, ?)
  ON CONFLICT (tenant_id, user_id) DO UPDATE SET hash = excluded.hash, changed = excluded.changed`;

const DELETE_PASSWORD = 'DELETE FROM user_password WHERE tenant_id = ? AND user_id = ?';

const DELETE_PERMISSIONS = 'DELETE FROM group_permission WHERE tenant_id = ? AND group_id = ?';

/** The writing half of the storage inside one transaction. */
export function createTransaction({ dialect }: Pick<ReadAccess, 'dialect'>, tx: Executor): Transaction {
  // what the transaction has written is visible on its own connection only
  const reader = createReader(() => ({ dialect, reader: tx, scanner: tx }));
  const members = createMemberWriter(dialect, tx);
  const shard = Math.floor(Math.random() * dialect.countShards);
  const count = (tenantId: string, type: string, change: number): Promise<number> =>
    tx.run(COUNT, [tenantId, type, shard, change]);

  async function insertResources(tenantId: string, writes: readonly ResourceWrite[]): Promise<void> {
    const values: KeyedRow[] = [];
    const counts = new Map<string, number>();
    const rows = writes.map((write): SqlValue[] => {
      const { columns, rows: own } = splitIndexValues(write.values);
      for (const row of own) values.push({ type: write.type, id: write.stored.id, row });
      counts.set(write.type, (counts.get(write.type) ?? 0) + 1);
      return resourceRow(write, columns);
    });
    // none waits for the answer to another; where a name is taken, the others fail after it
    await together([
      refusingTakenNames(() => insertRows(dialect, tx, RESOURCE, tenantId, rows, (row) => row)),
      // rows that stand together in the key are written together: each page of the index is touched once
      insertValues(tenantId, writes.length > 1 ? inKeyOrder(values) : values),
      ...[...counts].map(([type, added]) => count(tenantId, type, added)),
    ]);
    for (const write of writes)
      await changeUniqueValues(tx, tenantId, write.stored.id, { type: write.type }, write);
  }

  const insertValues = (tenantId: string, values: readonly KeyedRow[]): Promise<void> =>
    insertRows(dialect, tx, ATTRIBUTE_VALUE, tenantId, values, ({ type, id, row }) => [
      ...[type, row.path, row.value, id, row.element],
      ...[row.element_type, row.element_primary, row.whole],
    ]);

  return {
    ...reader,
    ...members,

    // whoever reads a resource here is about to change it
    getResource: (tenantId, type, id, relation) =>
      relation === undefined
        ? readResource(tx, tenantId, type, id, dialect.locks.change)
        : reader.getResource(tenantId, type, id, relation),

    insertResource: (tenantId, write) => insertResources(tenantId, [write]),

    insertResources,

    async updateResource(tenantId, before, after) {
      const { columns, rows } = splitIndexValues(after.values);
      const { id, version, lastModified, doc } = after.stored;
      const changed = await refusingTakenNames(() =>
        tx.run(UPDATE_RESOURCE, [
          version,
          lastModified,
          after.store,
          ...columnValues(columns),
          doc,
          after.hidden ?? null,
          ...[tenantId, after.type, id, before.stored.version],
        ]),
      );
      if (changed === 0) return false;
      await changeUniqueValues(tx, tenantId, id, before, after);
      const old = new Map(splitIndexValues(before.values).rows.map((row) => [rowKey(row), row]));
      const added = rows.filter((row) => !old.delete(rowKey(row)));
      await deleteValues(tx, tenantId, after.type, id, [...old.values()]);
      await insertValues(
        tenantId,
        added.map((row) => ({ type: after.type, id, row })),
      );
      return true;
    },

    async touchResource(tenantId, type, id, now) {
      const row = await tx.get<{ last_modified: string }>(
        `SELECT last_modified FROM resource WHERE tenant_id = ? AND type = ? AND id = ?${dialect.locks.change}`,
        [tenantId, type, id],
      );
      if (row === undefined) return;
      await tx.run(
        `UPDATE resource SET version = version + 1, last_modified = ? WHERE tenant_id = ? AND type = ? AND id = ?`,
        [laterTime(row.last_modified, now), tenantId, type, id],
      );
    },

    async setPassword(tenantId, userId, hash, changed) {
      if (hash === undefined) await tx.run(DELETE_PASSWORD, [tenantId, userId]);
      else await tx.run(SET_PASSWORD, [tenantId, userId, hash, changed]);
    },

    isNameTaken: (tenantId, type, id, nameKey) => isNameTaken(tx, tenantId, type, id, nameKey),

    listUserStores: (tenantId) => readUserStores(tx, tenantId),

    definitionRevision: (tenantId) => readDefinitionRevision(tx, tenantId),

    async getHidden(tenantId, type, id) {
      const row = await tx.get<{ hidden: string | null }>(
        'SELECT hidden FROM resource WHERE tenant_id = ? AND type = ? AND id = ?',
        [tenantId, type, id],
      );
      return row?.hidden ?? undefined;
    },

    appendAudit: (tenantId, records) => insertAudit(dialect, tx, tenantId, records),

    async attempt(work) {
      await tx.run('SAVEPOINT attempt', []);
      try {
        return await work();
      } catch (error) {
        await tx.run('ROLLBACK TO attempt', []);
        throw error;
      } finally {
        await tx.run('RELEASE attempt', []);
      }
    },

    async deleteResource(tenantId, write) {
      const { type, stored, values } = write;
      await members.clearMembers(tenantId, stored.id);
      await tx.run('DELETE FROM member WHERE tenant_id = ? AND member_id = ?', [tenantId, stored.id]);
      await deleteValues(tx, tenantId, type, stored.id, splitIndexValues(values).rows);
      await changeUniqueValues(tx, tenantId, stored.id, write, { type });
      await tx.run(DELETE_PASSWORD, [tenantId, stored.id]);
      await tx.run(DELETE_PERMISSIONS, [tenantId, stored.id]);
      const deleted = await tx.run('DELETE FROM resource WHERE tenant_id = ? AND type = ? AND id = ?', [
        tenantId,
        type,
        stored.id,
      ]);
      if (deleted > 0) await count(tenantId, type, -1);
    },
  };
}

/** Waits for all of several writes. @throws what the first of those that failed has thrown */
async function together(writes: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(writes))
    if (outcome.status === 'rejected') throw outcome.reason;
}

const columnValues = (columns: IndexColumns): SqlValue[] => [
  columns.user_name,
  columns.display_name,
  columns.external_id,
  columns.family_name,
  columns.active,
];

const rowKey = (row: ValueRow): string => JSON.stringify(row);

async function refusingTakenNames<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof UniqueViolation && error.constraint.includes('user_name'))
      throw conflict('Another resource has this userName already.', 'userName');
    throw error;
  }
}

/** A row of `attribute_value` with the resource it belongs to. */
interface KeyedRow {
  readonly type: string;
  readonly id: string;
  readonly row: ValueRow;
}

/** Sorts rows of resources that were made in the order of their ids: most values occur often, so each is sorted once. */
function inKeyOrder(rows: readonly KeyedRow[]): KeyedRow[] {
  const byPath = Map.groupBy(rows, ({ type, row }) => `${type} ${row.path}`);
  return inOrderOfKeys(byPath).flatMap((samePath) => {
    const byValue = Map.groupBy(samePath, ({ row }) => row.value);
    return inOrderOfKeys(byValue).flat();
  });
}

const inOrderOfKeys = <T>(groups: Map<string, T>): T[] =>
  [...groups.keys()].sort().map((key) => groups.get(key) as T);

function resourceRow(write: ResourceWrite, columns: IndexColumns): SqlValue[] {
  const { id, version, created, lastModified, doc } = write.stored;
  const head = [write.type, id, version, created, lastModified, write.store];
  return [...head, ...columnValues(columns), doc, write.hidden ?? null];
}

async function deleteValues(
  tx: Executor,
  tenantId: string,
  type: string,
  id: string,
  rows: readonly ValueRow[],
): Promise<void> {
  for (const { path, value, element } of rows)
    await tx.run(DELETE_VALUE, [tenantId, type, path, value, id, element]);
}
