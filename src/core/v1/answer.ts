import type { AnswerForm } from '../answer-form.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ListPlace } from '../list.ts';
import { type Projection, project, readProjection, shownParts, shows } from '../project.ts';
import type { ResourceType, SchemaExtension } from '../resource-type.ts';
import { PRIMARY_STORE } from '../store-name.ts';
import { type RelationView, readDoc, type StoredResource } from '../stored.ts';
import { pickParts, stringEnd, textForm, translateText } from './answer-text.ts';
import { CORE_SCHEMA_1, extensionNames } from './names.ts';
import { prefixesOf, type StoreNames, storeNaming } from './store-naming.ts';

/** How SCIM 1.1 writes resources and lists. */
export const answerForm1 = (names: StoreNames): AnswerForm => ({
  relationView: relationView1,
  answerText: (type, stored, location, projection, relation) =>
    answerText1(type, stored, location, projection, relation, names),
  listFrame: listFrame1,
});

/** What 1.1 shows of a group's members and of a user's groups (Core Schema 1.1 sections 6.2 and 8). */
export const RELATION_PARTS_1: readonly string[] = ['value', 'display'];

/** @returns undefined when the answer shows no membership, so that no row of it is read */
export function relationView1(
  type: ResourceType,
  projection: Projection | undefined,
): RelationView | undefined {
  const attribute = type.relationAttribute;
  if (attribute === undefined || !shows(projection, attribute)) return undefined;
  if (!projection?.wanted?.parts.has(attribute) || projection.wanted.whole.has(attribute))
    return { attribute, parts: RELATION_PARTS_1 };
  const shown = shownParts(projection, attribute);
  return { attribute, parts: RELATION_PARTS_1.filter((part) => part === 'value' || shown.includes(part)) };
}

/**
 * The JSON text of an answer in SCIM 1.1, up to where the text of the membership values goes and what follows it. Stored
 * text is only parsed where a part of the resource is asked for.
 *
 * @param location the absolute URI of the resource
 * @returns with a relation also `bare`, the text of a resource that has no membership value
 */
export function answerText1(
  type: ResourceType,
  stored: StoredResource,
  location: string,
  projection: Projection | undefined,
  relation: RelationView | undefined,
  names: StoreNames,
): { before: string; after: string; bare?: string } {
  const open = openText(type, stored, location, projection, names);
  if (relation === undefined) return { before: open, after: '}' };
  return { before: `${open},"${relation.attribute.name}":[`, after: ']}', bare: `${open}}` };
}

/** The text without membership and the last brace. */
function openText(
  type: ResourceType,
  stored: StoredResource,
  location: string,
  projection: Projection | undefined,
  names: StoreNames,
): string {
  if (projection === undefined) {
    const text = translateText(type, namePrimary(type, stored.doc, names));
    if (text !== undefined) return `${text},"meta":${metaText(stored, location)}`;
  }
  if (projection !== undefined && projection === minimalProjection(type)) {
    const { id, doc } = stored;
    const name = nameText(type, namePrimary(type, doc, names));
    return `{"id":"${id}"${name},"meta":${metaText(stored, location)}`;
  }
  const resource = readDoc(namePrimary(type, stored.doc, names));
  resource.meta = metaOf1(stored, location);
  return JSON.stringify(
    toResource1(type, project(type, resource, projection), (extension) => isNamed(projection, extension)),
  ).slice(0, -1);
}

/** A stored text in which the name of a resource in PRIMARY says so, if its type is named like that. */
function namePrimary(type: ResourceType, doc: string, names: StoreNames): string {
  const { nameKey, namesPrimary } = textForm(type);
  const naming = namesPrimary ? storeNaming(type) : undefined;
  const at = nameKey === undefined || naming === undefined ? -1 : doc.indexOf(nameKey);
  if (nameKey === undefined || naming === undefined || at < 0) return doc;
  const start = at + nameKey.length;
  if (prefixesOf(naming, names).some((prefix) => doc.startsWith(`${prefix}/`, start))) return doc;
  return `${doc.slice(0, start)}${PRIMARY_STORE}/${doc.slice(start)}`;
}

/** The member with the name of the resource, as it stands in the stored text; nothing where there is none. */
function nameText(type: ResourceType, doc: string): string {
  const { nameKey } = textForm(type);
  const at = nameKey === undefined ? -1 : doc.indexOf(nameKey);
  if (nameKey === undefined || at < 0) return '';
  return doc.slice(at, stringEnd(doc, at + nameKey.length - 1) + 1);
}

/** WSO2's form of times, in UTC: without zone letter and fraction. */
const time1 = (key: string): string => key.slice(0, 19);

const metaText = ({ created, lastModified }: StoredResource, location: string): string =>
  `{"created":"${time1(created)}","lastModified":"${time1(lastModified)}","location":"${location}"}`;

const metaOf1 = ({ created, lastModified }: StoredResource, location: string): JsonObject => ({
  created: time1(created),
  lastModified: time1(lastModified),
  location,
});

/** Whether a client asks for an extension, or for an attribute of it. */
function isNamed(projection: Projection | undefined, extension: SchemaExtension): boolean {
  const { whole, parts } = projection?.wanted ?? {};
  const { attributes } = extension.schema;
  return (
    whole?.has(extension) === true ||
    attributes.some((attribute) => whole?.has(attribute) || parts?.has(attribute))
  );
}

/** A resource of 2.0 as 1.1 writes it, names of user stores apart. */
function toResource1(
  type: ResourceType,
  resource: JsonObject,
  isWanted: (extension: SchemaExtension) => boolean,
): JsonObject {
  const shown = emptyObject();
  const schemas: JsonValue[] = [CORE_SCHEMA_1];
  if (resource.schemas !== undefined) shown.schemas = schemas;
  for (const key of Object.keys(resource)) {
    const value = resource[key] as JsonValue;
    const extension = type.extensionByUrn.get(key.toLowerCase());
    if (key === 'schemas') continue;
    if (extension === undefined || !isObject(value)) {
      shown[key] = value;
      continue;
    }
    const { urn, parts, isShown } = extensionNames(extension);
    if (!isShown && !isWanted(extension)) continue;
    const container = emptyObject();
    for (const name of Object.keys(value)) {
      const names = parts.get(name);
      const inner = names === undefined ? value[name] : pickParts(value[name] as JsonValue, names);
      if (inner !== undefined) container[name] = inner;
    }
    if (Object.keys(container).length === 0) continue;
    shown[urn] = container;
    schemas.push(urn);
  }
  return shown;
}

const minimal = new WeakMap<ResourceType, Projection>();

/**
 * What WSO2 Identity Server shows in lists where no attributes are asked for: `id`, the name of the resource and `meta`,
 * without `schemas`.
 */
export function minimalProjection(type: ResourceType): Projection {
  let projection = minimal.get(type);
  if (projection === undefined) {
    const name = storeNaming(type)?.attribute.name;
    const wanted = name === undefined ? ['meta'] : [name, 'meta'];
    projection = readProjection(type, wanted, undefined) as Projection;
    minimal.set(type, projection);
  }
  return projection;
}

/** A list of SCIM 1.1; `startIndex` and `itemsPerPage` are told to those that asked for a page. */
export function listText1(
  totalResults: number,
  resources: readonly string[],
  page: { readonly startIndex: number } | undefined,
): string {
  const { before, after } = listFrame1(totalResults, page, resources.length, page !== undefined);
  return before + resources.join(',') + after;
}

function listFrame1(
  totalResults: number,
  place: ListPlace | undefined,
  itemsPerPage: number,
  isPaged: boolean,
): { before: string; after: string } {
  const paging =
    isPaged && place !== undefined && 'startIndex' in place
      ? `"itemsPerPage":${itemsPerPage},"startIndex":${place.startIndex},`
      : '';
  return {
    before: `{"schemas":["${CORE_SCHEMA_1}"],"totalResults":${totalResults},${paging}"Resources":[`,
    after: ']}',
  };
}
