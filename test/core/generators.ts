import fc from 'fast-check';
import type { Filter } from '../../src/core/filter.ts';
import { COMPARE_OPERATORS } from '../../src/core/filter.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../../src/core/json.ts';
import { type Resource, schemasOf, setAttribute } from '../../src/core/resource.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_SCHEMA, LEASE_SCHEMA } from './fixtures.ts';

/**
 * Random resources and filters over one small pool of values, so that filters really match. The values are chosen for
 * what databases get wrong: letters beyond ASCII in both cases, two forms of one letter, wildcards of LIKE, quotes,
 * blanks, the empty string, and characters whose order differs between UTF-16 and UTF-8.
 */
const TEXTS = [
  'Ann',
  'ann',
  'Anna B',
  'Ünal',
  'ünAL',
  'Caf\u00e9',
  'cafe\u0301',
  'Straße',
  'b%n',
  'b_n',
  'bxn',
  'o\'H"a\\n',
  'ΟΔΟΣ',
  'οδος',
  'Ａnn',
  '\u{1f600}n',
  '\ufffcn',
  'work',
  ' ',
  '',
];

const POOLS: Record<Exclude<Attribute['type'], 'complex'>, readonly JsonValue[]> = {
  string: TEXTS,
  boolean: [true, false],
  integer: [-7, 0, 1, 2, 10, Number.MAX_SAFE_INTEGER],
  decimal: [-1e21, -0.5, 0, 0.1, 2, 10, 1e-7],
  dateTime: [
    '2011-05-13T04:42:34Z',
    '2011-05-13T04:42:34.5Z',
    '2011-05-13T06:42:34+02:00',
    '2011-05-12T23:59:59.999',
    '1969-12-31T23:00:00-14:00',
  ],
  binary: ['AQID', 'aqid', 'AQIDBA=='],
  reference: ['https://example.com/a', 'https://example.com/A', '../Users/1', 'urn:x'],
};

const IDS = ['id-1', 'id-2', 'ID-1'];

const SCHEMA_URNS = [
  USER_SCHEMA,
  GROUP_SCHEMA,
  ENTERPRISE_USER_SCHEMA,
  SAP_USER_SCHEMA.toUpperCase(),
  DEVICE_SCHEMA,
  LEASE_SCHEMA,
];

export interface ResourceOptions {
  /** Also what the server keeps: `id`, `meta` and the membership attribute. */
  readonly server?: boolean;
}

export interface FilterOptions {
  /** Also filters over the membership attribute. */
  readonly membership?: boolean;
  /** Also filters over `id` and `meta`. */
  readonly server?: boolean;
}

const isBlank = (value: JsonValue | undefined): boolean => typeof value === 'string' && value.trim() === '';

function arbitraryLeaf(attribute: Attribute): fc.Arbitrary<JsonValue> {
  if (attribute.relation !== undefined || attribute.name === 'id')
    return fc.constantFrom<JsonValue[]>(...IDS);
  if (attribute.name === 'schemas') return fc.constantFrom<JsonValue[]>(...SCHEMA_URNS);
  const pool = POOLS[attribute.type as Exclude<Attribute['type'], 'complex'>];
  return fc.constantFrom(...pool.filter((value) => !attribute.required || !isBlank(value)));
}

function arbitraryComplex(
  attribute: Attribute,
  isKept: (sub: Attribute) => boolean,
): fc.Arbitrary<JsonObject> {
  const subs = attribute.subAttributes.filter(isKept);
  const parts = subs.map((sub) => arbitraryAttribute(sub, isKept));
  return fc
    .tuple(...parts)
    .map((values) => {
      const object = emptyObject();
      subs.forEach((sub, index) => {
        const value = values[index];
        if (value !== undefined) object[sub.name] = value;
      });
      return object;
    })
    .filter((object) => !Object.values(object).every(isBlank));
}

function arbitraryAttribute(
  attribute: Attribute,
  isKept: (sub: Attribute) => boolean,
): fc.Arbitrary<JsonValue | undefined> {
  const one: fc.Arbitrary<JsonValue> =
    attribute.type === 'complex' ? arbitraryComplex(attribute, isKept) : arbitraryLeaf(attribute);
  const value: fc.Arbitrary<JsonValue> = attribute.multiValued
    ? fc.array(one, { minLength: 1, maxLength: 3 }).map(withOnePrimary)
    : one;
  return attribute.required ? value : fc.option(value, { freq: 2, nil: undefined });
}

/** RFC 7643 section 2.4: `primary` is true at most once. */
function withOnePrimary(elements: JsonValue[]): JsonValue[] {
  const first = elements.findIndex((element) => isObject(element) && element.primary === true);
  return elements.map((element, index) =>
    index > first && isObject(element) && element.primary === true
      ? Object.assign(emptyObject(), element, { primary: false })
      : element,
  );
}

/** A resource of the type as decoding makes them: canonical names, required attributes present, no prototypes. */
export function arbitraryResource(type: ResourceType, options: ResourceOptions = {}): fc.Arbitrary<Resource> {
  const server = options.server === true;
  const isKept = (attribute: Attribute): boolean =>
    attribute.returned !== 'never' &&
    attribute.name !== 'schemas' &&
    (server || (attribute.relation === undefined && attribute.mutability !== 'readOnly'));
  const places = [undefined, ...type.extensions].flatMap((extension) =>
    (extension?.schema.attributes ?? type.attributes)
      .filter(isKept)
      .map((attribute) => ({ extension, attribute, value: arbitraryAttribute(attribute, isKept) })),
  );
  return fc.tuple(...places.map(({ value }) => value)).map((values) => {
    const resource = emptyObject();
    places.forEach(({ extension, attribute }, index) => {
      setAttribute(resource, extension, attribute, values[index]);
    });
    resource.schemas = schemasOf(type, resource);
    return resource;
  });
}

const OPERATORS: Record<Exclude<Attribute['type'], 'complex'>, readonly string[]> = {
  string: COMPARE_OPERATORS,
  reference: COMPARE_OPERATORS,
  binary: ['eq', 'ne', 'co', 'sw', 'ew'],
  boolean: ['eq', 'ne'],
  integer: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  decimal: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
  dateTime: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
};

const anyCase = (word: string): fc.Arbitrary<string> =>
  fc.constantFrom(word, word, word, word.toLowerCase(), word.toUpperCase());

function arbitraryComparison(name: string, leaf: Attribute): fc.Arbitrary<string> {
  const operators = OPERATORS[leaf.type as Exclude<Attribute['type'], 'complex'>];
  const value = arbitraryLeaf(leaf.required ? { ...leaf, required: false } : leaf);
  const part = fc
    .tuple(value, fc.nat(3), fc.nat(3))
    .map(([whole, start, length]) =>
      typeof whole === 'string' ? [...whole].slice(start, start + length + 1).join('') : whole,
    );
  const comparison = fc
    .constantFrom(...operators)
    .chain((operator) =>
      fc
        .tuple(anyCase(operator), ['co', 'sw', 'ew'].includes(operator) ? fc.oneof(value, part) : value)
        .map(([written, wanted]) => `${written} ${JSON.stringify(wanted)}`),
    );
  return fc
    .tuple(
      anyCase(name),
      fc.oneof(
        { weight: 8, arbitrary: comparison },
        { weight: 2, arbitrary: anyCase('pr') },
        { weight: 1, arbitrary: fc.constantFrom('eq null', 'ne null') },
      ),
    )
    .map(([written, rest]) => `${written} ${rest}`);
}

function arbitraryCompound(term: fc.Arbitrary<string>, depth: number): fc.Arbitrary<string> {
  if (depth === 0) return term;
  const inner = arbitraryCompound(term, depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: term },
    {
      weight: 4,
      arbitrary: fc.tuple(inner, fc.constantFrom('and', 'or', 'AND'), inner).map((parts) => parts.join(' ')),
    },
    { weight: 2, arbitrary: inner.map((filter) => `not (${filter})`) },
    { weight: 1, arbitrary: inner.map((filter) => `(${filter})`) },
  );
}

/** The terms that one attribute allows: comparisons, presence, value paths. */
function termsOver(name: string, attribute: Attribute): fc.Arbitrary<string>[] {
  const subs = attribute.subAttributes.filter((sub) => sub.returned !== 'never');
  if (attribute.type !== 'complex') {
    const terms = [arbitraryComparison(name, attribute)];
    if (attribute.multiValued)
      terms.push(
        arbitraryCompound(arbitraryComparison('value', attribute), 1).map((inner) => `${name}[${inner}]`),
      );
    return terms;
  }
  const terms = [
    anyCase(name).map((written) => `${written} pr`),
    ...subs.map((sub) => arbitraryComparison(`${name}.${sub.name}`, sub)),
  ];
  const value = subs.find((sub) => sub.name === 'value');
  if (value !== undefined) terms.push(arbitraryComparison(name, value));
  if (attribute.multiValued) {
    const inner = fc.oneof(...subs.map((sub) => arbitraryComparison(sub.name, sub)));
    terms.push(arbitraryCompound(inner, 2).map((filter) => `${name}[${filter}]`));
  }
  return terms;
}

/** The text of a filter that is valid for the type in either dialect; its values come from those of the resources. */
export function arbitraryFilter(type: ResourceType, options: FilterOptions = {}): fc.Arbitrary<string> {
  const isAsked = (attribute: Attribute): boolean =>
    attribute.returned !== 'never' &&
    (attribute.relation === undefined || options.membership === true) &&
    ((attribute.name !== 'id' && attribute.name !== 'meta') || options.server === true);
  const core = type.attributes
    .filter(isAsked)
    .map((attribute) =>
      fc
        .constantFrom('', '', '', `${type.schema.id}:`)
        .chain((prefix) => fc.oneof(...termsOver(prefix + attribute.name, attribute))),
    );
  const extended = type.extensions.flatMap(({ schema }) =>
    schema.attributes
      .filter(isAsked)
      .map((attribute) => fc.oneof(...termsOver(`${schema.id}:${attribute.name}`, attribute))),
  );
  return arbitraryCompound(fc.oneof(...core, ...extended), 3);
}

/** Text without NUL and without halves of surrogate pairs, which no value can hold. */
export const arbitraryText = (): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...'aB1"\\ %_\n\u00e9\ufffc\u{1f600}'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 12,
    })
    .filter((text) => !text.includes('\u0000') && text.isWellFormed());

const arbitraryName = (): fc.Arbitrary<string> =>
  fc.constantFrom(
    'userName',
    'a',
    'not',
    'and',
    'or',
    'pr',
    'emails.value',
    '$ref',
    'a-b_c',
    'urn:x:1.0:Y:z.w',
  );

/** Any filter that the grammar can write, its names bound to nothing. */
export const arbitraryTree = (): fc.Arbitrary<Filter<string>> =>
  fc.letrec<{ tree: Filter<string> }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'filter' },
      fc.record({
        kind: fc.constant('compare' as const),
        path: arbitraryName(),
        operator: fc.constantFrom(...COMPARE_OPERATORS),
        value: fc.oneof(
          arbitraryText(),
          fc.boolean(),
          fc.constant(null),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
        ),
      }),
      fc.record({ kind: fc.constant('present' as const), path: arbitraryName() }),
      fc.record({ kind: fc.constant('not' as const), filter: tie('tree') }),
      fc.record({ kind: fc.constant('element' as const), path: arbitraryName(), filter: tie('tree') }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('tree'), { minLength: 2, maxLength: 3, depthIdentifier: 'filter' }),
      }),
    ),
  })).tree;
