import { describe, expect, test } from 'vitest';
import { addHidden, hiddenText, keepHidden } from '../../src/core/hidden.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { emptyObject, type JsonObject } from '../../src/core/json.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import type { Resource } from '../../src/core/resource.ts';
import { docText, readDoc } from '../../src/core/stored.ts';
import { uniqueValues } from '../../src/core/unique-values.ts';
import { deviceType, LEASE } from '../service/tenant-definitions.ts';

const type = deviceType();

const resource = (attributes: JsonObject): Resource => Object.assign(emptyObject(), attributes);

/** What becomes of a resource that is stored and read again. */
function stored(attributes: JsonObject): { doc: JsonObject; whole: JsonObject; text: string | undefined } {
  const given = resource(attributes);
  const [doc, text] = [docText(type, 'i', given), hiddenText(type, given)];
  const whole = readDoc(doc);
  addHidden(type, whole, text);
  const { schemas: _, id: __, ...rest } = { ...whole };
  return { doc: JSON.parse(doc), whole: rest, text };
}

describe('what is hidden', () => {
  test.each<[what: string, attributes: JsonObject, shown: JsonObject]>([
    ['an attribute', { serial: 's', pin: 'x' }, { serial: 's' }],
    [
      'a part',
      { addresses: [{ value: 'a', secret: 'x' }, { value: 'b' }] },
      { addresses: [{ value: 'a' }, { value: 'b' }] },
    ],
    [
      'all parts of an element',
      { addresses: [{ secret: 'x' }, { value: 'b' }] },
      { addresses: [{ value: 'b' }] },
    ],
    ['all parts of all elements', { addresses: [{ secret: 'x' }] }, {}],
    ['in an extension', { [LEASE]: { lessor: 'l', contract: 'c' } }, { [LEASE]: { lessor: 'l' } }],
    ['all of an extension', { [LEASE]: { contract: 'c' } }, {}],
  ])('%s is kept apart and put back', (_, attributes, shown) => {
    const { doc, whole, text } = stored(attributes);
    const { schemas: __, id: ___, ...visible } = doc;
    expect(visible).toEqual(shown);
    expect(whole).toEqual(attributes);
    expect(text).toBeDefined();
  });

  test('a resource without it has no such text, and users never have', () => {
    expect(
      stored({ serial: 's', addresses: [{ value: 'a' }], [LEASE]: { lessor: 'l' } }).text,
    ).toBeUndefined();
    expect(USER_TYPE.hasHidden).toBe(false);
    expect(hiddenText(USER_TYPE, resource({ userName: 'u', password: 'p' }))).toBeUndefined();
  });

  test('the text is the same in whatever order things were given', () => {
    const one = stored({ pin: 'x', addresses: [{ value: 'a', secret: 'y' }] });
    const two = stored({ addresses: [{ secret: 'y', value: 'a' }], pin: 'x' });
    expect(one.text).toBe(two.text);
  });

  test('no index row holds it, but that the extension is there', () => {
    const values = indexValues(
      type,
      resource({ pin: 'x', addresses: [{ secret: 'y' }], [LEASE]: { contract: 'z' } }),
    );
    expect(values.filter(({ key }) => key !== '')).toEqual([]);
    expect(values.map(({ path }) => path)).toContain(`<${LEASE}>:.`);
  });
});

describe('what a replacement keeps', () => {
  test.each<[what: string, before: JsonObject, after: JsonObject, kept: JsonObject]>([
    ['an attribute that it leaves out', { pin: 'x', weight: 1 }, {}, { pin: 'x' }],
    ['not one that it gives anew', { pin: 'x' }, { pin: 'y' }, { pin: 'y' }],
    [
      'parts of the elements that stay',
      {
        addresses: [
          { value: 'a', secret: 'x' },
          { value: 'b', secret: 'y' },
        ],
      },
      { addresses: [{ value: 'B' }, { value: 'c' }] },
      { addresses: [{ value: 'B', secret: 'y' }, { value: 'c' }] },
    ],
    [
      'parts of elements that have no value',
      { addresses: [{ type: 'wired', speed: 1, secret: 'x' }] },
      { addresses: [{ speed: 1, type: 'wired' }] },
      { addresses: [{ speed: 1, type: 'wired', secret: 'x' }] },
    ],
    ['no element that it leaves out', { addresses: [{ value: 'a', secret: 'x' }] }, {}, {}],
    [
      'what is hidden in an extension that it gives',
      { [LEASE]: { lessor: 'l', contract: 'c' } },
      { [LEASE]: { lessor: 'm' } },
      { [LEASE]: { lessor: 'm', contract: 'c' } },
    ],
    [
      'an extension of which nothing was to be seen',
      { [LEASE]: { contract: 'c' } },
      {},
      { [LEASE]: { contract: 'c' } },
    ],
    ['no extension that it leaves out', { [LEASE]: { lessor: 'l', contract: 'c' } }, {}, {}],
  ])('%s', (_, before, after, kept) => {
    const given = resource(structuredClone(after));
    keepHidden(type, resource(before), given);
    expect({ ...given }).toEqual(kept);
  });
});

describe('RFC 7643 7: unique values', () => {
  test('are those of the attributes that say so, each once, by comparison key', () => {
    const values = uniqueValues(
      type,
      resource({
        serial: 'S1',
        assetTag: 'Tag',
        userName: 'Not-Unique',
        addresses: [{ value: 'AA' }, { value: 'aa', type: 'wired' }, { value: ' ' }, { type: 'wired' }],
      }),
    );
    expect(values.map(({ name, key }) => [name, key])).toEqual([
      ['serial', 'S1'],
      ['assetTag', 'tag'],
      ['addresses.value', 'aa'],
    ]);
  });

  test('have up to 512 characters', () => {
    expect(uniqueValues(type, resource({ serial: 'x'.repeat(512) }))).toHaveLength(1);
    expect(() => uniqueValues(type, resource({ serial: 'x'.repeat(513) }))).toThrow(
      /serial is longer than 512/,
    );
  });
});
