import { type Conversation, GROUP, NOBODY, PATCH, USER } from './conversation.ts';

/** WSO2 Identity Server with its SCIM 2 outbound connector: members without a path, added again and again. */
export const WSO2: Conversation = {
  provider: 'WSO2 Identity Server (SCIM 2)',
  knownFrom: [
    'wso2-extensions/identity-outbound-provisioning-scim2',
    'wso2/product-is issue 5333 (a member added again), issue 8589',
  ],
  integration: { auth: 'basic' },
  headers: { Accept: 'application/json' },
  contentType: 'application/json',
  steps: [
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName%20Eq%20nila.perera',
      answer: { status: 200, body: NOBODY },
      tolerances: ['unquoted-filter-value'],
    },
    {
      what: 'create her',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'nila.perera',
        name: { givenName: 'Nila', familyName: 'Perera' },
        password: 'Sample-Pw1',
        emails: [{ value: 'nila.perera@isle.example', primary: true }],
      },
      answer: { status: 201, without: ['password'] },
      keep: 'nila',
    },
    {
      what: 'create a group with a member',
      method: 'POST',
      path: '/Groups',
      body: {
        schemas: [GROUP],
        displayName: 'PRIMARY/admins',
        members: [{ value: '{nila}', display: 'nila.perera' }],
      },
      answer: { status: 201, body: { displayName: 'admins', members: [{ value: '{nila}' }] } },
      keep: 'admins',
    },
    {
      what: 'find the group by the name that was sent',
      method: 'GET',
      path: '/Groups?filter=displayName%20Eq%20%22PRIMARY/admins%22',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{admins}' }] } },
    },
    {
      what: 'add the member again, without a path',
      method: 'PATCH',
      path: '/Groups/{admins}',
      body: {
        schemas: [PATCH],
        Operations: [{ op: 'add', value: { members: [{ display: 'nila.perera', value: '{nila}' }] } }],
      },
      answer: { status: 200, body: { members: [{ value: '{nila}' }] } },
    },
    {
      what: 'update her without a path',
      method: 'PATCH',
      path: '/Users/{nila}',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', value: { name: { familyName: 'Silva' } } }] },
      answer: { status: 200, body: { name: { familyName: 'Silva', givenName: 'Nila' } } },
    },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{admins}', answer: { status: 204 } },
    { what: 'delete her', method: 'DELETE', path: '/Users/{nila}', answer: { status: 204 } },
  ],
  left: { users: [], groups: [] },
};
