import { z } from 'zod';
import { domain, emailAddress, id, time } from './common.ts';
import { declareRoutes } from './route.ts';

const role = z.enum(['owner', 'tenantAdmin', 'auditor']).meta({
  id: 'Role',
  description:
    '`owner`: all tenants, operators and settings. `tenantAdmin`: everything in one tenant. `auditor`: reads one tenant.',
});

const operator = z
  .object({
    id,
    email: emailAddress,
    name: z.string(),
    role,
    tenant: domain.optional().meta({ description: 'Absent for owners.' }),
    active: z.boolean(),
    hasPassword: z.boolean().meta({ description: 'False: has not accepted the invitation yet.' }),
    hasTotp: z.boolean(),
    created: time,
    lastSignIn: time.optional(),
  })
  .meta({ id: 'Operator' });

const password = z
  .string()
  .max(1000)
  .meta({
    description: '15 to 1000 characters that are not easily guessed.',
    examples: ['violet otter harbour 42'],
  });

const code = z
  .string()
  .max(40)
  .meta({ description: 'Of the authenticator app, or a recovery code.', examples: ['492039'] });

const session = z
  .object({
    operator,
    authenticated: time.meta({ description: 'When the operator has last confirmed who it is.' }),
    ends: time.meta({ description: 'When the session ends whatever happens.' }),
  })
  .meta({ id: 'Session' });

const knownSession = z.object({
  id,
  address: z.string(),
  userAgent: z.string(),
  created: time,
  lastSeen: time,
  isCurrent: z.boolean(),
});

const apiKey = z.object({
  id,
  name: z.string(),
  suffix: z.string().meta({ description: 'The last four characters.' }),
  created: time,
  lastUsed: time.optional(),
  expires: time.optional(),
});

const linkCode = z.object({ code: z.string().max(200) });

export const SESSION_ROUTES = declareRoutes({
  signInOptions: {
    method: 'GET',
    path: '/session/options',
    tag: 'Session',
    summary: 'How one can sign in',
    access: 'anyone',
    answer: z.object({
      needsSetup: z
        .boolean()
        .meta({ description: 'No operator exists yet: use the set-up link of the start.' }),
      oidc: z.object({ name: z.string() }).optional(),
      refused: z
        .string()
        .optional()
        .meta({ description: 'Why nobody can sign in here, such as plain HTTP beyond this machine.' }),
    }),
  },
  signIn: {
    method: 'POST',
    path: '/session',
    tag: 'Session',
    summary: 'Sign in',
    description:
      'Sets the cookie of the session. Without `code` an operator with two factors gets `codeNeeded`.',
    access: 'anyone',
    body: z.object({ email: z.string().max(254), password: z.string().max(1000), code: code.optional() }),
    answer: z.union([session, z.object({ codeNeeded: z.literal(true) })]),
    errors: { 401: 'The e-mail address, the password or the code is wrong.' },
  },
  getSession: {
    method: 'GET',
    path: '/session',
    tag: 'Session',
    summary: 'Who has signed in',
    access: 'operator',
    answer: session,
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    tag: 'Session',
    summary: 'Sign out',
    access: 'operator',
  },
  authenticateAgain: {
    method: 'POST',
    path: '/session/authenticate',
    tag: 'Session',
    summary: 'Confirm who you are',
    description: 'Asked for before secrets are made or ended, and before much is deleted or exported.',
    access: 'operator',
    body: z.object({ password: z.string().max(1000), code: code.optional() }),
    answer: z.union([session, z.object({ codeNeeded: z.literal(true) })]),
  },
  startOidc: {
    method: 'GET',
    path: '/session/oidc',
    tag: 'Session',
    summary: 'Sign in with OpenID Connect: goes to the provider',
    access: 'anyone',
    query: z.object({ returnTo: z.string().max(2000).optional() }),
    status: 302,
    errors: { 404: 'OpenID Connect is not set up.' },
  },
  endOidc: {
    method: 'GET',
    path: '/session/oidc/callback',
    tag: 'Session',
    summary: 'Come back from the OpenID provider',
    access: 'anyone',
    query: z.looseObject({}),
    status: 302,
  },
  setUp: {
    method: 'POST',
    path: '/setup',
    tag: 'Session',
    summary: 'Make the first owner and sign in',
    description: 'With the code of the one-time link that the first start prints.',
    access: 'anyone',
    body: linkCode.extend({ email: emailAddress, name: z.string().trim().min(1).max(100), password }),
    answer: session,
    status: 201,
    errors: { 410: 'The link has expired or was used.' },
  },
  showLink: {
    method: 'POST',
    path: '/links/show',
    tag: 'Session',
    summary: 'What a one-time link is for',
    access: 'anyone',
    body: linkCode,
    answer: z.object({
      kind: z.enum(['setup', 'invitation', 'reset']),
      email: z.string().optional(),
      name: z.string().optional(),
      expires: time,
    }),
    errors: { 410: 'The link has expired or was used.' },
  },
  acceptLink: {
    method: 'POST',
    path: '/links/accept',
    tag: 'Session',
    summary: 'Set a password by an invitation or a reset, and sign in',
    access: 'anyone',
    body: linkCode.extend({ password, name: z.string().trim().min(1).max(100).optional() }),
    answer: session,
    errors: { 410: 'The link has expired or was used.' },
  },
  updateAccount: {
    method: 'PATCH',
    path: '/account',
    tag: 'Account',
    summary: 'Change your name',
    access: 'operator',
    body: z.object({ name: z.string().trim().min(1).max(100) }),
    answer: operator,
  },
  changePassword: {
    method: 'POST',
    path: '/account/password',
    tag: 'Account',
    summary: 'Change your password',
    description: 'All your other sessions end.',
    access: 'operator',
    body: z
      .object({ current: z.string().max(1000), password })
      .meta({ description: '`current` is not looked at as long as there is none.' }),
  },
  startTotp: {
    method: 'POST',
    path: '/account/totp',
    tag: 'Account',
    summary: 'Begin to set up an authenticator app',
    access: 'operator',
    reauthenticate: true,
    answer: z.object({ uri: z.string(), secret: z.string() }),
  },
  confirmTotp: {
    method: 'POST',
    path: '/account/totp/confirm',
    tag: 'Account',
    summary: 'Turn the authenticator app on with its first code',
    access: 'operator',
    body: z.object({ code }),
    answer: z.object({ recoveryCodes: z.array(z.string()).meta({ description: 'Shown once.' }) }),
    errors: { 409: 'No authenticator app is being set up.' },
  },
  removeTotp: {
    method: 'DELETE',
    path: '/account/totp',
    tag: 'Account',
    summary: 'Turn the authenticator app off',
    access: 'operator',
    reauthenticate: true,
  },
  listSessions: {
    method: 'GET',
    path: '/account/sessions',
    tag: 'Account',
    summary: 'Your sessions',
    access: 'operator',
    answer: z.array(knownSession),
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/account/sessions',
    tag: 'Account',
    summary: 'End all your other sessions',
    access: 'operator',
  },
  endSession: {
    method: 'DELETE',
    path: '/account/sessions/{session}',
    tag: 'Account',
    summary: 'End one of your sessions',
    access: 'operator',
    params: z.object({ session: id }),
    errors: { 404: 'There is no such session.' },
  },
  listKeys: {
    method: 'GET',
    path: '/account/keys',
    tag: 'Account',
    summary: 'Your API keys',
    access: 'operator',
    answer: z.array(apiKey),
  },
  createKey: {
    method: 'POST',
    path: '/account/keys',
    tag: 'Account',
    summary: 'Make an API key for scripts',
    description: 'It may do what you may, until it expires or you end it.',
    access: 'operator',
    reauthenticate: true,
    body: z.object({ name: z.string().trim().min(1).max(100), expires: time.optional() }),
    answer: z.object({ key: apiKey, secret: z.string().meta({ description: 'Shown once.' }) }),
    status: 201,
  },
  deleteKey: {
    method: 'DELETE',
    path: '/account/keys/{key}',
    tag: 'Account',
    summary: 'End an API key',
    access: 'operator',
    params: z.object({ key: id }),
    errors: { 404: 'There is no such key.' },
  },
});

/** A one-time link for somebody else, who sets a password with it. */
export const oneTimeLink = z.object({ url: z.string(), expires: time }).meta({ id: 'OneTimeLink' });

const operatorParams = z.object({ operator: id });

export const OPERATOR_ROUTES = declareRoutes({
  listOperators: {
    method: 'GET',
    path: '/operators',
    tag: 'Operators',
    summary: 'Operators that you administer',
    description: 'Owners see all; administrators of a tenant see those of their tenant.',
    access: 'operator',
    answer: z.array(operator),
  },
  inviteOperator: {
    method: 'POST',
    path: '/operators',
    tag: 'Operators',
    summary: 'Invite an operator',
    access: 'operator',
    reauthenticate: true,
    body: z.object({
      email: emailAddress,
      name: z.string().trim().min(1, 'Give a name.').max(100),
      role,
      tenant: domain.optional().meta({ description: 'Needed for tenant administrators and auditors.' }),
    }),
    answer: z.object({ operator, link: oneTimeLink }),
    status: 201,
    errors: { 404: 'There is no such tenant.', 409: 'An operator has this e-mail address.' },
  },
  updateOperator: {
    method: 'PATCH',
    path: '/operators/{operator}',
    tag: 'Operators',
    summary: 'Change role or state of an operator',
    description: 'All sessions of the operator end. The last active owner stays one.',
    access: 'operator',
    reauthenticate: true,
    params: operatorParams,
    body: z.object({
      name: z.string().trim().min(1).max(100).optional(),
      role: role.optional(),
      tenant: domain.optional(),
      active: z.boolean().optional(),
    }),
    answer: operator,
    errors: { 404: 'There is no such operator.', 409: 'It is the last active owner.' },
  },
  resetOperator: {
    method: 'POST',
    path: '/operators/{operator}/reset',
    tag: 'Operators',
    summary: 'Give an operator a link to set a new password',
    description: 'Ends all sessions and turns the authenticator app off.',
    access: 'operator',
    reauthenticate: true,
    params: operatorParams,
    answer: oneTimeLink,
    errors: { 404: 'There is no such operator.', 409: 'The operator is not active.' },
  },
  deleteOperator: {
    method: 'DELETE',
    path: '/operators/{operator}',
    tag: 'Operators',
    summary: 'Delete an operator',
    access: 'operator',
    reauthenticate: true,
    params: operatorParams,
    errors: { 404: 'There is no such operator.', 409: 'It is the last active owner.' },
  },
});
