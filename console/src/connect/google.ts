import type { Guide } from './guide.ts';

export const google: Guide = {
  id: 'google',
  name: 'Google Workspace',
  auths: ['bearer'],
  forms: [
    {
      path: [
        'Apps',
        'Web and mobile apps',
        'Your SAML application',
        'Autoprovisioning',
        'Configure autoprovisioning',
      ],
      fields: [
        { label: 'Access token', value: { of: 'token' } },
        { label: 'Endpoint URL', value: { of: 'baseUrl' } },
        {
          label: 'App attributes',
          value: {
            choose:
              'userName and emails.value from Primary email, name.givenName from First name, name.familyName from Last name',
          },
        },
      ],
      end: 'Finish, then switch Autoprovisioning to Active.',
    },
  ],
  remarks: ['Google sends changes every few hours.'],
  test: 'Entering the URL reads users and the schema of users.',
};
