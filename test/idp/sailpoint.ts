import { type Conversation, ENTERPRISE, GROUP, PATCH, USER } from './conversation.ts';

/** SailPoint Identity Security Cloud or IdentityIQ with the SCIM 2.0 connector, updates by PATCH (`usePatch`). */
export const SAILPOINT: Conversation = {
  provider: 'SailPoint',
  page: 'sailpoint.md',
  knownFrom: [
    'documentation.sailpoint.com: SCIM 2.0 connector, configuration parameters and supported features',
    'SailPoint developer forum (discovery is mandatory); bodies are those of RFC 7644',
  ],
  headers: { Accept: 'application/scim+json' },
  contentType: 'application/scim+json',
  steps: [
    {
      what: 'test connection: configuration',
      method: 'GET',
      path: '/ServiceProviderConfig',
      answer: {
        status: 200,
        body: { patch: { supported: true }, filter: { supported: true }, sort: { supported: true } },
      },
    },
    {
      what: 'discover: resource types',
      method: 'GET',
      path: '/ResourceTypes',
      answer: { status: 200, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'] } },
    },
    { what: 'discover: schemas', method: 'GET', path: '/Schemas', answer: { status: 200 } },
    {
      what: 'discover: User',
      method: 'GET',
      path: '/ResourceTypes/User',
      answer: { status: 200, body: { id: 'User', endpoint: '/Users', schema: USER } },
    },
    {
      what: 'discover: Group',
      method: 'GET',
      path: '/ResourceTypes/Group',
      answer: { status: 200, body: { id: 'Group', endpoint: '/Groups', schema: GROUP } },
    },
    {
      what: 'create an account',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER, ENTERPRISE],
        userName: 'sven.aho',
        name: { givenName: 'Sven', familyName: 'Aho' },
        displayName: 'Sven Aho',
        emails: [{ value: 'sven.aho@bank.example', type: 'work', primary: true }],
        active: true,
        [ENTERPRISE]: { department: 'Risk', costCenter: '17' },
      },
      answer: { status: 201 },
      keep: 'sven',
    },
    {
      what: 'create a second account',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'uma.roy',
        emails: [{ value: 'uma.roy@bank.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 201 },
      keep: 'uma',
    },
    {
      what: 'aggregate accounts: first page',
      method: 'GET',
      path: `/Users?startIndex=1&count=1&attributes=userName,active,groups,${ENTERPRISE}:department`,
      answer: {
        status: 200,
        body: {
          totalResults: 2,
          itemsPerPage: 1,
          Resources: [{ id: '{sven}', userName: 'sven.aho', [ENTERPRISE]: { department: 'Risk' } }],
        },
        without: ['emails', 'costCenter'],
      },
    },
    {
      what: 'aggregate accounts: second page',
      method: 'GET',
      path: `/Users?startIndex=2&count=1&attributes=userName,active,groups,${ENTERPRISE}:department`,
      answer: {
        status: 200,
        body: { totalResults: 2, startIndex: 2, Resources: [{ id: '{uma}' }] },
        without: ['emails'],
      },
    },
    {
      what: 'aggregate accounts with a filter',
      method: 'GET',
      path: '/Users?filter=active%20eq%20true%20and%20userName%20sw%20%22s%22&startIndex=1&count=100',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{sven}' }] } },
    },
    {
      what: 'aggregate what changed (Delta Aggregation Mode)',
      method: 'GET',
      path: '/Users?filter=meta.lastModified%20ge%20%222020-01-01T00:00:00.000Z%22&startIndex=1&count=100',
      answer: { status: 200, body: { totalResults: 2 } },
    },
    {
      what: 'create a group',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Auditors' },
      answer: { status: 201 },
      keep: 'auditors',
    },
    {
      what: 'give an entitlement',
      method: 'PATCH',
      path: '/Groups/{auditors}',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: '{sven}' }] }] },
      answer: { status: 200, body: { members: [{ value: '{sven}' }] } },
    },
    {
      what: 'aggregate groups',
      method: 'GET',
      path: '/Groups?startIndex=1&count=100&attributes=displayName',
      answer: {
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '{auditors}' }] },
        without: ['members'],
      },
    },
    {
      what: 'read an account with its entitlements',
      method: 'GET',
      path: '/Users/{sven}',
      answer: { status: 200, body: { groups: [{ value: '{auditors}', display: 'Auditors' }] } },
    },
    {
      what: 'update an account',
      method: 'PATCH',
      path: '/Users/{sven}',
      body: {
        schemas: [PATCH],
        Operations: [
          { op: 'replace', path: 'displayName', value: 'Sven E. Aho' },
          { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Audit' },
        ],
      },
      answer: {
        status: 200,
        body: { displayName: 'Sven E. Aho', [ENTERPRISE]: { department: 'Audit', costCenter: '17' } },
      },
    },
    {
      what: 'rename the group',
      method: 'PATCH',
      path: '/Groups/{auditors}',
      body: {
        schemas: [PATCH],
        Operations: [{ op: 'replace', path: 'displayName', value: 'Internal audit' }],
      },
      answer: { status: 200, body: { displayName: 'Internal audit' } },
    },
    {
      what: 'revoke an entitlement',
      method: 'PATCH',
      path: '/Groups/{auditors}',
      body: { schemas: [PATCH], Operations: [{ op: 'remove', path: 'members[value eq "{sven}"]' }] },
      answer: { status: 200, without: ['{sven}'] },
    },
    {
      what: 'disable an account',
      method: 'PATCH',
      path: '/Users/{sven}',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] },
      answer: { status: 200, body: { active: false } },
    },
    { what: 'delete an account', method: 'DELETE', path: '/Users/{uma}', answer: { status: 204 } },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{auditors}', answer: { status: 204 } },
  ],
  left: { users: [{ id: '{sven}', displayName: 'Sven E. Aho', active: false, groups: [] }], groups: [] },
};
