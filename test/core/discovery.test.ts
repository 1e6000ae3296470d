import { describe, expect, test } from 'vitest';
import { allResourceTypesJson, allSchemasJson, serviceProviderConfig } from '../../src/core/discovery.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/core/json.ts';
import { BUILT_IN, schemaNamed } from '../../src/core/registry.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';

const BASE = 'https://example.com/scim/v2';
const COMMON = ['schemas', 'id', 'meta'];

/** What is wrong with an object by the schema that describes it: unknown, missing and mistyped attributes. */
function faults(attributes: readonly Attribute[], json: JsonObject, at = ''): string[] {
  const unknown = Object.keys(json).filter((key) => !attributes.some(({ name }) => name === key));
  return [
    ...unknown.map((key) => `${at}${key} is in no schema`),
    ...attributes.flatMap((attribute) => {
      const value = json[attribute.name];
      const name = at + attribute.name;
      if (value === undefined) return attribute.required ? [`${name} is missing`] : [];
      if (Array.isArray(value) !== attribute.multiValued) return [`${name} has the wrong number of values`];
      return (Array.isArray(value) ? value : [value]).flatMap((one) => valueFaults(attribute, one, name));
    }),
  ];
}

function valueFaults(attribute: Attribute, value: JsonValue, name: string): string[] {
  if (attribute.type === 'complex') {
    // RFC 7643 section 7: subAttributes have subAttributes of the same kind
    const parts = attribute.name === 'subAttributes' ? [attribute] : [];
    return isObject(value)
      ? faults([...attribute.subAttributes, ...parts], value, `${name}.`)
      : [`${name} is no object`];
  }
  const type =
    { boolean: 'boolean', integer: 'number', decimal: 'number' }[attribute.type as string] ?? 'string';
  return typeof value === type ? [] : [`${name} is no ${type}`];
}

function faultsOf(json: JsonObject): string[] {
  const schema = schemaNamed(BUILT_IN, String((json.schemas as JsonValue[])[0]));
  const own = Object.fromEntries(
    Object.entries(json).filter(([key]) => !COMMON.includes(key) || schema?.attributeByName.has(key)),
  );
  return schema === undefined ? ['no schema'] : faults(schema.attributes, own);
}

test('RFC 7643 5: ServiceProviderConfig is as its schema says', () => {
  const config = serviceProviderConfig(BASE);
  expect(faultsOf(config)).toEqual([]);
  expect(config).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 1000 },
    meta: { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` },
  });
});

test.each([
  { auth: 'bearer', types: ['oauthbearertoken', 'httpbasic'] },
  { auth: 'basic', types: ['httpbasic', 'oauthbearertoken'] },
  { auth: undefined, types: ['oauthbearertoken', 'httpbasic'] },
] as const)('RFC 7643 5: the primary one of the authentication schemes suits $auth', ({ auth, types }) => {
  const config = serviceProviderConfig(BASE, auth);
  expect(faultsOf(config)).toEqual([]);
  const schemes = config.authenticationSchemes as JsonObject[];
  expect(schemes.map(({ type }) => type)).toEqual(types);
  expect(schemes.map(({ primary }) => primary)).toEqual([true, undefined]);
});

describe('RFC 7643 6: resource types', () => {
  const types = allResourceTypesJson(BUILT_IN, BASE);

  test('are as their schema says', () => {
    for (const type of types) expect(faultsOf(type)).toEqual([]);
  });

  test('name their endpoints, schemas and extensions', () => {
    expect(types).toMatchObject([
      {
        id: 'User',
        endpoint: '/Users',
        schema: USER_SCHEMA,
        schemaExtensions: [
          { schema: ENTERPRISE_USER_SCHEMA, required: false },
          { schema: SAP_USER_SCHEMA, required: false },
        ],
        meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
      },
      { id: 'Group', endpoint: '/Groups', schemaExtensions: [] },
    ]);
  });
});

describe('RFC 7643 7: schemas', () => {
  const schemas = allSchemasJson(BUILT_IN, BASE);

  test('are as their schema says, those of the discovery endpoints too', () => {
    for (const schema of schemas) expect([schema.id, faultsOf(schema)]).toEqual([schema.id, []]);
  });

  test('are where their URN says', () => {
    for (const { id, meta } of schemas)
      expect(meta).toEqual({ resourceType: 'Schema', location: `${BASE}/Schemas/${id}` });
  });

  test('hold no attribute that is common to all resources', () => {
    const names = schemas.flatMap(({ id, attributes }) =>
      id === USER_SCHEMA ? (attributes as JsonObject[]).map(({ name }) => name) : [],
    );
    expect(names).toContain('userName');
    for (const name of ['id', 'externalId', 'meta', 'schemas']) expect(names).not.toContain(name);
  });
});
