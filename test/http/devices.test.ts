import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  definitionsOn,
  LEASE,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import {
  createGroup,
  createUser,
  expectError,
  filtered,
  idsOf,
  isLater,
  membersOf,
  newName,
  patchBody,
  read,
} from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  const definitions = definitionsOn(server);
  await definitions.addSchema(server.superTenant, DEVICE_DEFINITION, undefined);
  await definitions.addSchema(server.superTenant, LEASE_DEFINITION, undefined);
  await definitions.addResourceType(server.superTenant, DEVICE_TYPE_DEFINITION);
});
afterAll(() => server.close());

const deviceBody = (attributes: object = {}) => ({ schemas: [DEVICE], serial: newName('S'), ...attributes });

async function createDevice(attributes: object = {}): Promise<{ path: string; json: Answer['json'] }> {
  const { status, json, text } = await strict.request('POST', '/Devices', deviceBody(attributes));
  expect(status, text).toBe(201);
  return { path: `/Devices/${json.id}`, json };
}

const patch = (path: string, ...operations: object[]) =>
  strict.request('PATCH', path, patchBody(...operations));

/** Everything that a device can have, and a client can see. */
const FULL = {
  userName: 'host-1',
  displayName: 'Toaster',
  active: true,
  weight: 1.25,
  ports: [443, 80],
  bought: '2025-02-03T04:05:06Z',
  fingerprint: 'AAECAw==',
  holder: 'https://example.com/people/1',
  maker: { value: 'ACME', $ref: 'https://example.com/acme', since: '2001-01-01T00:00:00Z' },
};

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
    const { path, json } = await createDevice(FULL);
    expect(json).toMatchObject({ ...FULL, schemas: [DEVICE], meta: { resourceType: 'Device' } });
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

describe('filters, sorting, projection', () => {
  let one: Answer['json'];
  let two: Answer['json'];

  beforeAll(async () => {
    one = (
      await createDevice({
        ...FULL,
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
    const { path, json } = await createDevice({ ...FULL, [LEASE]: { lessor: 'Bank' } });
    const replaced = await strict.request('PUT', path, { schemas: [DEVICE], serial: json.serial, weight: 3 });
    expect(replaced.status, replaced.text).toBe(400);
    expectError(replaced, 400, 'mutability');
    const { since } = FULL.maker;
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

describe('RFC 7643 7: uniqueness', () => {
  test('one of 20 that ask for a value at the same time gets it', async () => {
    const serial = newName('same');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => strict.request('POST', '/Devices', deviceBody({ serial }))),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expectError(answer, 409, 'uniqueness');
      expect(answer.json.detail).toContain('serial');
      expect(answer.text).not.toContain(serial);
    }
    expect(await idsOf(client, '/Devices', `serial eq "${serial}"`)).toHaveLength(1);
  });

  test('values compare as the attribute says, and a sub-attribute has them too', async () => {
    const serial = newName('case');
    await createDevice({ serial });
    await createDevice({ serial: serial.toUpperCase() });
    const mac = newName('mac');
    await createDevice({ addresses: [{ value: mac }, { value: mac, type: 'wired' }] });
    const taken = deviceBody({ addresses: [{ value: mac.toUpperCase() }] });
    const answer = await strict.request('POST', '/Devices', taken);
    expectError(answer, 409, 'uniqueness');
    expect(answer.json.detail).toContain('addresses.value');
  });

  test('a value is free again when PATCH or PUT gives it up, and blank ones are none', async () => {
    const tag = newName('tag');
    const { path, json } = await createDevice({ assetTag: tag });
    const second = await createDevice({ assetTag: ' ' });
    await createDevice({ assetTag: ' ' });
    const take = { op: 'replace', path: 'assetTag', value: tag.toUpperCase() };
    expectError(await patch(second.path, take), 409, 'uniqueness');
    expect(await read(strict, second.path)).toEqual(second.json);
    expect((await patch(path, { op: 'remove', path: 'assetTag' })).status).toBe(200);
    expect((await patch(second.path, take)).status).toBe(200);
    expectError(await patch(path, { op: 'add', path: 'assetTag', value: tag }), 409, 'uniqueness');
    const body = { schemas: [DEVICE], serial: second.json.serial };
    expect((await strict.request('PUT', second.path, body)).status).toBe(200);
    expect((await strict.request('PUT', path, { ...body, serial: json.serial, assetTag: tag })).status).toBe(
      200,
    );
  });

  test('a value of more than 512 characters is refused', async () => {
    const answer = await strict.request('POST', '/Devices', deviceBody({ serial: 'x'.repeat(513) }));
    expectError(answer, 400, 'invalidValue');
  });
});

describe('RFC 7643 7: what is never returned', () => {
  const SECRETS = { pin: '4711-secret', recoveryKey: 'key-secret' };

  async function hiddenOf(id: string): Promise<Answer['json']> {
    const text = await server.services.storage.transaction(server.superTenant.id, (tx) =>
      tx.getHidden(server.superTenant.id, 'Device', id),
    );
    return text === undefined ? undefined : JSON.parse(text);
  }

  test('is kept, and shown in no answer, filter or log', async () => {
    const body = deviceBody({
      ...SECRETS,
      addresses: [{ value: newName('mac'), secret: 'part-secret' }],
      [LEASE]: { lessor: 'Bank', contract: 'contract-secret' },
    });
    const created = await strict.request('POST', '/Devices', body);
    expect(created.status, created.text).toBe(201);
    const { id } = created.json;
    const all = 'attributes=pin,recoveryKey,addresses,addresses.secret,serial';
    const answers = [
      created,
      await strict.request('GET', `/Devices/${id}`),
      await strict.request('GET', `/Devices/${id}?${all},${LEASE}:contract`),
      await strict.request('GET', `${filtered('/Devices', `id eq "${id}"`)}&${all}`),
      await patch(`/Devices/${id}`, { op: 'replace', path: 'weight', value: 1 }),
    ];
    for (const { text } of answers) expect(text).not.toContain('-secret');
    expect(await hiddenOf(id)).toMatchObject({
      ...SECRETS,
      addresses: [{ secret: 'part-secret' }],
      [LEASE]: { contract: 'contract-secret' },
    });
    for (const name of ['pin', 'recoveryKey', 'addresses.secret', `${LEASE}:contract`]) {
      expectError(await strict.request('GET', filtered('/Devices', `${name} pr`)), 400, 'invalidFilter');
      expectError(await strict.request('GET', `/Devices?sortBy=${name}`), 400, 'invalidPath');
    }
    expect(server.logLines.join()).not.toContain('-secret');
  });

  test('stays when a PUT leaves it out, and changes by PATCH with the version', async () => {
    const mac = newName('mac');
    const { path, json } = await createDevice({
      ...SECRETS,
      addresses: [{ value: mac, secret: 'part-secret' }],
    });
    const same = await strict.request('PUT', path, json);
    expect(same.json, same.text).toEqual(json);
    expect(await hiddenOf(json.id)).toMatchObject({
      ...SECRETS,
      addresses: [{ value: mac, secret: 'part-secret' }],
    });

    const changed = await patch(path, { op: 'replace', path: 'pin', value: 'new-secret' });
    expect(changed.json.meta.version).not.toBe(json.meta.version);
    expect(isLater(changed.json.meta, json.meta)).toBe(true);
    expect(await hiddenOf(json.id)).toMatchObject({ pin: 'new-secret' });

    const again = await patch(path, { op: 'replace', path: 'pin', value: 'new-secret' });
    expect(again.json.meta).toEqual(changed.json.meta);

    await patch(path, { op: 'remove', path: 'pin' }, { op: 'remove', path: 'addresses' });
    expect(await hiddenOf(json.id)).toEqual({ recoveryKey: SECRETS.recoveryKey });
  });

  test('is immutable where the schema says so', async () => {
    const { path, json } = await createDevice(SECRETS);
    expectError(await patch(path, { op: 'replace', path: 'recoveryKey', value: 'b' }), 400, 'mutability');
    const body = { schemas: [DEVICE], serial: json.serial };
    expectError(await strict.request('PUT', path, { ...body, recoveryKey: 'b' }), 400, 'mutability');
    const same = { ...body, recoveryKey: SECRETS.recoveryKey, pin: SECRETS.pin };
    expect((await strict.request('PUT', path, same)).json).toEqual(json);
  });

  test('an extension goes as a whole when a client that could see it leaves it out', async () => {
    const { path, json } = await createDevice({ [LEASE]: { lessor: 'Bank', contract: 'c-secret' } });
    const answer = await strict.request('PUT', path, { schemas: [DEVICE], serial: json.serial });
    expect(answer.status, answer.text).toBe(200);
    expect(await hiddenOf(json.id)).toBeUndefined();
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
