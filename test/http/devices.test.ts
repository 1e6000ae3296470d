import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVICE, LEASE } from '../service/tenant-definitions.ts';
import type { Client, TestServer } from '../support/server.ts';
import { type DeviceServer, deviceBody, FULL_DEVICE, startDeviceServer } from './device-server.ts';
import { createUser, expectError, idsOf, newName, read } from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let createDevice: DeviceServer['createDevice'];
let patch: DeviceServer['patch'];

beforeAll(async () => {
  ({ server, client, strict, createDevice, patch } = await startDeviceServer());
});
afterAll(() => server.close());

describe('discovery', () => {
  test('RFC 7643 7: /Schemas shows every characteristic as it was defined', async () => {
    const { Resources } = await read(client, '/Schemas');
    const listed = Resources.find(({ id }: { id: string }) => id === DEVICE);
    const single = await read(client, `/Schemas/${DEVICE}`);
    expect(listed).toEqual(single);
    const attributes = new Map(single.attributes.map((each: { name: string }) => [each.name, each]));
    expect(attributes.get('serial')).toEqual({
      name: 'serial',
      type: 'string',
      multiValued: false,
      description: 'The number on its back',
      required: true,
      caseExact: true,
      mutability: 'immutable',
      returned: 'default',
      uniqueness: 'server',
    });
    expect(attributes.get('displayName')).toMatchObject({ canonicalValues: ['Laptop', 'Phone'] });
    expect(attributes.get('holder')).toMatchObject({ referenceTypes: ['User', 'external'], caseExact: true });
    // what is writeOnly is not returned, and the schema says so
    expect(attributes.get('pin')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(attributes.get('ports')).toMatchObject({ type: 'integer', multiValued: true });
    expect(attributes.has('id')).toBe(false);
  });

  test('RFC 7643 6: /ResourceTypes has the type with its extension', async () => {
    const single = await read(client, '/ResourceTypes/Device');
    expect(single).toMatchObject({
      name: 'Device',
      endpoint: '/Devices',
      schema: DEVICE,
      schemaExtensions: [{ schema: LEASE, required: false }],
    });
    const { Resources, totalResults } = await read(client, '/ResourceTypes');
    expect(totalResults).toBe(3);
    expect(Resources).toContainEqual(single);
  });
});

describe('values of every type', () => {
  test('are stored and read as they were given', async () => {
    const { path, json } = await createDevice(FULL_DEVICE);
    expect(json).toMatchObject({ ...FULL_DEVICE, schemas: [DEVICE], meta: { resourceType: 'Device' } });
    expect(await read(strict, path)).toEqual(json);
  });

  test.each<[attribute: string, value: unknown]>([
    ['active', 'yes'],
    ['weight', 'heavy'],
    ['ports', [1.5]],
    ['ports', 80],
    ['bought', 'yesterday'],
    ['bought', '2025-02-30T00:00:00Z'],
    ['fingerprint', 'not base64!'],
    ['holder', 7],
    ['displayName', { value: 'x' }],
    ['maker', { display: 1, since: '2001-01-01T00:00:00Z' }],
    ['maker', 'ACME'],
    [
      'addresses',
      [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    ],
    ['serial', ' '],
    ['serial', null],
  ])('%s: %j is refused', async (attribute, value) => {
    expectError(
      await strict.request('POST', '/Devices', deviceBody({ [attribute]: value })),
      400,
      'invalidValue',
    );
  });

  test('canonical values are suggestions, readOnly ones are ignored', async () => {
    const { json } = await createDevice({ displayName: 'Kettle', state: 'new' });
    expect(json.displayName).toBe('Kettle');
    expect(json).not.toHaveProperty('state');
  });

  test('a name that User has too is no user name here', async () => {
    const name = newName();
    await createDevice({ userName: name });
    await createDevice({ userName: name });
    await createUser(client, { userName: name });
    expect(await idsOf(client, '/Devices', `userName eq "${name}"`)).toHaveLength(2);
    expect(await idsOf(client, '/Users', `userName eq "${name}"`)).toHaveLength(1);
  });
});

describe('PATCH and PUT', () => {
  test('PATCH changes values of every type and of the extension', async () => {
    const { path, json } = await createDevice({ ports: [1, 2], maker: { value: 'ACME' } });
    const answer = await patch(
      path,
      { op: 'add', path: 'ports', value: [3] },
      { op: 'remove', path: 'ports[value eq 1]' },
      { op: 'replace', path: 'maker.value', value: 'Zeta' },
      { op: 'add', path: 'addresses', value: [{ value: newName('mac'), type: 'wired' }] },
      { op: 'replace', path: 'addresses[type eq "wired"].speed', value: 10 },
      { op: 'add', path: `${LEASE}:lessor`, value: 'Bank' },
      { op: 'replace', value: { weight: 2, active: false } },
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({
      schemas: [DEVICE, LEASE],
      ports: [2, 3],
      maker: { value: 'Zeta' },
      addresses: [{ type: 'wired', speed: 10 }],
      weight: 2,
      active: false,
      [LEASE]: { lessor: 'Bank' },
    });
    expect(answer.json.meta.version).not.toBe(json.meta.version);
    const gone = await patch(path, { op: 'remove', path: LEASE });
    expect(gone.json.schemas).toEqual([DEVICE]);
    expect(await idsOf(client, '/Devices', `id eq "${json.id}" and schemas eq "${LEASE}"`)).toEqual([]);
  });

  test.each<[what: string, operation: object, scimType: 'mutability' | 'invalidValue' | 'invalidPath']>([
    ['an immutable value', { op: 'replace', path: 'serial', value: 'other' }, 'mutability'],
    ['a readOnly attribute', { op: 'add', path: 'state', value: 'x' }, 'mutability'],
    [
      'an immutable part',
      { op: 'replace', path: 'maker.since', value: '2002-01-01T00:00:00Z' },
      'mutability',
    ],
    [
      'an immutable part of an element',
      { op: 'replace', path: 'addresses[type eq "wired"].vendor', value: 'B' },
      'mutability',
    ],
    ['a required part', { op: 'remove', path: 'maker.value' }, 'mutability'],
    [
      'an attribute of required extension attributes',
      { op: 'add', path: `${LEASE}:ends`, value: '2030-01-01T00:00:00Z' },
      'invalidValue',
    ],
    ['a wrong type', { op: 'add', path: 'ports', value: ['x'] }, 'invalidValue'],
    ['an unknown attribute', { op: 'add', path: 'colour', value: 'red' }, 'invalidPath'],
    ['a filter on what is never returned', { op: 'remove', path: 'addresses[secret eq "x"]' }, 'invalidPath'],
  ])('PATCH of %s is refused and changes nothing', async (_, operation, scimType) => {
    const { path, json } = await createDevice({
      maker: { value: 'ACME', since: '2001-01-01T00:00:00Z' },
      addresses: [{ value: newName('mac'), type: 'wired', vendor: 'A', secret: 'x' }],
    });
    expectError(await patch(path, { op: 'replace', path: 'weight', value: 9 }, operation), 400, scimType);
    expect(await read(strict, path)).toEqual(json);
  });

  test('PUT replaces what it gives, and keeps to what is immutable', async () => {
    const { path, json } = await createDevice({ ...FULL_DEVICE, [LEASE]: { lessor: 'Bank' } });
    const replaced = await strict.request('PUT', path, { schemas: [DEVICE], serial: json.serial, weight: 3 });
    expect(replaced.status, replaced.text).toBe(400);
    expectError(replaced, 400, 'mutability');
    const { since } = FULL_DEVICE.maker;
    const body = { schemas: [DEVICE], serial: json.serial, weight: 3, maker: { value: 'Zeta', since } };
    const answer = await strict.request('PUT', path, body);
    expect(answer.json).toMatchObject(body);
    for (const name of ['ports', 'displayName', LEASE]) expect(answer.json).not.toHaveProperty(name);
    expectError(await strict.request('PUT', path, { ...body, serial: 'other' }), 400, 'mutability');
    expect(await read(strict, path)).toEqual(answer.json);
  });

  test('DELETE takes it out of every list', async () => {
    const { path, json } = await createDevice({ displayName: 'Short-lived' });
    expect((await strict.request('DELETE', path)).status).toBe(204);
    expectError(await strict.request('GET', path), 404);
    expect(await idsOf(client, '/Devices', 'displayName eq "short-lived"')).toEqual([]);
    expect((await strict.request('POST', '/Devices', deviceBody({ serial: json.serial }))).status).toBe(201);
  });
});
