import { readFilter } from '../core/filter-binding.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { toleranceOf } from '../core/tolerance.ts';
import type { ListedResource, Storage } from '../storage/storage.ts';

/**
 * Finds a resource by an attribute that names it.
 *
 * @param attribute such as `userName`
 * @returns the first there is
 */
export async function findByName(
  storage: Pick<Storage, 'listResources'>,
  tenantId: string,
  type: ResourceType,
  attribute: string,
  name: string,
): Promise<ListedResource | undefined> {
  const filter = readFilter(type, `${attribute} eq ${JSON.stringify(name)}`, toleranceOf('strict'));
  const part = { type, filter, sort: undefined, relation: undefined };
  const page = { startIndex: 1, count: 1 };
  return (await storage.listResources(tenantId, { parts: [part], page })).resources[0];
}
