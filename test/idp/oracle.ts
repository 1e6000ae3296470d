import { type Conversation, USER } from './conversation.ts';

/** Oracle IDCS or OCI IAM with the Generic SCIM template: users only, no PATCH, full reads. */
export const ORACLE: Conversation = {
  provider: 'Oracle OCI IAM',
  knownFrom: [
    'docs.oracle.com: Generic SCIM application template (operations); bodies are those of RFC 7644',
  ],
  integration: { auth: 'basic' },
  headers: { Accept: 'application/scim+json' },
  contentType: 'application/scim+json',
  steps: [
    {
      what: 'create a user',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'hale.orr',
        name: { givenName: 'Hale', familyName: 'Orr' },
        emails: [{ value: 'hale.orr@dock.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 201 },
      keep: 'hale',
    },
    {
      what: 'synchronise: read all users with a page larger than any',
      method: 'GET',
      path: '/Users?startIndex=1&count=5000',
      answer: { status: 200, body: { totalResults: 1, itemsPerPage: 1, Resources: [{ id: '{hale}' }] } },
    },
    { what: 'read the user', method: 'GET', path: '/Users/{hale}', answer: { status: 200 } },
    {
      what: 'deactivate the user by PUT',
      method: 'PUT',
      path: '/Users/{hale}',
      body: {
        schemas: [USER],
        id: '{hale}',
        userName: 'hale.orr',
        name: { givenName: 'Hale', familyName: 'Orr' },
        emails: [{ value: 'hale.orr@dock.example', type: 'work', primary: true }],
        active: false,
      },
      answer: { status: 200, body: { active: false } },
    },
    { what: 'delete the user', method: 'DELETE', path: '/Users/{hale}', answer: { status: 204 } },
  ],
  left: { users: [], groups: [] },
};
