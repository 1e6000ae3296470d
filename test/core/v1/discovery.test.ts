import { describe, expect, test } from 'vitest';
import { MAX_BULK_BYTES, MAX_BULK_OPERATIONS } from '../../../src/core/bulk.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { BUILT_IN, buildRegistry } from '../../../src/core/registry.ts';
import { allSchemasJson1, schemaJsonNamed1, serviceProviderConfig1 } from '../../../src/core/v1/discovery.ts';

const CORE_1 = 'urn:scim:schemas:core:1.0';
const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';

test('what the server does is told in the members of 1.1', () => {
  const config = serviceProviderConfig1();
  expect(config).toMatchObject({
    schemas: [CORE_1],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BULK_BYTES },
    filter: { supported: true, maxResults: 1000 },
    changePassword: { supported: true },
    sort: { supported: true },
    etag: { supported: false },
    xmlDataFormat: { supported: false },
  });
  expect(config).not.toHaveProperty('pagination');
  expect(config).not.toHaveProperty('meta');
});

test('the scheme that a client uses comes first', () => {
  const schemes = (auth?: 'bearer' | 'basic'): JsonObject[] =>
    serviceProviderConfig1(auth).authenticationSchemes as JsonObject[];
  expect(schemes().map(({ type, primary }) => [type, primary])).toEqual([
    ['httpbasic', true],
    ['oauthbearertoken', undefined],
  ]);
  expect(schemes('bearer')[0]).toMatchObject({ type: 'oauthbearertoken', primary: true });
  for (const scheme of schemes()) {
    expect(scheme).toHaveProperty('specUrl');
    expect(scheme).not.toHaveProperty('specUri');
  }
});

describe('schemas', () => {
  const named = (id: string): JsonObject => schemaJsonNamed1(BUILT_IN, id) as JsonObject;
  const attribute = (schema: string, name: string): JsonObject | undefined =>
    (named(schema).attributes as JsonObject[]).find((one) => one.name === name);

  test('are those of users and groups, whatever else a tenant has', () => {
    const registry = buildRegistry(
      {
        schemas: [{ id: 'urn:x:Device', name: 'Device', description: 'D', attributes: [{ name: 'a' }] }],
        resourceTypes: [
          { name: 'Device', endpoint: '/Devices', description: 'D', schema: 'urn:x:Device', extensions: [] },
        ],
        extensions: [],
      },
      1,
    );
    const ids = [`${CORE_1}:User`, `${CORE_1}:Group`];
    expect(allSchemasJson1(registry).map(({ id }) => id)).toEqual(ids);
    expect(schemaJsonNamed1(registry, `${CORE_1}:Device`)).toBeUndefined();
    expect(schemaJsonNamed1(registry, 'URN:scim:schemas:core:1.0:user')?.id).toBe(`${CORE_1}:User`);
    expect(schemaJsonNamed1(registry, 'Group')?.endpoint).toBe('/Groups');
  });

  test('have the form of Core Schema 1.1 section 11.6', () => {
    expect(named('User')).toMatchObject({
      id: `${CORE_1}:User`,
      name: 'User',
      schema: CORE_1,
      endpoint: '/Users',
    });
    expect(attribute('User', 'userName')).toMatchObject({
      name: 'userName',
      type: 'string',
      multiValued: false,
      schema: CORE_1,
      readOnly: false,
      required: true,
      caseExact: false,
    });
    expect(attribute('User', 'id')).toMatchObject({ readOnly: true });
    expect(attribute('User', 'emails')).toMatchObject({
      type: 'complex',
      multiValued: true,
      multiValuedAttributeChildName: 'email',
      subAttributes: [
        { name: 'value' },
        { name: 'display' },
        { name: 'type', canonicalValues: ['work', 'home', 'other'] },
        { name: 'primary', type: 'boolean' },
      ],
    });
    expect(attribute('User', 'addresses')?.multiValuedAttributeChildName).toBe('address');
    expect(attribute('User', 'schemas')).toBeUndefined();
  });

  test('tell of each attribute which schema it is of', () => {
    expect(attribute('User', 'employeeNumber')?.schema).toBe(ENTERPRISE_1);
    expect(attribute('User', 'manager')).toMatchObject({
      schema: ENTERPRISE_1,
      subAttributes: [
        { name: 'managerId', type: 'string' },
        { name: 'displayName', readOnly: true },
      ],
    });
  });

  test('show of membership and meta what answers show', () => {
    const partsOf = (schema: string, name: string): unknown[] =>
      ((attribute(schema, name)?.subAttributes ?? []) as JsonObject[]).map((part) => part.name);
    expect(partsOf('User', 'groups')).toEqual(['value', 'display']);
    expect(partsOf('Group', 'members')).toEqual(['value', 'display']);
    expect(partsOf('User', 'meta')).toEqual(['created', 'lastModified', 'location']);
  });

  test('name nothing that 1.1 does not have', () => {
    const text = JSON.stringify(allSchemasJson1(BUILT_IN));
    expect(text).not.toContain('$ref');
    expect(text).not.toContain('"reference"');
    expect(text).not.toContain('mutability');
  });
});
