import { isIP } from 'node:net';
import { readSettingFile } from './setting-file.ts';

/** An OpenID provider that operators may sign in by. */
export interface OidcSetting {
  readonly issuer: string;
  readonly clientId: string;
  /** undefined: a public client. */
  readonly clientSecret: string | undefined;
}

interface OidcValues {
  readonly ROSTER_OIDC_ISSUER?: string | undefined;
  readonly ROSTER_OIDC_CLIENT_ID?: string | undefined;
  readonly ROSTER_OIDC_CLIENT_SECRET?: string | undefined;
  readonly ROSTER_OIDC_CLIENT_SECRET_FILE?: string | undefined;
}

/** Whether an address is one of this machine. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Whether a text is the issuer of a provider: an https URL, or one of this machine. */
export function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
  );
}

/** @returns the provider; undefined: none. `problem`: what is wrong with the settings */
export function oidcOf(values: OidcValues): { readonly oidc?: OidcSetting; readonly problem?: string } {
  const issuer = values.ROSTER_OIDC_ISSUER;
  const clientId = values.ROSTER_OIDC_CLIENT_ID;
  const file = values.ROSTER_OIDC_CLIENT_SECRET_FILE;
  let clientSecret = values.ROSTER_OIDC_CLIENT_SECRET;
  if (issuer === undefined) {
    const other = Object.entries(values).find(([name, value]) => name.startsWith('ROSTER_OIDC_') && value);
    return other === undefined
      ? {}
      : { problem: `ROSTER_OIDC_ISSUER is missing: ${other[0]} is of no use without it.` };
  }
  if (clientId === undefined)
    return {
      problem: 'ROSTER_OIDC_CLIENT_ID is missing: give the id that the OpenID provider knows the server by.',
    };
  if (file !== undefined) {
    if (clientSecret !== undefined)
      return {
        problem:
          'ROSTER_OIDC_CLIENT_SECRET and ROSTER_OIDC_CLIENT_SECRET_FILE are both set: give one of them.',
      };
    const { text, problem } = readSettingFile('ROSTER_OIDC_CLIENT_SECRET_FILE', file);
    if (problem !== undefined) return { problem };
    clientSecret = text;
  }
  return { oidc: { issuer, clientId, clientSecret } };
}
