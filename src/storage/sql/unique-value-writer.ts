import { conflict } from '../../core/error.ts';
import type { UniqueValue } from '../../core/unique-values.ts';
import type { ResourceState } from '../storage.ts';
import { type Executor, UniqueViolation } from './engine.ts';
import { columnOf } from './index-columns.ts';

type Holder = Pick<ResourceState, 'type' | 'unique'>;

/**
 * Gives a resource the unique values that it has after a change, and frees those that it had before.
 *
 * @throws ScimError 409 uniqueness when another resource of the type has one
 */
export async function changeUniqueValues(
  tx: Executor,
  tenantId: string,
  id: string,
  before: Holder,
  after: Holder,
): Promise<void> {
  if (before.unique === undefined && after.unique === undefined) return;
  const [old, now] = [byKey(before), byKey(after)];
  for (const [name, { path, key }] of old)
    if (!now.has(name))
      await tx.run('DELETE FROM unique_value WHERE tenant_id = ? AND type = ? AND path = ? AND value = ?', [
        ...[tenantId, before.type, path, key],
      ]);
  for (const [name, value] of now) if (!old.has(name)) await insert(tx, tenantId, after.type, id, value);
}

/** User names have a column, which is unique itself. */
const byKey = ({ unique = [] }: Holder): Map<string, UniqueValue> =>
  new Map(
    unique
      .filter(({ path }) => columnOf(path) === undefined)
      .map((value) => [JSON.stringify([value.path, value.key]), value]),
  );

async function insert(
  tx: Executor,
  tenantId: string,
  type: string,
  id: string,
  { path, name, key }: UniqueValue,
): Promise<void> {
  try {
    await tx.run(
      'INSERT INTO unique_value (tenant_id, type, path, value, resource_id) VALUES (?, ?, ?, ?, ?)',
      [tenantId, type, path, key, id],
    );
  } catch (error) {
    throw error instanceof UniqueViolation
      ? conflict(`Another ${type} has this ${name} already.`, name)
      : error;
  }
}

/** No attribute has this index path. */
const NAME_BEING_GIVEN = '.displayName';

/**
 * Whether another resource of a type has a displayName, which has no constraint of its own since SCIM 2.0 lets groups share
 * theirs. The row that is there for as long as the question takes lets transactions ask one after the other: a second one
 * that inserts it waits for the first or fails with it, and then sees what the first has written.
 */
export async function isNameTaken(
  tx: Executor,
  tenantId: string,
  type: string,
  id: string,
  nameKey: string,
): Promise<boolean> {
  const row = [tenantId, type, NAME_BEING_GIVEN, nameKey];
  await tx.run(
    'INSERT INTO unique_value (tenant_id, type, path, value, resource_id) VALUES (?, ?, ?, ?, ?)',
    [...row, id],
  );
  const other = await tx.get(
    'SELECT id FROM resource WHERE tenant_id = ? AND type = ? AND display_name = ? AND id <> ? LIMIT 1',
    [tenantId, type, nameKey, id],
  );
  await tx.run('DELETE FROM unique_value WHERE tenant_id = ? AND type = ? AND path = ? AND value = ?', row);
  return other !== undefined;
}
