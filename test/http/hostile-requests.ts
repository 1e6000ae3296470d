import fc from 'fast-check';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { arbitraryFilter, arbitraryResource } from '../core/generators.ts';
import { groupBody, patchBody, UNKNOWN_ID, userBody } from './messages.ts';

/** A request as a hostile client may send it; `{user}` and `{group}` stand for ids that exist. */
export interface HostileRequest {
  readonly method: string;
  /** Behind the SCIM root. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const STRANGE_TEXTS = [
  '',
  ' ',
  '{user}',
  '{group}',
  UNKNOWN_ID,
  '__proto__',
  'constructor',
  'toString',
  '%',
  '_',
  '\\',
  '"',
  "'; DROP TABLE resource;--",
  '*',
  '..',
  '/',
  '?',
  '\u0000',
  '\ud800',
  '\u202e',
  'İ',
  'ß',
  'null',
  'true',
  '9223372036854775808',
  '-1',
  '1e309',
  'x'.repeat(3000),
];

export const strangeText = fc.oneof(
  fc.constantFrom(...STRANGE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

export const strangeValue = fc.oneof(
  { weight: 3, arbitrary: strangeText },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, 1e308, -0, [], {}, [[]], [null], [{}]) },
);

export const attributeName = fc.oneof(
  fc.constantFrom(
    ...[...USER_TYPE.attributes, ...GROUP_TYPE.attributes].flatMap(({ name, subAttributes }) => [
      name,
      ...subAttributes.map((sub) => `${name}.${sub.name}`),
    ]),
  ),
  fc.constantFrom(
    ENTERPRISE_USER_SCHEMA,
    `${ENTERPRISE_USER_SCHEMA}:manager`,
    `${ENTERPRISE_USER_SCHEMA}:manager.value`,
    `${SAP_USER_SCHEMA}:userUuid`,
    'urn:ietf:params:scim:schemas:core:2.0:User:userName',
  ),
);

export const filterText = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(arbitraryFilter(USER_TYPE), arbitraryFilter(GROUP_TYPE)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        attributeName,
        fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'le', 'pr', 'xx'),
        strangeValue,
      )
      .map(([name, operator, value]) => `${name} ${operator} ${JSON.stringify(value)}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.oneof(
          attributeName,
          fc.constantFrom('(', ')', '[', ']', 'and', 'or', 'not', 'eq', '"', '.', 'pr'),
        ),
        {
          maxLength: 12,
        },
      )
      .map((words) => words.join(' ')),
  },
  { weight: 1, arbitrary: strangeText },
);

const patchPath = fc.oneof(
  { weight: 3, arbitrary: attributeName },
  {
    weight: 2,
    arbitrary: fc
      .tuple(attributeName, filterText, fc.constantFrom('', '.value', '.type', '.primary', '.__proto__', ']'))
      .map(([name, filter, rest]) => `${name}[${filter}]${rest}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('members[value eq "{user}"]', 'members[type eq "User"]', 'emails[type pr]'),
  },
  { weight: 1, arbitrary: strangeText },
);

const likelyValue = fc.oneof(
  strangeValue,
  fc.constantFrom<unknown>(
    [{ value: '{user}' }],
    [{ value: '{group}', type: 'Group' }],
    { value: '{user}' },
    { members: [{ value: '{user}' }], displayName: 'x' },
    { 'name.givenName': 'x', [`${ENTERPRISE_USER_SCHEMA}:manager`]: { value: '{user}' } },
    [{ value: 'a@example.com', type: 'work', primary: true }],
    'False',
  ),
);

export const operation = fc.record(
  {
    op: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('add', 'replace', 'remove', 'Add') },
      { weight: 1, arbitrary: strangeValue },
    ),
    path: fc.oneof({ weight: 9, arbitrary: patchPath }, { weight: 1, arbitrary: strangeValue }),
    value: likelyValue,
  },
  { requiredKeys: ['op'] },
);

/** An operation that sets, or takes away, a value of the attribute's own type. */
const likelyOperation = (type: ResourceType) =>
  fc
    .tuple(fc.constantFrom('add', 'replace', 'remove'), fc.nat(), arbitraryResource(type))
    .map(([op, at, resource]) => {
      const names = Object.keys(resource).filter((name) => name !== 'schemas' && name !== 'userName');
      const path = names[at % Math.max(names.length, 1)] ?? 'displayName';
      return { op, path, ...(op !== 'remove' && { value: resource[path] ?? 'x' }) };
    });

export const likelyPatch = (type: ResourceType) =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: likelyOperation(type) }, { weight: 1, arbitrary: operation }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((operations) => patchBody(...operations));

export const userJson = arbitraryResource(USER_TYPE).map((resource) => ({ ...resource, ...userBody() }));
export const groupJson = arbitraryResource(GROUP_TYPE).map((resource) => ({
  ...resource,
  ...groupBody({ members: [{ value: '{user}' }, { value: '{group}' }] }),
}));

const validBody: fc.Arbitrary<unknown> = fc.oneof(
  userJson,
  groupJson,
  arbitraryResource(USER_TYPE),
  arbitraryResource(GROUP_TYPE),
  fc.array(operation, { maxLength: 5 }).map((operations) => patchBody(...operations)),
);

const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'remove', 'rename', 'wrap', 'add'),
  name: strangeText,
  value: strangeValue,
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** Changes one place of a JSON value, chosen among all that it has. */
function mutate(json: unknown, { at, kind, name, value: shared }: Mutation): void {
  // constants are used again: one that is put into another must be a copy
  const value = structuredClone(shared);
  const places: [Record<string, unknown>, string][] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      collect(inner);
    }
  };
  collect(json);
  const place = places[at % Math.max(places.length, 1)];
  if (place === undefined) return;
  const [node, key] = place;
  const set = (newKey: string, newValue: unknown): void => {
    Object.defineProperty(node, newKey, {
      value: newValue,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const old = node[key];
  if (kind === 'replace') set(key, value);
  else if (kind === 'wrap') set(key, [old]);
  else if (Array.isArray(node)) node.push(value);
  else if (kind === 'add') set(name, value);
  else {
    delete node[key];
    if (kind === 'rename') set(name, old);
  }
}

const mutated = (valid: fc.Arbitrary<unknown>, most: number): fc.Arbitrary<string> =>
  fc.tuple(valid, fc.array(mutation, { maxLength: most })).map(([body, mutations]) => {
    const json = JSON.parse(JSON.stringify(body));
    for (const each of mutations) mutate(json, each);
    return JSON.stringify(json);
  });

const bodyText: fc.Arbitrary<string | undefined> = fc.oneof(
  {
    weight: 8,
    arbitrary: mutated(validBody, 3),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(validBody, fc.nat(), strangeText).map(([valid, at, text]) => {
      const json = JSON.stringify(valid);
      const cut = at % json.length;
      return json.slice(0, cut) + text + json.slice(cut + (at % 3));
    }),
  },
  { weight: 1, arbitrary: strangeText },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

export const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

const url = fc
  .tuple(
    fc.constantFrom(
      '/Users',
      '/Groups',
      '/Users',
      '/Groups',
      '/Schemas',
      '/ResourceTypes',
      '/ServiceProviderConfig',
      '/Bulk',
      '/Me',
      '',
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('', '/{user}', '/{group}') },
      { weight: 1, arbitrary: strangeText.map((text) => `/${encoded(text)}`) },
      { weight: 1, arbitrary: fc.constantFrom('/', '/%', '/%ff', '/.search', '/{user}/x', '//') },
    ),
    fc.array(
      fc.oneof(
        filterText.map((filter) => `filter=${encoded(filter)}`),
        fc
          .tuple(
            fc.constantFrom(
              'attributes',
              'excludedAttributes',
              'sortBy',
              'sortOrder',
              'startIndex',
              'count',
              'filter',
              '__proto__',
              'x[y]',
            ),
            fc.oneof(strangeText, attributeName, fc.integer().map(String)),
          )
          .map(([name, value]) => `${name}=${encoded(value)}`),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([endpoint, id, query]) => `${endpoint}${id}${query.length > 0 ? `?${query.join('&')}` : ''}`);

const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'accept',
    'content-encoding',
    'if-match',
    'host',
    'x-http-method-override',
    'expect',
    'range',
  ),
  fc.oneof(
    fc.constantFrom(
      'application/json',
      'application/scim+json; charset=utf-8',
      'text/plain',
      '*',
      'W/"1"',
      'gzip',
      'bytes=0-1',
      '"',
    ),
    fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  ),
  { maxKeys: 2 },
);

/** Methods, URLs, fields and bodies that need not fit together. */
const farRequest: fc.Arbitrary<HostileRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  url,
  headers,
  body: bodyText,
});

export const near = (
  method: string,
  target: string,
  json: fc.Arbitrary<unknown>,
): fc.Arbitrary<HostileRequest> =>
  mutated(json, 1).map((body) => ({ method, url: target, headers: {}, body }));

/** Requests that are right but for one place at most: only those come far. */
const nearRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  near('POST', '/Users', userJson),
  near('POST', '/Groups', groupJson),
  near('PUT', '/Users/{user}', userJson),
  near('PUT', '/Groups/{group}', groupJson),
  near('PATCH', '/Users/{user}', likelyPatch(USER_TYPE)),
  near('PATCH', '/Users/{user}', likelyPatch(USER_TYPE)),
  near('PATCH', '/Groups/{group}', likelyPatch(GROUP_TYPE)),
  fc
    .constantFrom('/Users/{user}', '/Groups/{group}')
    .map((target) => ({ method: 'DELETE', url: target, headers: {}, body: undefined })),
  fc.tuple(fc.constantFrom('/Users', '/Groups'), filterText).map(([endpoint, filter]) => ({
    method: 'GET',
    url: `${endpoint}?filter=${encoded(filter)}`,
    headers: {},
    body: undefined,
  })),
);

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 3, arbitrary: nearRequest },
  { weight: 2, arbitrary: farRequest },
);
