import type { FastifyRequest } from 'fastify';
import type { Acting, Operator } from '../../service/operator.ts';
import type { OperatorAudit } from '../../service/operator-services.ts';
import type { SigningIn } from '../../service/operator-sign-in.ts';
import { ServiceError } from '../../service/service-error.ts';
import type { LiveSession } from '../../service/sessions.ts';
import { actorOf, type Caller } from './caller.ts';
import type { SessionCookies } from './session-cookies.ts';

/** On whose behalf a request changes operators. */
export const actingOf = <Known extends Caller | undefined>(
  request: FastifyRequest,
  caller: Known,
  audit: OperatorAudit,
): Acting & { readonly operator: Known extends Caller ? Operator : Operator | undefined } => ({
  operator: caller?.operator as never,
  note: (note, operator) => audit(actorOf(request, caller, operator), note),
});

/** Where somebody signs in. */
export const signingIn = (
  request: FastifyRequest,
  caller: Caller | undefined,
  cookies: SessionCookies,
  audit: OperatorAudit,
): SigningIn => ({
  address: request.ip,
  userAgent: String(request.headers['user-agent'] ?? ''),
  known: cookies.read(request, 'device'),
  note: actingOf(request, caller, audit).note,
});

/** @throws ServiceError forbidden where an API key asks for what is up to the person */
export function requireSession({ session }: Caller): LiveSession {
  if (session === undefined)
    throw new ServiceError('forbidden', 'This is up to the person: sign in, an API key is not enough.');
  return session;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Why nobody can sign in where passwords could be read on their way, and browsers would keep no cookie.
 *
 * @param baseUrl the server's URL as clients reach it
 * @returns undefined: one can
 */
export function signInRefusal(baseUrl: string, request: FastifyRequest): string | undefined {
  const { protocol, hostname, origin } = new URL(baseUrl);
  if (protocol === 'https:' || (LOOPBACK.test(hostname) && LOOPBACK.test(request.hostname))) return undefined;
  return (
    `Nobody can sign in over plain HTTP at ${LOOPBACK.test(hostname) ? request.host : origin}: others could read the password on its way. ` +
    'Open the console on the machine itself, or give the server HTTPS (ROSTER_TLS_CERT and ROSTER_TLS_KEY, or ' +
    'ROSTER_TLS=self-signed), or a proxy with HTTPS and ROSTER_BASE_URL beginning with https.'
  );
}

/** @throws ServiceError forbidden */
export function requireSafeSignIn(baseUrl: string, request: FastifyRequest): void {
  const refusal = signInRefusal(baseUrl, request);
  if (refusal !== undefined) throw new ServiceError('forbidden', refusal);
}
