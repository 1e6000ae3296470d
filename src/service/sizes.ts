import type { Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import type { Registries } from './registries.ts';

/** How many resources of a type there are. */
export interface TypeSize {
  readonly type: string;
  readonly total: number;
}

/** Counts the resources of a tenant by type; the totals are kept, so that nothing is walked through. */
export async function countResources(
  storage: Pick<Storage, 'listResources' | 'directory'>,
  registries: Registries,
  { id }: Pick<Tenant, 'id'>,
): Promise<TypeSize[]> {
  const registry = await registries.of(id, await storage.directory.definitionRevision(id));
  return Promise.all(
    registry.resourceTypes.map(async (type) => {
      const part = { type, filter: undefined, sort: undefined, relation: undefined };
      const page = { startIndex: 1, count: 0 };
      const { totalResults } = await storage.listResources(id, { parts: [part], page });
      return { type: type.name, total: totalResults };
    }),
  );
}
