import { expect, test } from 'vitest';
import { laterTime, timeKey } from '../../src/core/time.ts';

test.each<[epochMs: number, key: string]>([
  [0, '1970-01-01T00:00:00'],
  [1_305_261_754_000, '2011-05-13T04:42:34'],
  [1_305_261_754_120, '2011-05-13T04:42:34.12'],
])('timeKey of %d is %s', (epochMs, key) => {
  expect(timeKey(epochMs)).toBe(key);
});

test.each<[name: string, previous: string, now: string, later: string]>([
  ['the clock went on', '2011-05-13T04:42:34', '2011-05-13T04:42:34.001', '2011-05-13T04:42:34.001'],
  ['the clock stood still', '2011-05-13T04:42:34.12', '2011-05-13T04:42:34.12', '2011-05-13T04:42:34.121'],
  ['the clock went back', '2011-12-31T23:59:59.999', '2011-05-13T04:42:34', '2012-01-01T00:00:00'],
])('laterTime is later than the change before: %s', (_, previous, now, later) => {
  expect(laterTime(previous, now)).toBe(later);
  expect(later > previous).toBe(true);
});
