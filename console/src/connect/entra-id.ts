import type { Guide } from './guide.ts';

export const entraId: Guide = {
  id: 'entra',
  name: 'Microsoft Entra ID',
  auths: ['bearer'],
  omitsPrimaryEmail: true,
  forms: [
    {
      path: [
        'Enterprise applications',
        'New application',
        'Create your own application',
        'Integrate any other application you don’t find in the gallery',
      ],
      note: 'In the application: Provisioning, New configuration.',
      fields: [
        { label: 'Select authentication method', value: { choose: 'Bearer authentication' } },
        { label: 'Tenant URL', value: { of: 'baseUrl' } },
        { label: 'Secret token', value: { of: 'token' } },
      ],
      end: 'Test connection, then Create.',
    },
  ],
  remarks: [
    'Assign users and groups under Users and groups, then Start provisioning. A cycle runs every 40 minutes; Provision on demand sends one user at once.',
    'In the attribute mappings, give externalId the source objectId in place of mailNickname: it stays when a person is renamed.',
  ],
  test: 'Test connection looks up a random user and a random group.',
};
