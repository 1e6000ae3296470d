import { etagOf } from './etag.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { type Projection, project, shownParts, shows } from './project.ts';
import { type Resource, schemasOf } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/**
 * A resource as storage holds it. `doc` is its JSON text without `meta` and membership, in the order of the schema, so
 * that two texts are equal exactly when the resources are; an answer is made by adding text, not by parsing.
 */
export interface StoredResource {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  /** Comparison keys of UTC times: ISO 8601 without zone letter. */
  readonly created: string;
  readonly lastModified: string;
}

/** The text to store: attributes in schema order, readOnly ones that the server computes left out. */
export function docText(type: ResourceType, id: string, resource: Resource): string {
  const doc = emptyObject();
  doc.schemas = schemasOf(type, resource);
  doc.id = id;
  addInOrder(doc, type.attributes.filter(isStored), resource, shown);
  for (const { schema } of type.extensions) {
    const container = resource[schema.id];
    if (!isObject(container)) continue;
    const inner = emptyObject();
    addInOrder(inner, schema.attributes.filter(isStored), container, shown);
    if (Object.keys(inner).length > 0) doc[schema.id] = inner;
  }
  return JSON.stringify(doc);
}

const COMPUTED = new Set(['schemas', 'id', 'meta']);
const isStored = (attribute: Attribute): boolean =>
  attribute.relation === undefined && attribute.returned !== 'never' && !COMPUTED.has(attribute.name);

type Choice = (attribute: Attribute) => boolean;
const shown: Choice = (attribute) => attribute.returned !== 'never';
const all: Choice = () => true;

function addInOrder(
  target: JsonObject,
  attributes: readonly Attribute[],
  source: JsonObject,
  choice: Choice,
): void {
  for (const attribute of attributes) {
    const value = source[attribute.name];
    const ordered = value === undefined ? undefined : inOrder(attribute, value, choice);
    if (ordered !== undefined) target[attribute.name] = ordered;
  }
}

/** @returns undefined when nothing of the value was chosen */
function inOrder(attribute: Attribute, value: JsonValue, choice: Choice): JsonValue | undefined {
  if (Array.isArray(value)) {
    const elements = value.flatMap((element) => inOrder(attribute, element, choice) ?? []);
    return elements.length === 0 ? undefined : elements;
  }
  if (!isObject(value)) return value;
  const ordered = emptyObject();
  addInOrder(ordered, attribute.subAttributes.filter(choice), value, choice);
  return Object.keys(ordered).length === 0 ? undefined : ordered;
}

/** A value with its parts in the order of the schema, those included that are never returned. */
export const inSchemaOrder = (attribute: Attribute, value: JsonValue): JsonValue =>
  inOrder(attribute, value, all) ?? value;

/** The resource that a stored text holds. */
export function readDoc(doc: string): Resource {
  return toNullPrototype(JSON.parse(doc) as JsonObject);
}

function toNullPrototype(json: JsonObject): JsonObject {
  return Object.setPrototypeOf(json, null) as JsonObject;
}

/** A time as an answer shows it, always with three digits of the second's fraction, so that texts sort as times do. */
const timeText = (key: string): string => `${key.slice(0, 19)}.${key.slice(20).padEnd(3, '0')}Z`;

/** What an answer shows of membership: the attribute and the parts of each value to read. */
export interface RelationView {
  readonly attribute: Attribute;
  readonly parts: readonly string[];
}

/** @returns undefined when the answer shows none, so that no membership row is read */
export function relationView(
  type: ResourceType,
  projection: Projection | undefined,
): RelationView | undefined {
  const attribute = type.relationAttribute;
  if (attribute === undefined || !shows(projection, attribute)) return undefined;
  return { attribute, parts: shownParts(projection, attribute) };
}

/**
 * The JSON text of an answer, up to where the text of the membership values goes and what follows it.
 *
 * @param location the absolute URI of the resource
 */
export function answerText(
  type: ResourceType,
  stored: StoredResource,
  location: string,
  projection: Projection | undefined,
  relation: RelationView | undefined,
): { before: string; after: string } {
  const text =
    projection === undefined
      ? wholeText(type, stored, location)
      : projectedText(type, stored, location, projection);
  const open = text.slice(0, -1);
  return relation === undefined
    ? { before: open, after: '}' }
    : { before: `${open},"${relation.attribute.name}":[`, after: ']}' };
}

function wholeText(type: ResourceType, stored: StoredResource, location: string): string {
  return `${stored.doc.slice(0, -1)},"meta":{"resourceType":"${type.name}","created":"${timeText(stored.created)}","lastModified":"${timeText(stored.lastModified)}","location":"${location}","version":"W/\\"${stored.version}\\""}}`;
}

function projectedText(
  type: ResourceType,
  stored: StoredResource,
  location: string,
  projection: Projection,
): string {
  const resource = readDoc(stored.doc);
  resource.meta = metaOf(type, stored, location);
  return JSON.stringify(project(type, resource, projection));
}

/** `meta` (RFC 7643 section 3.1). */
export function metaOf(type: ResourceType, stored: StoredResource, location: string): JsonObject {
  return {
    resourceType: type.name,
    created: timeText(stored.created),
    lastModified: timeText(stored.lastModified),
    location,
    version: etagOf(stored.version),
  };
}
