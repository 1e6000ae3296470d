import type { SchemaDefinition } from '../schema.ts';

export const SAP_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:sap:2.0:User';

/** SAP's extension of User: the key that names a person across SAP systems. */
export const SAP_USER: SchemaDefinition = {
  id: SAP_USER_SCHEMA,
  alias: 'sap',
  name: 'SAPUser',
  description: 'SAP User',
  attributes: [
    {
      name: 'userUuid',
      caseExact: true,
      description: 'The identifier of the person in all SAP systems; generated when the client sends none.',
    },
  ],
};
