import type { Guide } from './guide.ts';

export const sailpoint: Guide = {
  id: 'sailpoint',
  name: 'SailPoint',
  auths: ['bearer'],
  forms: [
    {
      path: ['Connections', 'Sources', 'Create New', 'SCIM 2.0', 'Connection Settings'],
      note: 'IdentityIQ has the same fields on the tab Configuration of an application of the type SCIM 2.0.',
      fields: [
        { label: 'Host URL', value: { of: 'baseUrl' } },
        { label: 'Authentication Type', value: { choose: 'API Token' } },
        { label: 'API Token', value: { of: 'token' } },
        { label: 'Connection Timeout', value: { text: '1' } },
      ],
      end: 'Save, then Test Connection and Discover Schema.',
    },
  ],
  remarks: ['Set usePatch to true, so that only changes are sent. Leave updateGroupsViaUsers off.'],
  test: 'Test Connection reads what the server can do.',
};
