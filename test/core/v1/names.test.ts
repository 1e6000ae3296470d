import { describe, expect, test } from 'vitest';
import { pathText } from '../../../src/core/path.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import type { ResourceType } from '../../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../../src/core/schemas/sap-user.ts';
import { extensionOfKey, nameIn2, resolvePath1 } from '../../../src/core/v1/names.ts';
import { DEVICE_TYPE, LEASE_SCHEMA } from '../fixtures.ts';

/** The name in 2.0, with the type of the values meant where there is one. */
function meaningOf(type: ResourceType, name: string): string | undefined {
  const resolved = resolvePath1(type, name);
  if (resolved === undefined) return undefined;
  if ('extension' in resolved) return resolved.extension.schema.id;
  const label = resolved.label === undefined ? '' : `[${resolved.label}]`;
  return pathText(resolved.path) + label;
}

describe('a name of SCIM 1.1 stands for', () => {
  const rows: [type: ResourceType, name: string, expected: string | undefined][] = [
    [USER_TYPE, 'userName', 'userName'],
    [USER_TYPE, 'USERNAME', 'userName'],
    [USER_TYPE, 'name.givenName', 'name.givenName'],
    [USER_TYPE, 'urn:scim:schemas:core:1.0:name.givenName', 'name.givenName'],
    [USER_TYPE, 'urn:scim:schemas:core:1.0:User:userName', 'userName'],
    [USER_TYPE, 'urn:ietf:params:scim:schemas:core:2.0:User:userName', 'userName'],
    [USER_TYPE, 'givenName', 'name.givenName'],
    [USER_TYPE, 'formatted', 'name.formatted'],
    [USER_TYPE, 'lastModified', 'meta.lastModified'],
    [USER_TYPE, 'locality', 'addresses.locality'],
    [USER_TYPE, 'emails', 'emails'],
    [USER_TYPE, 'emails.value', 'emails.value'],
    [USER_TYPE, 'emails.work', 'emails[work]'],
    [USER_TYPE, 'phoneNumbers.MOBILE', 'phoneNumbers[mobile]'],
    [USER_TYPE, 'emails.nothing', undefined],
    [USER_TYPE, 'emails.work.value', undefined],
    [USER_TYPE, 'value', undefined],
    [USER_TYPE, 'type', undefined],
    [USER_TYPE, 'nothing', undefined],
    [USER_TYPE, '', undefined],
    [USER_TYPE, 'employeeNumber', `${ENTERPRISE_USER_SCHEMA}:employeeNumber`],
    [USER_TYPE, 'wso2Extension.employeeNumber', `${ENTERPRISE_USER_SCHEMA}:employeeNumber`],
    [USER_TYPE, 'WSO2extension.manager.managerId', `${ENTERPRISE_USER_SCHEMA}:manager.value`],
    [USER_TYPE, 'wso2Extension.manager.displayName', `${ENTERPRISE_USER_SCHEMA}:manager.displayName`],
    [USER_TYPE, 'wso2Extension.nothing', undefined],
    [USER_TYPE, 'wso2Extension', ENTERPRISE_USER_SCHEMA],
    [USER_TYPE, 'wso2ExtensionX', undefined],
    [USER_TYPE, 'urn:scim:schemas:extension:wso2:1.0:department', `${ENTERPRISE_USER_SCHEMA}:department`],
    [USER_TYPE, 'urn:scim:schemas:extension:enterprise:1.0', ENTERPRISE_USER_SCHEMA],
    [
      USER_TYPE,
      'urn:scim:schemas:extension:enterprise:1.0:manager.managerId',
      `${ENTERPRISE_USER_SCHEMA}:manager.value`,
    ],
    [USER_TYPE, `${SAP_USER_SCHEMA}:userUuid`, `${SAP_USER_SCHEMA}:userUuid`],
    [GROUP_TYPE, 'urn:scim:schemas:core:1.0:displayName', 'displayName'],
    [GROUP_TYPE, 'members.User', undefined],
    [GROUP_TYPE, 'userName', undefined],
    [DEVICE_TYPE, `${LEASE_SCHEMA}:lessor`, `${LEASE_SCHEMA}:lessor`],
    [DEVICE_TYPE, 'lessor', `${LEASE_SCHEMA}:lessor`],
  ];
  test.each(rows)('of $name: %s', (type, name, expected) => {
    expect(meaningOf(type, name)).toBe(expected);
  });
});

test('an extension has the keys of both versions', () => {
  const keys = [
    'urn:scim:schemas:extension:enterprise:1.0',
    'wso2extension',
    'URN:scim:schemas:extension:wso2:1.0',
    ENTERPRISE_USER_SCHEMA,
  ];
  for (const key of keys) expect(extensionOfKey(USER_TYPE, key)?.schema.id).toBe(ENTERPRISE_USER_SCHEMA);
  expect(extensionOfKey(USER_TYPE, SAP_USER_SCHEMA)?.schema.id).toBe(SAP_USER_SCHEMA);
  expect(extensionOfKey(GROUP_TYPE, 'wso2Extension')).toBeUndefined();
});

test('a name may be turned into a path of 2.0', () => {
  expect(nameIn2(USER_TYPE, 'givenName')).toBe('name.givenName');
  expect(nameIn2(USER_TYPE, 'wso2Extension')).toBe(ENTERPRISE_USER_SCHEMA);
  expect(nameIn2(USER_TYPE, 'emails.work')).toBe('emails');
  expect(nameIn2(USER_TYPE, 'nothing')).toBeUndefined();
});
