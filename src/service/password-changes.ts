import { decodeAttribute } from '../core/decode.ts';
import { invalidValue, Unavailable } from '../core/error.ts';
import { isObject, type JsonValue } from '../core/json.ts';
import type { PatchOperation } from '../core/patch-operation.ts';
import type { Resource } from '../core/resource.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { Tolerance } from '../core/tolerance.ts';
import type { Transaction } from '../storage/storage.ts';
import { timestamp } from './clock.ts';
import type { RequestContext, Services } from './context.ts';
import { ServiceError } from './service-error.ts';

/** What becomes of a user's password: a new hash, or none at all. */
export interface PasswordChange {
  readonly hash: string | undefined;
}

/** The password goes into a row of its own, as a hash: it is taken out of what becomes the document. */
export function takePassword({ passwordAttribute }: ResourceType, resource: Resource): string | undefined {
  if (passwordAttribute === undefined) return undefined;
  const password = resource[passwordAttribute.name];
  delete resource[passwordAttribute.name];
  // some clients send all they know of a user, with blanks for what they do not
  return typeof password === 'string' && password.trim() !== '' ? password : undefined;
}

/** The password that operations set in the end; null when they remove it. */
export function patchedPassword(
  { passwordAttribute: attribute }: ResourceType,
  operations: readonly PatchOperation[],
  tolerance: Tolerance,
): string | null | undefined {
  if (attribute === undefined) return undefined;
  let password: string | null | undefined;
  const take = (value: JsonValue): void => {
    const given = (decodeAttribute(attribute, value, tolerance) as string | undefined) ?? null;
    if (given === null || given.trim() !== '') password = given;
  };
  for (const { op, path, value } of operations) {
    if (path?.kind === 'attribute' && path.path.attribute === attribute) {
      if (op === 'remove') password = null;
      else if (value !== undefined) take(value);
    } else if (path === undefined && isObject(value)) {
      for (const key of Object.keys(value))
        if (key.toLowerCase() === attribute.name.toLowerCase()) take(value[key] as JsonValue);
    }
  }
  return password;
}

/**
 * What a password in a request comes to; one that the user has already changes nothing.
 *
 * @param password null removes it
 * @throws ScimError 400 invalidValue, 503
 */
export async function passwordChange(
  services: Services,
  { tenantId }: RequestContext,
  userId: string,
  password: string | null | undefined,
): Promise<PasswordChange | undefined> {
  if (password === undefined) return undefined;
  const known = await services.storage.directory.getPassword(tenantId, userId);
  if (password === null) return known === undefined ? undefined : { hash: undefined };
  if (known !== undefined && (await inScimTerms(services.passwords.verify(password, known))))
    return undefined;
  return hashPassword(services, password);
}

/** @throws ScimError 400 invalidValue, 503 when too many passwords wait */
export const hashPassword = async ({ passwords }: Services, password: string): Promise<PasswordChange> => ({
  hash: await inScimTerms(passwords.hash(password)),
});

async function inScimTerms<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw error.problem === 'invalid' ? invalidValue(error.message) : new Unavailable(error.message);
  }
}

/** Keeps or removes the hash. */
export async function writePassword(
  { now }: Services,
  tx: Transaction,
  { tenantId }: RequestContext,
  userId: string,
  change: PasswordChange | undefined,
): Promise<void> {
  if (change !== undefined) await tx.setPassword(tenantId, userId, change.hash, timestamp(now()));
}
