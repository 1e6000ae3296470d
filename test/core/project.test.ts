import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type Projection, project, readProjection, shownParts, shows } from '../../src/core/project.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import type { Attribute } from '../../src/core/schema.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, deepFreeze, device, LEASE_SCHEMA, user } from './fixtures.ts';

const schemas = [USER_SCHEMA, ENTERPRISE_USER_SCHEMA];
const minimum = { schemas, id: 'u1' };
const babs: JsonObject = deepFreeze({
  ...user({
    password: 't1meMa$heen',
    name: { familyName: 'Jensen', givenName: 'Barbara' },
    emails: [{ value: 'a@x.org', type: 'work', primary: true }, { value: 'b@x.org' }],
    [ENTERPRISE_USER_SCHEMA]: { department: 'R', manager: { value: 'm', $ref: '../Users/m' } },
  }),
  id: 'u1',
  meta: { resourceType: 'User', created: '2011-05-13T04:42:34Z' },
});
const { password: _, ...returnedByDefault } = babs;
const enterprise = babs[ENTERPRISE_USER_SCHEMA] as JsonObject;

const shown = (
  attributes?: string[],
  excluded?: string[],
  type = USER_TYPE,
  resource: JsonObject = babs,
): JsonObject => project(type, resource, readProjection(type, attributes, excluded));

describe('RFC 7644 3.9: attributes', () => {
  test.each<{ names: string[]; more: JsonObject }>([
    { names: [], more: {} },
    { names: ['userName'], more: { userName: 'bjensen' } },
    { names: [' USERNAME '], more: { userName: 'bjensen' } },
    { names: [`${USER_SCHEMA}:userName`], more: { userName: 'bjensen' } },
    { names: ['name'], more: { name: { familyName: 'Jensen', givenName: 'Barbara' } } },
    { names: ['name.familyName'], more: { name: { familyName: 'Jensen' } } },
    { names: ['name.familyName', 'name'], more: { name: { familyName: 'Jensen', givenName: 'Barbara' } } },
    { names: ['name.middleName'], more: {} },
    { names: ['emails.value'], more: { emails: [{ value: 'a@x.org' }, { value: 'b@x.org' }] } },
    { names: ['meta.created'], more: { meta: { created: '2011-05-13T04:42:34Z' } } },
    { names: [ENTERPRISE_USER_SCHEMA], more: { [ENTERPRISE_USER_SCHEMA]: enterprise } },
    {
      names: [`${ENTERPRISE_USER_SCHEMA}:department`],
      more: { [ENTERPRISE_USER_SCHEMA]: { department: 'R' } },
    },
    {
      names: [`${ENTERPRISE_USER_SCHEMA}:manager.value`],
      more: { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
    },
    { names: ['id', 'schemas', 'nickName', 'unknown', '', '__proto__', 'department'], more: {} },
    { names: ['password', 'password.value'], more: {} },
  ])('$names shows those and the minimum', ({ names, more }) => {
    expect(shown(names)).toEqual({ ...minimum, ...more });
  });
});

describe('RFC 7644 3.9: excludedAttributes', () => {
  test.each<{ names: string[]; without: string[]; changed?: JsonObject }>([
    { names: ['userName'], without: ['userName'] },
    { names: ['EMAILS', 'meta'], without: ['emails', 'meta'] },
    { names: ['id', 'schemas', 'userName'], without: ['userName'] },
    { names: [ENTERPRISE_USER_SCHEMA.toUpperCase()], without: [ENTERPRISE_USER_SCHEMA] },
    { names: ['name.familyName'], without: [], changed: { name: { givenName: 'Barbara' } } },
    { names: ['name.familyName', 'name.givenName'], without: ['name'] },
    {
      names: [`${ENTERPRISE_USER_SCHEMA}:manager`],
      without: [],
      changed: { [ENTERPRISE_USER_SCHEMA]: { department: 'R' } },
    },
    {
      names: [`${ENTERPRISE_USER_SCHEMA}:manager`, `${ENTERPRISE_USER_SCHEMA}:department`],
      without: [ENTERPRISE_USER_SCHEMA],
    },
    { names: ['unknown', 'password'], without: [] },
  ])('$names leaves those out', ({ names, without, changed = {} }) => {
    const rest = Object.fromEntries(
      Object.entries(returnedByDefault).filter(([key]) => !without.includes(key)),
    );
    expect(shown(undefined, names)).toEqual({ ...rest, ...changed });
  });
});

describe('RFC 7643 7: returned', () => {
  const full: JsonObject = deepFreeze({
    ...device({
      label: 'L',
      secret: 's',
      notes: 'n',
      assetTag: 'T',
      owner: { value: 'o', pin: '1', extra: 'e', kind: 'k' },
    }),
    id: 'd1',
  });
  const always = { schemas: [DEVICE_SCHEMA, LEASE_SCHEMA], id: 'd1', assetTag: 'T' };
  const ofDevice = (attributes?: string[], excluded?: string[]): JsonObject =>
    shown(attributes, excluded, DEVICE_TYPE, full);

  test('by default: neither what is never returned nor what is returned on request', () => {
    const { notes: _notes, secret: _secret, ...rest } = full;
    expect(ofDevice()).toEqual({ ...rest, owner: { value: 'o', kind: 'k' } });
  });

  test('always: whatever was asked for or excluded', () => {
    expect(ofDevice(['label'])).toEqual({ ...always, label: 'L' });
    expect(ofDevice([])).toEqual(always);
    expect(ofDevice(undefined, ['assetTag', 'id', 'schemas'])).toMatchObject(always);
    expect(ofDevice(['owner.value'])).toEqual({ ...always, owner: { value: 'o', kind: 'k' } });
  });

  test('request: only by its name', () => {
    expect(ofDevice(['notes'])).toEqual({ ...always, notes: 'n' });
    expect(ofDevice(['owner'])).toEqual({ ...always, owner: { value: 'o', kind: 'k' } });
    expect(ofDevice(['owner.extra'])).toEqual({ ...always, owner: { extra: 'e', kind: 'k' } });
    expect(ofDevice(undefined, ['label'])).not.toHaveProperty('notes');
  });

  test('never: not even by its name', () => {
    expect(ofDevice(['secret', 'owner.pin'])).toEqual({ ...always, owner: { kind: 'k' } });
    expect(JSON.stringify(shown(['password']))).not.toContain('t1me');
  });

  test('in an extension: all of it by its URN', () => {
    expect(ofDevice([LEASE_SCHEMA])).toEqual({ ...always, [LEASE_SCHEMA]: { lessor: 'Acme' } });
  });
});

describe('readProjection', () => {
  test('is undefined when an answer is the whole resource', () => {
    expect(readProjection(USER_TYPE, undefined, undefined)).toBeUndefined();
    expect(readProjection(USER_TYPE, undefined, [])).toBeUndefined();
    expect(readProjection(USER_TYPE, undefined, ['unknown'])).toBeUndefined();
  });

  test('is there when attributes are left out, be it because they are returned on request only', () => {
    expect(readProjection(USER_TYPE, [], undefined)).toBeDefined();
    expect(readProjection(USER_TYPE, undefined, ['title'])).toBeDefined();
    expect(readProjection(DEVICE_TYPE, undefined, undefined)).toBeDefined();
  });
});

describe('what need not be read', () => {
  const attributeOf = (type: ResourceType, name: string): Attribute =>
    type.attributeByName.get(name) as Attribute;
  const members = attributeOf(GROUP_TYPE, 'members');

  test.each<
    [attributes: string[] | undefined, excluded: string[] | undefined, isShown: boolean, parts: string]
  >([
    [undefined, undefined, true, 'value $ref type'],
    [undefined, ['members'], false, 'value $ref type'],
    [undefined, ['MEMBERS.$REF'], true, 'value type'],
    [['displayName'], undefined, false, ''],
    [['members'], undefined, true, 'value $ref type'],
    [['members.value'], undefined, true, 'value'],
    [['members'], ['members'], false, 'value $ref type'],
  ])('attributes %j, excludedAttributes %j', (attributes, excluded, isShown, parts) => {
    const projection: Projection | undefined = readProjection(GROUP_TYPE, attributes, excluded);
    expect(shows(projection, members)).toBe(isShown);
    expect(shownParts(projection, members).join(' ')).toBe(parts);
  });

  test('without a projection: what is returned by default or always', () => {
    expect(shows(undefined, attributeOf(USER_TYPE, 'password'))).toBe(false);
    expect(shows(undefined, attributeOf(DEVICE_TYPE, 'notes'))).toBe(false);
    expect(shows(undefined, attributeOf(USER_TYPE, 'id'))).toBe(true);
    expect(shownParts(undefined, attributeOf(DEVICE_TYPE, 'owner'))).toEqual([
      'value',
      'display',
      'since',
      'kind',
    ]);
  });
});
