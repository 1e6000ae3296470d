import { describe, expect, test } from 'vitest';
import {
  type Attribute,
  attributeJson,
  compileSchema,
  type SchemaDefinition,
} from '../../src/core/schema.ts';

const definition: SchemaDefinition = {
  id: 'urn:example:Thing',
  alias: 'thing',
  name: 'Thing',
  description: 'A thing',
  attributes: [
    { name: 'plain' },
    { name: 'link', type: 'reference', referenceTypes: ['external'] },
    { name: 'relaxedLink', type: 'reference', caseExact: false },
    { name: 'blob', type: 'binary' },
    { name: 'flag', type: 'boolean' },
    {
      name: 'Parts',
      type: 'complex',
      multiValued: true,
      required: true,
      description: 'The parts',
      subAttributes: [
        { name: 'SerialNumber', caseExact: true, uniqueness: 'global', canonicalValues: ['a'] },
      ],
    },
  ],
};

const schema = compileSchema(definition);
const attributeNamed = (name: string): Attribute => schema.attributeByName.get(name) as Attribute;

describe('compileSchema', () => {
  test('RFC 7643 2.2: characteristics that are not given have their defaults', () => {
    expect(attributeNamed('plain')).toMatchObject({
      type: 'string',
      multiValued: false,
      required: false,
      canonicalValues: undefined,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
      referenceTypes: undefined,
      subAttributes: [],
    });
  });

  test('RFC 7643 2.3.6, 2.3.7: binary and reference are case exact unless the schema says otherwise', () => {
    expect(['link', 'blob', 'flag', 'plain'].map((name) => attributeNamed(name).caseExact)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(attributeNamed('relaxedlink').caseExact).toBe(false);
  });

  test('RFC 7643 2.1: attributes and sub-attributes are found by their names in lower case', () => {
    expect(attributeNamed('parts').name).toBe('Parts');
    expect(attributeNamed('parts').subAttributeByName.get('serialnumber')?.name).toBe('SerialNumber');
    expect(schema.attributeByName.get('Parts')).toBeUndefined();
  });

  test.each(['__proto__', 'constructor', 'tostring', 'hasownproperty'])(
    'no attribute is named %s',
    (name) => {
      expect(schema.attributeByName.get(name)).toBeUndefined();
      expect(attributeNamed('parts').subAttributeByName.get(name)).toBeUndefined();
    },
  );

  test('index paths begin with the alias, which may be empty, else with the URN', () => {
    const pathOf = (alias: string): string | undefined =>
      compileSchema({ ...definition, alias }).attributeByName.get('parts')?.subAttributes[0]?.indexPath;
    const { alias: _, ...nameless } = definition;
    expect(pathOf('')).toBe('Parts.SerialNumber');
    expect(pathOf('short')).toBe('short:Parts.SerialNumber');
    expect(compileSchema(nameless).attributes[0]?.indexPath).toBe('<urn:example:Thing>:plain');
  });
});

describe('RFC 7643 7: attributeJson', () => {
  test('a complex attribute repeats the characteristics of its sub-attributes and has no uniqueness', () => {
    expect(attributeJson(attributeNamed('parts'))).toStrictEqual({
      name: 'Parts',
      type: 'complex',
      subAttributes: [
        {
          name: 'SerialNumber',
          type: 'string',
          multiValued: false,
          description: '',
          required: false,
          canonicalValues: ['a'],
          caseExact: true,
          mutability: 'readWrite',
          returned: 'default',
          uniqueness: 'global',
        },
      ],
      multiValued: true,
      description: 'The parts',
      required: true,
      mutability: 'readWrite',
      returned: 'default',
    });
  });

  test.each<[name: string, has: string[], hasNot: string[]]>([
    ['plain', ['caseExact', 'uniqueness'], ['referenceTypes', 'canonicalValues', 'subAttributes']],
    ['link', ['caseExact', 'uniqueness', 'referenceTypes'], ['canonicalValues', 'subAttributes']],
    ['flag', ['mutability', 'returned'], ['caseExact', 'uniqueness', 'subAttributes']],
  ])('%s shows what its type has', (name, has, hasNot) => {
    const keys = Object.keys(attributeJson(attributeNamed(name)));
    expect(keys).toEqual(expect.arrayContaining(has));
    for (const key of hasNot) expect(keys).not.toContain(key);
  });

  test('nothing of where values live is published', () => {
    const inner = compileSchema({
      ...definition,
      attributes: [{ name: 'm', relation: 'members', precis: 'UsernameCaseMapped' }],
    }).attributes[0] as Attribute;
    const keys = Object.keys(attributeJson(inner));
    for (const key of ['relation', 'precis', 'indexPath']) expect(keys).not.toContain(key);
  });
});
