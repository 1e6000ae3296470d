import { type AttributePath, pathText, resolvePath } from '../path.ts';
import type { ResourceType, SchemaExtension } from '../resource-type.ts';
import type { Attribute } from '../schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../schemas/sap-user.ts';

/** The schema of users and groups alike in SCIM 1.1 (Core Schema 1.1 section 5.2). */
export const CORE_SCHEMA_1 = 'urn:scim:schemas:core:1.0';

/** The sub-attributes that 1.1 shows of an attribute: their names in 2.0 and in 1.1. */
export type Parts = readonly (readonly [name2: string, name1: string])[];

/** What SCIM 1.1 calls an extension of 2.0 and the sub-attributes that have another name there. */
export interface ExtensionNames {
  /** The URN, and key, under which answers show it. */
  readonly urn: string;
  /** Whether answers show it to those that do not ask for it by name; clients of 1.1 know it or expect it to be there. */
  readonly isShown: boolean;
  /** What else requests may call it. */
  readonly aliases: readonly string[];
  /** Of those attributes, by name, that have other sub-attributes in 1.1. */
  readonly parts: ReadonlyMap<string, Parts>;
}

const NO_PARTS: ReadonlyMap<string, Parts> = new Map();

/** By URN of 2.0. What is not in here has the same names in both versions. */
const EXTENSION_NAMES: ReadonlyMap<string, ExtensionNames> = new Map([
  [
    ENTERPRISE_USER_SCHEMA,
    {
      urn: 'urn:scim:schemas:extension:enterprise:1.0',
      isShown: true,
      // WSO2 Identity Server's own extension has the same attributes
      aliases: ['wso2Extension', 'urn:scim:schemas:extension:wso2:1.0'],
      parts: new Map([
        [
          'manager',
          [
            ['value', 'managerId'],
            ['displayName', 'displayName'],
          ],
        ],
      ]),
    },
  ],
  // every user has a value of it, which the server gives
  [SAP_USER_SCHEMA, { urn: SAP_USER_SCHEMA, isShown: false, aliases: [], parts: NO_PARTS }],
]);

export const extensionNames = ({ schema }: SchemaExtension): ExtensionNames =>
  EXTENSION_NAMES.get(schema.id) ?? { urn: schema.id, isShown: true, aliases: [], parts: NO_PARTS };

/** The extensions of a type by all their keys in lower case. */
const extensionsByKey = new WeakMap<ResourceType, ReadonlyMap<string, SchemaExtension>>();

/** The extension of 2.0 that a key of a 1.1 resource holds the attributes of. */
export function extensionOfKey(type: ResourceType, key: string): SchemaExtension | undefined {
  let byKey = extensionsByKey.get(type);
  if (byKey === undefined) {
    byKey = new Map(
      type.extensions.flatMap((extension) =>
        keysOf(extension).map((known) => [known.toLowerCase(), extension] as const),
      ),
    );
    extensionsByKey.set(type, byKey);
  }
  return byKey.get(key.toLowerCase());
}

function keysOf(extension: SchemaExtension): string[] {
  const { urn, aliases } = extensionNames(extension);
  return [urn, extension.schema.id, ...aliases];
}

/** The name that a sub-attribute has in 2.0. */
export function partOf2(extension: SchemaExtension | undefined, attribute: Attribute, name: string): string {
  const parts = extension && extensionNames(extension).parts.get(attribute.name);
  const lower = name.toLowerCase();
  return parts?.find(([, name1]) => name1.toLowerCase() === lower)?.[0] ?? name;
}

/** What a name in the attribute notation of 1.1 stands for. */
export type Resolved1 =
  | { readonly extension: SchemaExtension }
  | {
      readonly path: AttributePath;
      /** The `type` of the values meant: `emails.work`. */
      readonly label?: string;
    };

/**
 * Finds what a name of SCIM 1.1 stands for (REST API 1.1 section 3.8): `name.givenName`, the same behind the URN of the
 * core schema, an extension's attribute behind its URN or, as with WSO2 Identity Server, `wso2Extension.`; the bare
 * name of a sub-attribute, `givenName`; and `emails.work` for values of one type. URNs of 2.0 do as well.
 *
 * @returns undefined when no attribute is called that
 * @example resolvePath1(USER_TYPE, 'wso2Extension.manager.managerId')
 */
export function resolvePath1(type: ResourceType, name: string): Resolved1 | undefined {
  const core = afterPrefix(name, CORE_SCHEMA_1);
  if (core !== undefined) return resolveCoreName(type, afterPrefix(core, type.name) ?? core);
  for (const extension of type.extensions) {
    for (const key of keysOf(extension)) {
      if (key.toLowerCase() === name.toLowerCase()) return { extension };
      const rest = afterPrefix(name, key);
      if (rest !== undefined) return resolveExtensionName(type, extension, rest);
    }
  }
  return resolveCoreName(type, name) ?? resolveBareName(type, name);
}

/** The path of 2.0 that a name of 1.1 stands for, for lists of attributes and for `sortBy`; undefined: none. */
export function nameIn2(type: ResourceType, name: string): string | undefined {
  const resolved = resolvePath1(type, name);
  if (resolved === undefined) return undefined;
  return 'extension' in resolved ? resolved.extension.schema.id : pathText(resolved.path);
}

function afterPrefix(name: string, prefix: string): string | undefined {
  const separator = name[prefix.length];
  const isPrefix = name.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
  return isPrefix && (separator === ':' || separator === '.') ? name.slice(prefix.length + 1) : undefined;
}

function resolveCoreName(type: ResourceType, name: string): Resolved1 | undefined {
  return resolvePath(type, name) ?? resolveLabel(type.attributeByName, undefined, name);
}

function resolveExtensionName(
  type: ResourceType,
  extension: SchemaExtension,
  name: string,
): Resolved1 | undefined {
  const { attributeByName, id } = extension.schema;
  const dot = name.indexOf('.');
  const attribute = attributeByName.get((dot < 0 ? name : name.slice(0, dot)).toLowerCase());
  if (attribute === undefined) return undefined;
  const rest = dot < 0 ? '' : `.${partOf2(extension, attribute, name.slice(dot + 1))}`;
  return (
    resolvePath(type, `${id}:${attribute.name}${rest}`) ?? resolveLabel(attributeByName, extension, name)
  );
}

/** `emails.work`: the values of a type that the schema names. */
function resolveLabel(
  attributes: ReadonlyMap<string, Attribute>,
  extension: SchemaExtension | undefined,
  name: string,
): Resolved1 | undefined {
  const [first = '', second = '', ...more] = name.toLowerCase().split('.');
  const attribute = attributes.get(first);
  if (attribute === undefined || !attribute.multiValued || more.length > 0) return undefined;
  const types = attribute.relation === undefined ? attribute.subAttributeByName.get('type') : undefined;
  const label = types?.canonicalValues?.find((known) => known.toLowerCase() === second);
  return label === undefined ? undefined : { path: { extension, attribute, sub: undefined }, label };
}

/** A sub-attribute, or an attribute of an extension, by its name alone; of several single-valued ones win. */
function resolveBareName(type: ResourceType, name: string): Resolved1 | undefined {
  const lower = name.toLowerCase();
  const found = (isMultiValued: boolean): AttributePath[] =>
    type.attributes.flatMap((attribute) => {
      const sub =
        attribute.multiValued === isMultiValued ? attribute.subAttributeByName.get(lower) : undefined;
      return sub === undefined ? [] : [{ extension: undefined, attribute, sub }];
    });
  const extended = type.extensions.flatMap((extension): AttributePath[] => {
    const attribute = extension.schema.attributeByName.get(lower);
    return attribute === undefined ? [] : [{ extension, attribute, sub: undefined }];
  });
  for (const paths of [found(false), extended, found(true)]) {
    const [path, ...more] = paths;
    if (path !== undefined) return more.length === 0 ? { path } : undefined;
  }
  return undefined;
}
