import { type Conversation, ENTERPRISE, GROUP, NOBODY, PATCH, USER } from './conversation.ts';

/** CyberArk Identity, SCIM outbound provisioning: users by PUT, single discovery resources by id. */
export const CYBERARK: Conversation = {
  provider: 'CyberArk Identity',
  knownFrom: [
    'identity-developer.cyberark.com: endpoints that a SCIM application needs; bodies are those of RFC 7644',
  ],
  headers: { Accept: 'application/scim+json' },
  contentType: 'application/scim+json',
  steps: [
    { what: 'verify: users', method: 'GET', path: '/Users?count=1', answer: { status: 200, body: NOBODY } },
    { what: 'verify: configuration', method: 'GET', path: '/ServiceProviderConfig', answer: { status: 200 } },
    {
      what: 'verify: User',
      method: 'GET',
      path: '/ResourceTypes/User',
      answer: { status: 200, body: { name: 'User' } },
    },
    {
      what: 'verify: Group',
      method: 'GET',
      path: '/ResourceTypes/Group',
      answer: { status: 200, body: { name: 'Group' } },
    },
    {
      what: 'verify: user schema',
      method: 'GET',
      path: `/Schemas/${USER}`,
      answer: { status: 200, body: { id: USER } },
    },
    {
      what: 'verify: group schema',
      method: 'GET',
      path: `/Schemas/${GROUP}`,
      answer: { status: 200, body: { id: GROUP } },
    },
    {
      what: 'verify: enterprise schema',
      method: 'GET',
      path: `/Schemas/${ENTERPRISE}`,
      answer: { status: 200, body: { id: ENTERPRISE } },
    },
    {
      what: 'look up a user',
      method: 'GET',
      path: '/Users?filter=userName%20eq%20%22fred.okoro%40vault.example%22',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create him',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'fred.okoro@vault.example',
        name: { givenName: 'Fred', familyName: 'Okoro' },
        emails: [{ value: 'fred.okoro@vault.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 201 },
      keep: 'fred',
    },
    {
      what: 'read him',
      method: 'GET',
      path: '/Users/{fred}',
      answer: { status: 200, body: { id: '{fred}' } },
    },
    {
      what: 'deactivate him by PUT',
      method: 'PUT',
      path: '/Users/{fred}',
      body: {
        schemas: [USER],
        id: '{fred}',
        userName: 'fred.okoro@vault.example',
        name: { givenName: 'Fred', familyName: 'Okoro' },
        emails: [{ value: 'fred.okoro@vault.example', type: 'work', primary: true }],
        active: false,
      },
      answer: { status: 200, body: { active: false } },
    },
    {
      what: 'create a group',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Vault users' },
      answer: { status: 201 },
      keep: 'vault',
    },
    {
      what: 'add a member',
      method: 'PATCH',
      path: '/Groups/{vault}',
      body: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: '{fred}' }] }] },
      answer: { status: 200, body: { members: [{ value: '{fred}' }] } },
    },
    {
      what: 'take the member out',
      method: 'PATCH',
      path: '/Groups/{vault}',
      body: { schemas: [PATCH], Operations: [{ op: 'remove', path: 'members[value eq "{fred}"]' }] },
      answer: { status: 200, without: ['{fred}'] },
    },
  ],
  left: {
    users: [{ id: '{fred}', active: false, groups: [] }],
    groups: [{ id: '{vault}', displayName: 'Vault users' }],
  },
};
