import type { Guide } from './guide.ts';

export const jumpcloud: Guide = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  auths: ['bearer'],
  forms: [
    {
      path: [
        'SSO Applications',
        'Add New Application',
        'Custom Application',
        'Export users to this app (Identity Management)',
      ],
      fields: [
        { label: 'SCIM Version', value: { choose: 'SCIM 2.0' } },
        { label: 'Base URL', value: { of: 'baseUrl' } },
        { label: 'Token Key', value: { of: 'token' } },
        {
          label: 'Test User Email',
          value: { choose: 'an address of your own for the test, which no user in Roster has yet' },
        },
        { label: 'Enable management of User Groups and Group Membership', value: { choose: 'on' } },
      ],
      end: 'Test Connection, Activate, Save.',
    },
  ],
  remarks: ['Choose groups in the tab User Groups: their members are provisioned, and the groups with them.'],
  test: 'Test Connection reads users; Activate makes a test user and a test group and deletes them again.',
};
