import type { OperatorRecord } from '../records.ts';
import type { Executor } from './engine.ts';
import {
  accountOf,
  insertRow,
  KEY_COLUMNS,
  keyOf,
  keyRow,
  OPERATOR_COLUMNS,
  operatorRow,
  type Row,
} from './operator-rows.ts';

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');

/**
 * The operators of a tenant, or the owners, who belong to none.
 *
 * @param tenantId what records say that they are of
 */
export async function readOperatorRecords(
  executor: Executor,
  tenantId: string,
  which: 'of the tenant' | 'owners',
): Promise<OperatorRecord[]> {
  const isOfTenant = which === 'of the tenant';
  const rows = await executor.all<Row>(
    `SELECT ${OPERATOR_COLUMNS} FROM operator o WHERE ${isOfTenant ? 'o.tenant = ?' : 'o.tenant IS NULL'} ORDER BY o.id`,
    isOfTenant ? [tenantId] : [],
  );
  const records: OperatorRecord[] = [];
  for (const row of rows) {
    const { tenantId: _tenant, tenantDomain, totp, totpPending, generation, ...account } = accountOf(row);
    const keys = await executor.all<Row>(
      `SELECT ${KEY_COLUMNS} FROM operator_key k WHERE k.operator_id = ? ORDER BY k.id`,
      [account.id],
    );
    const codes = await executor.all<{ digest: Uint8Array }>(
      'SELECT digest FROM operator_recovery WHERE operator_id = ? ORDER BY digest',
      [account.id],
    );
    records.push({
      kind: 'operator',
      tenantId,
      ...account,
      totp: totp && base64url(totp),
      recoveryCodes: codes.map(({ digest }) => base64url(digest)),
      keys: keys.map(keyOf).map(({ operatorId, digest, ...key }) => ({ ...key, digest: base64url(digest) })),
    });
  }
  return records;
}

/** Writes an operator, unless there is one with the same e-mail address, who stays as they are. */
export async function insertOperatorRecord(tx: Executor, record: OperatorRecord): Promise<void> {
  const { kind, tenantId, totp, recoveryCodes, keys, ...account } = record;
  const row = operatorRow({
    ...account,
    tenantId: account.role === 'owner' ? undefined : tenantId,
    tenantDomain: undefined,
    totp: totp === undefined ? undefined : bytesOf(totp),
    totpPending: undefined,
    generation: 0,
  });
  if ((await insertRow(tx, 'operator', row, 'ON CONFLICT DO NOTHING')) === 0) return;
  for (const digest of recoveryCodes)
    await insertRow(tx, 'operator_recovery', { operator_id: account.id, digest: bytesOf(digest) });
  for (const { digest, ...key } of keys)
    await insertRow(tx, 'operator_key', keyRow({ ...key, operatorId: account.id, digest: bytesOf(digest) }));
}
