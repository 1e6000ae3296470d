import { describe, expect, test } from 'vitest';
import { emptyObject, type JsonValue } from '../../src/core/json.ts';
import { resolvePath } from '../../src/core/path.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import {
  attributeValue,
  eachAttribute,
  isUnassigned,
  schemasOf,
  setAttribute,
} from '../../src/core/resource.ts';
import type { SchemaExtension } from '../../src/core/resource-type.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { user } from './fixtures.ts';

const enterprise = USER_TYPE.extensionByUrn.get(ENTERPRISE_USER_SCHEMA.toLowerCase()) as SchemaExtension;
const department = enterprise.schema.attributeByName.get('department') as Attribute;
const title = USER_TYPE.attributeByName.get('title') as Attribute;

test('RFC 7643 2.5: null, the empty array and absence are one, other empty values are not', () => {
  expect([undefined, null, []].map(isUnassigned)).toEqual([true, true, true]);
  expect(['', 0, false, {}, [null]].map((value) => isUnassigned(value as JsonValue))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

describe('setAttribute', () => {
  test('sets and removes an attribute of the core schema', () => {
    const resource = emptyObject();
    setAttribute(resource, undefined, title, 'T');
    expect(resource).toEqual({ title: 'T' });
    for (const nothing of [null, undefined, []]) {
      setAttribute(resource, undefined, title, nothing);
      expect(Object.keys(resource)).toEqual([]);
    }
  });

  test("an extension's object comes and goes with its content", () => {
    const resource = emptyObject();
    setAttribute(resource, enterprise, department, null);
    expect(Object.keys(resource)).toEqual([]);
    setAttribute(resource, enterprise, department, 'R');
    expect(resource).toEqual({ [ENTERPRISE_USER_SCHEMA]: { department: 'R' } });
    expect(Object.getPrototypeOf(resource[ENTERPRISE_USER_SCHEMA])).toBeNull();
    setAttribute(resource, enterprise, department, undefined);
    expect(Object.keys(resource)).toEqual([]);
  });
});

test('attributeValue looks into the extension that the path names', () => {
  const resource = user({ title: 'T', [ENTERPRISE_USER_SCHEMA]: { department: 'R' } });
  const valueAt = (text: string): unknown => {
    const resolved = resolvePath(USER_TYPE, text);
    return resolved !== undefined && 'path' in resolved ? attributeValue(resource, resolved.path) : 'no path';
  };
  expect(valueAt('title')).toBe('T');
  expect(valueAt(`${ENTERPRISE_USER_SCHEMA}:department`)).toBe('R');
  expect(valueAt(`${ENTERPRISE_USER_SCHEMA}:division`)).toBeUndefined();
});

test('eachAttribute visits what has a value, in the order of the schema, extensions last', () => {
  const seen: string[] = [];
  const resource = user({ [ENTERPRISE_USER_SCHEMA]: { department: 'R' }, title: 'T', nickName: 'N' });
  eachAttribute(USER_TYPE, resource, ({ indexPath }) => seen.push(indexPath));
  expect(seen).toEqual(['schemas', 'userName', 'nickName', 'title', 'enterprise:department']);
});

test('RFC 7643 3: schemasOf names the core schema and each extension that is there', () => {
  expect(schemasOf(USER_TYPE, emptyObject())).toEqual([USER_SCHEMA]);
  expect(schemasOf(USER_TYPE, { [ENTERPRISE_USER_SCHEMA]: {}, 'urn:x': {} })).toEqual([
    USER_SCHEMA,
    ENTERPRISE_USER_SCHEMA,
  ]);
});
