import { foldText } from './compare.ts';
import { isBlank } from './decode.ts';
import { invalidValue } from './error.ts';
import type { Attribute } from './schema.ts';

/** The name of the user store that every tenant has. Names in it have no prefix. */
export const PRIMARY_STORE = 'PRIMARY';

/** The same, folded for comparison. */
export const PRIMARY_STORE_KEY = foldText(PRIMARY_STORE);

/** A user store of a tenant. */
export interface StoreName {
  readonly name: string;
  /** The name folded for comparison. */
  readonly nameKey: string;
}

/** A name and the user store that it is in. */
export interface NameInStore {
  /** The whole name in the one form that is stored: `x` in PRIMARY, `AMRSNGHE/x` elsewhere. */
  readonly name: string;
  /** The store's name folded for comparison. */
  readonly store: string;
  /** What the name begins with; undefined in PRIMARY. */
  readonly prefix: string | undefined;
  /** What stands before a slash although nothing is called that: then it is a plain part of the name. */
  readonly unknownPrefix: string | undefined;
}

// the full width slash counts as a slash, as it does where names are compared
const PREFIXED = /^([^/\uff0f]+)[/\uff0f](.*)$/s;

/** Whether a name may name its user store: a slash stands in it, and something before the slash. */
export const hasPrefix = (name: string): boolean => PREFIXED.test(name);

/** What stands before the first slash of a name, folded for comparison. */
export const prefixKeyOf = (name: string): string | undefined => {
  const prefix = PREFIXED.exec(name)?.[1];
  return prefix === undefined ? undefined : foldText(prefix);
};

/**
 * Finds the user store that a name is in: `AMRSNGHE/x`, with the store's name in any case; `PRIMARY/x` is `x`.
 *
 * @param attribute what the name is a value of; says which prefixes need no store
 * @param stores those of the tenant; not needed for a name without prefix
 * @throws ScimError 400 invalidValue when there is nothing behind the store, or two stores are named
 * @example readStoreName(userName, 'amrsnghe/x', stores).name === 'AMRSNGHE/x'
 */
export function readStoreName(attribute: Attribute, text: string, stores: readonly StoreName[]): NameInStore {
  const prefixes = new Map([
    ...stores.map(({ name, nameKey }) => [nameKey, name] as const),
    ...(attribute.storePrefixes ?? []).map((prefix) => [foldText(prefix), prefix] as const),
    [PRIMARY_STORE_KEY, PRIMARY_STORE] as const,
  ]);
  const [, before, local = ''] = PREFIXED.exec(text) ?? [];
  if (before === undefined) return inPrimary(text, undefined);
  const store = foldText(before);
  const prefix = prefixes.get(store);
  if (prefix === undefined) return inPrimary(text, before);
  if (isBlank(local)) throw invalidValue(`${attribute.name} has nothing behind the name of the user store.`);
  if (store !== PRIMARY_STORE_KEY)
    return { name: `${prefix}/${local}`, store, prefix, unknownPrefix: undefined };
  if (prefixes.has(prefixKeyOf(local) ?? ''))
    throw invalidValue(`${attribute.name} begins with the names of two user stores.`);
  return inPrimary(local, undefined);
}

/** A name as filters compare it: clients look for `PRIMARY/x` when that is what they have sent, and `x` is what is stored. */
export function comparedName(attribute: Attribute, text: string): string {
  if (attribute.storePrefixes === undefined || prefixKeyOf(text) !== PRIMARY_STORE_KEY) return text;
  return PREFIXED.exec(text)?.[2] || text;
}

const inPrimary = (name: string, unknownPrefix: string | undefined): NameInStore => ({
  name,
  store: PRIMARY_STORE_KEY,
  prefix: undefined,
  unknownPrefix,
});

/**
 * Finds what a resource is called after a change by a client to which stores are fixed: a name without prefix stays in
 * the store, and what identifies the resource stays as it is.
 *
 * @param old the name before the change
 * @throws ScimError 400 invalidValue when the store would be another one, or a name that identifies would change
 */
export function renameInStore(
  attribute: Attribute,
  old: string,
  text: string,
  stores: readonly StoreName[],
): NameInStore {
  const was = readStoreName(attribute, old, stores);
  const inOwn = was.prefix === undefined ? text : `${was.prefix}/${text}`;
  const isOwn = !hasPrefix(text) || isSameName(inOwn, old);
  const now = isOwn ? { ...was, name: inOwn } : readStoreName(attribute, text, stores);
  const isSame = isSameName(now.name, old);
  if (attribute.uniqueness !== 'none') {
    if (isSame) return was;
    throw invalidValue(`${attribute.name} can't be changed.`);
  }
  if (!isSame) requireStore(now);
  if (now.store !== was.store) throw invalidValue(`${attribute.name} can't name another user store.`);
  return now;
}

const isSameName = (one: string, other: string): boolean => foldText(one) === foldText(other);

/** @throws ScimError 400 invalidValue when a name begins with what is no user store */
export function requireStore({ unknownPrefix }: NameInStore): void {
  if (unknownPrefix !== undefined) throw invalidValue(`There is no user store ${unknownPrefix}.`);
}

/** Whether a user store is one: the names of groups may begin with prefixes that stand for none. */
export const isStore = (attribute: Attribute, store: string): boolean =>
  !attribute.storePrefixes?.some((prefix) => foldText(prefix) === store);

/**
 * Whether a text is the name of a resource, with or without the name of its user store before it, in any case.
 *
 * @param nameKey the name folded for comparison
 */
export function fitsName(text: string, nameKey: string, store: string): boolean {
  const folded = foldText(text);
  if (folded === nameKey) return true;
  return store === PRIMARY_STORE_KEY
    ? folded === `${PRIMARY_STORE_KEY}/${nameKey}`
    : nameKey === `${store}/${folded}`;
}
