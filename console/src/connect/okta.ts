import type { Guide } from './guide.ts';

export const okta: Guide = {
  id: 'okta',
  name: 'Okta',
  auths: ['bearer', 'basic'],
  forms: [
    {
      path: ['Your SAML or SWA application', 'General', 'App Settings', 'Edit', 'Provisioning: SCIM', 'Save'],
      note: 'Then the tab Provisioning, Integration, Edit:',
      fields: [
        {
          label: 'SCIM connector base URL',
          value: { of: 'baseUrl' },
          note: 'Okta takes no “_” in the host name.',
        },
        { label: 'Unique identifier field for users', value: { text: 'userName' } },
        {
          label: 'Supported provisioning actions',
          value: {
            choose: 'Import New Users and Profile Updates, Push New Users, Push Profile Updates, Push Groups',
          },
        },
        { label: 'Authentication Mode', value: { choose: 'HTTP Header' }, auth: 'bearer' },
        { label: 'Authorization', value: { of: 'token' }, auth: 'bearer' },
        { label: 'Authentication Mode', value: { choose: 'Basic Auth' }, auth: 'basic' },
        { label: 'Username', value: { of: 'username' }, auth: 'basic' },
        { label: 'Password', value: { of: 'password' }, auth: 'basic' },
      ],
      end: 'Test Connector Configuration, then Save.',
    },
  ],
  remarks: [
    'In the tab To App: enable Create Users, Update User Attributes and Deactivate Users.',
    'Assign the users of a group before you push the group: Okta does not send a push again that was refused.',
  ],
  test: 'Test Connector Configuration reads a page of users and one of groups.',
};
