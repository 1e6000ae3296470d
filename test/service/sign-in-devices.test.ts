import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSignInDevices, DEVICE_LIFETIME_MS } from '../../src/service/sign-in-devices.ts';

const OPERATOR = 'abcdefghijkl';
const OTHER = 'bcdefghijklm';

let time = Date.parse('2026-05-04T03:02:01.000Z');
const key = createSecretKey(randomBytes(32));
const devices = createSignInDevices({ key, now: () => time });

it('a device is known by what it keeps, for 180 days from the last time', () => {
  const text = devices.issue(OPERATOR, undefined);
  const known = devices.read(text);
  expect(known).toMatchObject({ operatorId: OPERATOR });
  time += DEVICE_LIFETIME_MS - 1000;
  const again = devices.issue(OPERATOR, devices.read(text));
  expect(devices.read(again)).toEqual(known);
  time += 2000;
  expect(devices.read(text)).toBeUndefined();
  expect(devices.read(again)).toEqual(known);
});

it('a device of one operator is another one for another', () => {
  const known = devices.read(devices.issue(OPERATOR, undefined));
  const taken = devices.read(devices.issue(OTHER, known));
  expect(taken?.operatorId).toBe(OTHER);
  expect(taken?.id).not.toBe(known?.id);
});

it('nothing else is a device', () => {
  const text = devices.issue(OPERATOR, undefined);
  const [operatorId = '', id = '', issued = '', signature = ''] = text.split('.');
  const elsewhere = createSignInDevices({ key: createSecretKey(randomBytes(32)), now: () => time });
  for (const wrong of [
    ...[undefined, '', 'x', `${text}x`, elsewhere.issue(OPERATOR, undefined)],
    [OTHER, id, issued, signature].join('.'),
    [operatorId, OTHER, issued, signature].join('.'),
    [operatorId, id, Number(issued) + 1, signature].join('.'),
    [operatorId, id, issued, 'A'.repeat(43)].join('.'),
  ])
    expect([wrong, devices.read(wrong)]).toEqual([wrong, undefined]);
});
