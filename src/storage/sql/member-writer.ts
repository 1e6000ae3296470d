import type { Identity, Transaction } from '../storage.ts';
import type { Executor, SqlDialect, SqlValue } from './engine.ts';

type MemberWriter = Pick<
  Transaction,
  'resourceTypesOf' | 'identitiesOf' | 'addMembers' | 'removeMembers' | 'clearMembers' | 'groupsOf'
>;

/** Ids in one statement; lists are padded to powers of two, so that few statement texts exist. */
const IDS_PER_STATEMENT = 256;

/** Membership rows: each change touches the rows it names and no other. */
export function createMemberWriter({ locks }: Pick<SqlDialect, 'locks'>, tx: Executor): MemberWriter {
  return {
    async resourceTypesOf(tenantId, types, ids) {
      const found = new Map<string, string>();
      const typeMarks = marks(types.length);
      await inChunks(ids, async (chunk) => {
        const rows = await tx.all<{ id: string; type: string }>(
          `SELECT id, type FROM resource WHERE tenant_id = ? AND type IN (${typeMarks}) AND id IN (${marks(chunk.length)})`,
          [tenantId, ...types, ...chunk],
        );
        for (const { id, type } of rows) found.set(id, type);
      });
      return found;
    },

    async identitiesOf(tenantId, types, ids) {
      const found = new Map<string, Identity>();
      const typeMarks = marks(types.length);
      await inChunks(ids, async (chunk) => {
        const rows = await tx.all<IdentityRow>(
          `SELECT id, type, store, coalesce(user_name, display_name, '') AS name_key FROM resource
           WHERE tenant_id = ? AND type IN (${typeMarks}) AND id IN (${marks(chunk.length)})`,
          [tenantId, ...types, ...chunk],
        );
        for (const { id, type, store, name_key } of rows) found.set(id, { type, store, nameKey: name_key });
      });
      return found;
    },

    async addMembers(tenantId, groupId, members) {
      const added: string[] = [];
      await inChunks(members, async (chunk) => {
        const rows = chunk.map(() => '(?, ?, ?, ?)').join(', ');
        const done = await tx.all<MemberRow>(
          `INSERT INTO member (tenant_id, group_id, member_id, member_type) VALUES ${rows}
           ON CONFLICT (tenant_id, group_id, member_id) DO NOTHING RETURNING member_id`,
          chunk.flatMap(({ value, type }): SqlValue[] => [tenantId, groupId, value, type]),
        );
        for (const { member_id } of done) added.push(member_id);
      });
      return added;
    },

    async removeMembers(tenantId, groupId, ids) {
      const removed: string[] = [];
      await inChunks(ids, async (chunk) => {
        const done = await tx.all<MemberRow>(
          `DELETE FROM member WHERE tenant_id = ? AND group_id = ? AND member_id IN (${marks(chunk.length)})
           RETURNING member_id`,
          [tenantId, groupId, ...chunk],
        );
        for (const { member_id } of done) removed.push(member_id);
      });
      return removed;
    },

    async clearMembers(tenantId, groupId) {
      const removed: string[] = [];
      for (;;) {
        const some = await tx.all<MemberRow>(
          `DELETE FROM member WHERE tenant_id = ? AND group_id = ? AND member_id IN
             (SELECT member_id FROM member WHERE tenant_id = ? AND group_id = ? ORDER BY member_id LIMIT ?)
           RETURNING member_id`,
          [tenantId, groupId, tenantId, groupId, 1000],
        );
        for (const { member_id } of some) removed.push(member_id);
        if (some.length < 1000) return removed;
        await breathe();
      }
    },

    async groupsOf(tenantId, type, memberId) {
      if (locks.alone !== '')
        await tx.get(`SELECT id FROM resource WHERE tenant_id = ? AND type = ? AND id = ?${locks.alone}`, [
          ...[tenantId, type, memberId],
        ]);
      const rows = await tx.all<{ group_id: string }>(
        // in one order, so that two transactions that lock the groups don't wait for each other
        'SELECT group_id FROM member WHERE tenant_id = ? AND member_id = ? ORDER BY group_id',
        [tenantId, memberId],
      );
      return rows.map((row) => row.group_id);
    },
  };
}

interface MemberRow {
  readonly member_id: string;
}

interface IdentityRow {
  readonly id: string;
  readonly type: string;
  readonly store: string;
  readonly name_key: string;
}

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ');

async function inChunks<T>(items: readonly T[], work: (chunk: readonly T[]) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += IDS_PER_STATEMENT) {
    if (start > 0) await breathe();
    await work(padded(items.slice(start, start + IDS_PER_STATEMENT)));
  }
}

/** Repeats the last item up to a power of two: a row that is named twice changes nothing more. */
function padded<T>(items: readonly T[]): readonly T[] {
  const size = 2 ** Math.ceil(Math.log2(items.length));
  return [...items, ...Array.from({ length: size - items.length }, () => items.at(-1) as T)];
}

/** Lets other requests be served between the steps of a long change. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
