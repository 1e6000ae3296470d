import { expect, it } from 'vitest';
import { guessProvider } from '../../src/core/provider.ts';

it.each<[string, { userAgent?: string; url?: string; body?: string }]>([
  ['okta', { userAgent: 'Okta SCIM Client 1.0.0' }],
  ['google', { userAgent: 'Google-Auto-Provisioning' }],
  ['curl', { userAgent: 'curl/8.5.0' }],
  ['jumpcloud', { userAgent: 'JumpCloud' }],
  ['ping', { userAgent: 'PingOne/1.0' }],
  ['sailpoint', { userAgent: 'SailPoint IdentityNow' }],
  ['sap', { userAgent: 'SAP Cloud Identity Services' }],
  ['onelogin', { userAgent: 'application/json', url: '/scim/v2/Users/1?' }],
  ['onelogin', { url: '/scim/v2/Users?filter=userName+eq+%22x%22&' }],
  ['entra', { body: '{"Operations":[{"op":"Replace","path":"active","value":"False"}]}' }],
  ['entra', { body: '{"Operations":[{"op":"add","value":[{"$ref":null,"value":"1"}]}]}' }],
  ['entra', { url: '/scim/v2/Groups?excludedAttributes=members&filter=displayName+eq+%22x%22' }],
  ['sap', { body: '{"urn:ietf:params:scim:schemas:extension:sap:2.0:User":{}}' }],
  [
    'google',
    { body: '{"schemas":["urn:scim:schemas:core:1.0","urn:ietf:params:scim:schemas:core:2.0:User"]}' },
  ],
  ['ping', { url: '/scim/v2/Users?filter=username%20Eq%20%22x%22' }],
  ['other', { userAgent: 'mine/1.0', body: '{"Operations":[{"op":"replace"}]}' }],
  ['other', { userAgent: 'shopping/2' }],
  ['other', {}],
])('%s: %j', (provider, { userAgent = '', url = '/scim/v2/Users', body }) => {
  expect(guessProvider({ userAgent, url, body })).toBe(provider);
});
