import { describe, expect, it } from 'vitest';
import { deviceOf } from '../src/pages/account/device.ts';
import { count, flag, oneOf, searchOf, text } from '../src/search.ts';
import { passwordComplaint, repetitionComplaint } from '../src/ui/new-password.ts';
import { relativeTime } from '../src/ui/relative-time.ts';

describe('what a URL may hold', () => {
  const read = searchOf({ q: text, page: count, create: flag, sort: oneOf('userName', '-userName') });

  it.each([
    [
      { q: 'jo', page: 2, create: true, sort: '-userName' },
      { q: 'jo', page: 2, create: true, sort: '-userName' },
    ],
    [{ q: 42, page: '2', create: 'true', sort: 'password' }, { q: '42' }],
    [{ q: '', page: 0, other: 'x' }, {}],
    [{ q: { $ne: '' }, page: 1.5 }, {}],
    [{ page: -1, q: false }, { q: 'false' }],
  ])('%j is read as %j', (search, found) => {
    expect(read(search)).toEqual(found);
  });
});

describe('a time in relation to now', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  it.each([
    ['2026-11-22T11:59:30Z', /^30 seconds ago$/],
    ['2026-11-22T11:58:00Z', /^2 minutes ago$/],
    ['2026-11-22T09:00:00Z', /^3 hours ago$/],
    ['2026-11-21T11:00:00Z', /^yesterday$/],
    ['2026-11-22T12:00:00Z', /^now$/],
    ['2026-12-22T13:00:00Z', /^in 30 days$/],
    ['2028-11-22T18:00:00Z', /^in 2 years$/],
  ])('%s is %s', (time, words) => {
    expect(relativeTime(time, now, 'en')).toMatch(words);
  });
});

describe('what a browser says of itself', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux', false],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge on Windows',
      false,
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
      true,
    ],
    ['curl/8.9.1', 'curl/8.9.1', false],
    ['', 'An unknown program', false],
  ])('%s is %s', (userAgent, name, isMobile) => {
    expect(deviceOf(userAgent)).toEqual({ name, isMobile });
  });
});

describe('a new password', () => {
  it('has 15 characters, as people count them', () => {
    expect(passwordComplaint('violet otter 42')).toBeNull();
    expect(passwordComplaint('violet otter 4')).toMatch(/these are 14/);
    expect(passwordComplaint('🦦'.repeat(14))).toMatch(/these are 14/);
  });

  it('is typed twice', () => {
    expect(repetitionComplaint('a', 'a')).toBeNull();
    expect(repetitionComplaint('a', 'b')).not.toBeNull();
  });
});
