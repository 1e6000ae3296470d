import type { ResourceType } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { GROUP_SCHEMA } from '../schemas/group.ts';
import { USER_SCHEMA } from '../schemas/user.ts';

/** The user store whose names are kept without prefix. */
export const PRIMARY_PREFIX = 'PRIMARY';

/** The user stores of a tenant, those other than PRIMARY, by their names in the one form that is stored. */
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
export const prefixesOf = ({ prefixes }: StoreNaming, { storeNames }: StoreNames): readonly string[] => [
  ...storeNames,
  ...prefixes,
];
