import type { OperatorStore } from '../operators.ts';
import type { Access } from './engine.ts';
import {
  accountOf,
  insertRow,
  KEY_COLUMNS,
  keyOf,
  keyRow,
  OPERATOR_COLUMNS,
  type Row,
  SESSION_COLUMNS,
  sessionOf,
  sessionRow,
} from './operator-rows.ts';

type Proofs = Pick<
  OperatorStore,
  | 'createSession'
  | 'findSession'
  | 'listSessions'
  | 'noteSessionUse'
  | 'noteSessionAuthenticated'
  | 'endSession'
  | 'endOtherSessions'
  | 'createKey'
  | 'listKeys'
  | 'findKey'
  | 'noteKeyUse'
  | 'deleteKey'
>;

/** Sessions count with their operator's generation alone: one that was begun while the others ended has ended, too. */
const SESSIONS =
  'FROM operator_session s JOIN operator o ON o.id = s.operator_id AND o.generation = s.generation';

const FIND_SESSION = `SELECT ${SESSION_COLUMNS}, ${OPERATOR_COLUMNS} ${SESSIONS} WHERE s.digest = ?`;

const LIST_SESSIONS = `SELECT ${SESSION_COLUMNS} ${SESSIONS} WHERE s.operator_id = ? ORDER BY s.created DESC, s.id`;

const FIND_KEY = `SELECT ${KEY_COLUMNS}, ${OPERATOR_COLUMNS}
  FROM operator_key k JOIN operator o ON o.id = k.operator_id WHERE k.id = ?`;

/** What operators and their programs are recognised by, once they have proved who they are. */
export function createOperatorSessions({ reader, transaction }: Access): Proofs {
  const run = (text: string, values: readonly string[]): Promise<number> =>
    transaction((tx) => tx.run(text, values));
  return {
    createSession: (session, now) =>
      transaction(async (tx) => {
        await tx.run('DELETE FROM operator_session WHERE operator_id = ? AND expires <= ?', [
          session.operatorId,
          now,
        ]);
        await insertRow(tx, 'operator_session', sessionRow(session));
      }),

    async findSession(digest) {
      const row = await reader.get<Row>(FIND_SESSION, [digest]);
      return row && { session: sessionOf(row), account: accountOf(row) };
    },

    async listSessions(operatorId) {
      return (await reader.all<Row>(LIST_SESSIONS, [operatorId])).map(sessionOf);
    },

    async noteSessionUse(id, at) {
      await run('UPDATE operator_session SET last_seen = ? WHERE id = ? AND last_seen < ?', [at, id, at]);
    },

    async noteSessionAuthenticated(id, at) {
      await run('UPDATE operator_session SET authenticated = ? WHERE id = ?', [at, id]);
    },

    async endSession(operatorId, id) {
      return (
        (await run('DELETE FROM operator_session WHERE operator_id = ? AND id = ?', [operatorId, id])) > 0
      );
    },

    endOtherSessions: (operatorId, keptId) =>
      run('DELETE FROM operator_session WHERE operator_id = ? AND id <> ?', [operatorId, keptId]),

    async createKey(key) {
      await transaction((tx) => insertRow(tx, 'operator_key', keyRow(key)));
    },

    async listKeys(operatorId) {
      const rows = await reader.all<Row>(
        `SELECT ${KEY_COLUMNS} FROM operator_key k WHERE k.operator_id = ? ORDER BY k.created, k.id`,
        [operatorId],
      );
      return rows.map(keyOf);
    },

    async findKey(id) {
      const row = await reader.get<Row>(FIND_KEY, [id]);
      return row && { key: keyOf(row), account: accountOf(row) };
    },

    async noteKeyUse(id, at) {
      await run(
        'UPDATE operator_key SET last_used = ? WHERE id = ? AND (last_used IS NULL OR last_used < ?)',
        [...[at, id, at]],
      );
    },

    async deleteKey(operatorId, id) {
      return (await run('DELETE FROM operator_key WHERE operator_id = ? AND id = ?', [operatorId, id])) > 0;
    },
  };
}
