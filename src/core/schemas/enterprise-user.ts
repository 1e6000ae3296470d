import type { SchemaDefinition } from '../schema.ts';

export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The enterprise extension of User (RFC 7643 sections 4.3 and 8.7.1). */
export const ENTERPRISE_USER: SchemaDefinition = {
  id: ENTERPRISE_USER_SCHEMA,
  alias: 'enterprise',
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    { name: 'employeeNumber', description: 'A code that the organisation gave to the person.' },
    { name: 'costCenter', description: 'The name of a cost center.' },
    { name: 'organization', description: 'The name of an organization.' },
    { name: 'division', description: 'The name of a division.' },
    { name: 'department', description: 'The name of a department.' },
    {
      name: 'manager',
      type: 'complex',
      description: "The user's manager.",
      subAttributes: [
        { name: 'value', caseExact: true, description: 'The id of the manager.' },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User'],
          description: 'The URI of the manager.',
        },
        { name: 'displayName', mutability: 'readOnly', description: 'The displayName of the manager.' },
      ],
    },
  ],
};
