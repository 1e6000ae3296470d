import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVICE, LEASE } from '../service/tenant-definitions.ts';
import type { Answer, Client, TestServer } from '../support/server.ts';
import { type DeviceServer, deviceBody, FULL_DEVICE, startDeviceServer } from './device-server.ts';
import {
  createGroup,
  expectError,
  filtered,
  idsOf,
  membersOf,
  newName,
  patchBody,
  read,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let createDevice: DeviceServer['createDevice'];

beforeAll(async () => {
  ({ server, client, strict, createDevice } = await startDeviceServer());
});
afterAll(() => server.close());

describe('filters, sorting, projection', () => {
  let one: Answer['json'];
  let two: Answer['json'];

  beforeAll(async () => {
    one = (
      await createDevice({
        ...FULL_DEVICE,
        displayName: 'Filter One',
        addresses: [
          { value: '00:AA', type: 'wired', speed: 1000, primary: true },
          { value: '00:BB', type: 'wireless', speed: 54 },
        ],
        [LEASE]: { lessor: 'Bank', ends: '2027-01-01T00:00:00Z', displayName: 'Long lease' },
      })
    ).json;
    two = (
      await createDevice({
        displayName: 'Filter Two',
        weight: -3,
        ports: [22],
        bought: '2024-02-03T04:05:06+01:00',
        addresses: [{ value: '00:CC', type: 'wireless', speed: 1000 }],
      })
    ).json;
  });

  test.each<[filter: string, found: string]>([
    ['displayName eq "filter one"', '1'],
    ['displayName sw "FILTER"', '12'],
    ['serial eq "SERIAL-1"', '1'],
    ['serial eq "serial-1"', ''],
    ['weight lt 0', '2'],
    ['weight eq 1.25', '1'],
    ['ports eq 80', '1'],
    ['ports[value gt 100]', '1'],
    ['bought gt "2024-12-31T00:00:00Z"', '1'],
    ['bought eq "2024-02-03T03:05:06Z"', '2'],
    ['fingerprint eq "AAECAw=="', '1'],
    ['fingerprint eq "aaecaw=="', ''],
    ['holder sw "https://example.com"', '1'],
    ['active eq true', '1'],
    ['maker.value eq "acme"', '1'],
    ['maker pr', '1'],
    ['addresses eq "00:aa"', '1'],
    ['addresses[type eq "wireless" and speed gt 100]', '2'],
    ['addresses[type eq "wired" and speed lt 100]', ''],
    ['addresses.primary eq true', '1'],
    [`schemas eq "${LEASE}"`, '1'],
    [`schemas eq "${DEVICE}"`, '12'],
    [`${LEASE}:lessor eq "bank"`, '1'],
    [`${LEASE}:displayName eq "long lease"`, '1'],
    [`${LEASE}:ends pr`, '1'],
    [`not (${LEASE}:lessor pr)`, '2'],
    [`${DEVICE}:displayName eq "filter two"`, '2'],
    ['meta.resourceType eq "Device"', '12'],
  ])('%s', async (filter, found) => {
    const serials: Record<string, string> = { [one.serial]: '1', [two.serial]: '2' };
    const text = filter.replace('SERIAL-1', one.serial).replace('serial-1', one.serial.toLowerCase());
    const { Resources } = await read(client, filtered('/Devices', `(${text}) and displayName sw "filter"`));
    expect(
      Resources.map(({ serial }: { serial: string }) => serials[serial])
        .sort()
        .join(''),
    ).toBe(found);
  });

  test.each<[sortBy: string, first: string]>([
    ['weight', '2'],
    ['bought', '2'],
    ['displayName', '1'],
    ['serial', '1'],
    ['addresses.value', '1'],
    ['addresses[primary eq true]', ''],
    [`${LEASE}:ends`, '1'],
  ])('sorted by %s', async (sortBy, first) => {
    const query = `${filtered('/Devices', 'displayName sw "filter"')}&sortBy=${encodeURIComponent(sortBy)}`;
    if (first === '') {
      expectError(await client.request('GET', query), 400, 'invalidPath');
      return;
    }
    const { Resources } = await read(client, query);
    const expected = first === '1' ? [one.id, two.id] : [two.id, one.id];
    expect(Resources.map(({ id }: { id: string }) => id)).toEqual(expected);
  });

  test('RFC 7643 7: what is returned on request comes on request, what is returned always comes always', async () => {
    const { path } = await createDevice({
      notes: 'dusty',
      assetTag: newName('tag'),
      maker: { value: 'ACME', code: '17' },
      [LEASE]: { lessor: 'Bank' },
    });
    const plain = await read(client, path);
    expect(plain).not.toHaveProperty('notes');
    expect(plain.maker).toEqual({ value: 'ACME' });
    const notes = await read(client, `${path}?attributes=notes,maker.code`);
    expect(Object.keys(notes).sort()).toEqual(['assetTag', 'id', 'maker', 'notes', 'schemas']);
    expect(notes.maker).toEqual({ code: '17' });
    const without = await read(client, `${path}?excludedAttributes=assetTag,serial,${LEASE}`);
    expect(without).toHaveProperty('assetTag');
    expect(without).not.toHaveProperty('serial');
    expect(without).not.toHaveProperty(LEASE);
    expect(await read(client, `${path}?attributes=${LEASE}:lessor`)).toMatchObject({
      [LEASE]: { lessor: 'Bank' },
    });
  });
});

describe('all other doors', () => {
  test('RFC 7644 3.7: Bulk creates, changes and deletes, each operation by itself', async () => {
    const [first, second] = [newName('bulk'), newName('bulk')];
    const post = (serial: string, bulkId: string) => ({
      method: 'POST',
      path: '/Devices',
      bulkId,
      data: deviceBody({ serial, pin: 'bulk-secret' }),
    });
    const answer = await strict.request('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        post(first, 'a'),
        post(first, 'b'),
        post(second, 'c'),
        {
          method: 'PATCH',
          path: '/Devices/bulkId:a',
          data: patchBody({ op: 'add', path: 'weight', value: 5 }),
        },
        { method: 'DELETE', path: '/Devices/bulkId:c' },
      ],
    });
    const statuses = answer.json.Operations.map(({ status }: { status: string }) => status);
    expect(statuses, answer.text).toEqual(['201', '409', '201', '200', '204']);
    expect(answer.json.Operations[1].response.scimType).toBe('uniqueness');
    expect(await idsOf(client, '/Devices', `serial eq "${first}" and weight eq 5`)).toHaveLength(1);
    await createDevice({ serial: second });
  });

  test('RFC 7644 3.4.3: search below the endpoint and below the root', async () => {
    const { json } = await createDevice({ displayName: newName('searched') });
    const search = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: `displayName eq "${json.displayName}"`,
    };
    for (const path of ['/Devices/.search', '/.search']) {
      const answer = await strict.request('POST', path, search);
      expect(answer.json.Resources, answer.text).toEqual([json]);
    }
    const found = await read(client, filtered('/', `serial eq "${json.serial}"`));
    expect(found.Resources).toEqual([json]);
  });

  test('RFC 9865: cursors walk every device', async () => {
    const name = newName('walk');
    const made = await Promise.all(Array.from({ length: 5 }, () => createDevice({ displayName: name })));
    const seen: string[] = [];
    let cursor: string | undefined = '';
    while (cursor !== undefined) {
      const page: Answer['json'] = await read(
        client,
        `${filtered('/Devices', `displayName eq "${name}"`)}&sortBy=serial&count=2&cursor=${cursor}`,
      );
      seen.push(...page.Resources.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(seen.sort()).toEqual(made.map(({ json }) => json.id).sort());
  });

  test('ETags', async () => {
    const { path, json } = await createDevice();
    const stale = { 'if-match': 'W/"7"' };
    expectError(await strict.request('DELETE', path, undefined, stale), 412);
    const known = { 'if-none-match': json.meta.version };
    expect((await strict.request('GET', path, undefined, known)).status).toBe(304);
  });
});

test('a device is no member of a group', async () => {
  const { json } = await createDevice();
  const { path } = await createGroup(client);
  const add = patchBody({ op: 'add', path: 'members', value: membersOf(json) });
  expectError(await client.request('PATCH', path, add), 400, 'invalidValue');
  expect((await read(client, path)).members ?? []).toEqual([]);
});
