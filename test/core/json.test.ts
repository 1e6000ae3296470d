import { describe, expect, test } from 'vitest';
import {
  copyJson,
  emptyObject,
  isObject,
  type JsonValue,
  MAX_JSON_DEPTH,
  parseJson,
  sameJson,
} from '../../src/core/json.ts';
import { deepFreeze, refused } from './fixtures.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parseJson accepts', () => {
  test.each<{ name: string; text: string; value: JsonValue }>([
    { name: 'an object', text: '{"a":1,"b":[true,null,"x"]}', value: { a: 1, b: [true, null, 'x'] } },
    { name: 'a scalar', text: ' "x" ', value: 'x' },
    { name: 'the same key in two objects', text: '[{"a":1},{"a":2}]', value: [{ a: 1 }, { a: 2 }] },
    { name: 'the same key in nested objects', text: '{"a":{"a":{"a":1}}}', value: { a: { a: { a: 1 } } } },
    { name: 'a key after a nested object', text: '{"a":{"b":1},"b":2}', value: { a: { b: 1 }, b: 2 } },
    { name: 'values equal to keys', text: '{"a":"a","b":"a"}', value: { a: 'a', b: 'a' } },
    { name: 'braces and brackets in strings', text: '{"a":"}]{[","b":"{"}', value: { a: '}]{[', b: '{' } },
    { name: 'escaped quotes in strings', text: '{"a":"\\"b\\":","b":"\\\\"}', value: { a: '"b":', b: '\\' } },
    {
      name: 'brackets behind an escaped quote',
      text: `{"a":"\\"${'['.repeat(40)}"}`,
      value: { a: `"${'['.repeat(40)}` },
    },
    { name: 'keys that differ in case', text: '{"a":1,"A":2}', value: { a: 1, A: 2 } },
    {
      name: '32 levels',
      text: nested(MAX_JSON_DEPTH),
      value: JSON.parse(nested(MAX_JSON_DEPTH)) as JsonValue,
    },
  ])('$name', ({ text, value }) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('an object of many keys', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, index]));
    expect(parseJson(JSON.stringify(many))).toEqual(many);
  });
});

describe('parseJson refuses with 400 invalidSyntax', () => {
  const manyKeys = Array.from({ length: 40 }, (_, index) => `"key${index}":0`).join(',');
  test.each<{ name: string; text: string }>([
    { name: 'no text', text: '' },
    { name: 'a text that ends early', text: '{"a":1' },
    { name: 'an open string', text: '{"a":"x' },
    { name: 'a string that ends in an escaped quote', text: '"x\\"' },
    { name: 'something behind the value', text: '{} {}' },
    { name: 'closing brackets alone', text: ']}]' },
    { name: 'single quotes', text: "{'a':1}" },
    { name: 'a comment', text: '{} // x' },
    { name: 'NaN', text: '{"a":NaN}' },
    { name: 'a raw control character in a string', text: '"a\nb"' },
    { name: 'a doubled key', text: '{"userName":"a","userName":"b"}' },
    { name: 'a doubled key with blanks around it', text: '{ "a" : 1 , "a" : 2 }' },
    { name: 'a doubled key, once escaped', text: '{"a":1,"\\u0061":2}' },
    { name: 'a doubled empty key', text: '{"":1,"":2}' },
    { name: 'a doubled __proto__', text: '{"__proto__":1,"__proto__":2}' },
    { name: 'a doubled key deep inside', text: '[1,{"x":[{"a":1,"b":{},"a":2}]}]' },
    { name: 'a doubled key after a nested object', text: '{"a":{"b":1},"a":2}' },
    { name: 'a doubled key among many', text: `{${manyKeys},"key3":1}` },
    { name: 'a doubled key behind an escaped quote', text: '{"a":"\\"","a":1}' },
    { name: 'a doubled key behind an escaped backslash', text: '{"a":"\\\\","a":1}' },
    { name: '33 levels', text: nested(MAX_JSON_DEPTH + 1) },
    { name: '33 levels of objects', text: '{"a":'.repeat(33) },
    { name: '100,000 levels, before anything recurses', text: nested(100_000) },
  ])('$name', ({ text }) => {
    expect(refused(() => parseJson(text))).toBe('400 invalidSyntax');
  });
});

test('a message about JSON repeats nothing of the text', () => {
  expect(() => parseJson('{"password":"tops3cret"')).toThrow(/^The request body is not valid JSON\.$/);
});

test('sameJson compares by content, whatever the order of keys', () => {
  const rows: [a: JsonValue | undefined, b: JsonValue | undefined, same: boolean][] = [
    [1, 1, true],
    [1, '1', false],
    [0, false, false],
    [null, undefined, false],
    [null, {}, false],
    [[], {}, false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[1], [1, 2], false],
    [{ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: undefined as unknown as JsonValue }, { b: 1 }, false],
    [{ toString: 1 }, {}, false],
    [{}, Object.assign(emptyObject(), {}), true],
  ];
  for (const [a, b, same] of rows) expect([a, b, sameJson(a, b)]).toEqual([a, b, same]);
});

test('copyJson copies throughout, onto objects without a prototype', () => {
  const original = deepFreeze({ a: [{ b: 1 }], c: null, d: { e: 'x' } });
  const copy = copyJson(original);
  expect(copy).toEqual(original);
  expect(copy.a[0]).not.toBe(original.a[0]);
  for (const object of [copy, copy.a[0], copy.d]) expect(Object.getPrototypeOf(object)).toBeNull();
});

test('copyJson keeps a key named __proto__ as a key', () => {
  const copy = copyJson(JSON.parse('{"__proto__":{"polluted":1}}'));
  expect(Object.keys(copy)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(copy)).toBeNull();
  expect(copy.polluted).toBeUndefined();
});

test('isObject tells objects from arrays, null and scalars', () => {
  expect([{}, emptyObject(), [], null, 'x', 1, undefined].map(isObject)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
