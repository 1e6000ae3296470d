import { describe, expect, test } from 'vitest';
import { elementScope, leafOf, pathText, resolvePath, shorten } from '../../src/core/path.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_TYPE } from './fixtures.ts';

/** What a path means, as text: the attribute's full path, or the URN of the extension. */
function meaning(type: ResourceType, text: string): string | undefined {
  const resolved = resolvePath(type, text);
  if (resolved === undefined) return undefined;
  return 'path' in resolved ? pathText(resolved.path) : resolved.extension.schema.id;
}

describe('RFC 7644 3.10: resolvePath finds', () => {
  test.each<[text: string, meant: string]>([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['username', 'userName'],
    ['id', 'id'],
    ['schemas', 'schemas'],
    ['meta.lastModified', 'meta.lastModified'],
    ['Name.GivenName', 'name.givenName'],
    ['emails', 'emails'],
    ['emails.value', 'emails.value'],
    ['groups.$ref', 'groups.$ref'],
    [`${USER_SCHEMA}:userName`, 'userName'],
    [`${USER_SCHEMA}:name.familyName`, 'name.familyName'],
    [`${USER_SCHEMA.toUpperCase()}:NAME.FAMILYNAME`, 'name.familyName'],
    [`${USER_SCHEMA}:meta.created`, 'meta.created'],
    [`${ENTERPRISE_USER_SCHEMA}:department`, `${ENTERPRISE_USER_SCHEMA}:department`],
    [`${ENTERPRISE_USER_SCHEMA.toUpperCase()}:Department`, `${ENTERPRISE_USER_SCHEMA}:department`],
    [`${ENTERPRISE_USER_SCHEMA}:manager.value`, `${ENTERPRISE_USER_SCHEMA}:manager.value`],
    [ENTERPRISE_USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
    [ENTERPRISE_USER_SCHEMA.toLowerCase(), ENTERPRISE_USER_SCHEMA],
  ])('%s', (text, meant) => {
    expect(meaning(USER_TYPE, text)).toBe(meant);
  });
});

describe('resolvePath finds nothing for', () => {
  test.each([
    '',
    '.',
    ':',
    'unknown',
    'userName.value',
    'name.',
    'name.unknown',
    'name.givenName.x',
    '.givenName',
    'userName ',
    'department',
    USER_SCHEMA,
    `${USER_SCHEMA}:`,
    `${USER_SCHEMA}:department`,
    `${USER_SCHEMA}userName`,
    `${ENTERPRISE_USER_SCHEMA}:`,
    `${ENTERPRISE_USER_SCHEMA}:userName`,
    `${ENTERPRISE_USER_SCHEMA}x`,
    'urn:ietf:params:scim:schemas:core:2.0:Group:displayName',
    '__proto__',
    '__proto__.polluted',
    'constructor.prototype',
    'name.__proto__',
    'name.constructor',
    'toString',
    `${ENTERPRISE_USER_SCHEMA}:__proto__`,
  ])('%j', (text) => {
    expect(meaning(USER_TYPE, text)).toBeUndefined();
  });
});

describe('RFC 7643 2.4: elementScope', () => {
  const attributeNamed = (type: ResourceType, name: string): Attribute =>
    type.attributeByName.get(name) as Attribute;

  test('finds the sub-attributes of a complex attribute, whatever their case', () => {
    const scope = elementScope(attributeNamed(USER_TYPE, 'emails'));
    expect(scope('Type')?.attribute.indexPath).toBe('emails.type');
    expect(scope('emails.type')).toBeUndefined();
    expect(scope('__proto__')).toBeUndefined();
  });

  test('calls the values of a simple attribute "value"', () => {
    const scope = elementScope(attributeNamed(DEVICE_TYPE, 'tags'));
    expect(scope('VALUE')?.attribute).toMatchObject({ name: 'tags', multiValued: false, indexPath: 'tags' });
    expect(scope('tags')).toBeUndefined();
  });

  test('has no "value" where a complex attribute has none', () => {
    expect(elementScope(attributeNamed(USER_TYPE, 'addresses'))('value')).toBeUndefined();
  });
});

test('leafOf is the attribute that a path ends at', () => {
  const leafName = (text: string): string => {
    const resolved = resolvePath(USER_TYPE, text);
    return resolved !== undefined && 'path' in resolved ? leafOf(resolved.path).name : '';
  };
  expect(['userName', 'name', 'name.givenName'].map(leafName)).toEqual(['userName', 'name', 'givenName']);
});

test('shorten keeps short texts and cuts long ones', () => {
  expect(shorten('x'.repeat(100))).toBe('x'.repeat(100));
  expect(shorten('x'.repeat(101))).toBe(`${'x'.repeat(100)}…`);
});
