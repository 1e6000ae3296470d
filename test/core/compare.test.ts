import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, comparisonKey, dateTimeKey, foldText } from '../../src/core/compare.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { type Attribute, type AttributeDefinition, compileSchema } from '../../src/core/schema.ts';

const attribute = (definition: Partial<AttributeDefinition>): Attribute =>
  compileSchema({
    id: 'urn:x',
    name: 'x',
    description: 'x',
    attributes: [{ name: 'x', ...definition }],
  }).attributes[0] as Attribute;

describe('comparisonKey', () => {
  test.each<[definition: Partial<AttributeDefinition>, value: JsonValue, key: string | undefined]>([
    [{}, 'Ann', 'ann'],
    [{}, '', ''],
    [{}, 'Cafe\u0301', 'caf\u00e9'],
    [{ caseExact: true }, 'Ann', 'Ann'],
    [{ caseExact: true }, 'Cafe\u0301', 'Caf\u00e9'],
    [{ caseExact: true }, 'Ａ', 'Ａ'],
    [{ type: 'reference' }, 'HTTPS://Example.com/A', 'HTTPS://Example.com/A'],
    [{ type: 'binary' }, 'AQIDBA==', 'AQIDBA=='],
    [{ type: 'boolean' }, true, 'true'],
    [{ type: 'boolean' }, false, 'false'],
    [{ type: 'boolean' }, 'true', undefined],
    [{}, 1, undefined],
    [{}, null, undefined],
    [{}, ['Ann'], undefined],
    [{ type: 'integer' }, '1', undefined],
    [{ type: 'integer' }, true, undefined],
    [{ type: 'decimal' }, Number.POSITIVE_INFINITY, undefined],
    [{ type: 'decimal' }, Number.NaN, undefined],
    [{ type: 'dateTime' }, '2008-01-23T04:56:22Z', '2008-01-23T04:56:22'],
    [{ type: 'dateTime' }, 0, undefined],
    [{ type: 'complex' }, { value: 'x' }, undefined],
  ])('%j %j -> %j', (definition, value, key) => {
    expect(comparisonKey(attribute(definition), value)).toBe(key);
  });
});

describe('RFC 8265 3.3: foldText', () => {
  test.each<[text: string, folded: string, why: string]>([
    ['BJENSEN', 'bjensen', 'ASCII'],
    ['ÜNAL', 'ünal', 'Latin beyond ASCII'],
    ['Straße', 'straße', 'lower case, not case folding: ß stays'],
    ['STRASSE', 'strasse', 'and SS is not ß'],
    ['ẞ', 'ß', 'the capital ß has a lower case'],
    ['ΟΔΟΣ', 'οδοσ', 'a final sigma counts as a sigma'],
    ['οδος', 'οδοσ', 'in lower case too'],
    ['Ａｎｎ　Ｂ', 'ann b', 'full width letters and blank'],
    ['ｶﾅ', 'カナ', 'half width Katakana'],
    ['E\u0301', '\u00e9', 'composed'],
    ['\u212a', 'k', 'the Kelvin sign'],
    ['İ', 'i\u0307', 'a lower case of two characters'],
    ['ı', 'ı', 'the dotless i stays'],
    ['ﾡￂ', 'ﾡￂ', 'half width Hangul is not composed to syllables'],
    ['日本😀', '日本😀', 'no case at all'],
  ])('%j -> %j: %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('folding what is folded changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 500 },
    );
  });

  test('a text folds as its form of composed or decomposed letters does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldText(text.normalize('NFD'))).toBe(foldText(text));
      }),
      { numRuns: 500 },
    );
  });

  test('a part of a text, cut between characters as people see them, folds to a part of the folded text', () => {
    const character = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      fc.constantFrom(...'ΣσςİẞÅＡｶﾡ'),
    );
    fc.assert(
      fc.property(fc.array(character), fc.array(character), fc.array(character), (before, part, after) => {
        const whole = foldText([...before, ...part, ...after].join(''));
        expect(whole.includes(foldText(part.join('')))).toBe(true);
        expect(foldText([...part, ...after].join('')).startsWith(foldText(part.join('')))).toBe(true);
        expect(foldText([...before, ...part].join('')).endsWith(foldText(part.join('')))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('RFC 7643 2.3.5: dateTimeKey', () => {
  test.each<[text: string, key: string]>([
    ['2011-05-13T04:42:34Z', '2011-05-13T04:42:34'],
    ['2011-05-13T04:42:34', '2011-05-13T04:42:34'],
    ['2011-05-13T04:42:34.000Z', '2011-05-13T04:42:34'],
    ['2011-05-13T04:42:34.120Z', '2011-05-13T04:42:34.12'],
    ['2015-10-10T14:38:21.8617979-07:00', '2015-10-10T21:38:21.8617979'],
    ['2011-05-13T04:42:34+05:30', '2011-05-12T23:12:34'],
    ['2011-12-31T23:59:59-00:01', '2012-01-01T00:00:59'],
    ['2011-05-13T24:00:00Z', '2011-05-14T00:00:00'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00'],
    ['2012-02-29T00:00:00Z', '2012-02-29T00:00:00'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59'],
  ])('%s -> %s', (text, key) => {
    expect(dateTimeKey(text)).toBe(key);
  });

  test.each([
    '',
    '2011-05-13',
    '04:42:34Z',
    '2011-05-13 04:42:34Z',
    '2011-05-13T04:42Z',
    '2011-05-13T04:42:34.Z',
    '2011-05-13T04:42:34Zulu',
    '2011-00-13T04:42:34Z',
    '2011-13-13T04:42:34Z',
    '2011-05-00T04:42:34Z',
    '2011-04-31T04:42:34Z',
    '2011-02-29T04:42:34Z',
    '1900-02-29T00:00:00Z',
    '2011-05-13T25:00:00Z',
    '2011-05-13T24:00:01Z',
    '2011-05-13T04:60:34Z',
    '2011-05-13T04:42:61Z',
    '2011-05-13T04:42:34+14:01',
    '2011-05-13T04:42:34+01:60',
    '2011-05-13T04:42:34+0100',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00+01:00',
    '12011-05-13T04:42:34Z',
    'now',
    '1305261754',
  ])('%j is none', (text) => {
    expect(dateTimeKey(text)).toBeUndefined();
  });

  test('a fraction of any length is read in one pass', () => {
    expect(dateTimeKey(`2011-05-13T04:42:34.${'0'.repeat(1_000_000)}1Z`)?.length).toBe(1_000_021);
    expect(dateTimeKey(`2011-05-13T04:42:34.1${'0'.repeat(1_000_000)}Z`)).toBe('2011-05-13T04:42:34.1');
  });

  test('the order of keys is the order of time', () => {
    const millis = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9998, 11, 31) });
    const near = fc.integer({ min: -1500, max: 1500 });
    const zone = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(millis, near, zone, zone, (a, difference, zoneA, zoneB) => {
        const b = a + difference;
        expect(Math.sign(compareKeys(keyAt(a, zoneA), keyAt(b, zoneB)))).toBe(Math.sign(a - b));
      }),
      { numRuns: 500 },
    );
  });
});

/** The key of a point in time, written with an offset of so many minutes. */
function keyAt(epochMs: number, offset: number): string {
  const local = new Date(epochMs + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  return dateTimeKey(`${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`) as string;
}

describe('numbers', () => {
  const numberKey = (value: number): string => comparisonKey(attribute({ type: 'decimal' }), value) as string;

  test('keys are 16 hexadecimal digits', () => {
    for (const value of [0, -1, 1e300, 5e-324]) expect(numberKey(value)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('zero has one key', () => {
    expect(numberKey(-0)).toBe(numberKey(0));
  });

  test('the order of keys is the order of numbers', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -5e-324),
    );
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(Math.sign(compareKeys(numberKey(a), numberKey(b)))).toBe(
          a === b ? 0 : Math.sign(a - b) || (a < b ? -1 : 1),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('compareKeys', () => {
  test.each<[a: string, b: string, order: number]>([
    ['', '', 0],
    ['', 'a', -1],
    ['a', 'ab', -1],
    ['b', 'ab', 1],
    ['a\u{1f600}', 'a\uffff', 1],
    ['\ue000', '\u{10000}', -1],
    ['\u{1f600}', '\u{1f601}', -1],
    ['\u{1f600}a', '\u{1f600}', 1],
  ])('%j and %j', (a, b, order) => {
    expect(Math.sign(compareKeys(a, b))).toBe(order);
    expect(Math.sign(compareKeys(b, a))).toBe(0 - order);
  });

  test('orders as the bytes of UTF-8 do', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 6,
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 500 },
    );
  });
});
