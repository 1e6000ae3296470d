import { describe, expect, test } from 'vitest';
import type { Filter } from '../../src/core/filter.ts';
import { matches } from '../../src/core/match.ts';
import type { AttributePath } from '../../src/core/path.ts';
import { searchFilter } from '../../src/core/plain-search.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { compileResourceType, type ResourceType } from '../../src/core/resource-type.ts';

const PRIMARY = { name: 'PRIMARY', nameKey: 'primary' };
const EMEA = { name: 'EMEA', nameKey: 'emea' };

const DEVICE = compileResourceType({
  name: 'Device',
  endpoint: '/Devices',
  description: 'Devices',
  schema: {
    id: 'urn:example:Device',
    name: 'Device',
    description: 'Devices',
    attributes: [
      { name: 'serial', required: true },
      { name: 'pin', mutability: 'writeOnly' },
      { name: 'ports', multiValued: true },
      { name: 'place', type: 'complex', subAttributes: [{ name: 'room' }] },
    ],
  },
});

const find = (type: ResourceType, search: string, resource: object): boolean | undefined => {
  const filter = searchFilter(type, search, [PRIMARY, EMEA]);
  return filter && matches(filter, { id: 'x', ...resource } as Parameters<typeof matches>[1]);
};

describe('a plain search', () => {
  test.each<[type: ResourceType, search: string, resource: object, isFound: boolean | undefined]>([
    [USER_TYPE, 'bab', { userName: 'BABS' }, true],
    [USER_TYPE, 'abs', { userName: 'BABS' }, false],
    [USER_TYPE, 'bab', { userName: 'EMEA/babs' }, true],
    [USER_TYPE, 'bab', { userName: 'APAC/babs' }, false],
    [USER_TYPE, 'bab', { displayName: 'Babs' }, true],
    [USER_TYPE, 'bab', { nickName: 'Babs' }, false],
    [USER_TYPE, 'bab', { emails: [{ value: 'a@b.example' }, { value: 'babs@b.example' }] }, true],
    [USER_TYPE, 'b jen', { name: { givenName: 'Babs', familyName: 'Jensen' } }, true],
    [USER_TYPE, 'b jen', { name: { givenName: 'Babs', familyName: 'Olsen' } }, false],
    [USER_TYPE, 'x', {}, true],
    [USER_TYPE, ' \t\n', { userName: 'babs' }, undefined],
    [GROUP_TYPE, 'tour  gui', { displayName: 'Tour Guides' }, true],
    [GROUP_TYPE, 'gui', { displayName: 'Tour Guides' }, false],
    [DEVICE, 'ab', { serial: 'AB-1' }, true],
    [DEVICE, 'ab', { place: { room: 'ab' } }, true],
    [DEVICE, 'ab', { pin: 'ab', ports: ['ab'] }, false],
  ])('of %o for %j in %j: %s', (type, search, resource, isFound) => {
    expect(find(type, search, resource)).toBe(isFound);
  });

  test('looks at no more than beginnings and ids, whatever it is for', () => {
    const operators = (filter: Filter<AttributePath>): string[] => {
      if ('filters' in filter) return filter.filters.flatMap(operators);
      return filter.kind === 'compare' ? [filter.operator] : [filter.kind];
    };
    const filter = searchFilter(USER_TYPE, `${'word '.repeat(40)}"\\(`, [PRIMARY, EMEA]);
    expect(new Set(filter && operators(filter))).toEqual(new Set(['sw', 'eq']));
    expect(filter && operators(filter).length).toBeLessThan(50);
  });
});
