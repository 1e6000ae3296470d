import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUILT_IN, resourceTypeAt, resourceTypeNamed, schemaNamed } from '../../src/core/registry.ts';
import { createRegistries, type Registries } from '../../src/service/registries.ts';
import type { Directory, StoredDefinition } from '../../src/storage/directory.ts';
import { storeOf, tenantOf } from '../storage/directory-contract.ts';
import { temporaryStorage } from '../support/server.ts';

const created = '2026-01-02T03:04:05.678Z';

const row = (kind: StoredDefinition['kind'], name: string, content: object): StoredDefinition => ({
  kind,
  name,
  content: JSON.stringify(content),
  created,
});

const DEVICE = row('schema', 'urn:example:device', {
  id: 'urn:example:Device',
  name: 'Device',
  description: 'A device',
  attributes: [{ name: 'serial' }],
});
const DEVICE_TYPE = row('resourceType', 'Device', {
  name: 'Device',
  endpoint: '/Devices',
  description: '',
  schema: 'urn:example:Device',
  extensions: [],
});
const BADGE = row('schema', 'urn:example:badge', {
  id: 'urn:example:Badge',
  name: 'Badge',
  description: 'A badge',
  attributes: [{ name: 'number' }],
});

let opened: Awaited<ReturnType<typeof temporaryStorage>>;
let directory: Directory;
let registries: Registries;

beforeEach(async () => {
  opened = await temporaryStorage();
  directory = opened.storage.directory;
  registries = createRegistries(opened.storage);
  for (const id of ['a', 'b']) await directory.createTenant(tenantOf(id, id), storeOf(id, 'PRIMARY'));
});
afterEach(() => opened.close());

const add = (tenantId: string, revision: number, ...added: StoredDefinition[]) =>
  directory.changeDefinitions(tenantId, { revision, added, removed: [], unused: [] });

test('a tenant without definitions has the built-in registry itself', async () => {
  expect(await registries.of('a', 0)).toBe(BUILT_IN);
});

test('a tenant has what it defined, and no other tenant has', async () => {
  await add('a', 0, DEVICE, DEVICE_TYPE);
  const registry = await registries.of('a', await directory.definitionRevision('a'));
  expect(resourceTypeAt(registry, '/Devices')).toBe(resourceTypeNamed(registry, 'Device'));
  expect(schemaNamed(registry, 'URN:example:device')?.attributes[0]?.indexPath).toBe(
    '<urn:example:Device>:serial',
  );
  expect(resourceTypeNamed(registry, 'User')).toBe(resourceTypeNamed(BUILT_IN, 'User'));
  const other = await registries.of('b', await directory.definitionRevision('b'));
  expect(other).toBe(BUILT_IN);
});

test('an extension of a built-in type extends it for this tenant', async () => {
  const extension = { type: 'User', schema: 'urn:example:Badge', required: true };
  await add('a', 0, BADGE, row('extension', 'User urn:example:badge', extension));
  const user = resourceTypeNamed(await registries.of('a', 1), 'User');
  expect(user?.extensions.map(({ schema, required }) => [schema.name, required])).toEqual([
    ['EnterpriseUser', false],
    ['SAPUser', false],
    ['Badge', true],
  ]);
  expect(resourceTypeNamed(BUILT_IN, 'User')?.extensions).toHaveLength(2);
});

test('a schema that no type uses is listed all the same, once', async () => {
  await add('a', 0, BADGE);
  const { schemas } = await registries.of('a', 1);
  expect(schemas.map(({ id }) => id).filter((id) => id.includes('example'))).toEqual(['urn:example:Badge']);
});

test('a registry is kept until the definitions change', async () => {
  await add('a', 0, BADGE);
  const first = await registries.of('a', 1);
  expect(await registries.of('a', 1)).toBe(first);
  await add('a', 1, DEVICE, DEVICE_TYPE);
  const second = await registries.of('a', 2);
  expect(second).not.toBe(first);
  expect(resourceTypeNamed(second, 'Device')).toBeDefined();
});

test('a database that fails once is asked again', async () => {
  await add('a', 0, BADGE);
  let fails = true;
  const flaky = createRegistries({
    directory: {
      ...directory,
      async listDefinitions(tenantId) {
        if (fails) throw new Error('gone');
        return directory.listDefinitions(tenantId);
      },
    },
  });
  await expect(flaky.of('a', 1)).rejects.toThrow('gone');
  fails = false;
  expect(schemaNamed(await flaky.of('a', 1), 'urn:example:Badge')).toBeDefined();
});
