import { Unavailable } from '../core/error.ts';
import { checkPrecondition } from '../core/etag.ts';
import type { JsonValue } from '../core/json.ts';
import { type Projection, shows } from '../core/project.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { type ResourceAnswer, relationQuery, resourceAnswer } from './answers.ts';
import { changeResources } from './change-transaction.ts';
import type { RequestContext, Services } from './context.ts';
import {
  insertCreations,
  linkCreation,
  prepareCreation,
  prepareDeletion,
  preparePatch,
  prepareReplacement,
  unknownResource,
} from './resource-changes.ts';

/** A group with more members is better not sent back after a PATCH, whose cost should not grow with the group. */
const MEMBERS_IN_PATCH_ANSWER = 100;

/**
 * Creates a resource (RFC 7644 section 3.3).
 *
 * @throws ScimError 400 or 409
 */
export async function createResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  body: JsonValue,
  projection: Projection | undefined,
): Promise<ResourceAnswer> {
  const creation = await prepareCreation(services, context, type, body);
  const { stored } = creation.write;
  await changeResources(services, context, async (tx, notes) => {
    await insertCreations(services, context, tx, notes, [creation]);
    await linkCreation(context, tx, creation);
  });
  if (creation.members.length > 0)
    return afterChange(() => getResource(services, context, type, stored.id, projection));
  return resourceAnswer(context, type, { ...stored, relation: undefined }, projection);
}

/**
 * Reads a resource (RFC 7644 section 3.4.1).
 *
 * @throws ScimError 404
 */
export async function getResource(
  { storage }: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  projection: Projection | undefined,
): Promise<ResourceAnswer> {
  const relation = relationQuery(context, type, projection);
  const found = await storage.getResource(context.tenantId, type.name, id, relation);
  if (found === undefined) throw unknownResource(type);
  return resourceAnswer(context, type, found, projection);
}

/**
 * The version of a resource, in the state that the request was made for.
 *
 * @throws ScimError 404 or 412
 */
export async function getVersion(
  { storage }: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Promise<number> {
  const found = await storage.getResource(context.tenantId, type.name, id, undefined);
  if (found === undefined) throw unknownResource(type);
  if (context.precondition !== undefined)
    checkPrecondition({ ...context.precondition, ifNoneMatch: undefined }, found.version);
  return found.version;
}

/**
 * Replaces a resource (RFC 7644 section 3.5.1).
 *
 * @param keepsMembers whether the members of a group stay as they are, whatever the body says
 * @throws ScimError 400, 404, 409 or 412
 */
export async function replaceResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  body: JsonValue,
  projection: Projection | undefined,
  keepsMembers = false,
): Promise<ResourceAnswer> {
  const change = await prepareReplacement(services, context, type, id, body, keepsMembers);
  await changeResources(services, context, change, id);
  return afterChange(() => getResource(services, context, type, id, projection));
}

/**
 * Changes a resource by operations (RFC 7644 section 3.5.2): all of them or none.
 *
 * @returns the version it has now, and the answer, but where a group is better not sent back
 * @throws ScimError 400, 404, 409 or 412
 */
export async function patchResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  body: JsonValue,
  projection: Projection | undefined,
): Promise<{ version: number; answer: ResourceAnswer | undefined }> {
  const change = await preparePatch(services, context, type, id, body);
  const version = await changeResources(services, context, change, id);
  return afterChange(async () => {
    if (await isBetterWithoutBody(services, context, type, id, projection))
      return { version, answer: undefined };
    return { version, answer: await getResource(services, context, type, id, projection) };
  });
}

/** How often the answer to a change is read before the client is told to try again. */
const READ_TRIES = 2;

/** Reads what a change has made. The change stands, so a database that cannot answer at once is asked again. */
async function afterChange<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Unavailable) || tries === READ_TRIES) throw error;
    }
  }
}

/** Whether a PATCH is answered without the resource, as RFC 7644 section 3.5.2 allows where no "attributes" are named. */
async function isBetterWithoutBody(
  { storage }: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  projection: Projection | undefined,
): Promise<boolean> {
  if (type.relationAttribute?.relation !== 'members' || projection?.wanted !== undefined) return false;
  const showsMembers = shows(projection, type.relationAttribute);
  const most = MEMBERS_IN_PATCH_ANSWER + 1;
  if (showsMembers && (await storage.countMembers(context.tenantId, id, most)) < most) return false;
  return context.tolerance.accept('group-patch-without-body');
}

/**
 * Deletes a resource (RFC 7644 section 3.6).
 *
 * @throws ScimError 404 or 412
 */
export async function deleteResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Promise<void> {
  const deletion = prepareDeletion(services, context, type, id);
  await changeResources(services, context, deletion, id);
}
