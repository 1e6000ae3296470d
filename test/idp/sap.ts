import { type Conversation, ENTERPRISE, ERROR, GROUP, PATCH, USER } from './conversation.ts';

const SAP_USER = 'urn:ietf:params:scim:schemas:extension:sap:2.0:User';

/** SAP Cloud Identity Services, Identity Provisioning, with a target system of the type SCIM System. */
export const SAP: Conversation = {
  provider: 'SAP Cloud Identity Services',
  page: 'sap.md',
  knownFrom: [
    'SAP-docs/btp-cloud-identity-services: SCIM System as target, list of properties (conflict resolution, If-Match: *)',
    'SAP-docs/btp-cloud-identity-services: proxy systems (paging, delta reads)',
    'The body of a PATCH is not published; the one here is that of RFC 7644',
  ],
  integration: { auth: 'basic' },
  headers: { Accept: 'application/scim+json', 'If-Match': '*' },
  contentType: 'application/scim+json',
  steps: [
    {
      what: 'create a user with the first write, without a look-up',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER, SAP_USER],
        userName: 'P000042',
        name: { givenName: 'Tomas', familyName: 'Reiter' },
        displayName: 'Tomas Reiter',
        emails: [{ value: 'tomas.reiter@werk.example', type: 'work', primary: true }],
        active: true,
        userType: 'employee',
        [SAP_USER]: { userUuid: '3c0f3d1e-9c55-4a53-b5a0-1b5ad35c7d10' },
      },
      answer: {
        status: 201,
        body: { userName: 'P000042', [SAP_USER]: { userUuid: '3c0f3d1e-9c55-4a53-b5a0-1b5ad35c7d10' } },
      },
      keep: 'tomas',
    },
    {
      what: 'create a user that exists',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER, SAP_USER],
        userName: 'p000042',
        emails: [{ value: 'tomas.reiter@werk.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 409, body: { schemas: [ERROR], scimType: 'uniqueness' } },
    },
    {
      what: 'resolve the conflict by userName',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22p000042%22',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{tomas}' }] } },
    },
    {
      what: 'resolve the conflict by e-mail address',
      method: 'GET',
      path: '/Users?filter=emails.value%20eq%20%22tomas.reiter%40werk.example%22',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{tomas}' }] } },
    },
    {
      what: 'find a person by userUuid',
      method: 'GET',
      path: `/Users?filter=${SAP_USER}:userUuid%20eq%20%223c0f3d1e-9c55-4a53-b5a0-1b5ad35c7d10%22`,
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{tomas}' }] } },
    },
    {
      what: 'overwrite the user that was found',
      method: 'PUT',
      path: '/Users/{tomas}',
      body: {
        schemas: [USER, SAP_USER],
        id: '{tomas}',
        userName: 'P000042',
        name: { givenName: 'Tomas', familyName: 'Reiter' },
        displayName: 'Reiter, Tomas',
        emails: [{ value: 'tomas.reiter@werk.example', type: 'work', primary: true }],
        active: true,
        [SAP_USER]: { userUuid: '3c0f3d1e-9c55-4a53-b5a0-1b5ad35c7d10' },
      },
      answer: {
        status: 200,
        body: {
          id: '{tomas}',
          displayName: 'Reiter, Tomas',
          [SAP_USER]: { userUuid: '3c0f3d1e-9c55-4a53-b5a0-1b5ad35c7d10' },
        },
        without: ['userType'],
      },
    },
    {
      what: 'update him by PATCH (scim.support.patch.operation=true)',
      method: 'PATCH',
      path: '/Users/{tomas}',
      body: {
        schemas: [PATCH],
        Operations: [{ op: 'add', value: { [ENTERPRISE]: { department: 'Plant 7' }, title: 'Foreman' } }],
      },
      answer: { status: 200, body: { title: 'Foreman', [ENTERPRISE]: { department: 'Plant 7' } } },
    },
    {
      what: 'create a second user as plain JSON (scim.content.type)',
      method: 'POST',
      path: '/Users',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: {
        schemas: [USER],
        userName: 'P000043',
        name: { givenName: 'Vera', familyName: 'Hold' },
        emails: [{ value: 'vera.hold@werk.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 201 },
      keep: 'vera',
    },
    {
      what: 'create a group with a member',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Foremen', members: [{ value: '{tomas}' }] },
      answer: { status: 201, body: { members: [{ value: '{tomas}' }] } },
      keep: 'foremen',
    },
    {
      what: 'resolve a group by displayName',
      method: 'GET',
      path: '/Groups?filter=displayName%20eq%20%22Foremen%22',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{foremen}' }] } },
    },
    {
      what: 'put the group with its whole list of members and a new name',
      method: 'PUT',
      path: '/Groups/{foremen}',
      body: {
        schemas: [GROUP],
        id: '{foremen}',
        displayName: 'Foremen Plant 7',
        members: [{ value: '{tomas}' }, { value: '{vera}' }],
      },
      answer: {
        status: 200,
        body: { displayName: 'Foremen Plant 7', members: [{ value: '{tomas}' }, { value: '{vera}' }] },
      },
    },
    {
      what: 'put the group with a member less',
      method: 'PUT',
      path: '/Groups/{foremen}',
      body: {
        schemas: [GROUP],
        id: '{foremen}',
        displayName: 'Foremen Plant 7',
        members: [{ value: '{vera}' }],
      },
      answer: { status: 200, body: { members: [{ value: '{vera}' }] } },
    },
    {
      what: 'read a page',
      method: 'GET',
      path: '/Users?startIndex=1&count=1',
      answer: {
        status: 200,
        body: { totalResults: 2, startIndex: 1, itemsPerPage: 1, Resources: [{ id: '{tomas}' }] },
      },
    },
    {
      what: 'read the next page, at startIndex + itemsPerPage',
      method: 'GET',
      path: '/Users?startIndex=2&count=1',
      answer: {
        status: 200,
        body: { totalResults: 2, startIndex: 2, itemsPerPage: 1, Resources: [{ id: '{vera}' }] },
      },
    },
    {
      what: 'read what changed',
      method: 'GET',
      path: '/Users?filter=meta.lastModified%20gt%20%222020-01-01T00:00:00Z%22&startIndex=1&count=100',
      answer: { status: 200, body: { totalResults: 2 } },
    },
    {
      what: 'deactivate instead of deleting (scope deleteEntity)',
      method: 'PUT',
      path: '/Users/{tomas}',
      body: {
        schemas: [USER],
        id: '{tomas}',
        userName: 'P000042',
        emails: [{ value: 'tomas.reiter@werk.example', type: 'work', primary: true }],
        active: false,
      },
      answer: { status: 200, body: { active: false } },
    },
    { what: 'delete a user', method: 'DELETE', path: '/Users/{vera}', answer: { status: 204 } },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{foremen}', answer: { status: 204 } },
  ],
  left: { users: [{ id: '{tomas}', userName: 'P000042', active: false, groups: [] }], groups: [] },
};
