import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Projection } from '../../../src/core/project.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import type { ResourceType } from '../../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../../src/core/schemas/sap-user.ts';
import { docText, type StoredResource } from '../../../src/core/stored.ts';
import {
  answerForm1,
  answerText1,
  listText1,
  minimalProjection,
  relationView1,
} from '../../../src/core/v1/answer.ts';
import { readAttributes1 } from '../../../src/core/v1/attributes.ts';
import { DEVICE_TYPE, device, group, user } from '../fixtures.ts';
import { arbitraryResource } from '../generators.ts';

const LOCATION = 'https://localhost:9443/wso2/scim/Users/u1';
const CORE_1 = 'urn:scim:schemas:core:1.0';
const ENTERPRISE_1 = 'urn:scim:schemas:extension:enterprise:1.0';
const META = { created: '2015-04-30T10:18:33', lastModified: '2016-01-26T18:26:04', location: LOCATION };
const NAMES = { storeNames: ['AMRSNGHE'] };

const stored = (type: ResourceType, resource: JsonObject): StoredResource => ({
  id: 'u1',
  doc: docText(type, 'u1', resource),
  version: 3,
  created: '2015-04-30T10:18:33',
  lastModified: '2016-01-26T18:26:04.123',
});

function answer(
  type: ResourceType,
  resource: JsonObject,
  projection: Projection | undefined = undefined,
  values = '',
): JsonObject {
  const relation = relationView1(type, projection);
  const text = answerText1(type, stored(type, resource), LOCATION, projection, relation, NAMES);
  const { before, after, bare } = text;
  return JSON.parse(values === '' && bare !== undefined ? bare : before + values + after) as JsonObject;
}

describe('a user', () => {
  const babs = user({ name: { givenName: 'B', familyName: 'J' }, nickName: 'Babs "B" \\ é' });

  test('has the schema of 1.1 and meta as on the page', () => {
    expect(answer(USER_TYPE, babs)).toEqual({
      schemas: [CORE_1],
      id: 'u1',
      userName: 'bjensen',
      name: { givenName: 'B', familyName: 'J' },
      nickName: 'Babs "B" \\ é',
      meta: META,
    });
  });

  test('has the groups it is in, and no attribute for none', () => {
    const values = '{"value":"g1","display":"engineer"}';
    expect(answer(USER_TYPE, babs, undefined, values).groups).toEqual([{ value: 'g1', display: 'engineer' }]);
    expect(answer(USER_TYPE, babs)).not.toHaveProperty('groups');
  });

  test('keeps primary, untyped values and empty ones', () => {
    const emails = [{ value: '', type: 'home', primary: true }, { value: 'x' }];
    expect(answer(USER_TYPE, user({ emails })).emails).toEqual(emails);
  });

  const rows: [title: string, extended: JsonObject, expected: JsonObject][] = [
    [
      'the enterprise extension',
      { [ENTERPRISE_USER_SCHEMA]: { employeeNumber: '7', department: 'd' } },
      { schemas: [CORE_1, ENTERPRISE_1], [ENTERPRISE_1]: { employeeNumber: '7', department: 'd' } },
    ],
    [
      'a manager',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', manager: { value: 'm', $ref: '../Users/m' } } },
      { schemas: [CORE_1, ENTERPRISE_1], [ENTERPRISE_1]: { division: 'd', manager: { managerId: 'm' } } },
    ],
    [
      'a manager of whom 1.1 knows nothing',
      { [ENTERPRISE_USER_SCHEMA]: { division: 'd', manager: { $ref: '../Users/m' } } },
      { schemas: [CORE_1, ENTERPRISE_1], [ENTERPRISE_1]: { division: 'd' } },
    ],
    [
      'an extension of which 1.1 knows nothing',
      { [ENTERPRISE_USER_SCHEMA]: { manager: { $ref: '../Users/m' } } },
      { schemas: [CORE_1] },
    ],
    [
      'an extension that is not shown unless it is asked for',
      { [SAP_USER_SCHEMA]: { userUuid: 'u' } },
      { schemas: [CORE_1] },
    ],
    [
      'both',
      { [SAP_USER_SCHEMA]: { userUuid: 'u' }, [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
      {
        schemas: [CORE_1, ENTERPRISE_1],
        [ENTERPRISE_1]: { manager: { managerId: 'm' } },
      },
    ],
  ];
  test.each(rows)('with %s', (_, extended, expected) => {
    const { schemas: _schemas, ...core } = babs;
    const resource = { ...core, ...extended };
    expect(answer(USER_TYPE, resource)).toEqual({ id: 'u1', ...core, meta: META, ...expected });
  });

  test('with values that look like the text around them', () => {
    const tricky = [
      `,"${ENTERPRISE_USER_SCHEMA}":{"manager":{"value":"x"}}`,
      '],"id":"other"',
      ',"userName":"other"',
      '\\"}}{',
      ENTERPRISE_USER_SCHEMA,
    ];
    for (const text of tricky) {
      const resource = user({
        externalId: text,
        title: text,
        emails: [{ value: text, type: text }],
        [ENTERPRISE_USER_SCHEMA]: { division: text, manager: { value: text } },
        [SAP_USER_SCHEMA]: { userUuid: text },
      });
      expect(answer(USER_TYPE, resource)).toEqual({
        schemas: [CORE_1, ENTERPRISE_1],
        id: 'u1',
        userName: 'bjensen',
        externalId: text,
        title: text,
        emails: [{ value: text, type: text }],
        [ENTERPRISE_1]: { division: text, manager: { managerId: text } },
        meta: META,
      });
      expect(answer(USER_TYPE, resource, minimalProjection(USER_TYPE)).userName).toBe('bjensen');
    }
  });
});

describe('a group', () => {
  const rows: [stored: string, shown: string][] = [
    ['engineer', 'PRIMARY/engineer'],
    ['AMRSNGHE/ngioletGR', 'AMRSNGHE/ngioletGR'],
    ['Internal/everyone', 'Internal/everyone'],
    ['R&D/EMEA', 'PRIMARY/R&D/EMEA'],
    ['AMRSNGHE', 'PRIMARY/AMRSNGHE'],
    ['say "hi" \\', 'PRIMARY/say "hi" \\'],
  ];
  test.each(rows)('called %j is shown as %j', (displayName, shown) => {
    const resource = group({ displayName });
    expect(answer(GROUP_TYPE, resource)).toEqual({
      schemas: [CORE_1],
      id: 'u1',
      displayName: shown,
      meta: META,
    });
    expect(answer(GROUP_TYPE, resource, minimalProjection(GROUP_TYPE))).toEqual({
      id: 'u1',
      displayName: shown,
      meta: META,
    });
    expect(answer(GROUP_TYPE, resource, readAttributes1(GROUP_TYPE, ['displayName'])).displayName).toBe(
      shown,
    );
  });

  test('shows its members, and no attribute for none', () => {
    const values = '{"value":"u1","display":"hasinitg"}';
    expect(answer(GROUP_TYPE, group(), undefined, values).members).toEqual([
      { value: 'u1', display: 'hasinitg' },
    ]);
    expect(answer(GROUP_TYPE, group())).not.toHaveProperty('members');
    expect(relationView1(GROUP_TYPE, undefined)?.parts).toEqual(['value', 'display']);
    expect(relationView1(GROUP_TYPE, minimalProjection(GROUP_TYPE))).toBeUndefined();
  });
});

test('an entry of a list has an id, a name and meta', () => {
  const projection = minimalProjection(USER_TYPE);
  const babs = user({ externalId: 'e', userName: 'b"j', emails: [{ value: 'x' }] });
  expect(answer(USER_TYPE, babs, projection)).toEqual({ id: 'u1', userName: 'b"j', meta: META });
  expect(relationView1(USER_TYPE, projection)).toBeUndefined();
  expect(answer(DEVICE_TYPE, device(), minimalProjection(DEVICE_TYPE))).toMatchObject({ id: 'u1' });
});

describe('attributes', () => {
  const babs = user({
    title: 'T',
    name: { givenName: 'B', familyName: 'J' },
    emails: [{ value: 'x', type: 'work' }],
    [ENTERPRISE_USER_SCHEMA]: { division: 'd', manager: { value: 'm' } },
  });
  const rows: [names: string[], expected: JsonObject][] = [
    [['userName'], { userName: 'bjensen' }],
    [['USERNAME', 'nothing'], { userName: 'bjensen' }],
    [[''], {}],
    [['id', 'meta'], {}],
    [['meta.created'], {}],
    [['name.givenName'], { name: { givenName: 'B' } }],
    [['givenName', ' title '], { name: { givenName: 'B' }, title: 'T' }],
    [['urn:scim:schemas:core:1.0:name'], { name: { givenName: 'B', familyName: 'J' } }],
    [['emails.work'], { emails: [{ value: 'x', type: 'work' }] }],
    [['emails.value'], { emails: [{ value: 'x' }] }],
    [
      ['wso2Extension.manager.managerId'],
      { schemas: [CORE_1, ENTERPRISE_1], [ENTERPRISE_1]: { manager: { managerId: 'm' } } },
    ],
    [
      [ENTERPRISE_1],
      { schemas: [CORE_1, ENTERPRISE_1], [ENTERPRISE_1]: { division: 'd', manager: { managerId: 'm' } } },
    ],
  ];
  test.each(rows)('%j', (names, expected) => {
    const shown = answer(USER_TYPE, babs, readAttributes1(USER_TYPE, names));
    expect(shown).toEqual({ schemas: [CORE_1], id: 'u1', meta: META, ...expected });
  });

  test('not given: the resource as it is', () => {
    expect(readAttributes1(USER_TYPE, undefined)).toBeUndefined();
  });

  test('ask for parts of membership', () => {
    const partsOf = (...names: string[]): readonly string[] | undefined =>
      relationView1(GROUP_TYPE, readAttributes1(GROUP_TYPE, names))?.parts;
    expect(partsOf('members')).toEqual(['value', 'display']);
    expect(partsOf('members.value')).toEqual(['value']);
    expect(partsOf('members.display')).toEqual(['value', 'display']);
    expect(partsOf('displayName')).toBeUndefined();
    const groups = relationView1(USER_TYPE, readAttributes1(USER_TYPE, ['groups.display']));
    expect(groups?.parts).toEqual(['value', 'display']);
  });
});

describe('a list', () => {
  test('tells the place only to those that asked for one', () => {
    expect(JSON.parse(listText1(7, ['{"id":"a"}', '{"id":"b"}'], undefined))).toEqual({
      schemas: [CORE_1],
      totalResults: 7,
      Resources: [{ id: 'a' }, { id: 'b' }],
    });
    expect(JSON.parse(listText1(7, ['{"id":"b"}'], { startIndex: 2 }))).toEqual({
      schemas: [CORE_1],
      totalResults: 7,
      itemsPerPage: 1,
      startIndex: 2,
      Resources: [{ id: 'b' }],
    });
    expect(JSON.parse(listText1(0, [], undefined))).toEqual({
      schemas: [CORE_1],
      totalResults: 0,
      Resources: [],
    });
  });

  test('and its resources have one form', () => {
    const form = answerForm1(NAMES);
    const view = form.relationView(GROUP_TYPE, undefined);
    const text = form.answerText(GROUP_TYPE, stored(GROUP_TYPE, group()), LOCATION, undefined, view);
    expect(JSON.parse(text.bare ?? '')).toEqual(answer(GROUP_TYPE, group()));
    const { before, after } = form.listFrame(1, { startIndex: 1 }, 1, false);
    expect(before + after).toBe(listText1(1, [], undefined));
  });
});

describe('text made by adding text is what parsing and writing gives', () => {
  test.each([USER_TYPE, GROUP_TYPE])('for $name', (type) => {
    const all = [
      ...type.attributes.map(({ name }) => name),
      ...type.extensions.map(({ schema }) => schema.id).filter((urn) => urn !== SAP_USER_SCHEMA),
    ];
    const everything = readAttributes1(type, all);
    fc.assert(
      fc.property(arbitraryResource(type), (resource) => {
        expect(answer(type, resource)).toEqual(answer(type, resource, everything));
      }),
    );
  });
});
