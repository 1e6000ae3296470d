import { z } from 'zod';
import { id, issuedSecret, tenantParams, time } from './common.ts';
import { declareRoutes } from './route.ts';

export const credential = z
  .object({
    id,
    suffix: z.string().meta({ description: 'The last four characters of the secret.', examples: ['x7Qk'] }),
    username: z
      .string()
      .optional()
      .meta({ description: 'That goes with the password; absent: the secret is a token.' }),
    created: time,
    lastUsed: time.optional().meta({ description: 'To the minute; absent: never.' }),
    expires: time.optional().meta({ description: 'When it stops or has stopped working; absent: never.' }),
    state: z
      .enum(['live', 'ending', 'ended'])
      .meta({ description: '`ending`: live, within 30 days of its end.' }),
  })
  .meta({ id: 'Credential' });

export const integrationParams = tenantParams.extend({ integration: id });
const credentialParams = integrationParams.extend({ credential: id });

export const NO_INTEGRATION = { 404: 'There is no such integration.' };
const NO_CREDENTIAL = { 404: 'There is no such integration or credential.' };

/** When something ends; a client whose clock is ahead of the server's says `now` all the same. */
const end = z.union([z.literal('now'), time]);

export const issued = z.object({
  credential,
  secret: issuedSecret,
  scimBaseUrl: z.string(),
  scim1BaseUrl: z.string(),
});

export const CREDENTIAL_ROUTES = declareRoutes({
  addCredential: {
    method: 'POST',
    path: '/tenants/{tenant}/integrations/{integration}/credentials',
    tag: 'Credentials',
    summary: 'Add a credential',
    description: 'Its secret is in this answer and nowhere else.',
    access: 'tenantAdmin',
    reauthenticate: true,
    params: integrationParams,
    body: z.object({ expires: time.optional() }),
    answer: issued,
    status: 201,
    errors: { ...NO_INTEGRATION, 409: 'The integration has ten live credentials already.' },
  },
  rotateCredential: {
    method: 'POST',
    path: '/tenants/{tenant}/integrations/{integration}/credentials/{credential}/rotate',
    tag: 'Credentials',
    summary: 'Replace a credential',
    description:
      'Adds a new one; the old one works on until the time that is chosen, so that nothing is interrupted.',
    access: 'tenantAdmin',
    reauthenticate: true,
    params: credentialParams,
    body: z.object({
      oldEnds: end.optional().meta({ description: 'Absent: in seven days.' }),
      expires: time.optional().meta({ description: 'Of the new one; absent: never.' }),
    }),
    answer: issued.extend({ old: credential }),
    status: 201,
    errors: { ...NO_CREDENTIAL, 409: 'The credential has ended already.' },
  },
  revokeCredential: {
    method: 'POST',
    path: '/tenants/{tenant}/integrations/{integration}/credentials/{credential}/revoke',
    tag: 'Credentials',
    summary: 'End a credential, now or at a time',
    access: 'tenantAdmin',
    reauthenticate: true,
    params: credentialParams,
    body: z.object({ at: end.default('now') }),
    answer: credential,
    errors: NO_CREDENTIAL,
  },
});
