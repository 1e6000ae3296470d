import { describe, expect, test } from 'vitest';
import { LIST_RESPONSE_SCHEMA, listResponseText, MAX_PAGE_SIZE, readPage } from '../../src/core/list.ts';
import { refused } from './fixtures.ts';

describe('RFC 7644 3.4.2.4: readPage', () => {
  test.each<[startIndex: string | undefined, count: string | undefined, start: number, size: number]>([
    [undefined, undefined, 1, MAX_PAGE_SIZE],
    ['', '', 1, MAX_PAGE_SIZE],
    ['1', '10', 1, 10],
    ['0', '1', 1, 1],
    ['-5', '1', 1, 1],
    ['501', '100', 501, 100],
    ['1', '0', 1, 0],
    ['1', '-1', 1, 0],
    ['1', '1000', 1, 1000],
    ['1', '1001', 1, 1000],
    ['1', '99999999999999999999999', 1, 1000],
    [' 3', '+4', 3, 4],
    ['007', '010', 7, 10],
    ['99999999999999999999999', '1', Number.MAX_SAFE_INTEGER, 1],
  ])('startIndex %j, count %j -> %d, %d', (startIndex, count, start, size) => {
    expect(readPage({ startIndex, count, cursor: undefined })).toEqual({ startIndex: start, count: size });
  });

  test.each(['abc', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '1;2', '--1', ' ', '１'])(
    'refuses %j',
    (text) => {
      expect(refused(() => readPage({ startIndex: text, count: undefined, cursor: undefined }))).toBe(
        '400 invalidValue',
      );
      expect(refused(() => readPage({ startIndex: undefined, count: text, cursor: undefined }))).toBe(
        '400 invalidValue',
      );
    },
  );
});

describe('RFC 7644 3.4.2: listResponseText', () => {
  test('holds the resources and counts those that it returns', () => {
    expect(JSON.parse(listResponseText(7, { startIndex: 3 }, ['{"id":"a"}', '{"id":"b"}']))).toStrictEqual({
      schemas: [LIST_RESPONSE_SCHEMA],
      totalResults: 7,
      itemsPerPage: 2,
      startIndex: 3,
      Resources: [{ id: 'a' }, { id: 'b' }],
    });
  });

  test('an empty result is an answer with an empty list', () => {
    expect(JSON.parse(listResponseText(0, { startIndex: 1 }, []))).toMatchObject({
      totalResults: 0,
      itemsPerPage: 0,
      Resources: [],
    });
  });
});
