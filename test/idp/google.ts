import { type Conversation, NOBODY, PATCH, USER } from './conversation.ts';

/** Google Workspace, automated user provisioning: users only, plain JSON. */
export const GOOGLE: Conversation = {
  provider: 'Google Workspace',
  page: 'google.md',
  knownFrom: [
    'pond/scimitar issue 142 (User-Agent, media type, URN of SCIM 1.1)',
    'grokability/snipe-it issue 12642 (log with the lookup)',
    'Conformance notes on Google of better-auth (schema, suspension, late deletion); Google publishes no wire format',
  ],
  headers: { 'User-Agent': 'Google-Auto-Provisioning', Accept: 'application/json' },
  contentType: 'application/json',
  steps: [
    { what: 'test connection', method: 'GET', path: '/Users?count=1', answer: { status: 200, body: NOBODY } },
    {
      what: 'read the schema for the attribute mapping',
      method: 'GET',
      path: '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
      answer: { status: 200, body: { id: USER, name: 'User' } },
    },
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22pia.stern%40school.example%22&startIndex=1',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create her',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: ['urn:scim:schemas:core:1.0', USER],
        userName: 'pia.stern@school.example',
        name: { givenName: 'Pia', familyName: 'Stern' },
        emails: [{ value: 'pia.stern@school.example', type: 'work', primary: true }],
        active: true,
      },
      answer: {
        status: 201,
        body: { userName: 'pia.stern@school.example' },
        without: ['urn:scim:schemas:core:1.0'],
      },
      keep: 'pia',
      tolerances: ['foreign-schema-urn'],
    },
    {
      what: 'find her',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22pia.stern%40school.example%22&startIndex=1',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{pia}' }] } },
    },
    {
      what: 'update her',
      method: 'PUT',
      path: '/Users/{pia}',
      body: {
        schemas: ['urn:scim:schemas:core:1.0', USER],
        userName: 'pia.stern@school.example',
        name: { givenName: 'Pia', familyName: 'Stern-Wolf' },
        emails: [{ value: 'pia.stern@school.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 200, body: { name: { familyName: 'Stern-Wolf' } } },
      tolerances: ['foreign-schema-urn'],
    },
    {
      what: 'suspend her',
      method: 'PATCH',
      path: '/Users/{pia}',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] },
      answer: { status: 200, body: { active: false } },
    },
    { what: 'delete her days later', method: 'DELETE', path: '/Users/{pia}', answer: { status: 204 } },
  ],
  left: { users: [], groups: [] },
};
