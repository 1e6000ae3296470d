import { expect, test } from 'vitest';
import { compileResourceType } from '../../src/core/resource-type.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, LEASE_SCHEMA } from './fixtures.ts';

test('RFC 7643 3.1: every resource type has the common attributes before its own', () => {
  expect(DEVICE_TYPE.attributes.slice(0, 5).map((attribute) => attribute.name)).toEqual([
    'schemas',
    'id',
    'externalId',
    'meta',
    'serial',
  ]);
  expect(DEVICE_TYPE.attributeByName.get('externalid')?.caseExact).toBe(true);
});

test('attributes of an extension are not attributes of the core schema', () => {
  expect(DEVICE_TYPE.attributeByName.has('lessor')).toBe(false);
  const extension = DEVICE_TYPE.extensionByUrn.get(LEASE_SCHEMA.toLowerCase());
  expect(extension).toMatchObject({ required: true, schema: { id: LEASE_SCHEMA } });
  expect(extension?.schema.attributeByName.get('lessor')?.indexPath).toBe('lease:lessor');
});

test('the published schema holds no common attributes', () => {
  expect(DEVICE_TYPE.schema.attributeByName.has('id')).toBe(false);
});

test('schema URNs are in lower case, the longest first, so that none hides another', () => {
  const type = compileResourceType({
    name: 'T',
    endpoint: '/Ts',
    description: 'T',
    schema: { id: 'urn:X', name: 'X', description: 'X', attributes: [] },
    extensions: [
      { required: false, schema: { id: 'urn:X:Y', name: 'Y', description: 'Y', attributes: [] } },
      { required: false, schema: { id: 'urn:X:Y:Zed', name: 'Z', description: 'Z', attributes: [] } },
    ],
  });
  expect(type.schemaUrns).toEqual(['urn:x:y:zed', 'urn:x:y', 'urn:x']);
  expect(DEVICE_TYPE.schemaUrns).toContain(DEVICE_SCHEMA.toLowerCase());
});

test('a type without membership has no relation attribute', () => {
  expect(DEVICE_TYPE.relationAttribute).toBeUndefined();
});
