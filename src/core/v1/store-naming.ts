import { foldText } from '../compare.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { GROUP_SCHEMA } from '../schemas/group.ts';
import { USER_SCHEMA } from '../schemas/user.ts';

/** The user store whose names are kept without prefix. */
export const PRIMARY_PREFIX = 'PRIMARY';

/** The user stores of a tenant by their names in the one form that is stored. */
export interface StoreNames {
  readonly storeNames: readonly string[];
}

/** How the resources of a type are named within user stores. */
export interface StoreNaming {
  readonly attribute: Attribute;
  /** Prefixes besides the names of stores. */
  readonly prefixes: readonly string[];
  /** Whether 1.1 shows the store PRIMARY too, and takes a name without a store for one in it. */
  readonly namesPrimary: boolean;
}

const NAMINGS: Readonly<Record<string, Omit<StoreNaming, 'attribute'> & { readonly name: string }>> = {
  [USER_SCHEMA]: { name: 'username', prefixes: [], namesPrimary: false },
  [GROUP_SCHEMA]: { name: 'displayname', prefixes: ['Internal', 'Application'], namesPrimary: true },
};

/** @returns undefined for a type that is in no user store: SCIM 1.1 does not serve it */
export function storeNaming(type: ResourceType): StoreNaming | undefined {
  const naming = NAMINGS[type.schema.id];
  const attribute = naming && type.attributeByName.get(naming.name);
  return attribute === undefined || naming === undefined ? undefined : { ...naming, attribute };
}

/** What names of the type may begin with, PRIMARY apart. */
export const prefixesOf = ({ prefixes }: StoreNaming, { storeNames }: StoreNames): string[] =>
  [...storeNames, ...prefixes].filter((prefix) => prefix !== PRIMARY_PREFIX);

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
  const known = [PRIMARY_PREFIX, ...prefixesOf(naming, names)];
  const prefix = slash < 0 ? undefined : known.find((one) => foldText(one) === key);
  return { prefix, local: prefix === undefined ? text : text.slice(slash + 1) };
}
