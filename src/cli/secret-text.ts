import type { IssuedSecret } from '../service/secrets.ts';
import { fields } from './output.ts';

/** A secret as fields of a JSON document. */
export const secretFields = (secret: IssuedSecret) =>
  secret.auth === 'bearer'
    ? { token: secret.token }
    : { username: secret.username, password: secret.password };

/** What to enter at the identity provider, by the names it has there. */
export const secretEntries = (secret: IssuedSecret): readonly (readonly [string, string])[] =>
  secret.auth === 'bearer'
    ? [['Bearer token', secret.token]]
    : [
        ['Username', secret.username],
        ['Password', secret.password],
      ];

/** The secret with the warning that belongs to it. */
export const issuedText = (baseUrl: string, secret: IssuedSecret): string =>
  `${fields([['SCIM base URL', baseUrl], ...secretEntries(secret)])}\n\nThis is shown once: only a digest of it is kept. Copy it now.`;

/**
 * A line for a shell that lists users.
 *
 * @param certificate a file with the server's certificate, when no authority vouches for it
 */
export function curlLine(baseUrl: string, secret: IssuedSecret, certificate?: string): string {
  const trust = certificate === undefined ? '' : `--cacert ${quoted(certificate)} `;
  return secret.auth === 'bearer'
    ? `curl ${trust}-H 'Authorization: Bearer ${secret.token}' ${baseUrl}/Users`
    : `curl ${trust}-u '${secret.username}:${secret.password}' ${baseUrl}/Users`;
}

/** As one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
