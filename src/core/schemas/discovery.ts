import type { AttributeDefinition, SchemaDefinition } from '../schema.ts';

export const SERVICE_PROVIDER_CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
export const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
export const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

const readOnly = (definition: AttributeDefinition): AttributeDefinition => ({
  mutability: 'readOnly',
  ...definition,
  ...(definition.subAttributes ? { subAttributes: definition.subAttributes.map(readOnly) } : {}),
});

const feature = (
  name: string,
  what: string,
  more: readonly AttributeDefinition[] = [],
): AttributeDefinition => ({
  name,
  type: 'complex',
  required: true,
  description: `Whether and how ${what} works.`,
  subAttributes: [
    { name: 'supported', type: 'boolean', required: true, description: 'Whether it is supported.' },
    ...more,
  ],
});

/** RFC 7643 section 5. */
export const SERVICE_PROVIDER_CONFIG: SchemaDefinition = {
  id: SERVICE_PROVIDER_CONFIG_SCHEMA,
  name: 'ServiceProviderConfig',
  description: 'What the service provider supports',
  attributes: [
    {
      name: 'documentationUri',
      type: 'reference' as const,
      referenceTypes: ['external'],
      description: 'Where people find the documentation.',
    },
    feature('patch', 'PATCH'),
    feature('bulk', 'Bulk', [
      {
        name: 'maxOperations',
        type: 'integer',
        required: true,
        description: 'Most operations in one request.',
      },
      { name: 'maxPayloadSize', type: 'integer', required: true, description: 'Most bytes in one request.' },
    ]),
    feature('filter', 'filtering', [
      { name: 'maxResults', type: 'integer', required: true, description: 'Most resources in one answer.' },
    ]),
    feature('changePassword', 'changing a password'),
    feature('sort', 'sorting'),
    feature('etag', 'the ETag'),
    {
      name: 'pagination',
      type: 'complex' as const,
      description: 'How lists are read in pages (RFC 9865 section 4).',
      subAttributes: [
        { name: 'cursor', type: 'boolean' as const, required: true, description: 'Whether by cursors.' },
        { name: 'index', type: 'boolean' as const, required: true, description: 'Whether by numbers.' },
        {
          name: 'defaultPaginationMethod',
          canonicalValues: ['cursor', 'index'],
          description: 'Which of them where the client does not say.',
        },
        {
          name: 'defaultPageSize',
          type: 'integer' as const,
          description: 'Resources in a page where the client does not say.',
        },
        { name: 'maxPageSize', type: 'integer' as const, description: 'Most resources in a page.' },
        {
          name: 'cursorTimeout',
          type: 'integer' as const,
          description: 'How long a cursor can be used at least, in seconds.',
        },
      ],
    },
    {
      name: 'authenticationSchemes',
      type: 'complex' as const,
      multiValued: true,
      required: true,
      description: 'The ways in which a client may authenticate.',
      subAttributes: [
        {
          name: 'type',
          required: true,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
          description: 'The authentication scheme.',
        },
        { name: 'name', required: true, description: 'Its common name.' },
        { name: 'description', required: true, description: 'What it is.' },
        {
          name: 'specUri',
          type: 'reference' as const,
          referenceTypes: ['external'],
          description: 'Where it is specified.',
        },
        {
          name: 'documentationUri',
          type: 'reference' as const,
          referenceTypes: ['external'],
          description: 'Where its use is explained.',
        },
        { name: 'primary', type: 'boolean' as const, description: 'Whether it is the preferred scheme.' },
      ],
    },
  ].map(readOnly),
};

/** RFC 7643 section 6. */
export const RESOURCE_TYPE: SchemaDefinition = {
  id: RESOURCE_TYPE_SCHEMA,
  name: 'ResourceType',
  description: 'What kinds of resources there are, and where',
  attributes: [
    { name: 'id', description: 'The identifier of the resource type.' },
    { name: 'name', required: true, description: 'The name of the resource type.' },
    { name: 'description', description: 'What the resource type is.' },
    {
      name: 'endpoint',
      type: 'reference' as const,
      referenceTypes: ['uri'],
      required: true,
      description: 'The endpoint, relative to the base URL.',
    },
    {
      name: 'schema',
      type: 'reference' as const,
      referenceTypes: ['uri'],
      required: true,
      caseExact: true,
      description: 'The URN of the core schema.',
    },
    {
      name: 'schemaExtensions',
      type: 'complex' as const,
      multiValued: true,
      description: 'The schemas that extend the core schema.',
      subAttributes: [
        {
          name: 'schema',
          type: 'reference' as const,
          referenceTypes: ['uri'],
          required: true,
          caseExact: true,
          description: 'The URN of the extension.',
        },
        {
          name: 'required',
          type: 'boolean' as const,
          required: true,
          description: 'Whether every resource must have it.',
        },
      ],
    },
  ].map(readOnly),
};

/** The characteristics of an attribute; `subAttributes` repeats them one level down (RFC 7643 section 7). */
const characteristics: readonly AttributeDefinition[] = [
  { name: 'name', required: true, caseExact: true, description: 'The name of the attribute.' },
  {
    name: 'type',
    required: true,
    canonicalValues: [
      'string',
      'complex',
      'boolean',
      'decimal',
      'integer',
      'dateTime',
      'reference',
      'binary',
    ],
    description: 'The data type.',
  },
  {
    name: 'multiValued',
    type: 'boolean',
    required: true,
    description: 'Whether there may be several values.',
  },
  { name: 'description', caseExact: true, description: 'What the attribute is.' },
  { name: 'required', type: 'boolean', description: 'Whether a value must be given.' },
  {
    name: 'canonicalValues',
    multiValued: true,
    caseExact: true,
    description: 'Values suggested to clients.',
  },
  { name: 'caseExact', type: 'boolean', description: 'Whether upper and lower case differ.' },
  {
    name: 'mutability',
    caseExact: true,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
    description: 'Whether and when a client may set it.',
  },
  {
    name: 'returned',
    caseExact: true,
    canonicalValues: ['always', 'never', 'default', 'request'],
    description: 'When it is in an answer.',
  },
  {
    name: 'uniqueness',
    caseExact: true,
    canonicalValues: ['none', 'server', 'global'],
    description: 'Among which resources a value is unique.',
  },
  {
    name: 'referenceTypes',
    multiValued: true,
    caseExact: true,
    description: 'What a reference may point to.',
  },
];

/** RFC 7643 section 7. */
export const SCHEMA: SchemaDefinition = {
  id: SCHEMA_SCHEMA,
  name: 'Schema',
  description: 'The schema of resources',
  attributes: [
    { name: 'id', required: true, description: 'The URN of the schema.' },
    { name: 'name', description: 'The name of the schema, for people.' },
    { name: 'description', description: 'What the schema is.' },
    {
      name: 'attributes',
      type: 'complex' as const,
      multiValued: true,
      required: true,
      description: 'The attributes of the schema.',
      subAttributes: [
        ...characteristics,
        {
          name: 'subAttributes',
          type: 'complex' as const,
          multiValued: true,
          description: 'The sub-attributes of a complex attribute.',
          subAttributes: characteristics,
        },
      ],
    },
  ].map(readOnly),
};
