import { describe, expect, test } from 'vitest';
import { resolvePath } from '../../src/core/path.ts';
import { BUILT_IN, GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import type { Attribute, Schema } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';

const TYPES: Record<'User' | 'Group', ResourceType> = { User: USER_TYPE, Group: GROUP_TYPE };

function attributeAt(type: keyof typeof TYPES, path: string): Attribute {
  const resolved = resolvePath(TYPES[type], path);
  if (resolved === undefined || !('path' in resolved)) throw new Error(`no such attribute: ${path}`);
  return resolved.path.sub ?? resolved.path.attribute;
}

const namesOf = (attributes: readonly Attribute[]): string[] => attributes.map(({ name }) => name);

describe('RFC 7643 4 and 8.7.1: the schemas have the attributes of the RFC', () => {
  test.each<[type: keyof typeof TYPES, path: string | undefined, names: string]>([
    [
      'User',
      undefined,
      'userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active password ' +
        'emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates',
    ],
    ['User', 'name', 'formatted familyName givenName middleName honorificPrefix honorificSuffix'],
    ['User', 'emails', 'value display type primary'],
    ['User', 'addresses', 'formatted streetAddress locality region postalCode country type primary'],
    ['User', 'groups', 'value $ref display type'],
    ['User', 'meta', 'resourceType created lastModified location version'],
    ['User', `${ENTERPRISE_USER_SCHEMA}:manager`, 'value $ref displayName'],
    ['Group', undefined, 'displayName members'],
    ['Group', 'members', 'value $ref type'],
  ])('%s %s', (type, path, names) => {
    const attributes =
      path === undefined ? TYPES[type].schema.attributes : attributeAt(type, path).subAttributes;
    expect(namesOf(attributes).join(' ')).toBe(names);
  });

  test('the enterprise and the SAP extension', () => {
    const [enterprise, sap] = USER_TYPE.extensions.map(({ schema }) => namesOf(schema.attributes).join(' '));
    expect(enterprise).toBe('employeeNumber costCenter organization division department manager');
    expect(sap).toBe('userUuid');
  });
});

describe('RFC 7643 3.1, 4 and 8.7.1: characteristics that matter', () => {
  test.each<[type: keyof typeof TYPES, path: string, characteristics: Partial<Attribute>]>([
    ['User', 'id', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }],
    ['User', 'schemas', { multiValued: true, required: true, returned: 'always' }],
    ['User', 'externalId', { caseExact: true, mutability: 'readWrite' }],
    ['User', 'meta', { type: 'complex', mutability: 'readOnly' }],
    ['User', 'meta.resourceType', { caseExact: true }],
    ['User', 'meta.created', { type: 'dateTime', mutability: 'readOnly' }],
    ['User', 'meta.lastModified', { type: 'dateTime', mutability: 'readOnly' }],
    ['User', 'meta.version', { caseExact: true }],
    ['User', 'userName', { required: true, caseExact: false, uniqueness: 'server' }],
    ['User', 'profileUrl', { type: 'reference', caseExact: true }],
    ['User', 'active', { type: 'boolean' }],
    ['User', 'password', { mutability: 'writeOnly', returned: 'never' }],
    ['User', 'emails', { type: 'complex', multiValued: true }],
    ['User', 'emails.value', { type: 'string', caseExact: false }],
    ['User', 'emails.type', { canonicalValues: ['work', 'home', 'other'] }],
    ['User', 'emails.primary', { type: 'boolean' }],
    ['User', 'photos.value', { type: 'reference' }],
    ['User', 'x509Certificates.value', { type: 'binary', caseExact: true }],
    ['User', 'groups', { mutability: 'readOnly', multiValued: true }],
    ['User', `${SAP_USER_SCHEMA}:userUuid`, { caseExact: true }],
    ['User', `${ENTERPRISE_USER_SCHEMA}:manager`, { type: 'complex', multiValued: false }],
    ['User', `${ENTERPRISE_USER_SCHEMA}:manager.displayName`, { mutability: 'readOnly' }],
    ['Group', 'displayName', { required: true, uniqueness: 'none' }],
    ['Group', 'members', { multiValued: true, mutability: 'readWrite' }],
    ['Group', 'members.value', { mutability: 'immutable', caseExact: true, required: true }],
    ['Group', 'members.$ref', { type: 'reference', mutability: 'immutable' }],
  ])('%s %s', (type, path, characteristics) => {
    expect(attributeAt(type, path)).toMatchObject(characteristics);
  });
});

const everyAttribute = (schema: Schema): Attribute[] =>
  schema.attributes.flatMap((attribute) => [
    attribute,
    ...attribute.subAttributes,
    ...attribute.subAttributes.flatMap((sub) => sub.subAttributes),
  ]);

describe.each(BUILT_IN.schemas.map((schema) => ({ id: schema.id, schema })))('$id', ({ schema }) => {
  test('describes itself and every attribute', () => {
    expect(schema.name).not.toBe('');
    expect(schema.description).not.toBe('');
    for (const attribute of everyAttribute(schema))
      expect([attribute.name, attribute.description]).not.toContain('');
  });

  test('RFC 7643 2.1: attribute names follow the ABNF and differ in more than case', () => {
    for (const attributes of [schema.attributes, ...schema.attributes.map((one) => one.subAttributes)]) {
      for (const { name } of attributes) expect(name).toMatch(/^[A-Za-z$][A-Za-z0-9$_-]*$/);
      expect(new Set(namesOf(attributes).map((name) => name.toLowerCase())).size).toBe(attributes.length);
    }
  });

  test('RFC 7643 2.3: complex attributes have parts, no other has; references say to what', () => {
    for (const { name, type, subAttributes, referenceTypes } of everyAttribute(schema)) {
      expect([name, subAttributes.length > 0]).toEqual([name, type === 'complex']);
      expect([name, referenceTypes !== undefined]).toEqual([name, type === 'reference']);
    }
  });
});

test.each(BUILT_IN.schemas.slice(-3).map((schema) => ({ id: schema.id, schema })))(
  'RFC 7643 5, 6 and 7: everything in $id is readOnly',
  ({ schema }) => {
    for (const { mutability } of everyAttribute(schema)) expect(mutability).toBe('readOnly');
  },
);
