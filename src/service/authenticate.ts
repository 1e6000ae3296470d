import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type { CredentialGrant, Directory } from '../storage/directory.ts';
import { timestamp } from './clock.ts';
import { digestOf, NO_DIGEST, type PresentedSecret, parseToken, parseUserPass } from './secrets.ts';

export interface Authenticator {
  /**
   * Finds what the value of an Authorization header grants: a live credential of an active tenant.
   *
   * @param header the value as received: `Bearer …` or `Basic …`
   * @param now milliseconds since 1970
   * @returns undefined for a header without a live credential, whatever the reason
   */
  authenticate(header: string | undefined, now: number): Promise<CredentialGrant | undefined>;
}

const MINUTE = 60_000;
const NOTED_AT_MOST = 10_000;

/**
 * @param key the server's secret key
 * @param onNoteFailed told when the time of use could not be stored; the request goes on all the same
 */
export function createAuthenticator({
  storage,
  key,
  onNoteFailed,
}: {
  readonly storage: { readonly directory: Pick<Directory, 'findCredential' | 'noteCredentialUse'> };
  readonly key: KeyObject;
  readonly onNoteFailed: (error: unknown) => void;
}): Authenticator {
  const { directory } = storage;
  const noted = new Map<string, number>();

  function noteUse({ tenantId, id }: CredentialGrant['credential'], now: number): void {
    const minute = Math.floor(now / MINUTE);
    const credential = `${tenantId}-${id}`;
    if (noted.get(credential) === minute) return;
    if (noted.size >= NOTED_AT_MOST) noted.clear();
    noted.set(credential, minute);
    directory.noteCredentialUse(tenantId, id, timestamp(minute * MINUTE)).catch(onNoteFailed);
  }

  return {
    async authenticate(header, now) {
      const presented = parseAuthorization(header);
      if (presented === undefined) return undefined;
      const digest = digestOf(key, presented.text);
      const grant = await directory.findCredential(presented.tenantId, presented.credentialId);
      const isRight = timingSafeEqual(digest, grant?.credential.digest ?? NO_DIGEST);
      if (!isRight || grant === undefined || !isLive(grant, presented, now)) return undefined;
      noteUse(grant.credential, now);
      return grant;
    },
  };
}

function isLive(
  { credential, integration, tenant }: CredentialGrant,
  { auth }: PresentedSecret,
  now: number,
) {
  return (
    tenant.active &&
    integration.auth === auth &&
    (credential.expires === undefined || now < Date.parse(credential.expires))
  );
}

const AUTHORIZATION = /^(Bearer|Basic) +([^\s]+) *$/i;

/** RFC 9110 section 11.4: the scheme is compared without regard to case. */
function parseAuthorization(header: string | undefined): PresentedSecret | undefined {
  const [, scheme, value] = (header && AUTHORIZATION.exec(header)) || [];
  if (scheme === undefined || value === undefined) return undefined;
  return scheme.length === 'Basic'.length
    ? parseUserPass(Buffer.from(value, 'base64').toString('utf8'))
    : parseToken(value);
}
