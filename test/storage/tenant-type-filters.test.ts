import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScimError } from '../../src/core/error.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { matches } from '../../src/core/match.ts';
import type { Resource } from '../../src/core/resource.ts';
import { compareBySort, readSort } from '../../src/core/sort.ts';
import { docText, metaOf, readDoc } from '../../src/core/stored.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import type { ListPart, Storage } from '../../src/storage/storage.ts';
import { arbitraryFilter, arbitraryResource } from '../core/generators.ts';
import { deviceType, LEASE } from '../service/tenant-definitions.ts';
import { temporaryStorage } from '../support/server.ts';

const TENANT = 'tenantaaaaaa';
const type = deviceType();
const tolerance = toleranceOf('standard');
const devices = new Map<string, Resource>();
let storage: Storage;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ storage, close } = await temporaryStorage());
  const drawn = fc.sample(arbitraryResource(type), { seed: 20261121, numRuns: 60 });
  for (const [index, resource] of drawn.entries()) {
    const id = `device-${index}`;
    const time = `2026-0${(index % 9) + 1}-01T00:00:00`;
    const stored = { id, doc: docText(type, id, resource), version: 1, created: time, lastModified: time };
    const write = { type: type.name, stored, store: 'primary', values: indexValues(type, resource) };
    await storage.transaction(TENANT, (tx) => tx.insertResource(TENANT, write));
    const seen = readDoc(stored.doc);
    seen.meta = metaOf(type, stored, 'https://example.com/x');
    devices.set(id, seen);
  }
  // a sample without optional values would agree with anything
  for (const name of ['weight', 'ports', 'addresses', 'maker', LEASE])
    expect([...devices.values()].filter((device) => device[name] !== undefined).length).toBeGreaterThan(15);
});
afterAll(() => close());

async function idsOf(part: Partial<ListPart>): Promise<string[]> {
  const parts = [{ type, filter: undefined, sort: undefined, relation: undefined, ...part }];
  const page = await storage.listResources(TENANT, { parts, page: { startIndex: 1, count: 1000 } });
  expect(page.totalResults).toBe(page.resources.length);
  return page.resources.map(({ id }) => id);
}

test('the SQL of random filters on a tenant-defined type finds what the matcher finds', async () => {
  let [found, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(arbitraryFilter(type), async (text) => {
      const filter = readFilter(type, text, tolerance);
      try {
        const ids = await idsOf({ filter });
        expect(ids).toEqual(
          [...devices.keys()].filter((id) => matches(filter, devices.get(id) as Resource)).sort(),
        );
        found += ids.length;
      } catch (error) {
        // attributes that are made for each answer
        if (!(error instanceof ScimError) || error.scimType !== 'invalidFilter') throw error;
        refused++;
      }
    }),
    { seed: 7, numRuns: 400 },
  );
  expect(found).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(100);
});

test.each([
  ...['serial', 'displayName', 'weight', 'bought', 'active', 'ports', 'fingerprint', 'holder', 'maker.since'],
  ...['addresses.value', 'addresses.type', 'addresses.speed', 'externalId', `${LEASE}:ends`],
])('by %s it gives the reference order', async (sortBy) => {
  for (const order of ['ascending', 'descending']) {
    const sort = readSort(type, sortBy, order);
    if (sort === undefined) throw new Error('no sort');
    const expected = [...devices.values()].sort((a, b) => compareBySort(sort, a, b)).map(({ id }) => id);
    expect(await idsOf({ sort })).toEqual(expected);
  }
});
