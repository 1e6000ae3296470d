import { type Conversation, GROUP, NOBODY, PATCH } from './conversation.ts';

const CORE = 'urn:scim:schemas:core:2.0';
const ENTERPRISE = 'urn:scim:schemas:extension:enterprise:2.0';

/** OneLogin with a SCIM Provisioner application and its default template, in which URNs are not those of the RFC. */
export const ONELOGIN: Conversation = {
  provider: 'OneLogin',
  page: 'onelogin.md',
  knownFrom: [
    'developers.onelogin.com: SCIM, implement a SCIM API',
    'goauthentik/authentik issue 11249 (log with URLs and headers)',
    'Templates of connectors in guides of scim.dev and of vendors; OneLogin adapter of django-scim2 (emails as an object)',
  ],
  integration: { requirePrimaryEmail: false },
  headers: { Accept: 'application/json', 'User-Agent': 'application/json' },
  contentType: 'application/scim+json',
  steps: [
    {
      what: 'enable: look up a user that cannot be',
      method: 'GET',
      path: '/Users?filter=userName+eq+%22onelogin-no-such-user%22&',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'enable: read the configuration',
      method: 'GET',
      path: '/ServiceProviderConfig',
      answer: { status: 200, body: { patch: { supported: true }, filter: { supported: true } } },
    },
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName+eq+%22carl.venn%22&',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create him, unset fields as empty strings',
      method: 'POST',
      path: '/Users?',
      body: {
        schemas: [CORE, ENTERPRISE],
        userName: 'carl.venn',
        name: { familyName: ' Venn', givenName: 'Carl' },
        displayName: 'Carl Venn',
        title: '',
        emails: [{ value: 'carl.venn@firm.example', type: 'work', primary: true }],
        active: true,
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
          department: '',
          manager: { value: '', displayName: ' ' },
        },
      },
      answer: {
        status: 201,
        body: {
          userName: 'carl.venn',
          name: { familyName: ' Venn' },
        },
        without: ['manager', CORE, ENTERPRISE],
      },
      keep: 'carl',
      tolerances: ['foreign-schema-urn', 'empty-complex-value'],
    },
    {
      what: 'create a user with the Core template, which has no e-mail address',
      method: 'POST',
      path: '/Users?',
      body: {
        schemas: ['urn:scim:schemas:core:1.0'],
        userName: 'dora.lind',
        name: { givenName: 'Dora', familyName: 'Lind', formatted: 'Dora Lind' },
      },
      answer: { status: 201, body: { userName: 'dora.lind' } },
      keep: 'dora',
      tolerances: ['foreign-schema-urn'],
    },
    {
      what: 'read him by id',
      method: 'GET',
      path: '/Users/{carl}?',
      answer: { status: 200, body: { id: '{carl}' } },
    },
    {
      what: 'update him by the whole template, emails as one object',
      method: 'PUT',
      path: '/Users/{carl}?',
      body: {
        schemas: [CORE, ENTERPRISE],
        userName: 'carl.venn',
        name: { familyName: 'Venn', givenName: 'Carl' },
        displayName: 'Carl Venn',
        title: 'Buyer',
        emails: { value: 'c.venn@firm.example', type: 'work', primary: true },
        active: 'true',
        id: null,
      },
      answer: {
        status: 200,
        body: {
          title: 'Buyer',
          active: true,
          emails: [{ value: 'c.venn@firm.example', type: 'work', primary: true }],
        },
      },
      tolerances: ['foreign-schema-urn', 'object-for-array', 'boolean-as-string'],
    },
    {
      what: 'entitlements refresh: read the groups',
      method: 'GET',
      path: '/Groups?',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create a group',
      method: 'POST',
      path: '/Groups?',
      body: { schemas: [GROUP], displayName: 'Purchasing' },
      answer: { status: 201, body: { displayName: 'Purchasing' } },
      keep: 'purchasing',
    },
    {
      what: 'add a member',
      method: 'PATCH',
      path: '/Groups/{purchasing}?',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: '{carl}' }] }] },
      answer: { status: 200, body: { members: [{ value: '{carl}' }] } },
    },
    {
      what: 'entitlements refresh: read the groups again',
      method: 'GET',
      path: '/Groups?',
      answer: {
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '{purchasing}', displayName: 'Purchasing' }] },
      },
    },
    {
      what: 'rename the group',
      method: 'PATCH',
      path: '/Groups/{purchasing}?',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'displayName', value: 'Procurement' }] },
      answer: { status: 200, body: { displayName: 'Procurement', members: [{ value: '{carl}' }] } },
    },
    {
      what: 'take the member out',
      method: 'PATCH',
      path: '/Groups/{purchasing}?',
      body: { schemas: [PATCH], Operations: [{ op: 'remove', path: 'members[value eq "{carl}"]' }] },
      answer: { status: 200, without: ['{carl}'] },
    },
    {
      what: 'suspend him by PUT',
      method: 'PUT',
      path: '/Users/{carl}?',
      body: {
        schemas: [CORE],
        userName: 'carl.venn',
        name: { familyName: 'Venn', givenName: 'Carl' },
        emails: [{ value: 'c.venn@firm.example', type: 'work', primary: true }],
        active: false,
      },
      answer: { status: 200, body: { active: false } },
      tolerances: ['foreign-schema-urn'],
    },
    { what: 'delete a user', method: 'DELETE', path: '/Users/{dora}?', answer: { status: 204 } },
  ],
  left: {
    users: [{ id: '{carl}', userName: 'carl.venn', active: false, groups: [] }],
    groups: [{ id: '{purchasing}', displayName: 'Procurement' }],
  },
};
