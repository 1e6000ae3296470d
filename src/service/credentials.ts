import type { KeyObject } from 'node:crypto';
import type { Actor, AuditTarget } from '../storage/audit.ts';
import type { AuthorizationType, Credential, Integration, Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import { digestOf, type IssuedSecret, makeSecret, NO_DIGEST, randomId, secretText } from './secrets.ts';
import { ServiceError } from './service-error.ts';

/** A new credential with its secret, which is shown once and kept nowhere. */
export interface IssuedCredential {
  readonly credential: Credential;
  readonly secret: IssuedSecret;
}

/** The credentials of integrations: several may be alive at once, so that a secret is replaced without a gap. */
export interface Credentials {
  /**
   * @param expires when it stops working, in milliseconds since 1970; undefined: never, until it is revoked
   * @throws ServiceError when `expires` is not in the future, or there are as many live ones as there may be
   */
  add(integration: Integration, expires?: number): Promise<IssuedCredential>;
  list(integration: Integration): Promise<Credential[]>;
  /** @throws ServiceError notFound when the integration has no such credential */
  find(integration: Integration, credentialId: string): Promise<Credential>;
  /**
   * Gives an integration a new credential in the place of another one, which works on for a while, so that the identity
   * provider can be moved without a gap.
   *
   * @param oldEnds milliseconds since 1970; an end set before that comes earlier stays
   * @param expires when the new one stops working; undefined: never
   * @throws ServiceError when there is no such credential, it has ended, or `expires` is not in the future
   */
  rotate(
    integration: Integration,
    credentialId: string,
    oldEnds: number,
    expires: number | undefined,
  ): Promise<IssuedCredential & { readonly old: Credential }>;
  /**
   * Ends a credential. An end set before that comes earlier stays. What ends now has ended for good, even if the clock goes back.
   *
   * @param at milliseconds since 1970; undefined: now
   * @returns the credential as it is afterwards
   * @throws ServiceError when the tenant has no such credential
   */
  revoke(tenant: Tenant, credentialId: string, at?: number): Promise<Credential>;
}

/** More than anybody moves between at one time; each is one more secret that may leak. */
const MOST_LIVE_CREDENTIALS = 10;

/** @param now milliseconds since 1970 */
export const isLiveAt = ({ expires }: Pick<Credential, 'expires'>, now: number): boolean =>
  expires === undefined || now < Date.parse(expires);

/** @param key the server's secret key */
export function createCredentials({
  storage,
  now,
  key,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'directory' | 'audit'>;
  readonly now: Clock;
  readonly key: KeyObject;
  readonly actor?: Actor;
}): Credentials {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);

  async function find({ tenantId, id, name }: Integration, credentialId: string): Promise<Credential> {
    const credential = (await directory.listCredentials(tenantId, id)).find(
      (each) => each.id === credentialId,
    );
    if (credential === undefined)
      throw new ServiceError('notFound', `There is no credential ${credentialId} of ${name}.`);
    return credential;
  }

  return {
    async add({ tenantId, id, name, auth }, expires) {
      const others = await directory.listCredentials(tenantId, id);
      if (others.filter((other) => isLiveAt(other, now())).length >= MOST_LIVE_CREDENTIALS)
        throw new ServiceError(
          'conflict',
          `There are ${MOST_LIVE_CREDENTIALS} live credentials already: revoke those that are used no more.`,
        );
      const issued = issueCredential({ key, now: now(), tenantId, integrationId: id, auth, expires });
      await directory.createCredential(issued.credential);
      await append(tenantId, {
        ...{ action: 'credential.create', target: credentialTarget(issued.credential) },
        detail: { text: `of the integration ${name}` },
      });
      return issued;
    },

    list: ({ tenantId, id }) => directory.listCredentials(tenantId, id),

    find,

    async rotate(integration, credentialId, oldEnds, expires) {
      await find(integration, credentialId);
      const { tenantId, id: integrationId, auth } = integration;
      const time = now();
      const issued = issueCredential({ key, now: time, tenantId, integrationId, auth, expires });
      const at = Math.max(oldEnds, time);
      const digest = at === time ? NO_DIGEST : undefined;
      const old = { id: credentialId, at: timestamp(at), digest };
      if (!(await directory.replaceCredential(old, issued.credential, timestamp(time))))
        throw new ServiceError(
          'conflict',
          'The credential has ended already, so there is nothing to replace: add one.',
        );
      const replaced = await find(integration, credentialId);
      await append(tenantId, {
        ...{ action: 'credential.rotate', target: credentialTarget(issued.credential) },
        detail: { text: `of the integration ${integration.name}; …${replaced.suffix} ends at ${old.at}` },
      });
      return { ...issued, old: replaced };
    },

    async revoke(tenant, credentialId, at) {
      const end = at ?? now();
      await directory.endCredential(
        tenant.id,
        credentialId,
        timestamp(end),
        end <= now() ? NO_DIGEST : undefined,
      );
      const grant = await directory.findCredential(tenant.id, credentialId);
      if (grant === undefined) {
        throw new ServiceError(
          'notFound',
          `There is no credential ${credentialId} in tenant ${tenant.domain}; "roster credential list" shows them.`,
        );
      }
      const { credential, integration } = grant;
      const ending = end > now() ? `, at ${timestamp(end)}` : '';
      await append(tenant.id, {
        ...{ action: 'credential.revoke', target: credentialTarget(credential) },
        detail: { text: `of the integration ${integration.name}${ending}` },
      });
      return credential;
    },
  };
}

/** A credential as records name it: by what people know of its secret. */
export const credentialTarget = ({ id, suffix }: Credential): AuditTarget => ({
  ...{ type: 'Credential', id, name: `…${suffix}` },
});

/**
 * Makes a credential that is not stored yet.
 *
 * @throws ServiceError when `expires` is not after `now`
 */
export function issueCredential({
  key,
  now,
  tenantId,
  integrationId,
  auth,
  expires,
}: {
  readonly key: KeyObject;
  readonly now: number;
  readonly tenantId: string;
  readonly integrationId: string;
  readonly auth: AuthorizationType;
  readonly expires: number | undefined;
}): IssuedCredential {
  if (expires !== undefined && expires <= now) {
    throw new ServiceError(
      'invalid',
      'The credential would have expired already: give a time in the future.',
      { field: 'expires' },
    );
  }
  const id = randomId();
  const secret = makeSecret(auth, tenantId, id);
  const text = secretText(secret);
  const credential: Credential = {
    tenantId,
    id,
    integrationId,
    digest: digestOf(key, text),
    suffix: text.slice(-4),
    created: timestamp(now),
    lastUsed: undefined,
    expires: expires === undefined ? undefined : timestamp(expires),
  };
  return { credential, secret };
}
