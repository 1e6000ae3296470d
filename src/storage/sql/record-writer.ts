import type { OperatorRecord, PlainRecord, RecordTransaction } from '../records.ts';
import { credentialRow, integrationRow, tenantRow, userStoreRow } from './directory-rows.ts';
import type { Executor, RowTable, SqlDialect, SqlValue } from './engine.ts';
import { insertOperatorRecord } from './operator-records.ts';
import { insertRows } from './row-insert.ts';

type Row = Readonly<Record<string, SqlValue>>;

type OwnWrites = Omit<RecordTransaction, 'insertResources' | 'addMembers'>;

const USER_PASSWORD: RowTable = {
  name: 'user_password',
  canConflict: true,
  columns: [
    ['user_id', 'text'],
    ['hash', 'text'],
    ['changed', 'text'],
  ],
};

/** Writes of whole rows, as they were in another database. */
export function createRecordWriter(dialect: SqlDialect, tx: Executor): OwnWrites {
  return {
    async insertRecord(record) {
      if (record.kind === 'operator') return insertOperatorRecord(tx, record);
      const { table, row } = rowOf(record);
      const columns = Object.keys(row);
      await tx.run(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        Object.values(row),
      );
    },

    insertPasswords: (tenantId, passwords) =>
      insertRows(dialect, tx, USER_PASSWORD, tenantId, passwords, ({ userId, hash, changed }) => [
        ...[userId, hash, changed],
      ]),

    async setTenantActive(tenantId, active) {
      await tx.run('UPDATE tenant SET active = ?, revision = revision + 1 WHERE id = ?', [
        Number(active),
        tenantId,
      ]);
    },

    async putSetting(name, value) {
      if (value === undefined) await tx.run('DELETE FROM setting WHERE name = ?', [name]);
      else
        await tx.run(
          `INSERT INTO setting (name, value) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          [name, value],
        );
    },
  };
}

function rowOf(record: Exclude<PlainRecord, OperatorRecord>): { table: string; row: Row } {
  switch (record.kind) {
    case 'tenant': {
      const { revision, definitionRevision } = record;
      return {
        table: 'tenant',
        row: { ...tenantRow(record), revision, definition_revision: definitionRevision },
      };
    }
    case 'userStore':
      return { table: 'user_store', row: userStoreRow(record) };
    case 'definition': {
      const { tenantId, of, name, content, created, position } = record;
      return {
        table: 'definition',
        row: { tenant_id: tenantId, kind: of, name, content, created, position },
      };
    }
    case 'integration': {
      const { kind, ...integration } = record;
      return { table: 'integration', row: integrationRow(integration) };
    }
    case 'credential':
      return { table: 'credential', row: credentialRow(record) };
    case 'permission': {
      const { tenantId, groupId, permission } = record;
      return { table: 'group_permission', row: { tenant_id: tenantId, group_id: groupId, permission } };
    }
  }
}
