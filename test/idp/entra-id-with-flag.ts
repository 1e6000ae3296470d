import { type Conversation, ENTERPRISE, GROUP, NOBODY, PATCH, USER } from './conversation.ts';

/** Microsoft Entra ID with `?aadOptscim062020` in the tenant URL: nearer to the RFC, but for keys that are paths. */
export const ENTRA_ID_WITH_FLAG: Conversation = {
  provider: 'Microsoft Entra ID with aadOptscim062020',
  page: 'entra-id.md',
  knownFrom: [
    'entra-docs: application-provisioning-config-problem-scim-compatibility (forms with the flag)',
    'Results of the Microsoft SCIM Validator published in pranems/SCIMServer',
    'scimmyjs/scimmy issue 59 (empty Operations)',
    'Request collection of AzureAD/SCIMReferenceCode (a member as a plain string)',
  ],
  integration: { requirePrimaryEmail: false },
  headers: { Accept: 'application/scim+json' },
  contentType: 'application/scim+json; charset=utf-8',
  steps: [
    {
      what: 'test connection',
      method: 'GET',
      path: '/Users?filter=userName+eq+%22c2f2a4f8-31cd-4c57-8b1c-6f4f6f1f3b11%22',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create a user whose work address is not primary',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER, ENTERPRISE],
        externalId: 'ines.oduya',
        userName: 'ines.oduya@tenant.example',
        active: true,
        emails: [{ type: 'work', value: 'ines.oduya@tenant.example' }],
        name: { familyName: 'Oduya', givenName: 'Ines' },
      },
      answer: { status: 201, body: { emails: [{ type: 'work', value: 'ines.oduya@tenant.example' }] } },
      keep: 'ines',
    },
    {
      what: 'update several attributes in one operation without a path',
      method: 'PATCH',
      path: '/Users/{ines}',
      body: {
        schemas: [PATCH],
        Operations: [
          {
            op: 'replace',
            value: {
              displayName: 'Ines Oduya',
              'name.givenName': 'Inês',
              [`${ENTERPRISE}:employeeNumber`]: '0815',
            },
          },
          { op: 'add', path: 'emails[type eq "home"].value', value: 'ines@home.example' },
        ],
      },
      answer: {
        status: 200,
        body: {
          displayName: 'Ines Oduya',
          name: { givenName: 'Inês', familyName: 'Oduya' },
          emails: [
            { type: 'work', value: 'ines.oduya@tenant.example' },
            { type: 'home', value: 'ines@home.example' },
          ],
          [ENTERPRISE]: { employeeNumber: '0815' },
        },
      },
      tolerances: ['path-in-value-key', 'create-missing-element'],
    },
    {
      what: 'update nothing',
      method: 'PATCH',
      path: '/Users/{ines}',
      body: { schemas: [PATCH], Operations: [] },
      answer: { status: 200, body: { displayName: 'Ines Oduya', meta: { version: 'W/"2"' } } },
      tolerances: ['empty-operations'],
    },
    {
      what: 'set a manager as a list of one, as older mappings do',
      method: 'PATCH',
      path: '/Users/{ines}',
      body: {
        schemas: [PATCH],
        Operations: [
          { op: 'Add', path: `${ENTERPRISE}:manager`, value: [{ $ref: '../Users/{ines}', value: '{ines}' }] },
        ],
      },
      answer: {
        status: 200,
        body: { [ENTERPRISE]: { employeeNumber: '0815', manager: { value: '{ines}' } } },
      },
      tolerances: ['operation-name-case', 'single-element-array'],
    },
    {
      what: 'disable her',
      method: 'PATCH',
      path: '/Users/{ines}',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] },
      answer: { status: 200, body: { active: false } },
    },
    {
      what: 'look up a group',
      method: 'GET',
      path: '/Groups?excludedAttributes=members&filter=displayName+eq+%22Legal%22',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create it',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], externalId: '7f2d11aa-legal', displayName: 'Legal' },
      answer: { status: 201, body: { displayName: 'Legal' } },
      keep: 'legal',
    },
    {
      what: 'add a member',
      method: 'PATCH',
      path: '/Groups/{legal}',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: '{ines}' }] }] },
      answer: { status: 200, body: { members: [{ value: '{ines}', type: 'User' }] } },
    },
    {
      what: 'add the same member again, as a plain id',
      method: 'PATCH',
      path: '/Groups/{legal}',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: '{ines}' }] },
      answer: { status: 200, body: { members: [{ value: '{ines}' }] } },
      tolerances: ['scalar-member'],
    },
    {
      what: 'rename the group without a path',
      method: 'PATCH',
      path: '/Groups/{legal}',
      body: {
        schemas: [PATCH],
        Operations: [{ op: 'replace', value: { displayName: 'Legal and Compliance' } }],
      },
      answer: { status: 200, body: { displayName: 'Legal and Compliance', members: [{ value: '{ines}' }] } },
    },
    {
      what: 'take the member out',
      method: 'PATCH',
      path: '/Groups/{legal}',
      body: { schemas: [PATCH], Operations: [{ op: 'remove', path: 'members[value eq "{ines}"]' }] },
      answer: { status: 200, without: ['{ines}'] },
    },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{legal}', answer: { status: 204 } },
  ],
  left: {
    users: [{ id: '{ines}', userName: 'ines.oduya@tenant.example', active: false, groups: [] }],
    groups: [],
  },
};
