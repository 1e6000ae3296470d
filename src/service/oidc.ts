import type { KeyObject } from 'node:crypto';
import * as client from 'openid-client';
import type { OperatorAccount, OperatorStore } from '../storage/operators.ts';
import type { Clock } from './clock.ts';
import { foldEmail } from './operator.ts';
import { createSealer } from './sealed.ts';
import { ServiceError } from './service-error.ts';

/** An OpenID provider, at which the server is known as a client. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** undefined: a public client. */
  readonly clientSecret: string | undefined;
}

/** A sign-in that has been sent to the provider. */
interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly returnTo: string;
  /** Whether the operator is to prove again who they are. */
  readonly isAgain: boolean;
  readonly until: number;
}

/** Somebody whom the provider has vouched for. */
interface VouchedFor {
  readonly account: OperatorAccount;
  /** When they have proved to the provider who they are, in milliseconds since 1970; undefined: it does not say. */
  readonly authenticated: number | undefined;
  readonly returnTo: string;
}

/** Sign-in by an OpenID provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0 section 3.1). */
export interface Oidc {
  /** What people know the provider by: its host. */
  readonly name: string;
  /**
   * @param returnTo the page of the console to come back to
   * @param isAgain whether the provider is to ask again, though somebody has signed in to it
   * @returns where to send the browser, and what it keeps meanwhile
   * @throws ServiceError failed when the provider can't be reached
   */
  begin(
    returnTo: string | undefined,
    isAgain: boolean,
  ): Promise<{ readonly url: string; readonly kept: string }>;
  /**
   * @param query what the provider has sent the browser back with, with its `?`
   * @param kept what the browser has kept
   * @throws ServiceError unauthenticated when it is none of the server's, or nobody's
   */
  end(query: string, kept: string | undefined): Promise<VouchedFor>;
}

/** How long somebody may take at the provider. */
export const OIDC_LIFETIME_MS = 10 * 60_000;

/** How long ago who is to prove it again may have proved to the provider who they are. */
const AGAIN_WITHIN_S = 300;

const TIMEOUT_S = 10;

const CONSOLE = '/console/';
const CONSOLE_PATH = /^\/console(?:\/(?!\/).*)?$/;

/**
 * A page of the console as a header can name it, and nothing that a browser could take for another page or host.
 *
 * @param given what a link says; `/console/` stands for what is none
 */
function consolePage(given: string, baseUrl: string): string {
  const { origin } = new URL(baseUrl);
  if (!given.startsWith('/') || /[\\\p{Cc}]/u.test(given) || !URL.canParse(given, origin)) return CONSOLE;
  const { origin: host, pathname, search, hash } = new URL(given, origin);
  return host === origin && CONSOLE_PATH.test(pathname) ? `${pathname}${search}${hash}` : CONSOLE;
}

/**
 * @param key the server's secret key, with which what the browser keeps is encrypted
 * @param baseUrl where the server is reached, without a slash at the end
 */
export function createOidc(
  { issuer, clientId, clientSecret }: OidcSettings,
  {
    operators,
    key,
    now,
    baseUrl,
  }: {
    readonly operators: OperatorStore;
    readonly key: KeyObject;
    readonly now: Clock;
    readonly baseUrl: string;
  },
): Oidc {
  const sealer = createSealer(key, 'operator oidc');
  const redirectUri = `${baseUrl}/api/v1/session/oidc/callback`;
  let discovered: Promise<client.Configuration> | undefined;

  function configuration(): Promise<client.Configuration> {
    discovered ??= client
      .discovery(
        new URL(issuer),
        clientId,
        undefined,
        clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret),
        // the settings allow http on this machine alone
        {
          timeout: TIMEOUT_S,
          execute: [
            client.enableNonRepudiationChecks,
            ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : []),
          ],
        },
      )
      .catch((error: unknown) => {
        discovered = undefined;
        throw new ServiceError('failed', `The OpenID provider ${issuer} can't be used: ${causeOf(error)}.`);
      });
    return discovered;
  }

  const open = (kept: string | undefined): Begun | undefined => {
    const opened = sealer.open(Buffer.from(kept ?? '', 'base64url'), [issuer, clientId]);
    if (opened === undefined) return undefined;
    const begun = JSON.parse(opened.toString()) as Begun;
    return now() < begun.until ? begun : undefined;
  };

  async function claimsOf(query: string, { verifier, state, nonce, isAgain }: Begun) {
    const config = await configuration();
    try {
      const tokens = await client.authorizationCodeGrant(config, new URL(`${redirectUri}${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
        ...(isAgain && { maxAge: AGAIN_WITHIN_S }),
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no ID token');
      if (claims.email !== undefined) return claims;
      // some providers tell e-mail addresses by the UserInfo endpoint alone
      const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      return { ...claims, email: info.email, email_verified: info.email_verified };
    } catch (error) {
      throw new ServiceError('unauthenticated', `The OpenID provider has not let you in: ${causeOf(error)}.`);
    }
  }

  /** The operator that a subject is, or becomes by the e-mail address that the provider has verified. */
  async function findOperator(
    subject: string,
    email: unknown,
    isVerified: boolean,
  ): Promise<OperatorAccount> {
    const known = await operators.findOperatorBySubject(subject);
    if (known !== undefined) {
      if (!known.active) throw nobody();
      return known;
    }
    if (typeof email !== 'string' || !isVerified)
      throw new ServiceError(
        'unauthenticated',
        'The OpenID provider gives no e-mail address of yours that it has verified.',
      );
    const named = await operators.findOperatorByEmail(foldEmail(email));
    if (named === undefined || !named.active || named.subject !== undefined) throw nobody();
    const linked = await operators.changeOperator(named.id, (current) => {
      if (!current.active || current.subject !== undefined) throw nobody();
      return { subject };
    });
    if (linked === undefined) throw nobody();
    return linked;
  }

  return {
    name: new URL(issuer).host,

    async begin(returnTo, isAgain) {
      const config = await configuration();
      const begun: Begun = {
        verifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
        returnTo: returnTo === undefined ? CONSOLE : consolePage(returnTo, baseUrl),
        isAgain,
        until: now() + OIDC_LIFETIME_MS,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
        state: begun.state,
        nonce: begun.nonce,
        ...(isAgain && { max_age: String(AGAIN_WITHIN_S), prompt: 'login' }),
      });
      const kept = sealer.seal(Buffer.from(JSON.stringify(begun)), [issuer, clientId]);
      return { url: url.href, kept: kept.toString('base64url') };
    },

    async end(query, kept) {
      const begun = open(kept);
      if (begun === undefined)
        throw new ServiceError(
          'unauthenticated',
          'The sign-in was not begun in this browser, or too long ago.',
        );
      const { sub, email, email_verified, auth_time } = await claimsOf(query, begun);
      const account = await findOperator(`${issuer} ${sub}`, email, email_verified === true);
      const { returnTo } = begun;
      return {
        account,
        authenticated: auth_time === undefined ? undefined : Math.min(auth_time * 1000, now()),
        returnTo,
      };
    },
  };
}

const nobody = (): ServiceError =>
  new ServiceError(
    'unauthenticated',
    'No active operator has the e-mail address that the OpenID provider gives.',
  );

/** What went wrong, without what a provider may have put into it. */
function causeOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
    return /^[\w.-]{1,100}$/.test(error.error) ? error.error : 'an error';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'it gave no answer that can be used';
}
