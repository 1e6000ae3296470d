/** An attribute as a schema publishes it (RFC 7643 section 7). */
export interface Attribute {
  readonly name: string;
  readonly type:
    | 'string'
    | 'boolean'
    | 'decimal'
    | 'integer'
    | 'dateTime'
    | 'binary'
    | 'reference'
    | 'complex';
  readonly multiValued: boolean;
  readonly description?: string;
  readonly required?: boolean;
  readonly canonicalValues?: readonly string[];
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned?: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness?: 'none' | 'server' | 'global';
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

/** A schema of a resource type. */
export interface Section {
  readonly urn: string;
  readonly name: string;
  /** False: an extension, whose attributes stand below its URN. */
  readonly isCore: boolean;
  readonly isRequired: boolean;
  readonly attributes: readonly Attribute[];
}

/** What the pages know of a resource type. */
export interface TypeView {
  readonly name: string;
  readonly description: string;
  readonly sections: readonly Section[];
}

/** Anything that JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Resource = { readonly [name: string]: Json };

/** A schema, or a resource type, as the admin API lists it. */
interface Defined {
  readonly definition: { readonly [name: string]: unknown };
}

const EXTERNAL_ID: Attribute = {
  name: 'externalId',
  type: 'string',
  multiValued: false,
  description: 'The id that the identity provider has given it.',
};

/** @returns undefined when there is no such type */
export function viewOf(
  typeName: string,
  types: readonly (Defined & { readonly name: string })[],
  schemas: readonly (Defined & { readonly id: string })[],
): TypeView | undefined {
  const type = types.find(({ name }) => name === typeName);
  if (type === undefined) return undefined;
  const { schema, schemaExtensions, description } = type.definition as {
    schema: string;
    schemaExtensions?: readonly { schema: string; required: boolean }[];
    description?: string;
  };
  const section = (urn: string, isCore: boolean, isRequired: boolean): Section[] => {
    const found = schemas.find(({ id }) => id.toLowerCase() === urn.toLowerCase());
    if (found === undefined) return [];
    const { name, attributes } = found.definition as { name: string; attributes: Attribute[] };
    const all = isCore ? [...attributes, EXTERNAL_ID] : attributes;
    return [{ urn: found.id, name, isCore, isRequired, attributes: all }];
  };
  return {
    name: typeName,
    description: description ?? '',
    sections: [
      ...section(schema, true, true),
      ...(schemaExtensions ?? []).flatMap((extension) =>
        section(extension.schema, false, extension.required),
      ),
    ],
  };
}

/** The path of an attribute in filters, changes and errors. */
export const pathOf = ({ isCore, urn }: Section, name: string): string => (isCore ? name : `${urn}:${name}`);

/** Membership is changed on pages of its own. */
export const isMembership = (type: string, { isCore }: Section, { name }: Attribute): boolean =>
  isCore && ((type === 'Group' && name === 'members') || (type === 'User' && name === 'groups'));

/** What a resource is called: userName, displayName, or the first text that it has. */
export function nameOf(resource: Resource): string {
  const { userName, displayName, id } = resource;
  for (const name of [userName, displayName]) if (typeof name === 'string' && name !== '') return name;
  const [, text] =
    Object.entries(resource).find(
      ([key, value]) => typeof value === 'string' && key !== 'id' && key !== 'externalId' && value !== '',
    ) ?? [];
  return String(text ?? id);
}

/** `meta.version`, for changes that are made for one state of the resource. */
export const versionOf = (resource: Resource): string | undefined =>
  (resource.meta as { version?: string } | undefined)?.version;
