import { conflict, Unavailable } from '../core/error.ts';
import type { IndexValue } from '../core/index-values.ts';
import type { Resource } from '../core/resource.ts';
import type { ResourceType } from '../core/resource-type.ts';
import {
  hasPrefix,
  isStore,
  PRIMARY_STORE_KEY,
  prefixKeyOf,
  readStoreName,
  renameInStore,
  requireStore,
  type StoreName,
} from '../core/store-name.ts';
import type { Transaction } from '../storage/storage.ts';
import type { RequestContext } from './context.ts';

/** Reads the user stores of a tenant. */
type ListStores = (tenantId: string) => Promise<readonly StoreName[]>;

/**
 * Finds the user store that a resource is in by its name, and gives the name its one form. The stores are read only where
 * a name may name one.
 *
 * @param before the resource before a change; undefined: it is new
 * @returns the store's name folded for comparison
 * @throws ScimError 400 invalidValue
 */
export async function placeInStore(
  { tenantId, fixedStores = false }: RequestContext,
  { storeAttribute: attribute }: ResourceType,
  resource: Resource,
  before: Resource | undefined,
  listStores: ListStores,
): Promise<string> {
  const text = attribute && resource[attribute.name];
  if (attribute === undefined || typeof text !== 'string') return PRIMARY_STORE_KEY;
  const was = before?.[attribute.name];
  const old = fixedStores && typeof was === 'string' ? was : undefined;
  const stores = hasPrefix(text) || (old !== undefined && hasPrefix(old)) ? await listStores(tenantId) : [];
  const placed =
    old === undefined ? readStoreName(attribute, text, stores) : renameInStore(attribute, old, text, stores);
  if (fixedStores && old === undefined) requireStore(placed);
  resource[attribute.name] = placed.name;
  return placed.store;
}

/** What a new resource's name was taken to say before the transaction that stores it. */
export interface AssumedStore {
  readonly prefix: string;
  readonly store: string;
}

/** @returns undefined when the name says nothing about stores */
export function assumedStore(
  { storeAttribute: attribute }: ResourceType,
  resource: Resource,
  store: string,
): AssumedStore | undefined {
  const name = attribute && resource[attribute.name];
  const prefix = typeof name === 'string' ? prefixKeyOf(name) : undefined;
  if (attribute === undefined || prefix === undefined || !isStore(attribute, prefix)) return undefined;
  return { prefix, store };
}

/**
 * Checks that no user store has come or gone since new resources were made ready.
 *
 * @throws Unavailable
 */
export async function requireSameStores(
  tx: Transaction,
  tenantId: string,
  assumed: readonly AssumedStore[],
): Promise<void> {
  if (assumed.length === 0) return;
  const stores = new Set((await tx.listUserStores(tenantId)).map(({ nameKey }) => nameKey));
  if (assumed.some(({ prefix, store }) => stores.has(prefix) !== (prefix === store)))
    throw new Unavailable('The user stores of the tenant have changed meanwhile.');
}

/**
 * Checks, where stores are fixed, that a resource shares its name with no other of its user store. Names that are unique
 * in any case are left to their constraint.
 *
 * @param values what the resource is found by
 * @param before the same before a change, which may keep the name
 * @throws ScimError 409 uniqueness
 */
export async function requireOwnName(
  { tenantId, fixedStores = false }: RequestContext,
  tx: Transaction,
  { name: typeName, storeAttribute: attribute }: ResourceType,
  id: string,
  values: readonly IndexValue[],
  before: readonly IndexValue[],
): Promise<void> {
  if (!fixedStores || attribute === undefined || attribute.uniqueness !== 'none') return;
  const [key, old] = [values, before].map((all) => all.find(({ path }) => path === attribute.indexPath)?.key);
  if (key === undefined || key === old) return;
  if (await tx.isNameTaken(tenantId, typeName, id, key))
    throw conflict(`Another ${typeName} has this ${attribute.name} already.`, attribute.name);
}
