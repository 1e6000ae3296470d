import type { Answer } from '../../api/client.ts';

export type Schema = Answer<'GET /tenants/{tenant}/schemas'>[number];
export type ResourceType = Answer<'GET /tenants/{tenant}/resource-types'>[number];

/** JSON as the admin API takes it. */
export type JsonDefinition = Schema['definition'];

export const TYPES = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
];
export const MUTABILITIES = ['readWrite', 'readOnly', 'immutable', 'writeOnly'];
export const RETURNED = ['default', 'always', 'request', 'never'];

/** An attribute as a schema has it (RFC 7643 section 7), and as a form does: with all of its characteristics. */
export interface Attribute {
  name: string;
  type: string;
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: string;
  returned: string;
  /** `none`, or anything else for values that no two resources share. */
  uniqueness: string;
  description: string;
  canonicalValues: string[];
  referenceTypes: string[];
  subAttributes: Attribute[];
}

/** A schema as a form has it. */
export type Definition = {
  id: string;
  name: string;
  description: string;
  attributes: Attribute[];
};

export const NEW_ATTRIBUTE: Attribute = {
  ...{ name: '', type: 'string', multiValued: false, required: false, caseExact: false },
  ...{ mutability: 'readWrite', returned: 'default', uniqueness: 'none', description: '' },
  ...{ canonicalValues: [], referenceTypes: [], subAttributes: [] },
};

export const NEW_DEFINITION: Definition = {
  ...{ id: '', name: '', description: '', attributes: [NEW_ATTRIBUTE] },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readAttribute(json: unknown): Attribute {
  const given = isRecord(json) ? json : {};
  const read = <K extends keyof Attribute>(name: K): Attribute[K] => {
    const value = given[name];
    const usual = NEW_ATTRIBUTE[name];
    return typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual)
      ? (value as Attribute[K])
      : usual;
  };
  return {
    ...{ name: read('name'), type: read('type'), multiValued: read('multiValued') },
    ...{ required: read('required'), caseExact: read('caseExact'), mutability: read('mutability') },
    ...{ returned: read('returned'), uniqueness: read('uniqueness'), description: read('description') },
    ...{ canonicalValues: read('canonicalValues'), referenceTypes: read('referenceTypes') },
    subAttributes: read('subAttributes').map(readAttribute),
  };
}

/** What a form shows of the JSON of a schema; what is wrong in it is left out. */
export function readDefinition(json: unknown): Definition {
  const { id, name, description, attributes } = isRecord(json) ? json : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    ...{ id: text(id), name: text(name), description: text(description) },
    attributes: Array.isArray(attributes) ? attributes.map(readAttribute) : [],
  };
}

export const hasCase = (type: string): boolean => ['string', 'reference'].includes(type);
export const canBeUnique = (type: string): boolean => !['boolean', 'binary', 'complex'].includes(type);

function attributeJson(attribute: Attribute): JsonDefinition {
  const { name, type, multiValued, required, caseExact, mutability, returned, uniqueness } = attribute;
  const { description, canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    ...{ name, type, multiValued, required, mutability, returned },
    ...(description !== '' && { description }),
    ...(hasCase(type) && { caseExact }),
    ...(canBeUnique(type) && { uniqueness }),
    ...(type === 'string' && canonicalValues.length > 0 && { canonicalValues }),
    ...(type === 'reference' && referenceTypes.length > 0 && { referenceTypes }),
    ...(type === 'complex' && { subAttributes: subAttributes.map(attributeJson) }),
  };
}

/** The JSON of what a form holds. */
export const definitionJson = ({ id, name, description, attributes }: Definition): JsonDefinition => ({
  id: id.trim(),
  ...(name.trim() !== '' && { name: name.trim() }),
  ...(description !== '' && { description }),
  attributes: attributes.map(attributeJson),
});
