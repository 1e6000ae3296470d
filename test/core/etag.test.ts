import { describe, expect, test } from 'vitest';
import { checkPrecondition, etagOf, isKnownVersion, readPrecondition } from '../../src/core/etag.ts';
import { refused } from './fixtures.ts';

test('RFC 7644 3.14: the ETag of a version is weak', () => {
  expect(etagOf(12)).toBe('W/"12"');
});

test('without the headers there is no precondition', () => {
  expect(readPrecondition(undefined, undefined)).toBeUndefined();
  expect(() => checkPrecondition(undefined, 1)).not.toThrow();
  expect(isKnownVersion(undefined, 1)).toBe(false);
});

describe('RFC 9110 13.1.1: If-Match', () => {
  test.each([
    ['W/"3"', true],
    ['"3"', true],
    ['*', true],
    [' W/"1" , W/"3"', true],
    ['W/"2"', false],
    ['W/"30"', false],
    ['""', false],
    ['"W/3"', false],
  ])('%s', (header, holds) => {
    const check = () => checkPrecondition(readPrecondition(header, undefined), 3);
    if (holds) expect(check).not.toThrow();
    else expect(refused(check)).toBe('412 undefined');
  });
});

describe('RFC 9110 13.1.2: If-None-Match', () => {
  test.each([
    ['W/"3"', true],
    ['*', true],
    ['"1", "3"', true],
    ['W/"2"', false],
  ])('%s', (header, isKnown) => {
    const precondition = readPrecondition(undefined, header);
    expect(isKnownVersion(precondition, 3)).toBe(isKnown);
    const check = () => checkPrecondition(precondition, 3);
    if (isKnown) expect(refused(check)).toBe('412 undefined');
    else expect(check).not.toThrow();
  });
});

test.each(['', '3', 'W/3', '"3', '"1" "2"', '*, "3"', 'w/"3"', '"3",', '"\u0000"'])(
  'a malformed header is 400 invalidSyntax: %j',
  (header) => {
    expect(refused(() => readPrecondition(header, undefined))).toBe('400 invalidSyntax');
    expect(refused(() => readPrecondition(undefined, header))).toBe('400 invalidSyntax');
  },
);
