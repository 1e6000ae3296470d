import { type Conversation, GROUP, NOBODY, USER } from './conversation.ts';

/** PingFederate with the SCIM Provisioner: PUT for everything, filters from templates that an administrator edits. */
export const PINGFEDERATE: Conversation = {
  provider: 'PingFederate',
  page: 'ping.md',
  knownFrom: [
    'docs.pingidentity.com: SCIM Provisioner, settings reference (filter expressions), changelog (case of type)',
    'Bodies are not published; those here are of RFC 7644',
  ],
  integration: { auth: 'basic' },
  headers: { Accept: 'application/json' },
  contentType: 'application/json',
  steps: [
    {
      what: 'look up a user with the template `username Eq "%s"`',
      method: 'GET',
      path: '/Users?filter=username+Eq+%22otto.falk%22',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'look up a user with a template without quotes',
      method: 'GET',
      path: '/Users?filter=userName+eq+otto.falk',
      answer: { status: 200, body: NOBODY },
      tolerances: ['unquoted-filter-value'],
    },
    {
      what: 'create him inactive',
      method: 'POST',
      path: '/Users',
      body: {
        schemas: [USER],
        userName: 'otto.falk',
        name: { givenName: 'Otto', familyName: 'Falk' },
        emails: [{ value: 'otto.falk@mill.example', type: 'work', primary: true }],
        active: false,
      },
      answer: { status: 201, body: { active: false } },
      keep: 'otto',
    },
    {
      what: 'look up a user by a part of an address',
      method: 'GET',
      path: '/Users?filter=emails+Co+%22otto.falk%40mill%22',
      answer: { status: 200, body: { totalResults: 1, Resources: [{ id: '{otto}' }] } },
    },
    {
      what: 'update him by PUT',
      method: 'PUT',
      path: '/Users/{otto}',
      body: {
        schemas: [USER],
        id: '{otto}',
        userName: 'otto.falk',
        name: { givenName: 'Otto', familyName: 'Falk' },
        emails: [{ value: 'otto.falk@mill.example', type: 'work', primary: true }],
        active: true,
      },
      answer: { status: 200, body: { active: true } },
    },
    {
      what: 'read all groups to compare their names',
      method: 'GET',
      path: '/Groups?startIndex=1&count=100',
      answer: { status: 200, body: NOBODY },
    },
    {
      what: 'create a group with a member',
      method: 'POST',
      path: '/Groups',
      body: { schemas: [GROUP], displayName: 'Millers', members: [{ value: '{otto}' }] },
      answer: { status: 201, body: { members: [{ value: '{otto}' }] } },
      keep: 'millers',
    },
    {
      what: 'put the group with a new name and without members',
      method: 'PUT',
      path: '/Groups/{millers}',
      body: { schemas: [GROUP], id: '{millers}', displayName: 'Mill hands', members: [] },
      answer: { status: 200, body: { displayName: 'Mill hands' }, without: ['{otto}'] },
    },
    { what: 'delete the group', method: 'DELETE', path: '/Groups/{millers}', answer: { status: 204 } },
    { what: 'delete the user', method: 'DELETE', path: '/Users/{otto}', answer: { status: 204 } },
  ],
  left: { users: [], groups: [] },
};
