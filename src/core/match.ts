import { compareKeys, comparisonKey } from './compare.ts';
import type { CompareOperator, Filter } from './filter.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { type AttributePath, leafOf } from './path.ts';
import { attributeValue, isUnassigned, type Resource } from './resource.ts';
import type { Attribute } from './schema.ts';

/**
 * The reference matcher: whether a resource satisfies a filter (RFC 7644 section 3.4.2.2). The SQL that storage
 * generates must agree with it on every resource and filter.
 *
 * A comparison holds when any value of the attribute satisfies it; `ne` and `not` are complements, so both hold for
 * a resource that has no value at all.
 */
export function matches(filter: Filter<AttributePath>, resource: Resource): boolean {
  return evaluate(filter, (path) => attributeValue(resource, path));
}

/** Whether one element of a multi-valued attribute satisfies the filter of a value path. */
export function matchesElement(filter: Filter<AttributePath>, element: JsonValue): boolean {
  return evaluate(filter, ({ attribute }) =>
    isObject(element) ? element[attribute.name] : attribute.multiValued ? undefined : element,
  );
}

type Lookup = (path: AttributePath) => JsonValue | undefined;

function evaluate(filter: Filter<AttributePath>, lookup: Lookup): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => evaluate(part, lookup));
    case 'or':
      return filter.filters.some((part) => evaluate(part, lookup));
    case 'not':
      return !evaluate(filter.filter, lookup);
    case 'present':
      return leafValues(filter.path, lookup).some((value) => isPresent(leafOf(filter.path), value));
    case 'element':
      return elements(lookup(filter.path)).some((element) => matchesElement(filter.filter, element));
    case 'compare': {
      const leaf = leafOf(filter.path);
      const wanted = comparisonKey(leaf, filter.value);
      if (wanted === undefined) return false;
      const operator = filter.operator === 'ne' ? 'eq' : filter.operator;
      const found = leafValues(filter.path, lookup).some((value) => {
        const key = comparisonKey(leaf, value);
        return key !== undefined && compareKey(operator, key, wanted);
      });
      return filter.operator === 'ne' ? !found : found;
    }
  }
}

const elements = (value: JsonValue | undefined): JsonValue[] =>
  isUnassigned(value) ? [] : Array.isArray(value) ? value : [value as JsonValue];

function leafValues(path: AttributePath, lookup: Lookup): JsonValue[] {
  const values = elements(lookup(path));
  const { sub } = path;
  if (sub === undefined) return values;
  return values.flatMap((value) => (isObject(value) ? elements(value[sub.name]) : []));
}

/** RFC 7644 table 3: `pr` means a non-empty value, or for a complex attribute one with a non-empty part. */
function isPresent(attribute: Attribute, value: JsonValue): boolean {
  if (attribute.type !== 'complex') return value !== null && value !== '';
  return isObject(value) && hasPresentPart(attribute, value);
}

function hasPresentPart(attribute: Attribute, value: JsonObject): boolean {
  return attribute.subAttributes.some((sub) =>
    elements(value[sub.name]).some((part) => isPresent(sub, part)),
  );
}

/** Whether a value's key stands in the relation to the wanted key that the operator names. */
export function compareKey(operator: Exclude<CompareOperator, 'ne'>, key: string, wanted: string): boolean {
  switch (operator) {
    case 'eq':
      return key === wanted;
    case 'co':
      return key.includes(wanted);
    case 'sw':
      return key.startsWith(wanted);
    case 'ew':
      return key.endsWith(wanted);
    case 'gt':
      return compareKeys(key, wanted) > 0;
    case 'ge':
      return compareKeys(key, wanted) >= 0;
    case 'lt':
      return compareKeys(key, wanted) < 0;
    case 'le':
      return compareKeys(key, wanted) <= 0;
  }
}
