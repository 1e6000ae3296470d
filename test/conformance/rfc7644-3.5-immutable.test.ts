import { beforeAll, describe, expect, test } from 'vitest';
import { expectError, patchBody, read } from '../http/messages.ts';
import { DEVICE_SCHEMA, defineDevices } from './devices.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();
beforeAll(() => defineDevices(provider.server));

async function device(attributes: object) {
  const body = { schemas: [DEVICE_SCHEMA], ...attributes };
  const { status, text, json } = await provider.client.request('POST', '/Devices', body);
  expect(status, text).toBe(201);
  return { path: `/Devices/${json.id}`, json };
}

describe('RFC 7644 section 3.5, immutable attributes', () => {
  test('RFC 7644 3.5.1 [7644-3.5.1-8] [7644-3.5.1-9] PUT takes the same values, and refuses others with mutability', async () => {
    const { client } = provider;
    const { path, json } = await device({ serial: 'A1', tags: ['x', 'y'], label: 'L' });
    const same = await client.request('PUT', path, { ...json, label: 'M' });
    expect([same.status, same.json.label, same.json.serial]).toEqual([200, 'M', 'A1']);
    for (const change of [{ serial: 'A2' }, { serial: 'a1' }, { tags: ['x'] }, { tags: ['x', 'y', 'z'] }])
      expectError(await client.request('PUT', path, { ...json, ...change }), 400, 'mutability');
    expect(await read(client, path)).toEqual(same.json);
  });

  test('RFC 7644 3.5.1 [7644-3.5.1-10] PUT sets a value where there is none', async () => {
    const { client } = provider;
    const { path, json } = await device({ label: 'L' });
    const { status, json: after } = await client.request('PUT', path, { ...json, serial: 'A1', tags: ['x'] });
    expect([status, after.serial, after.tags]).toEqual([200, 'A1', ['x']]);
    expect(await read(client, path)).toEqual(after);
  });

  test('RFC 7644 3.5.2 [7644-3.5.2-8] [7644-3.5.2-9] PATCH adds a value where there is none, and changes no other', async () => {
    const { client } = provider;
    const { path } = await device({ label: 'L' });
    const patch = (operation: object) => client.request('PATCH', path, patchBody(operation));
    const added = await patch({ op: 'add', path: 'serial', value: 'A1' });
    expect([added.status, added.json.serial]).toEqual([200, 'A1']);
    expect((await patch({ op: 'add', path: 'serial', value: 'A1' })).status).toBe(200);
    for (const operation of [
      { op: 'add', path: 'serial', value: 'A2' },
      { op: 'replace', path: 'serial', value: 'A2' },
      { op: 'replace', value: { serial: 'A2' } },
      { op: 'remove', path: 'serial' },
    ])
      expectError(await patch(operation), 400, 'mutability');
    expect(await read(client, path)).toEqual(added.json);
  });
});
