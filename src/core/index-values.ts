import { comparisonKey } from './compare.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { eachAttribute, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';
import { representative } from './sort.ts';

/** One filterable value of a resource, as storage indexes it. */
export interface IndexValue {
  /** The attribute, `emails.value` or `enterprise:department`. */
  readonly path: string;
  /** The comparison key of the value. */
  readonly key: string;
  /**
   * Which element of a multi-valued attribute the value belongs to: 0 is the one that stands for all in an order, and
   * for single-valued attributes the only one. The others are numbered anyhow.
   */
  readonly element: number;
  /** The keys of `type` and `primary` of that element: they stand beside its values, not as values of their own. */
  readonly labels: ElementLabels;
}

interface ElementLabels {
  readonly type: string | null;
  readonly primary: string | null;
}

const NO_LABELS: ElementLabels = { type: null, primary: null };

/**
 * Behind the path of an attribute: an element that has labels only; behind the prefix of an extension: that it is there. No
 * attribute has an empty name.
 */
export const LABELS_ONLY = '.';

/**
 * Every value of a resource that a filter may ask for, in the order of the schema. Left out are membership (its rows are
 * kept apart), what is never returned, `meta`, which storage keeps itself, and `schemas`, which the values of the
 * extensions tell.
 */
export function indexValues(type: ResourceType, resource: Resource): IndexValue[] {
  const values: IndexValue[] = [];
  eachAttribute(type, resource, (attribute, value) => {
    if (attribute.relation !== undefined || attribute.returned === 'never') return;
    if (attribute.name === 'meta' || attribute.name === 'schemas') return;
    const elements = Array.isArray(value) ? value : [value];
    const first = representative(elements);
    elements.forEach((element, index) => {
      addElement(attribute, element, index === first ? 0 : index || first, values);
    });
  });
  if (type.hasHidden) markExtensions(type, resource, values);
  return values;
}

/** That a resource has an extension shows even where all it has of it is hidden. */
function markExtensions(type: ResourceType, resource: Resource, values: IndexValue[]): void {
  for (const { schema } of type.extensions)
    if (resource[schema.id] !== undefined && schema.attributes.some(({ hasHidden }) => hasHidden))
      values.push({ path: schema.indexPrefix + LABELS_ONLY, key: '', element: 0, labels: NO_LABELS });
}

function addElement(attribute: Attribute, value: JsonValue, element: number, values: IndexValue[]): void {
  if (attribute.type !== 'complex') {
    addLeaf(attribute, value, element, NO_LABELS, values);
    return;
  }
  if (!isObject(value)) return;
  const labels = attribute.multiValued ? labelsOf(attribute, value) : NO_LABELS;
  const before = values.length;
  for (const sub of attribute.subAttributes) {
    const part = value[sub.name];
    if (part === undefined || sub.isLabel || sub.returned === 'never') continue;
    // several values of one sub-attribute share the element they belong to
    for (const item of Array.isArray(part) ? part : [part]) addLeaf(sub, item, element, labels, values);
  }
  if (values.length === before && attribute.multiValued)
    values.push({ path: attribute.indexPath + LABELS_ONLY, key: '', element, labels });
}

function labelsOf(attribute: Attribute, value: JsonObject): ElementLabels {
  const [type, primary] = ['type', 'primary'].map((name) => {
    const sub = attribute.subAttributeByName.get(name);
    const part = sub?.isLabel ? value[sub.name] : undefined;
    return sub !== undefined && part !== undefined ? (comparisonKey(sub, part) ?? null) : null;
  });
  return { type: type ?? null, primary: primary ?? null };
}

function addLeaf(
  attribute: Attribute,
  value: JsonValue,
  element: number,
  labels: ElementLabels,
  values: IndexValue[],
): void {
  const key = comparisonKey(attribute, value);
  if (key !== undefined) values.push({ path: attribute.indexPath, key, element, labels });
}
