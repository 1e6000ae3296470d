import { BUILT_IN, buildRegistry, type Definitions, type Registry } from '../core/registry.ts';
import type { StoredDefinition } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';

export interface Registries {
  /**
   * The resource types and schemas of a tenant, kept as long as its definitions do not change.
   *
   * @param revision of the tenant's definitions; 0: it has none
   */
  of(tenantId: string, revision: number): Promise<Registry>;
}

const KEPT_AT_MOST = 1000;

export function createRegistries({ directory }: Pick<Storage, 'directory'>): Registries {
  const kept = new Map<string, { readonly revision: number; readonly registry: Promise<Registry> }>();

  const build = async (tenantId: string, revision: number): Promise<Registry> =>
    buildRegistry(definitionsOf(await directory.listDefinitions(tenantId)), revision);

  return {
    async of(tenantId, revision) {
      if (revision === 0) return BUILT_IN;
      const known = kept.get(tenantId);
      if (known?.revision === revision) return known.registry;
      if (kept.size >= KEPT_AT_MOST) kept.clear();
      const registry = build(tenantId, revision);
      kept.set(tenantId, { revision, registry });
      // a database that could not answer is asked again
      registry.catch(() => {
        if (kept.get(tenantId)?.registry === registry) kept.delete(tenantId);
      });
      return registry;
    },
  };
}

/** What the rows of a tenant say, in their order. */
export function definitionsOf(stored: readonly StoredDefinition[]): Definitions {
  const ofKind = <T>(kind: StoredDefinition['kind']): T[] =>
    stored.filter((row) => row.kind === kind).map(({ content }) => JSON.parse(content) as T);
  return {
    schemas: ofKind('schema'),
    resourceTypes: ofKind('resourceType'),
    extensions: ofKind('extension'),
  };
}
