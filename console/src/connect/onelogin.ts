import type { Guide } from './guide.ts';

const TEMPLATE = {
  schemas: [
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  ],
  userName: '{$parameters.scimusername}',
  name: { givenName: '{$user.firstname}', familyName: '{$user.lastname}' },
  displayName: '{$user.display_name}',
  emails: [{ value: '{$user.email}', type: 'work', primary: true }],
  title: '{$parameters.title}',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: '{$parameters.department}' },
};

export const onelogin: Guide = {
  id: 'onelogin',
  name: 'OneLogin',
  auths: ['bearer'],
  omitsPrimaryEmail: true,
  forms: [
    {
      path: ['Applications', 'Add App', 'SCIM Provisioner with SAML (SCIM v2 Enterprise)', 'Save'],
      note: 'In the tab Configuration:',
      fields: [
        { label: 'SCIM Base URL', value: { of: 'baseUrl' } },
        {
          label: 'SCIM JSON Template',
          value: { text: JSON.stringify(TEMPLATE, null, 2) },
          note: 'The mapping of attributes.',
        },
        { label: 'SCIM Bearer Token', value: { of: 'token' } },
        { label: 'API Status', value: { choose: 'Enable' } },
      ],
      end: 'Save. In the tab Provisioning: Enable provisioning.',
    },
  ],
  remarks: ['For groups: the tab Parameters, the row Groups, Include in User Provisioning.'],
  test: 'Enable looks up a user who does not exist.',
};
