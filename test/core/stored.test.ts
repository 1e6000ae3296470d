import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeResource } from '../../src/core/decode.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { readProjection } from '../../src/core/project.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import {
  answerText,
  docText,
  metaOf,
  readDoc,
  relationView,
  type StoredResource,
} from '../../src/core/stored.ts';
import { DEVICE_TYPE, device, group, standard, strict, user } from './fixtures.ts';
import { arbitraryResource } from './generators.ts';

const LOCATION = 'https://example.com/scim/v2/Users/u1';

const stored = (type: ResourceType, resource: JsonObject): StoredResource => ({
  id: 'u1',
  doc: docText(type, 'u1', resource),
  version: 3,
  created: '2011-05-13T04:42:34',
  lastModified: '2011-05-13T04:42:34.5',
});

describe('docText', () => {
  test('has the attributes in the order of the schema, parts and extensions too', () => {
    const resource = user({
      [SAP_USER_SCHEMA]: { userUuid: 'u' },
      [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' }, costCenter: 'c', employeeNumber: '1' },
      emails: [{ primary: true, value: 'a' }],
      name: { givenName: 'B', familyName: 'J' },
      externalId: 'e',
    });
    expect(docText(USER_TYPE, 'u1', resource)).toBe(
      `{"schemas":["${USER_SCHEMA}","${ENTERPRISE_USER_SCHEMA}","${SAP_USER_SCHEMA}"],"id":"u1","externalId":"e",` +
        '"userName":"bjensen","name":{"familyName":"J","givenName":"B"},"emails":[{"value":"a","primary":true}],' +
        `"${ENTERPRISE_USER_SCHEMA}":{"employeeNumber":"1","costCenter":"c","manager":{"value":"m"}},` +
        `"${SAP_USER_SCHEMA}":{"userUuid":"u"}}`,
    );
  });

  test('holds neither meta, nor membership, nor what is never returned', () => {
    const resource = Object.assign(user({ password: 't1meMa$heen' }), {
      meta: { version: 'x' },
      groups: [{ value: 'g' }],
    });
    expect(JSON.parse(docText(USER_TYPE, 'u1', resource))).toEqual({
      schemas: [USER_SCHEMA],
      id: 'u1',
      userName: 'bjensen',
    });
    expect(docText(GROUP_TYPE, 'g1', group({ members: [{ value: 'u1' }] }))).not.toContain('members');
    const text = docText(DEVICE_TYPE, 'd1', device({ secret: 's3cret', owner: { value: 'o', pin: '4711' } }));
    expect(text).not.toContain('s3cret');
    expect(text).not.toContain('4711');
  });

  test('the id is the one given, whatever the resource says', () => {
    expect(JSON.parse(docText(USER_TYPE, 'u1', Object.assign(user(), { id: 'other' })))).toHaveProperty(
      'id',
      'u1',
    );
  });

  test('readDoc reads it back, without a prototype', () => {
    const resource = user({ name: { givenName: 'B' } });
    const read = readDoc(docText(USER_TYPE, 'u1', resource));
    expect(read).toEqual({ ...resource, id: 'u1' });
    expect(Object.getPrototypeOf(read)).toBeNull();
  });

  test.each([
    { name: 'User', type: USER_TYPE },
    { name: 'Group', type: GROUP_TYPE },
    { name: 'Device', type: DEVICE_TYPE },
  ])('of a $name decoded from it is the same text', ({ type }) => {
    fc.assert(
      fc.property(arbitraryResource(type), fc.constantFrom(strict, standard), (resource, tolerance) => {
        const text = docText(type, 'x', resource);
        expect(docText(type, 'x', decodeResource(type, JSON.parse(text) as JsonValue, tolerance()))).toBe(
          text,
        );
      }),
      { numRuns: 300 },
    );
  });

  test('does not depend on the order in which a resource was built', () => {
    fc.assert(
      fc.property(arbitraryResource(USER_TYPE), (resource) => {
        const reversed = Object.fromEntries(Object.entries(resource).reverse());
        expect(docText(USER_TYPE, 'x', reversed)).toBe(docText(USER_TYPE, 'x', resource));
      }),
      { numRuns: 200 },
    );
  });
});

test('RFC 7643 3.1: metaOf', () => {
  expect(metaOf(USER_TYPE, stored(USER_TYPE, user()), LOCATION)).toEqual({
    resourceType: 'User',
    created: '2011-05-13T04:42:34.000Z',
    lastModified: '2011-05-13T04:42:34.500Z',
    location: LOCATION,
    version: 'W/"3"',
  });
});

describe('answerText', () => {
  const babs = user({ nickName: 'Babs "B" \\ é', name: { givenName: 'B', familyName: 'J' } });

  function answer(
    type: ResourceType,
    resource: JsonObject,
    attributes?: string[],
    excluded?: string[],
    values = '',
  ): unknown {
    const projection = readProjection(type, attributes, excluded);
    const relation = relationView(type, projection);
    const { before, after } = answerText(type, stored(type, resource), LOCATION, projection, relation);
    return JSON.parse(before + values + after);
  }

  test('is the stored text with meta and membership', () => {
    expect(answer(USER_TYPE, babs, undefined, undefined, '{"value":"g1"}')).toEqual({
      ...babs,
      id: 'u1',
      groups: [{ value: 'g1' }],
      meta: metaOf(USER_TYPE, stored(USER_TYPE, babs), LOCATION),
    });
    expect(answer(USER_TYPE, babs)).toHaveProperty('groups', []);
  });

  test('without the attributes that are left out', () => {
    expect(answer(USER_TYPE, babs, ['nickName'])).toEqual({
      schemas: [USER_SCHEMA],
      id: 'u1',
      nickName: 'Babs "B" \\ é',
    });
    expect(answer(USER_TYPE, babs, undefined, ['groups', 'meta', 'name'])).toEqual({
      schemas: [USER_SCHEMA],
      id: 'u1',
      userName: 'bjensen',
      nickName: 'Babs "B" \\ é',
    });
    expect(answer(USER_TYPE, babs, ['groups.value', 'meta.version'], undefined, '{"value":"g1"}')).toEqual({
      schemas: [USER_SCHEMA],
      id: 'u1',
      groups: [{ value: 'g1' }],
      meta: { version: 'W/"3"' },
    });
  });

  test('of a type without membership has no room for it', () => {
    expect(answer(DEVICE_TYPE, device({ label: 'L', notes: 'n' }))).toMatchObject({ label: 'L', id: 'u1' });
    expect(answer(DEVICE_TYPE, device({ notes: 'n' }))).not.toHaveProperty('notes');
  });
});

describe('relationView: what an answer shows of membership', () => {
  const partsOf = (attributes?: string[], excluded?: string[]): string | undefined =>
    relationView(GROUP_TYPE, readProjection(GROUP_TYPE, attributes, excluded))?.parts.join(' ');

  test('all parts by default, those asked for, or none at all', () => {
    expect(partsOf()).toBe('value $ref type');
    expect(partsOf(['members.value', 'displayName'])).toBe('value');
    expect(partsOf(undefined, ['members'])).toBeUndefined();
    expect(partsOf(['displayName'])).toBeUndefined();
    expect(relationView(DEVICE_TYPE, undefined)).toBeUndefined();
  });
});
