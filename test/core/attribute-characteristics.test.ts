import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allSchemasJson } from '../../src/core/discovery.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { BUILT_IN } from '../../src/core/registry.ts';

/** By schema and attribute, in words, what is not a default of RFC 7643 section 2.2. */
type Characteristics = Readonly<Record<string, Readonly<Record<string, string>>>>;

const EXPECTED: Characteristics = JSON.parse(
  readFileSync(new URL('rfc7643-attributes.json', import.meta.url), 'utf8'),
);

const REFERENCE = 'RFC 7643 section 2.3.7: a reference is case exact';
const ID = 'the id of a resource, which RFC 7643 section 3.1 makes case exact';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Where the text of the RFC says something else than its section 8.7.1, or a resource can't be without it. */
const DEVIATIONS: readonly [schema: string, path: string, published: string, reason: string][] = [
  [USER, 'profileUrl', 'reference caseExact refers:external', REFERENCE],
  [USER, 'photos.value', 'reference caseExact refers:external', REFERENCE],
  [USER, 'groups.$ref', 'reference caseExact readOnly refers:User|Group', REFERENCE],
  [GROUP, 'members.$ref', 'reference caseExact immutable refers:User|Group', REFERENCE],
  [ENTERPRISE, 'manager.$ref', 'reference caseExact refers:User', REFERENCE],
  [USER, 'groups.value', 'caseExact readOnly', ID],
  [GROUP, 'members.value', 'required caseExact immutable', `${ID}; a member without it is none`],
  [ENTERPRISE, 'manager.value', 'caseExact', ID],
  [
    USER,
    'password',
    'caseExact writeOnly never',
    'RFC 7644 section 5: a password is compared letter by letter',
  ],
  [USER, 'x509Certificates.value', 'binary caseExact', 'RFC 7643 section 2.3.6: binary is case exact'],
  [USER, 'addresses.primary', 'boolean', 'RFC 7643 section 2.4: a sub-attribute of every such attribute'],
  [GROUP, 'displayName', 'required', 'RFC 7643 section 4.2: REQUIRED'],
];

function* published(attributes: readonly JsonObject[], before = ''): Generator<[string, string]> {
  for (const attribute of attributes) {
    const path = before + String(attribute.name);
    yield [path, wordsOf(attribute)];
    yield* published((attribute.subAttributes ?? []) as JsonObject[], `${path}.`);
  }
}

function wordsOf(attribute: JsonObject): string {
  const { type, multiValued, required, caseExact, mutability, returned, uniqueness = 'none' } = attribute;
  const list = (name: string, values: unknown): string =>
    Array.isArray(values) && values.length > 0 ? `${name}:${values.join('|')}` : '';
  return [
    type === 'string' ? '' : type,
    multiValued === true ? 'multiValued' : '',
    required === true ? 'required' : '',
    caseExact === true ? 'caseExact' : '',
    mutability === 'readWrite' ? '' : mutability,
    returned === 'default' ? '' : returned,
    uniqueness === 'none' ? '' : uniqueness,
    list('canonical', attribute.canonicalValues),
    list('refers', attribute.referenceTypes),
  ]
    .filter((word) => word !== '')
    .join(' ');
}

const schemas = allSchemasJson(BUILT_IN, 'https://example.com/scim/v2');

test.each(Object.entries(EXPECTED))('RFC 7643 8.7.1: %s is published as there', (urn, characteristics) => {
  const expected: Record<string, string> = { ...characteristics };
  for (const [schema, path, words] of DEVIATIONS) if (schema === urn) expected[path] = words;
  const schema = schemas.find(({ id }) => id === urn);
  expect(Object.fromEntries(published(schema?.attributes as JsonObject[]))).toEqual(expected);
});

test('every deviation is one, and has a reason', () => {
  for (const [schema, path, words, reason] of DEVIATIONS) {
    expect([path, EXPECTED[schema]?.[path]]).not.toEqual([path, words]);
    expect(reason).not.toBe('');
  }
});
