import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVICE, LEASE } from '../service/tenant-definitions.ts';
import type { Answer, Client, TestServer } from '../support/server.ts';
import { type DeviceServer, deviceBody, startDeviceServer } from './device-server.ts';
import { expectError, filtered, idsOf, isLater, newName, read } from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let createDevice: DeviceServer['createDevice'];
let patch: DeviceServer['patch'];

beforeAll(async () => {
  ({ server, client, strict, createDevice, patch } = await startDeviceServer());
});
afterAll(() => server.close());

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
