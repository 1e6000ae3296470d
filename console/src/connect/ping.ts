import type { Guide } from './guide.ts';

export const ping: Guide = {
  id: 'ping',
  name: 'Ping Identity',
  auths: ['bearer', 'basic'],
  forms: [
    {
      path: ['PingOne', 'Integrations', 'Provisioning', 'New Connection', 'Identity Store', 'SCIM Outbound'],
      note: 'For a bearer token. PingOne takes no user name and password; PingFederate does.',
      fields: [
        { label: 'SCIM Base URL', value: { of: 'baseUrl' } },
        { label: 'Users Resource', value: { text: '/Users' } },
        { label: 'SCIM Version', value: { choose: '2.0' } },
        { label: 'Groups Resource', value: { text: '/Groups' } },
        { label: 'Authentication Method', value: { choose: 'OAuth 2 Bearer Token' }, auth: 'bearer' },
        { label: 'OAuth Access Token', value: { of: 'token' }, auth: 'bearer' },
        { label: 'Auth Type Header', value: { choose: 'Bearer' }, auth: 'bearer' },
        { label: 'User Filter Expression', value: { text: 'userName eq "%s"' } },
        { label: 'User Identifier', value: { choose: 'userName' } },
      ],
      end: 'Test connection, create a rule that uses the connection, and switch both on.',
    },
    {
      path: ['PingFederate', 'SP connection', 'Outbound provisioning', 'Target'],
      fields: [
        { label: 'SCIM URL', value: { of: 'baseUrl' } },
        { label: 'SCIM Version', value: { choose: '2.0' } },
        { label: 'Authentication Methods', value: { choose: 'OAuth 2 Bearer Token' }, auth: 'bearer' },
        { label: 'Access Token', value: { of: 'token' }, auth: 'bearer' },
        { label: 'Authentication Methods', value: { choose: 'Basic Authentication' }, auth: 'basic' },
        { label: 'Basic Authentication Username', value: { of: 'username' }, auth: 'basic' },
        { label: 'Basic Authentication Password', value: { of: 'password' }, auth: 'basic' },
        { label: 'Unique User Identifier', value: { choose: 'userName' } },
        { label: 'Filter Expression', value: { text: 'userName eq "%s"' } },
      ],
      end: 'Switch User Create, User Update and User Disable / Delete on.',
    },
  ],
  remarks: ['Map userName and workEmail: Roster asks for a primary address on new users.'],
  test: 'Test connection looks up a user.',
};
