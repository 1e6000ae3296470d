import { type Conversation, ERROR, GROUP, NOBODY, PATCH, USER } from './conversation.ts';

/** Rippling with a custom SCIM application; it repeats a POST that it takes for lost. */
export const RIPPLING: Conversation = {
  provider: 'Rippling',
  knownFrom: ['Guides of workos.com and kombo.dev on Rippling SCIM; bodies are those of RFC 7644'],
  headers: { Accept: 'application/scim+json' },
  contentType: 'application/scim+json',
  steps: [
    { what: 'test connection', method: 'GET', path: '/ServiceProviderConfig', answer: { status: 200 } },
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22gia.moss%40shop.example%22',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create her',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        externalId: 'rip-6021',
        userName: 'gia.moss@shop.example',
        name: { givenName: 'Gia', familyName: 'Moss' },
        emails: [{ value: 'gia.moss@shop.example', primary: true }],
        active: true,
      },
      answer: { status: 201, body: { externalId: 'rip-6021' } },
      keep: 'gia',
    },
    {
      what: 'create her again',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        externalId: 'rip-6021',
        userName: 'gia.moss@shop.example',
        name: { givenName: 'Gia', familyName: 'Moss' },
        emails: [{ value: 'gia.moss@shop.example', primary: true }],
        active: true,
      },
      answer: { status: 409, body: { schemas: [ERROR], scimType: 'uniqueness' } },
    },
    {
      what: 'create a group',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Clerks' },
      answer: { status: 201 },
      keep: 'clerks',
    },
    {
      what: 'add a member',
      method: 'PATCH',
      path: '/Groups/{clerks}',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: '{gia}' }] }] },
      answer: { status: 200, body: { members: [{ value: '{gia}' }] } },
    },
    {
      what: 'deactivate her',
      method: 'PATCH',
      path: '/Users/{gia}',
      body: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'active', value: false }] },
      answer: { status: 200, body: { active: false } },
    },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{clerks}', answer: { status: 204 } },
  ],
  left: { users: [{ id: '{gia}', active: false, groups: [] }], groups: [] },
};
