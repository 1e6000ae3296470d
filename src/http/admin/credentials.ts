import { type IssuedCredential, isLiveAt } from '../../service/credentials.ts';
import { EXPIRY_WARNING_DAYS } from '../../service/health.ts';
import { usernameOf } from '../../service/secrets.ts';

import type { CREDENTIAL_ROUTES } from './contract/credentials.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

type Credential = IssuedCredential['credential'];

const DAY_MS = 86_400_000;

/** How long an identity provider may take to be moved when nobody says. */
const OVERLAP_MS = 7 * DAY_MS;

/** A credential without anything of its secret but what it is recognised by. @param now milliseconds since 1970 */
export const shownCredential = (
  credential: Credential,
  auth: IssuedCredential['secret']['auth'],
  now: number,
) => {
  const { tenantId, id, suffix, created, lastUsed, expires } = credential;
  const isEnding = expires !== undefined && Date.parse(expires) - now < EXPIRY_WARNING_DAYS[0] * DAY_MS;
  const state = !isLiveAt(credential, now) ? 'ended' : isEnding ? 'ending' : 'live';
  return {
    id,
    suffix,
    username: auth === 'basic' ? usernameOf(tenantId, id) : undefined,
    created,
    lastUsed,
    expires,
    state,
  } as const;
};

/** The roots of SCIM 2.0 and 1.1 as clients address them. */
export const scimUrls = (baseUrl: string) => ({
  scimBaseUrl: `${baseUrl}/scim/v2`,
  scim1BaseUrl: `${baseUrl}/wso2/scim`,
});

/** The only answer that a secret is in. */
export const shownIssue = (
  { credential, secret }: IssuedCredential,
  { baseUrl, services }: Pick<AdminServices, 'baseUrl' | 'services'>,
) => ({ credential: shownCredential(credential, secret.auth, services.now()), secret, ...scimUrls(baseUrl) });

/** The credentials of integrations. */
export function credentialHandlers(served: AdminServices): HandlersOf<typeof CREDENTIAL_ROUTES> {
  const { now } = served.services;
  const timeOf = (end: string | undefined): number | undefined =>
    end === undefined || end === 'now' ? undefined : Date.parse(end);

  return {
    async addCredential({ by: { integrations, credentials }, tenant, params, body }) {
      const integration = await integrations.get(tenant, params.integration);
      return shownIssue(await credentials.add(integration, timeOf(body.expires)), served);
    },

    async rotateCredential({
      by: { integrations, credentials },
      tenant,
      params,
      body: { oldEnds, expires },
    }) {
      const integration = await integrations.get(tenant, params.integration);
      const overlapEnd = oldEnds === undefined ? now() + OVERLAP_MS : (timeOf(oldEnds) ?? now());
      const rotated = await credentials.rotate(integration, params.credential, overlapEnd, timeOf(expires));
      return { ...shownIssue(rotated, served), old: shownCredential(rotated.old, integration.auth, now()) };
    },

    async revokeCredential({ by: { integrations, credentials }, tenant, params, body }) {
      const integration = await integrations.get(tenant, params.integration);
      const { id } = await credentials.find(integration, params.credential);
      return shownCredential(await credentials.revoke(tenant, id, timeOf(body.at)), integration.auth, now());
    },
  };
}
