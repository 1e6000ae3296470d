import type { SchemaDefinition } from '../schema.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** The Group schema (RFC 7643 sections 4.2 and 8.7.1). */
export const GROUP: SchemaDefinition = {
  id: GROUP_SCHEMA,
  alias: '',
  name: 'Group',
  description: 'Group',
  attributes: [
    {
      name: 'displayName',
      required: true,
      searched: true,
      // groups outside of all user stores
      storePrefixes: ['Internal', 'Application'],
      description: 'The name of the group, suitable for display.',
    },
    {
      name: 'members',
      type: 'complex',
      multiValued: true,
      relation: 'members',
      hints: ['display'],
      description: 'The users and groups that belong to the group.',
      subAttributes: [
        {
          name: 'value',
          caseExact: true,
          required: true,
          mutability: 'immutable',
          description: 'The id of the member.',
        },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'immutable',
          description: 'The URI of the member.',
        },
        {
          name: 'type',
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
          description: 'The resource type of the member.',
        },
      ],
    },
  ],
};
