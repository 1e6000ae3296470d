import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparisonKey } from '../../src/core/compare.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { type IndexValue, indexValues } from '../../src/core/index-values.ts';
import { compareKey, matches } from '../../src/core/match.ts';
import { type AttributePath, leafOf } from '../../src/core/path.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { DEVICE_TYPE, device, strict, user } from './fixtures.ts';
import { arbitraryFilter, arbitraryResource } from './generators.ts';

function rowText({ path, key, element, labels: { type, primary } }: IndexValue): string {
  return `${path}[${element}] = ${key}${type === null && primary === null ? '' : ` (${type}, ${primary})`}`;
}

test('every filterable value has a row, in the order of the schema, with the element that it belongs to', () => {
  const resource = user({
    externalId: 'E-1',
    active: true,
    name: { familyName: 'Jensen', givenName: '' },
    emails: [
      { value: 'A@x.org', type: 'work', primary: true },
      { value: 'b@x.org', display: 'B' },
    ],
    [ENTERPRISE_USER_SCHEMA]: { department: 'R&D', manager: { value: 'M-1' } },
    [SAP_USER_SCHEMA]: { userUuid: 'U-1' },
  });
  expect(indexValues(USER_TYPE, resource).map(rowText)).toEqual([
    'externalId[0] = E-1',
    'userName[0] = bjensen',
    'name.familyName[0] = jensen',
    'name.givenName[0] = ',
    'active[0] = true',
    'emails.value[0] = a@x.org (work, true)',
    'emails.value[1] = b@x.org',
    'emails.display[1] = b',
    'enterprise:department[0] = r&d',
    'enterprise:manager.value[0] = M-1',
    'sap:userUuid[0] = U-1',
  ]);
});

test('type and primary of an element stand beside its values, or in a row of their own where it has none', () => {
  const resource = user({
    emails: [{ type: 'Work' }, { primary: true }, { type: 'home', display: 'x', value: 'y' }],
    addresses: [{ type: 'home' }],
  });
  expect(indexValues(USER_TYPE, resource).map(rowText).slice(1)).toEqual([
    'emails.[1] =  (work, null)',
    'emails.[0] =  (null, true)',
    'emails.value[2] = y (home, null)',
    'emails.display[2] = x (home, null)',
    'addresses.[0] =  (home, null)',
  ]);
});

describe('left out are', () => {
  const pathsOf = (values: IndexValue[]): string[] => values.map(({ path }) => path);

  test('schemas, which the values of the extensions tell', () => {
    expect(indexValues(USER_TYPE, user())).toHaveLength(1);
  });

  test('membership and meta, which are kept apart', () => {
    const resource = Object.assign(user(), { groups: [{ value: 'g' }], meta: { resourceType: 'User' } });
    expect(pathsOf(indexValues(USER_TYPE, resource))).toEqual(['userName']);
  });

  test('values that are never returned, parts of them too', () => {
    expect(pathsOf(indexValues(USER_TYPE, user({ password: 't1meMa$heen' })))).not.toContain('password');
    const paths = pathsOf(
      indexValues(DEVICE_TYPE, device({ secret: 's', owner: { value: 'o', pin: '1', extra: 'e' } })),
    );
    expect(paths).not.toContain('secret');
    expect(paths).not.toContain('owner.pin');
    expect(paths).toContain('owner.extra');
  });

  test('values of another type than the schema says', () => {
    const odd = { userName: 5, active: 'x', emails: ['x'], name: 'x' };
    expect(indexValues(USER_TYPE, odd)).toEqual([]);
  });
});

test('several values of one sub-attribute share the element they belong to', () => {
  const resource = device({ sites: [{ value: 'a', codes: ['X', 'Y'] }, { value: 'b' }], ports: [80, 443] });
  const rows = indexValues(DEVICE_TYPE, resource).map(({ path, element }) => `${path} ${element}`);
  expect(rows.filter((row) => row.startsWith('sites') || row.startsWith('ports'))).toEqual([
    'ports 0',
    'ports 1',
    'sites.value 0',
    'sites.codes 0',
    'sites.codes 0',
    'sites.value 1',
  ]);
});

test.each([
  { name: 'User', type: USER_TYPE },
  { name: 'Device', type: DEVICE_TYPE },
])('a comparison holds for a $name exactly when an index row satisfies it', ({ type }) => {
  fc.assert(
    fc.property(arbitraryFilter(type), arbitraryResource(type), (text, resource) => {
      const filter = readFilter(type, text, strict());
      if (filter.kind !== 'compare' || filter.path.attribute.name === 'schemas') return;
      const leaf = leafOf(filter.path);
      const wanted = comparisonKey(leaf, filter.value) as string;
      const operator = filter.operator === 'ne' ? 'eq' : filter.operator;
      const found = keysOf(indexValues(type, resource), filter.path).some((key) =>
        compareKey(operator, key, wanted),
      );
      expect(matches(filter, resource)).toBe(filter.operator === 'ne' ? !found : found);
    }),
    { numRuns: 500 },
  );
});

function keysOf(rows: readonly IndexValue[], path: AttributePath): string[] {
  const leaf = leafOf(path);
  if (!leaf.isLabel) return rows.filter((row) => row.path === leaf.indexPath).map((row) => row.key);
  const beginning = `${path.attribute.indexPath}.`;
  return rows
    .filter((row) => row.path.startsWith(beginning))
    .map((row) => row.labels[leaf.name as 'type' | 'primary'])
    .filter((key) => key !== null);
}
