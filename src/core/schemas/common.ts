import type { SchemaDefinition } from '../schema.ts';

/** Attributes that every resource has (RFC 7643 sections 3 and 3.1). They belong to no published schema. */
export const COMMON_ATTRIBUTES: SchemaDefinition = {
  id: 'common',
  alias: '',
  name: 'Common',
  description: 'Attributes of every resource',
  attributes: [
    {
      name: 'schemas',
      type: 'reference',
      referenceTypes: ['uri'],
      multiValued: true,
      required: true,
      caseExact: false,
      returned: 'always',
      description: 'The URNs of the schemas that the resource uses.',
    },
    {
      name: 'id',
      caseExact: true,
      mutability: 'readOnly',
      returned: 'always',
      uniqueness: 'server',
      description: 'The identifier that the service provider gave to the resource.',
    },
    {
      name: 'externalId',
      administered: true,
      caseExact: true,
      description: 'The identifier that the provisioning client gave to the resource.',
    },
    {
      name: 'meta',
      type: 'complex',
      mutability: 'readOnly',
      description: 'What the service provider knows about the resource.',
      subAttributes: [
        {
          name: 'resourceType',
          caseExact: true,
          mutability: 'readOnly',
          description: 'The name of the resource type.',
        },
        {
          name: 'created',
          type: 'dateTime',
          mutability: 'readOnly',
          description: 'When the resource was added.',
        },
        {
          name: 'lastModified',
          type: 'dateTime',
          mutability: 'readOnly',
          description: 'When the resource last changed.',
        },
        {
          name: 'location',
          type: 'reference',
          referenceTypes: ['uri'],
          mutability: 'readOnly',
          description: 'The URI of the resource.',
        },
        {
          name: 'version',
          caseExact: true,
          mutability: 'readOnly',
          description: 'The weak ETag of the resource.',
        },
      ],
    },
  ],
};
