import type { Guide } from './guide.ts';

export const other: Guide = {
  id: 'other',
  name: 'Another client',
  auths: ['bearer', 'basic'],
  forms: [
    {
      path: ['Any client of SCIM 2.0'],
      note: 'The names of the fields differ; these are the values.',
      fields: [
        { label: 'SCIM base URL', value: { of: 'baseUrl' }, note: 'Without /Users behind it.' },
        { label: 'Authorization', value: { choose: 'Bearer token' }, auth: 'bearer' },
        { label: 'Token', value: { of: 'token' }, auth: 'bearer' },
        { label: 'Authorization', value: { choose: 'Basic' }, auth: 'basic' },
        { label: 'Username', value: { of: 'username' }, auth: 'basic' },
        { label: 'Password', value: { of: 'password' }, auth: 'basic' },
        { label: 'Unique identifier', value: { text: 'userName' } },
      ],
      end: 'Save, and test the connection if it offers that.',
    },
  ],
  remarks: ['A client of SCIM 1.1 takes the SCIM 1.1 base URL, with the same secret.'],
  test: 'Any request will do.',
};
