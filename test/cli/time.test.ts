import { describe, expect, it } from 'vitest';
import { parseTime } from '../../src/cli/time.ts';

const now = Date.parse('2026-05-04T03:02:01.000Z');

describe('times on the command line', () => {
  it.each([
    ['30d', '2026-06-03T03:02:01.000Z'],
    ['12h', '2026-05-04T15:02:01.000Z'],
    ['45m', '2026-05-04T03:47:01.000Z'],
    ['0d', '2026-05-04T03:02:01.000Z'],
    ['2030-01-31', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31T12:00Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:01.5+02:00', '2030-01-31T10:00:01.500Z'],
  ])('%s', (text, expected) => {
    expect(new Date(parseTime(text, now)).toISOString()).toBe(expected);
  });

  it.each(['', 'now', 'tomorrow', '30', '-1d', '1.5h', '2030-13-01', '2030-01-31T12:00', '99999999d', '1 d'])(
    '%j is none',
    (text) => {
      expect(() => parseTime(text, now)).toThrow(expect.objectContaining({ problem: 'invalid' }));
    },
  );
});
