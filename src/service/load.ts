import type { JsonValue } from '../core/json.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { RequestContext, Services } from './context.ts';
import { type Creation, insertCreations, prepareCreation } from './resource-changes.ts';

/** Resources in one transaction: the more, the fewer times a page of an index is written. */
const BATCH = 50_000;

/**
 * Loads many resources that name no members, as for a first import: checked like those of a POST, written in large
 * transactions. What has been committed stays when a later resource is refused.
 *
 * @param onLoaded told the ids of each batch after its commit, in the order of the bodies
 * @returns how many were loaded
 * @throws ScimError 400 or 409, of the first resource that is refused
 */
export async function loadResources(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  bodies: Iterable<JsonValue> | AsyncIterable<JsonValue>,
  onLoaded: (ids: readonly string[]) => void,
): Promise<number> {
  let loaded = 0;
  let batch: Creation[] = [];
  const commit = async (): Promise<void> => {
    const creations = batch;
    batch = [];
    await services.storage.transaction(context.tenantId, (tx) =>
      insertCreations(services, context, tx, [], creations),
    );
    loaded += creations.length;
    onLoaded(creations.map(({ write }) => write.stored.id));
  };
  for await (const body of bodies) {
    batch.push(await prepareCreation(services, context, type, body));
    if (batch.length >= BATCH) await commit();
  }
  if (batch.length > 0) await commit();
  return loaded;
}
