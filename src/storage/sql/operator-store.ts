import { conflict } from '../../core/error.ts';
import type { OperatorAccount, OperatorChange, OperatorStore } from '../operators.ts';
import { type Engine, type Executor, UniqueViolation } from './engine.ts';
import {
  accountOf,
  changeRow,
  insertRow,
  linkOf,
  linkRow,
  OPERATOR_COLUMNS,
  operatorRow,
  type Row,
} from './operator-rows.ts';
import { createOperatorSessions } from './operator-sessions.ts';

/**
 * Changes of operators take turns, since whether one may be made depends on the others: each begins with writing this
 * setting. A row of it is locked without asking for a lock, which engines that copy the table to every server can't give.
 */
const TURN = `INSERT INTO setting (name, value) VALUES ('operators', '')
  ON CONFLICT (name) DO UPDATE SET value = excluded.value`;

const SELECT = `SELECT ${OPERATOR_COLUMNS} FROM operator o`;

/** The tables with rows that are an operator's. */
const OWN_TABLES = ['operator_recovery', 'operator_session', 'operator_key', 'operator_link'];

/** The people who administer the server, in a SQL database. */
export function createOperatorStore(engine: Engine): OperatorStore {
  const { reader, transaction } = engine.shared;
  const inTurn = <T>(work: (tx: Executor) => Promise<T>): Promise<T> =>
    transaction(async (tx) => {
      await tx.run(TURN, []);
      return work(tx);
    });
  const find = async (condition: string, value: string): Promise<OperatorAccount | undefined> => {
    const row = await reader.get<Row>(`${SELECT} WHERE ${condition}`, [value]);
    return row && accountOf(row);
  };

  return {
    ...createOperatorSessions(engine.shared),

    async listOperators() {
      return (await reader.all<Row>(`${SELECT} ORDER BY o.email_key`, [])).map(accountOf);
    },

    getOperator: (id) => find('o.id = ?', id),
    findOperatorByEmail: (emailKey) => find('o.email_key = ?', emailKey),
    findOperatorBySubject: (subject) => find('o.subject = ?', subject),
    hasOperators: () => hasOperators(reader),

    createOperator: (account) => transaction((tx) => insertOperator(tx, account)),

    createFirstOperator: (account, digest, now) =>
      inTurn(async (tx) => {
        const used = await tx.run(
          `DELETE FROM operator_link WHERE digest = ? AND kind = 'setup' AND expires > ?`,
          [digest, now],
        );
        if (used === 0 || (await hasOperators(tx))) return false;
        await insertOperator(tx, account);
        await tx.run(`DELETE FROM operator_link WHERE kind = 'setup'`, []);
        return true;
      }),

    changeOperator: (id, change) =>
      inTurn(async (tx) => {
        const current = await readOperator(tx, id);
        if (current === undefined) return undefined;
        await writeChange(tx, id, change(current, await countOtherOwners(tx, id)));
        return readOperator(tx, id);
      }),

    deleteOperator: (id, check) =>
      inTurn(async (tx) => {
        const current = await readOperator(tx, id);
        if (current === undefined) return undefined;
        check(current, await countOtherOwners(tx, id));
        for (const table of OWN_TABLES) await tx.run(`DELETE FROM ${table} WHERE operator_id = ?`, [id]);
        await tx.run('DELETE FROM operator WHERE id = ?', [id]);
        return current;
      }),

    async takeTotpStep(id, step) {
      const text = 'UPDATE operator SET totp_step = ? WHERE id = ? AND totp_step < ?';
      return (await transaction((tx) => tx.run(text, [step, id, step]))) > 0;
    },

    putRecoveryCodes: (id, digests) =>
      transaction(async (tx) => {
        await tx.run('DELETE FROM operator_recovery WHERE operator_id = ?', [id]);
        for (const digest of digests) await insertRow(tx, 'operator_recovery', { operator_id: id, digest });
      }),

    async countRecoveryCodes(id) {
      const row = await reader.get<{ total: number }>(
        'SELECT count(*) AS total FROM operator_recovery WHERE operator_id = ?',
        [id],
      );
      return Number(row?.total ?? 0);
    },

    async takeRecoveryCode(id, digest) {
      const text = 'DELETE FROM operator_recovery WHERE operator_id = ? AND digest = ?';
      return (await transaction((tx) => tx.run(text, [id, digest]))) > 0;
    },

    putLink: (link) =>
      transaction(async (tx) => {
        await tx.run('DELETE FROM operator_link WHERE expires <= ?', [link.created]);
        if (link.operatorId !== undefined)
          await tx.run('DELETE FROM operator_link WHERE operator_id = ?', [link.operatorId]);
        await insertRow(tx, 'operator_link', linkRow(link));
      }),

    async findLink(digest, now) {
      const row = await reader.get<Row>(
        'SELECT digest, kind, operator_id, created, expires FROM operator_link WHERE digest = ? AND expires > ?',
        [digest, now],
      );
      return row && linkOf(row);
    },

    useLink: (digest, now, change) =>
      inTurn(async (tx) => {
        const row = await tx.get<{ operator_id: string | null }>(
          'SELECT operator_id FROM operator_link WHERE digest = ? AND expires > ?',
          [digest, now],
        );
        const id = row?.operator_id ?? undefined;
        if (id === undefined) return undefined;
        await tx.run('DELETE FROM operator_link WHERE operator_id = ?', [id]);
        await writeChange(tx, id, change);
        return readOperator(tx, id);
      }),
  };
}

/** Deletes the operators of a tenant that goes. */
export async function deleteOperatorsOf(tx: Executor, tenantId: string): Promise<void> {
  for (const table of OWN_TABLES)
    await tx.run(`DELETE FROM ${table} WHERE operator_id IN (SELECT id FROM operator WHERE tenant = ?)`, [
      tenantId,
    ]);
  await tx.run('DELETE FROM operator WHERE tenant = ?', [tenantId]);
}

async function hasOperators(executor: Executor): Promise<boolean> {
  return (await executor.get('SELECT id FROM operator LIMIT 1', [])) !== undefined;
}

async function readOperator(tx: Executor, id: string): Promise<OperatorAccount | undefined> {
  const row = await tx.get<Row>(`${SELECT} WHERE o.id = ?`, [id]);
  return row && accountOf(row);
}

async function countOtherOwners(tx: Executor, id: string): Promise<number> {
  const row = await tx.get<{ total: number }>(
    `SELECT count(*) AS total FROM operator
     WHERE role = 'owner' AND active = 1 AND id <> ? AND (password IS NOT NULL OR subject IS NOT NULL)`,
    [id],
  );
  return Number(row?.total ?? 0);
}

async function insertOperator(tx: Executor, account: OperatorAccount): Promise<void> {
  try {
    await insertRow(tx, 'operator', operatorRow(account));
  } catch (error) {
    throw error instanceof UniqueViolation
      ? conflict(`There is an operator with the e-mail address ${account.email} already.`, 'email')
      : error;
  }
}

async function writeChange(tx: Executor, id: string, change: OperatorChange): Promise<void> {
  const row = changeRow(change);
  const columns = Object.keys(row).map((column) => `${column} = ?`);
  if (change.endsSessions) {
    columns.push('generation = generation + 1');
    await tx.run('DELETE FROM operator_session WHERE operator_id = ?', [id]);
  }
  if (columns.length > 0)
    await tx.run(`UPDATE operator SET ${columns.join(', ')} WHERE id = ?`, [...Object.values(row), id]);
  // codes for when the device is lost have no meaning without one
  if ('totp' in change && change.totp === undefined)
    await tx.run('DELETE FROM operator_recovery WHERE operator_id = ?', [id]);
}
