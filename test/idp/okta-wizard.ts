import { type Conversation, GROUP, NOBODY, USER } from './conversation.ts';

/** Okta with an application made in the App Integration Wizard: PUT for everything, Basic authentication. */
export const OKTA_WIZARD: Conversation = {
  provider: 'Okta (App Integration Wizard)',
  page: 'okta.md',
  knownFrom: ['okta-developer-docs: reference/scim/scim-20 (PUT forms), concepts/scim/faqs'],
  integration: { auth: 'basic' },
  headers: {
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Accept: 'application/scim+json',
    'Content-Type': 'application/scim+json; charset=utf-8',
  },
  contentType: 'application/scim+json; charset=utf-8',
  steps: [
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22lea.fontaine%40corp.example%22&startIndex=1&count=100',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create her',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'lea.fontaine@corp.example',
        name: { givenName: 'Léa', familyName: 'Fontaine' },
        emails: [{ primary: true, value: 'lea.fontaine@corp.example', type: 'work' }],
        displayName: 'Léa Fontaine',
        locale: 'fr-FR',
        externalId: '00uq8fexample3',
        groups: [],
        password: 'Pl4ceholder-Lea',
        active: true,
      },
      answer: { status: 201, body: { name: { givenName: 'Léa' } }, without: ['password'] },
      keep: 'lea',
    },
    {
      what: 'push a group',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Design', members: [] },
      answer: { status: 201 },
      keep: 'design',
    },
    { what: 'read the group', method: 'GET', path: '/Groups/{design}', answer: { status: 200 } },
    {
      what: 'put the group with a member and a new name',
      method: 'PUT',
      path: '/Groups/{design}',
      body: {
        schemas: [GROUP],
        id: '{design}',
        displayName: 'Design Studio',
        members: [{ value: '{lea}', display: 'lea.fontaine@corp.example' }],
      },
      answer: { status: 200, body: { displayName: 'Design Studio', members: [{ value: '{lea}' }] } },
    },
    {
      what: 'read her, with her groups',
      method: 'GET',
      path: '/Users/{lea}',
      answer: { status: 200, body: { groups: [{ value: '{design}', display: 'Design Studio' }] } },
    },
    {
      what: 'deactivate her by PUT with an empty list of groups',
      method: 'PUT',
      path: '/Users/{lea}',
      body: {
        schemas: [USER],
        id: '{lea}',
        userName: 'lea.fontaine@corp.example',
        name: { givenName: 'Léa', familyName: 'Fontaine' },
        emails: [{ primary: true, value: 'lea.fontaine@corp.example', type: 'work' }],
        active: false,
        groups: [],
        meta: { resourceType: 'User' },
      },
      answer: { status: 200, body: { active: false, groups: [{ value: '{design}' }] } },
    },
  ],
  left: {
    users: [{ id: '{lea}', active: false, groups: [{ value: '{design}' }] }],
    groups: [{ id: '{design}', displayName: 'Design Studio', members: [{ value: '{lea}' }] }],
  },
};
