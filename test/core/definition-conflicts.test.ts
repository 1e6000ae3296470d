import { describe, expect, test } from 'vitest';
import { checkSchemaFits, checkTypeFits } from '../../src/core/definition-conflicts.ts';
import { DefinitionError } from '../../src/core/definition-error.ts';
import { readResourceTypeDefinition } from '../../src/core/definition-resource-type.ts';
import { readSchemaDefinition } from '../../src/core/definition-schema.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { buildRegistry } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  LEASE,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';

const schemas = [DEVICE_DEFINITION, LEASE_DEFINITION].map(readSchemaDefinition);
const registry = buildRegistry(
  {
    schemas,
    resourceTypes: [readResourceTypeDefinition(DEVICE_TYPE_DEFINITION)],
    extensions: [],
  },
  1,
);
const isAvailable = (urn: string): boolean => schemas.some(({ id }) => id === urn);

function faultOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.path.join('.')}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('a schema beside others', () => {
  const fault = (id: string, attributes: JsonValue = [{ name: 'colour' }]): string =>
    faultOf(() => checkSchemaFits(registry, readSchemaDefinition({ id, attributes })));

  test.each<[id: string, fault: RegExp]>([
    [USER_SCHEMA, /^id: There is a schema/],
    [GROUP_SCHEMA.toUpperCase().replace('URN', 'urn'), /^id: There is a schema/],
    [ENTERPRISE_USER_SCHEMA, /^id: There is a schema/],
    ['urn:ietf:params:scim:schemas:core:2.0:Schema', /^id: There is a schema/],
    [DEVICE.toLowerCase(), /^id: There is a schema/],
    ['urn:ietf:params:scim:api:messages:2.0:Thing', /^id: URNs that begin with/],
    ['urn:ietf:params:SCIM:api', /^id: URNs that begin with/],
    [`${USER_SCHEMA}:userName`, /^id: .* both a schema and an attribute of/],
    [`${DEVICE}:WEIGHT`, /^id: .* both a schema and an attribute of/],
    [`${DEVICE}:maker.value`, /^id: .* both a schema and an attribute of/],
    [`${DEVICE}:externalId`, /^id: .* both a schema and an attribute of/],
    [`${DEVICE}:other`, /^none$/],
    [`${DEVICE}:maker.other`, /^none$/],
    ['urn:example:params:scim:schemas:2.0:Dev', /^none$/],
  ])('%s', (id, expected) => {
    expect(fault(id)).toMatch(expected);
  });

  test('an attribute whose path would be the URN of another schema', () => {
    const parent = DEVICE.slice(0, DEVICE.lastIndexOf(':'));
    expect(fault(parent, [{ name: 'x' }, { name: 'devices' }])).toBe('none');
    expect(fault(parent, [{ name: 'x' }, { name: 'device' }])).toMatch(
      /^attributes\.1: .* both an attribute/,
    );
    const prefix = 'urn:example:params:scim:schemas:extension:lease';
    const others = buildRegistry(
      {
        schemas: [readSchemaDefinition({ id: `${prefix}:Size.Max`, attributes: [{ name: 'a' }] })],
        resourceTypes: [],
        extensions: [],
      },
      1,
    );
    const definition = readSchemaDefinition({
      id: prefix,
      attributes: [{ name: 'a' }, { name: 'size', type: 'complex', subAttributes: [{ name: 'max' }] }],
    });
    expect(faultOf(() => checkSchemaFits(others, definition))).toMatch(
      /^attributes\.1: .* both an attribute and the schema/,
    );
  });
});

describe('RFC 7643 6: a resource type', () => {
  const fault = (more: object): string =>
    faultOf(() => {
      const json = { name: 'Printer', endpoint: '/Printers', schema: DEVICE, ...more } as JsonValue;
      checkTypeFits(registry, readResourceTypeDefinition(json), isAvailable);
    });

  test.each<[what: string, more: object, fault: RegExp]>([
    ['is taken', {}, /^none$/],
    ['is taken with extensions', { schemaExtensions: [{ schema: LEASE, required: true }] }, /^none$/],
    ['with an unknown member', { endpiont: '/x' }, /^endpiont: A resource type has no/],
    [
      'that is a schema',
      { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'] },
      /^schemas: "schemas" must hold/,
    ],
    ['without a name', { name: '' }, /^name: A resource type needs "name"/],
    ['with a name of two words', { name: 'Big Printer' }, /^name: The name/],
    ['with a long name', { name: 'x'.repeat(101) }, /^name: .* longer than 100/],
    ['named as a built-in one', { name: 'user' }, /^name: There is a resource type User/],
    ['named as another', { name: 'DEVICE' }, /^name: There is a resource type Device/],
    ['named as what discovery has', { name: 'Schema' }, /^name: The server itself/],
    ['without an endpoint', { endpoint: undefined }, /^: A resource type needs "endpoint"/],
    ['with an endpoint without a slash', { endpoint: 'Printers' }, /^endpoint: "endpoint" is one segment/],
    ['with an endpoint of two segments', { endpoint: '/a/b' }, /^endpoint: "endpoint" is one segment/],
    ['with an endpoint that is a parameter', { endpoint: '/:id' }, /^endpoint: "endpoint" is one segment/],
    ['with an endpoint that is a pattern', { endpoint: '/*' }, /^endpoint: "endpoint" is one segment/],
    ['with an escaped endpoint', { endpoint: '/%55sers' }, /^endpoint: "endpoint" is one segment/],
    [
      'with an absolute endpoint',
      { endpoint: 'https://example.com/x' },
      /^endpoint: "endpoint" is one segment/,
    ],
    ['at .search', { endpoint: '/.search' }, /^endpoint: "endpoint" is one segment/],
    ['at ..', { endpoint: '/..' }, /^endpoint: "endpoint" is one segment/],
    ...['Users', 'groups', 'Devices', 'devices'].map((name): [string, object, RegExp] => [
      `at ${name}`,
      { endpoint: `/${name}` },
      /^endpoint: The resource type \w+ has the endpoint/,
    ]),
    ...['Me', 'Bulk', 'Schemas', 'ResourceTypes', 'ServiceProviderConfig', 'bulk'].map(
      (name): [string, object, RegExp] => [
        `at ${name}`,
        { endpoint: `/${name}` },
        /^endpoint: The server itself has the endpoint/,
      ],
    ),
    ['without a schema', { schema: undefined }, /^: A resource type needs "schema"/],
    ['with a schema inside', { schema: { id: 'urn:example:x' } }, /^schema: "schema" must be a string/],
    ['with an unknown schema', { schema: 'urn:example:x' }, /^schema: The tenant has defined no schema/],
    ['with the schema of users', { schema: USER_SCHEMA }, /^schema: The tenant has defined no schema/],
    ['with extensions that are no list', { schemaExtensions: {} }, /^schemaExtensions: .* array/],
    [
      'with an extension by name only',
      { schemaExtensions: [LEASE] },
      /^schemaExtensions\.0: An extension must be/,
    ],
    [
      'with an unknown extension',
      { schemaExtensions: [{ schema: 'urn:example:x' }] },
      /^schemaExtensions\.0\.schema: The tenant/,
    ],
    [
      'that extends itself',
      { schemaExtensions: [{ schema: DEVICE.toUpperCase().replace('URN', 'urn') }] },
      /^schemaExtensions\.0\.schema: .* extend itself/,
    ],
    [
      'with an extension twice',
      { schemaExtensions: [{ schema: LEASE }, { schema: LEASE }] },
      /^schemaExtensions\.1\.schema: .* twice/,
    ],
    [
      'with "required" as text',
      { schemaExtensions: [{ schema: LEASE, required: 'yes' }] },
      /^schemaExtensions\.0\.required: /,
    ],
    [
      'with a wrong member of an extension',
      { schemaExtensions: [{ urn: LEASE }] },
      /^schemaExtensions\.0\.urn: An extension has no/,
    ],
  ])('%s', (_, more, expected) => {
    const given = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, value ?? null]));
    expect(fault(given)).toMatch(expected);
  });
});
