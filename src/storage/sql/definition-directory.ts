import type { Directory, ResourceUse, StoredDefinition } from '../directory.ts';
import type { Engine, Executor } from './engine.ts';
import { type Fragment, sql } from './fragment.ts';
import { holdTenantAlone } from './tenant-lock.ts';

type DefinitionDirectory = Pick<
  Directory,
  'listDefinitions' | 'definitionRevision' | 'changeDefinitions' | 'countUse'
>;

/** The schemas and resource types that tenants have defined. */
export function createDefinitionDirectory(engine: Engine): DefinitionDirectory {
  return {
    listDefinitions: (tenantId) =>
      engine
        .of(tenantId)
        .reader.all<StoredDefinition>(
          'SELECT kind, name, content, created FROM definition WHERE tenant_id = ? ORDER BY position, kind, name',
          [tenantId],
        ),

    definitionRevision: (tenantId) => readDefinitionRevision(engine.shared.reader, tenantId),

    changeDefinitions: (tenantId, { revision, added, replaced = [], removed, unused }) =>
      engine.of(tenantId).transaction(async (tx) => {
        await holdTenantAlone(engine.dialect, tx, tenantId);
        for (const use of unused) if (await isUsed(tx, tenantId, use)) return 'used';
        const moved = await tx.run(
          `UPDATE tenant SET definition_revision = definition_revision + 1, revision = revision + 1
           WHERE id = ? AND definition_revision = ?`,
          [tenantId, revision],
        );
        if (moved === 0) return 'changed';
        for (const { kind, name } of removed)
          await tx.run('DELETE FROM definition WHERE tenant_id = ? AND kind = ? AND name = ?', [
            tenantId,
            kind,
            name,
          ]);
        for (const { kind, name, content } of replaced)
          await tx.run('UPDATE definition SET content = ? WHERE tenant_id = ? AND kind = ? AND name = ?', [
            content,
            tenantId,
            kind,
            name,
          ]);
        for (const { kind, name, content, created } of added)
          await tx.run(
            'INSERT INTO definition (tenant_id, kind, name, content, created, position) VALUES (?, ?, ?, ?, ?, ?)',
            [tenantId, kind, name, content, created, revision + 1],
          );
        return 'done';
      }),

    async countUse(tenantId, use) {
      const { text, values } = usersOf(tenantId, use);
      const [row] = await engine
        .of(tenantId)
        .scanner.all<{ total: number }>(`SELECT count(DISTINCT u.id) AS total FROM (${text}) u`, values);
      return Number(row?.total ?? 0);
    },
  };
}

/** The number that every change of a tenant's definitions changes; 0 before the first. */
export async function readDefinitionRevision(executor: Executor, tenantId: string): Promise<number> {
  const row = await executor.get<{ revision: number }>(
    'SELECT definition_revision AS revision FROM tenant WHERE id = ?',
    [tenantId],
  );
  return Number(row?.revision ?? 0);
}

async function isUsed(tx: Executor, tenantId: string, use: ResourceUse): Promise<boolean> {
  const { text, values } = usersOf(tenantId, use);
  return (await tx.get(`${text} LIMIT 1`, values)) !== undefined;
}

/** The ids of the resources, from the beginning of a key; one may occur many times. */
function usersOf(tenantId: string, { type, path }: ResourceUse): Fragment {
  if (path === undefined)
    return sql`SELECT r.id FROM resource r WHERE r.tenant_id = ${tenantId} AND r.type = ${type}`;
  const end = endOf(path);
  const fits = end === undefined ? sql`v.path = ${path}` : sql`v.path >= ${path} AND v.path < ${end}`;
  return sql`SELECT v.resource_id AS id FROM attribute_value v
    WHERE v.tenant_id = ${tenantId} AND v.type = ${type} AND ${fits}`;
}

/** What comes behind all paths with this beginning: a semicolon comes behind the colon, a slash behind the dot. */
function endOf(path: string): string | undefined {
  if (path.endsWith(':')) return `${path.slice(0, -1)};`;
  return path.endsWith('.') ? `${path.slice(0, -1)}/` : undefined;
}
