import type { Guide } from './guide.ts';

export const sap: Guide = {
  id: 'sap',
  name: 'SAP Cloud Identity Services',
  auths: ['basic'],
  forms: [
    {
      path: ['Identity Provisioning', 'Target Systems', 'Add', 'Type: SCIM System', 'Save'],
      note: 'In the tab Properties, Edit:',
      fields: [
        { label: 'Type', value: { text: 'HTTP' } },
        { label: 'URL', value: { of: 'baseUrl' } },
        { label: 'ProxyType', value: { text: 'Internet' } },
        { label: 'Authentication', value: { text: 'BasicAuthentication' } },
        { label: 'User', value: { of: 'username' } },
        { label: 'Password', value: { of: 'password' }, note: 'Add it as a credential.' },
        {
          label: 'scim.support.patch.operation',
          value: { text: 'true' },
          note: 'So that only changes are sent.',
        },
      ],
      end: 'Save, choose the target system in the source system, then Jobs, Read Job, Run Now.',
    },
  ],
  remarks: [
    'Groups are left out until you take "ignore": true out of the mapping of group in the tab Transformations.',
  ],
  test: 'The first job creates a user.',
};
