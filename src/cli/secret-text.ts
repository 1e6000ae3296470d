import type { IssuedSecret } from '../service/secrets.ts';
import { fields } from './output.ts';

/** A secret as fields of a JSON document. */
export const secretFields = (secret: IssuedSecret) =>
  secret.auth === 'bearer'
    ? { token: secret.token }
    : { username: secret.username, password: secret.password };

/** What to enter at the identity provider, by the names it has there. */
export const secretEntries = (
  baseUrl: string,
  secret: IssuedSecret,
): readonly (readonly [string, string])[] => [
  ['SCIM base URL', baseUrl],
  ...(secret.auth === 'bearer'
    ? ([['Bearer token', secret.token]] as const)
    : ([
        ['Username', secret.username],
        ['Password', secret.password],
      ] as const)),
];

/** The secret with the warning that belongs to it. */
export const issuedText = (baseUrl: string, secret: IssuedSecret): string =>
  `${fields(secretEntries(baseUrl, secret))}\n\nThis is shown once: only a digest of it is kept. Copy it now.`;

/** A line for a shell that lists users. */
export const curlLine = (baseUrl: string, secret: IssuedSecret): string =>
  secret.auth === 'bearer'
    ? `curl -H 'Authorization: Bearer ${secret.token}' ${baseUrl}/Users`
    : `curl -u '${secret.username}:${secret.password}' ${baseUrl}/Users`;
