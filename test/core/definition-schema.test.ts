import { describe, expect, test } from 'vitest';
import { DefinitionError, type JsonPath } from '../../src/core/definition-error.ts';
import { readSchemaDefinition } from '../../src/core/definition-schema.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { attributeJson, compileSchema } from '../../src/core/schema.ts';
import { USER } from '../../src/core/schemas/user.ts';
import { DEVICE_DEFINITION } from '../service/tenant-definitions.ts';

const URN = 'urn:example:schemas:2.0:Thing';

const schema = (more: object): JsonValue =>
  ({ id: URN, attributes: [{ name: 'plain' }], ...more }) as JsonValue;
const withAttribute = (attribute: unknown): JsonValue => schema({ attributes: [attribute] });
const withSub = (sub: unknown): JsonValue =>
  withAttribute({ name: 'parts', type: 'complex', subAttributes: [sub] });

function faultOf(json: JsonValue): { path: JsonPath; reason: string } {
  try {
    readSchemaDefinition(json);
  } catch (error) {
    if (error instanceof DefinitionError) return { path: error.path, reason: error.message };
    throw error;
  }
  throw new Error('the schema was taken');
}

describe('RFC 7643 7: a schema that is refused', () => {
  test.each<[what: string, json: JsonValue, path: string, reason: RegExp]>([
    ['no object', [], '', /must be an object/],
    ['a string', 'x', '', /must be an object/],
    ['an unknown member', schema({ atributes: [] }), 'atributes', /has no "atributes"/],
    ['a member given twice', schema({ Name: 'a', name: 'b' }), 'name', /twice/],
    [
      'a resource type',
      schema({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'] }),
      'schemas',
      /must hold/,
    ],
    ['no URN', { attributes: [{ name: 'a' }] }, '', /needs "id"/],
    ['an empty URN', schema({ id: '' }), 'id', /needs "id"/],
    ['a URL in place of a URN', schema({ id: 'https://example.com/Thing' }), 'id', /must be a URN/],
    ['a URN without a name space', schema({ id: 'urn:x' }), 'id', /must be a URN/],
    ['a URN with a character of paths', schema({ id: 'urn:example:a[b]' }), 'id', /must be a URN/],
    ['a URN that ends in a colon', schema({ id: 'urn:example:a:' }), 'id', /must be a URN/],
    ['a URN of 256 characters', schema({ id: `urn:example:${'a'.repeat(244)}` }), 'id', /longer than 255/],
    ['a name that is no text', schema({ name: 7 }), 'name', /must be a string/],
    ['a long name', schema({ name: 'x'.repeat(101) }), 'name', /longer than 100/],
    ['a long description', schema({ description: 'x'.repeat(10_001) }), 'description', /longer than 10000/],
    ['half a character', schema({ description: '\ud800' }), 'description', /character that is none/],
    ['a NUL', schema({ name: 'a\u0000' }), 'name', /character that is none/],
    ['no attributes', { id: URN }, '', /needs "attributes"/],
    ['an empty list of attributes', schema({ attributes: [] }), 'attributes', /needs "attributes"/],
    ['attributes that are no list', schema({ attributes: {} }), 'attributes', /must be an array/],
    ['an attribute that is no object', withAttribute('x'), 'attributes.0', /must be an object/],
    [
      'an unknown characteristic',
      withAttribute({ name: 'a', unique: true }),
      'attributes.0.unique',
      /has no "unique"/,
    ],
    [
      'what only the server may say',
      withAttribute({ name: 'a', relation: 'members' }),
      'attributes.0.relation',
      /has no/,
    ],
    ['an attribute without a name', withAttribute({ type: 'string' }), 'attributes.0', /needs "name"/],
    ['a name that is a number', withAttribute({ name: 1 }), 'attributes.0.name', /must be a string/],
    ['a name that begins with a digit', withAttribute({ name: '1a' }), 'attributes.0.name', /letter/],
    ['a name with a dot', withAttribute({ name: 'a.b' }), 'attributes.0.name', /letter/],
    ['a name with a space', withAttribute({ name: 'a b' }), 'attributes.0.name', /letter/],
    ['a name in other letters', withAttribute({ name: 'größe' }), 'attributes.0.name', /letter/],
    ['__proto__', withAttribute(JSON.parse('{"name":"__proto__"}')), 'attributes.0.name', /letter/],
    [
      'a long attribute name',
      withAttribute({ name: 'a'.repeat(101) }),
      'attributes.0.name',
      /longer than 100/,
    ],
    ['$ref at the top', withAttribute({ name: '$ref', type: 'reference' }), 'attributes.0.name', /letter/],
    [
      '$ref that is no reference',
      withSub({ name: '$ref' }),
      'attributes.0.subAttributes.0.name',
      /reference/,
    ],
    ...['id', 'externalId', 'meta', 'schemas', 'ID', 'ExternalID'].map(
      (name): [string, JsonValue, string, RegExp] => [
        `the reserved name ${name}`,
        withAttribute({ name }),
        'attributes.0.name',
        /Every resource has/,
      ],
    ),
    [
      'a name twice, without regard to case',
      schema({ attributes: [{ name: 'a' }, { name: 'b' }, { name: 'A' }] }),
      'attributes.2.name',
      /two attributes A/,
    ],
    [
      'a sub-attribute twice',
      withAttribute({ name: 'p', type: 'complex', subAttributes: [{ name: 'a' }, { name: 'A' }] }),
      'attributes.0.subAttributes.1.name',
      /two attributes A/,
    ],
    [
      'an unknown type',
      withAttribute({ name: 'a', type: 'text' }),
      'attributes.0.type',
      /must be one of string/,
    ],
    [
      'a type in another case',
      withAttribute({ name: 'a', type: 'String' }),
      'attributes.0.type',
      /must be one of/,
    ],
    [
      'a type that is no text',
      withAttribute({ name: 'a', type: true }),
      'attributes.0.type',
      /must be one of/,
    ],
    [
      'multiValued as text',
      withAttribute({ name: 'a', multiValued: 'true' }),
      'attributes.0.multiValued',
      /true or false/,
    ],
    [
      'required as a number',
      withAttribute({ name: 'a', required: 1 }),
      'attributes.0.required',
      /true or false/,
    ],
    [
      'caseExact as text',
      withAttribute({ name: 'a', caseExact: 'no' }),
      'attributes.0.caseExact',
      /true or false/,
    ],
    [
      'an unknown mutability',
      withAttribute({ name: 'a', mutability: 'mutable' }),
      'attributes.0.mutability',
      /must be one of/,
    ],
    [
      'an unknown returned',
      withAttribute({ name: 'a', returned: 'sometimes' }),
      'attributes.0.returned',
      /must be one of/,
    ],
    [
      'an unknown uniqueness',
      withAttribute({ name: 'a', uniqueness: true }),
      'attributes.0.uniqueness',
      /must be one of/,
    ],
    [
      'a description that is no text',
      withAttribute({ name: 'a', description: {} }),
      'attributes.0.description',
      /string/,
    ],
    ...['boolean', 'decimal', 'integer', 'dateTime'].map((type): [string, JsonValue, string, RegExp] => [
      `case of a ${type}`,
      withAttribute({ name: 'a', type, caseExact: true }),
      'attributes.0.caseExact',
      /knows no case/,
    ]),
    ...['boolean', 'binary'].map((type): [string, JsonValue, string, RegExp] => [
      `uniqueness of a ${type}`,
      withAttribute({ name: 'a', type, uniqueness: 'server' }),
      'attributes.0.uniqueness',
      /no uniqueness/,
    ]),
    [
      'uniqueness of a complex attribute',
      withAttribute({ name: 'a', type: 'complex', uniqueness: 'global', subAttributes: [{ name: 'b' }] }),
      'attributes.0.uniqueness',
      /no uniqueness/,
    ],
    [
      'canonical values of an integer',
      withAttribute({ name: 'a', type: 'integer', canonicalValues: ['1'] }),
      'attributes.0.canonicalValues',
      /strings/,
    ],
    [
      'canonical values that are no list',
      withAttribute({ name: 'a', canonicalValues: 'x' }),
      'attributes.0.canonicalValues',
      /array/,
    ],
    [
      'canonical values that are no texts',
      withAttribute({ name: 'a', canonicalValues: ['x', 1] }),
      'attributes.0.canonicalValues.1',
      /strings/,
    ],
    [
      'a canonical value twice',
      withAttribute({ name: 'a', canonicalValues: ['x', 'x'] }),
      'attributes.0.canonicalValues.1',
      /twice/,
    ],
    [
      '1001 canonical values',
      withAttribute({ name: 'a', canonicalValues: Array.from({ length: 1001 }, (_, i) => `${i}`) }),
      'attributes.0.canonicalValues',
      /more than 1000/,
    ],
    [
      'reference types of a string',
      withAttribute({ name: 'a', referenceTypes: ['User'] }),
      'attributes.0.referenceTypes',
      /references only/,
    ],
    [
      'a reference type that is no name',
      withAttribute({ name: 'a', type: 'reference', referenceTypes: ['User', 'a b'] }),
      'attributes.0.referenceTypes.1',
      /names of resource types/,
    ],
    [
      'a complex attribute without parts',
      withAttribute({ name: 'a', type: 'complex' }),
      'attributes.0',
      /needs "subAttributes"/,
    ],
    [
      'a complex attribute with no part',
      withAttribute({ name: 'a', type: 'complex', subAttributes: [] }),
      'attributes.0.subAttributes',
      /needs/,
    ],
    [
      'parts of a string',
      withAttribute({ name: 'a', subAttributes: [{ name: 'b' }] }),
      'attributes.0.subAttributes',
      /only complex/,
    ],
    [
      'complex inside complex',
      withSub({ name: 'a', type: 'complex', subAttributes: [{ name: 'b' }] }),
      'attributes.0.subAttributes.0.type',
      /complex inside/,
    ],
    [
      'a fault in a part',
      withSub({ name: 'a', type: 'x' }),
      'attributes.0.subAttributes.0.type',
      /must be one of/,
    ],
  ])('%s', (_, json, path, reason) => {
    const fault = faultOf(json);
    expect(fault.path.join('.')).toBe(path);
    expect(fault.reason).toMatch(reason);
  });

  test('10,000 attributes, at the top or below, before they are read', () => {
    let reads = 0;
    const attributes = Array.from({ length: 10_000 }, () => ({
      get name() {
        reads++;
        return 'a';
      },
    }));
    for (const json of [
      schema({ attributes }),
      withAttribute({ name: 'a', type: 'complex', subAttributes: attributes }),
    ])
      expect(faultOf(json).reason).toMatch(/at most 1000 attributes/);
    expect(reads).toBe(0);
    const complex = (name: string) => ({
      name,
      type: 'complex',
      subAttributes: Array.from({ length: 600 }, (_, index) => ({ name: `a${index}` })),
    });
    expect(faultOf(schema({ attributes: [complex('a'), complex('b')] })).path).toEqual([
      ...['attributes', 1, 'subAttributes'],
    ]);
  });
});

describe('RFC 7643 7: a schema that is taken', () => {
  test('with defaults for what is left out, null for absence, names in any case', () => {
    const json = { ID: URN, Attributes: [{ NAME: 'plain', description: null, MultiValued: true }] };
    expect(readSchemaDefinition(json)).toEqual({
      id: URN,
      name: 'Thing',
      description: '',
      attributes: [{ name: 'plain', type: 'string', multiValued: true }],
    });
  });

  test('with 1000 attributes', () => {
    const attributes = Array.from({ length: 1000 }, (_, index) => ({ name: `a${index}` }));
    expect(readSchemaDefinition(schema({ attributes })).attributes).toHaveLength(1000);
  });

  test('with characteristics that say nothing, as other servers publish them', () => {
    const type = 'integer';
    const silent = {
      caseExact: false,
      uniqueness: 'none',
      canonicalValues: [],
      referenceTypes: [],
      subAttributes: [],
    };
    expect(readSchemaDefinition(withAttribute({ name: 'a', type, ...silent })).attributes).toMatchObject([
      { type },
    ]);
  });

  test('binaries are case exact, whatever the definition says', () => {
    const definition = readSchemaDefinition(withAttribute({ name: 'a', type: 'binary', caseExact: false }));
    expect(compileSchema(definition).attributes[0]?.caseExact).toBe(true);
  });

  test('what is published of it defines it again', () => {
    const compiled = compileSchema(readSchemaDefinition(DEVICE_DEFINITION));
    const published: JsonValue = {
      id: compiled.id,
      name: compiled.name,
      description: compiled.description,
      attributes: compiled.attributes.map(attributeJson),
    };
    const again = compileSchema(readSchemaDefinition(published));
    expect(again.attributes.map(attributeJson)).toEqual(published.attributes);
  });

  test('the schema of users itself is one, but for its URN', () => {
    const attributes = compileSchema(USER).attributes.map(attributeJson);
    expect(readSchemaDefinition({ id: URN, attributes }).attributes).toHaveLength(USER.attributes.length);
  });
});
