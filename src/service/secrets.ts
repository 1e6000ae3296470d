import { createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AuthorizationType } from '../storage/directory.ts';

const TOKEN_PREFIX = 'roster_';
const SECRET_BYTES = 32;
const ID = '[a-z2-7]{12}';
// 43 characters of 32 random bytes and 6 of their checksum
const SECRET = '[A-Za-z0-9_-]{49}';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The secret of a credential in the forms in which it is handed out, once. */
export type IssuedSecret =
  | { readonly auth: 'bearer'; readonly token: string }
  | { readonly auth: 'basic'; readonly username: string; readonly password: string };

/** A secret as a client presents it, taken apart. */
export interface PresentedSecret {
  readonly auth: AuthorizationType;
  readonly tenantId: string;
  readonly credentialId: string;
  /** The text that its digest is made of. */
  readonly text: string;
}

/** A random id of 60 bits: 12 characters of lower-case base 32 (RFC 4648 section 6). */
export function randomId(): string {
  let id = '';
  for (const byte of randomBytes(12)) id += BASE32.charAt(byte & 31);
  return id;
}

/**
 * Makes the secret of a new credential: 256 random bits, with a checksum by which scanners for leaked secrets tell it
 * from text that only looks alike. Both forms name the tenant and the credential, so that one read by key finds it.
 */
export function makeSecret(auth: AuthorizationType, tenantId: string, credentialId: string): IssuedSecret {
  const random = randomBytes(SECRET_BYTES).toString('base64url');
  if (auth === 'basic') {
    return { auth, username: usernameOf(tenantId, credentialId), password: random + checksum(random) };
  }
  const token = `${TOKEN_PREFIX}${tenantId}_${credentialId}_${random}`;
  return { auth, token: token + checksum(token) };
}

/** The user name that goes with the password of a credential; it is no secret. */
export const usernameOf = (tenantId: string, credentialId: string): string => `${tenantId}-${credentialId}`;

/** A password for a person who changes it later: 144 random bits in 24 characters. */
export const makePassword = (): string => randomBytes(18).toString('base64url');

export function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64url');
}

const TOKEN = new RegExp(`^${TOKEN_PREFIX}(${ID})_(${ID})_${SECRET}$`);

/** Takes a bearer token apart. @returns undefined when it has not the form of one */
export function parseToken(token: string): PresentedSecret | undefined {
  const [, tenantId, credentialId] = TOKEN.exec(token) ?? [];
  if (tenantId === undefined || credentialId === undefined) return undefined;
  return { auth: 'bearer', tenantId, credentialId, text: token };
}

const USERNAME_AND_PASSWORD = new RegExp(`^(${ID})-(${ID}):(.+)$`, 's');

/** Takes `username:password` apart; the password may hold colons (RFC 7617 section 2). */
export function parseUserPass(userPass: string): PresentedSecret | undefined {
  const [, tenantId, credentialId, password] = USERNAME_AND_PASSWORD.exec(userPass) ?? [];
  if (tenantId === undefined || credentialId === undefined || password === undefined) return undefined;
  return { auth: 'basic', tenantId, credentialId, text: userPass };
}

/** The text that the digest of a secret is made of; it has the ids in it, so that a digest fits one credential only. */
export const secretText = (secret: IssuedSecret): string =>
  secret.auth === 'bearer' ? secret.token : `${secret.username}:${secret.password}`;

/** HMAC-SHA-256. A slow password hash would add nothing: 256 random bits can't be guessed. */
export const digestOf = (key: KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** In place of a digest, where no secret is to fit. */
export const NO_DIGEST: Uint8Array = new Uint8Array(32);
