import type { Directory } from '../directory.ts';
import type { Engine } from './engine.ts';

type PermissionDirectory = Pick<
  Directory,
  'grantPermission' | 'revokePermission' | 'listPermissions' | 'permits'
>;

const GRANT = `INSERT INTO group_permission (tenant_id, group_id, permission) VALUES (?, ?, ?)
  ON CONFLICT (tenant_id, group_id, permission) DO NOTHING`;

// CROSS JOIN, because SQLite takes it as the order in which to join
const PERMITTED_DIRECTLY = `SELECT 1 AS permitted FROM member m CROSS JOIN group_permission p
  WHERE m.tenant_id = ? AND m.member_id = ? AND p.tenant_id = ? AND p.group_id = m.group_id AND p.permission = ? LIMIT 1`;

// UNION takes each group once, so that circles end
const PERMITTED = `WITH RECURSIVE reached (id) AS (
    SELECT m.group_id FROM member m WHERE m.tenant_id = ? AND m.member_id = ?
    UNION SELECT n.group_id FROM reached x CROSS JOIN member n
      WHERE n.tenant_id = ? AND n.member_id = x.id AND n.member_type = 'Group')
  SELECT 1 AS permitted FROM reached x CROSS JOIN group_permission p
    WHERE p.tenant_id = ? AND p.group_id = x.id AND p.permission = ? LIMIT 1`;

/** What the members of groups may do. */
export function createPermissionDirectory(engine: Engine): PermissionDirectory {
  return {
    grantPermission: (tenantId, groupId, permission) =>
      engine.of(tenantId).transaction(async (tx) => {
        const group = await tx.get(
          `SELECT id FROM resource WHERE tenant_id = ? AND type = 'Group' AND id = ?${engine.dialect.locks.hold}`,
          [tenantId, groupId],
        );
        if (group === undefined) return false;
        await tx.run(GRANT, [tenantId, groupId, permission]);
        return true;
      }),

    async revokePermission(tenantId, groupId, permission) {
      const text = 'DELETE FROM group_permission WHERE tenant_id = ? AND group_id = ? AND permission = ?';
      const deletion = engine.of(tenantId).transaction((tx) => tx.run(text, [tenantId, groupId, permission]));
      return (await deletion) > 0;
    },

    async listPermissions(tenantId) {
      const rows = await engine
        .of(tenantId)
        .reader.all<{ group_id: string; permission: string }>(
          'SELECT group_id, permission FROM group_permission WHERE tenant_id = ? ORDER BY group_id, permission',
          [tenantId],
        );
      const byGroup = Map.groupBy(rows, ({ group_id }) => group_id);
      return new Map([...byGroup].map(([id, each]) => [id, each.map(({ permission }) => permission)]));
    },

    async permits(tenantId, memberId, permission) {
      const { reader } = engine.of(tenantId);
      // most users have their rights from a group they are in themselves, which is found by keys alone
      const directly = [tenantId, memberId, tenantId, permission];
      if ((await reader.get(PERMITTED_DIRECTLY, directly)) !== undefined) return true;
      const values = [tenantId, memberId, tenantId, tenantId, permission];
      return (await reader.get(PERMITTED, values)) !== undefined;
    },
  };
}
