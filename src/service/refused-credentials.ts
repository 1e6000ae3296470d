import type { CredentialGrant, Directory } from '../storage/directory.ts';
import { NO_DIGEST } from './secrets.ts';

/** Why credentials are refused, in words for the person who entered them. `explanations.ts` says what to do. */
export const REFUSALS = [
  'no credentials',
  'no Bearer before the token',
  'Bearer twice',
  'secret cut off',
  'secret too long',
  'secret unknown or ended',
  'credential has ended',
  'credential of another tenant',
  'integration uses Basic',
  'integration uses Bearer',
  'user name and password in the wrong order',
  'user name and password not in base64',
  'user name or password unknown',
  'tenant is deactivated',
  'token of somebody else',
  'unknown authorization scheme',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** Whose credentials were refused, as far as they tell, and why. */
export interface RefusedCredentials {
  readonly reason: Refusal;
  /** undefined: they name no credential that there is. */
  readonly grant: CredentialGrant | undefined;
  /** The tenant that the URL, or the name of a user, names; undefined: none that there is. */
  readonly tenantId: string | undefined;
}

/** What a header looks like, whatever is wrong with it. */
interface LooseForm {
  readonly reason: Refusal | undefined;
  readonly auth: 'bearer' | 'basic' | undefined;
  /** Of a credential that it names. */
  readonly ids: { readonly tenantId: string; readonly credentialId: string } | undefined;
  /** Behind the `@` of the name of a user. */
  readonly domain?: string | undefined;
}

const ID = '[a-z2-7]{12}';
const TOKEN = new RegExp(`roster_(${ID})_(${ID})(?:_([\\w-]*))?`, 'i');
const USER_PASS = new RegExp(`^(${ID})-(${ID}):`, 'i');
const SWAPPED = new RegExp(`:(${ID})-(${ID})$`, 'i');
const SECRET_LENGTH = 49;

/** Reads an Authorization header that was refused, as a person would. */
export function readLoosely(header: string | undefined): LooseForm {
  const text = header?.trim() ?? '';
  const [, schemes = '', value = ''] = /^((?:(?:bearer|basic)(?:\s+|$))*)(.*)$/is.exec(text) ?? [];
  if (value === '') return { reason: 'no credentials', auth: undefined, ids: undefined };
  const words = schemes.toLowerCase().split(/\s+/).filter(Boolean);
  const token = readToken(value);
  if (token !== undefined) {
    const order: (Refusal | undefined)[] = [
      words.length === 0 ? 'no Bearer before the token' : undefined,
      words.includes('basic') ? 'integration uses Bearer' : undefined,
      words.length > 1 ? 'Bearer twice' : undefined,
    ];
    return { ...token, reason: order.find((reason) => reason !== undefined) ?? token.reason };
  }
  if (words.includes('basic')) return readUserPass(value);
  if (words.length === 0) return { reason: 'unknown authorization scheme', auth: undefined, ids: undefined };
  // a name and a password where a token belongs
  const given = USER_PASS.exec(fromBase64(value)) ?? USER_PASS.exec(value);
  if (given !== null) return { reason: 'integration uses Basic', auth: 'basic', ids: idsOf(given) };
  return { reason: 'token of somebody else', auth: undefined, ids: undefined };
}

function readToken(value: string): LooseForm | undefined {
  const match = TOKEN.exec(value) ?? TOKEN.exec(fromBase64(value));
  if (match === null) return undefined;
  const length = match[3]?.length ?? 0;
  const reason =
    length < SECRET_LENGTH ? 'secret cut off' : length > SECRET_LENGTH ? 'secret too long' : undefined;
  return { reason, auth: 'bearer', ids: idsOf(match) };
}

function readUserPass(value: string): LooseForm {
  const isPlain = value.includes(':');
  const text = isPlain ? value : fromBase64(value);
  const given = USER_PASS.exec(text);
  const swapped = given === null ? SWAPPED.exec(text) : null;
  const ids = idsOf(given ?? swapped);
  const name = text.slice(0, text.indexOf(':'));
  const domain = ids === undefined && name.includes('@') ? name.slice(name.lastIndexOf('@') + 1) : undefined;
  if (isPlain) return { reason: 'user name and password not in base64', auth: 'basic', ids, domain };
  if (swapped !== null) return { reason: 'user name and password in the wrong order', auth: 'basic', ids };
  if (given === null) return { reason: 'user name or password unknown', auth: 'basic', ids, domain };
  const length = text.length - (given[0]?.length ?? 0);
  return { reason: length < SECRET_LENGTH ? 'secret cut off' : undefined, auth: 'basic', ids };
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

function idsOf(match: RegExpExecArray | null): LooseForm['ids'] {
  const [, tenantId, credentialId] = match ?? [];
  if (tenantId === undefined || credentialId === undefined) return undefined;
  return { tenantId: tenantId.toLowerCase(), credentialId: credentialId.toLowerCase() };
}

/**
 * Finds out whose credentials were refused, and why: for the log alone, since an answer that tells helps those who guess.
 *
 * @param header the Authorization header
 * @param domain the tenant that the URL names
 * @param now milliseconds since 1970
 */
export async function explainRefusal(
  directory: Pick<Directory, 'findCredential' | 'findTenant'>,
  header: string | undefined,
  domain: string | undefined,
  now: number,
): Promise<RefusedCredentials> {
  const form = readLoosely(header);
  const { ids } = form;
  const grant = ids && (await directory.findCredential(ids.tenantId, ids.credentialId));
  const named = domain ?? form.domain;
  const found =
    grant?.tenant ?? (named === undefined ? undefined : await directory.findTenant(named.toLowerCase()));
  return { reason: reasonOf(form, grant, domain, now), grant, tenantId: found?.id };
}

function reasonOf(
  { reason, auth }: LooseForm,
  grant: CredentialGrant | undefined,
  domain: string | undefined,
  now: number,
): Refusal {
  if (grant === undefined) return reason ?? 'secret unknown or ended';
  const { credential, integration, tenant } = grant;
  if (!tenant.active) return 'tenant is deactivated';
  if (integration.auth !== auth)
    return integration.auth === 'basic' ? 'integration uses Basic' : 'integration uses Bearer';
  if (reason !== undefined) return reason;
  if (domain !== undefined && domain.toLowerCase() !== tenant.domain) return 'credential of another tenant';
  const isRevoked = Buffer.compare(credential.digest, NO_DIGEST) === 0;
  const hasEnded = credential.expires !== undefined && now >= Date.parse(credential.expires);
  return isRevoked || hasEnded ? 'credential has ended' : 'secret unknown or ended';
}
