import { describe, expect, test } from 'vitest';
import {
  BUILT_IN,
  GROUP_TYPE,
  resourceTypeAt,
  resourceTypeNamed,
  schemaNamed,
  USER_TYPE,
} from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';

describe('look-up', () => {
  test('resource types by name and by endpoint, both case exact', () => {
    expect(resourceTypeNamed(BUILT_IN, 'User')).toBe(USER_TYPE);
    expect(resourceTypeNamed(BUILT_IN, 'Group')).toBe(GROUP_TYPE);
    expect(resourceTypeNamed(BUILT_IN, 'user')).toBeUndefined();
    expect(resourceTypeAt(BUILT_IN, '/Users')).toBe(USER_TYPE);
    expect(resourceTypeAt(BUILT_IN, '/Groups')).toBe(GROUP_TYPE);
    expect(resourceTypeAt(BUILT_IN, '/users')).toBeUndefined();
    expect(resourceTypeAt(BUILT_IN, '__proto__')).toBeUndefined();
  });

  test('RFC 7644 3.10: schemas by URN without regard to case', () => {
    expect(schemaNamed(BUILT_IN, ENTERPRISE_USER_SCHEMA)?.name).toBe('EnterpriseUser');
    expect(schemaNamed(BUILT_IN, ENTERPRISE_USER_SCHEMA.toUpperCase())?.name).toBe('EnterpriseUser');
    expect(schemaNamed(BUILT_IN, `${ENTERPRISE_USER_SCHEMA}:department`)).toBeUndefined();
    expect(schemaNamed(BUILT_IN, '')).toBeUndefined();
    expect(schemaNamed(BUILT_IN, 'common')).toBeUndefined();
  });
});

test('a User may have the enterprise and the SAP extension, neither of them required', () => {
  expect(USER_TYPE.extensions.map(({ schema, required }) => [schema.id, required])).toEqual([
    [ENTERPRISE_USER_SCHEMA, false],
    [SAP_USER_SCHEMA, false],
  ]);
  expect(GROUP_TYPE.extensions).toEqual([]);
});

test('membership is members on the group and groups on the user', () => {
  expect(GROUP_TYPE.relationAttribute).toMatchObject({ name: 'members', relation: 'members' });
  expect(USER_TYPE.relationAttribute).toMatchObject({ name: 'groups', relation: 'memberOf' });
});

test('RFC 7644 4: /Schemas has every schema once, those of the discovery endpoints included', () => {
  expect(BUILT_IN.schemas.map((schema) => schema.id)).toEqual([
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    'urn:ietf:params:scim:schemas:extension:sap:2.0:User',
    'urn:ietf:params:scim:schemas:core:2.0:Group',
    'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
    'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
    'urn:ietf:params:scim:schemas:core:2.0:Schema',
  ]);
});
