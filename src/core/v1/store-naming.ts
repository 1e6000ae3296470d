import { foldText } from '../compare.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { PRIMARY_STORE } from '../store-name.ts';

/** The user stores of a tenant by their names in the one form that is stored; PRIMARY may be among them. */
export interface StoreNames {
  readonly storeNames: readonly string[];
}

/** How the resources of a type are named within user stores. */
export interface StoreNaming {
  readonly attribute: Attribute;
  /**
   * Whether 1.1 shows the store PRIMARY too, and takes a name without a store for one in it. Names that identify, as those
   * of users do, are used without.
   */
  readonly namesPrimary: boolean;
}

/** @returns undefined for a type that is in no user store: SCIM 1.1 does not serve it */
export function storeNaming({ storeAttribute: attribute }: ResourceType): StoreNaming | undefined {
  return attribute && { attribute, namesPrimary: attribute.uniqueness === 'none' };
}

/** What names of the type may begin with, PRIMARY apart. */
export const prefixesOf = ({ attribute }: StoreNaming, { storeNames }: StoreNames): string[] =>
  [...storeNames, ...(attribute.storePrefixes ?? [])].filter((prefix) => prefix !== PRIMARY_STORE);

/** A name taken apart: `amrsnghe/x` is the name `x` in the store `AMRSNGHE`. */
export interface NameParts {
  /** As it is stored; PRIMARY included. undefined: the name begins with no store. */
  readonly prefix: string | undefined;
  readonly local: string;
}

// the full width slash counts as a slash, as it does where names are compared
const SLASH = /[/\uff0f]/;

/** Finds the user store that a written name begins with, in any case. */
export function splitName(naming: StoreNaming, names: StoreNames, text: string): NameParts {
  const slash = text.search(SLASH);
  const key = slash < 0 ? '' : foldText(text.slice(0, slash));
  const known = [PRIMARY_STORE, ...prefixesOf(naming, names)];
  const prefix = slash < 0 ? undefined : known.find((one) => foldText(one) === key);
  return { prefix, local: prefix === undefined ? text : text.slice(slash + 1) };
}
