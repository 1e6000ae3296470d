import { describe, expect, test } from 'vitest';
import { isUriReference } from '../../src/core/uri.ts';

describe('RFC 3986 4.1: a URI or a relative reference', () => {
  test.each([
    'https://example.com/a?b=c&d=%20e#f/g?h',
    'http://[2001:db8::7]:8080/a',
    'mailto:John.Doe@example.com',
    'urn:example:a:b',
    'tel:+1-816-555-1212',
    'file:///etc/hosts',
    '../Users/2819c223',
    'Users/a:b',
    './a:b',
    '//example.com/a',
    '?a=b',
    '#a',
    'www.example.com',
    "a~b!$&'()*+,;=@c",
    '',
  ])('%s', (text) => {
    expect(isUriReference(text)).toBe(true);
  });

  test.each([
    'https://example.com/a b',
    'my page',
    'https://example.com/ä',
    'https://example.com/%2',
    'https://example.com/%zz',
    '1a:b',
    ':a',
    'a<b>',
    'a"b',
    'a\\b',
    'a|b',
    'a^b',
    'a`b',
    '{a}',
    'a#b#c',
    'https://example.com/[a]',
    ' a',
    'a\n',
    'a\u0000',
  ])('not %j', (text) => {
    expect(isUriReference(text)).toBe(false);
  });

  test('a long one takes no longer than it is', () => {
    for (const start of ['//', 'a:', '', 'https://', '?', '#', `${'a'.repeat(9)}:`])
      expect(isUriReference(`${start}${'a'.repeat(1_000_000)} `)).toBe(false);
  });
});
