import { foldText } from '../core/compare.ts';
import { decodeResource, isBlank } from '../core/decode.ts';
import { notFound, Unavailable } from '../core/error.ts';
import { checkPrecondition } from '../core/etag.ts';
import { indexValues } from '../core/index-values.ts';
import { emptyObject, isObject, type JsonValue } from '../core/json.ts';
import { applyPatch } from '../core/patch.ts';
import { type MemberChange, type MemberReference, memberReferences } from '../core/patch-members.ts';
import { decodePatch } from '../core/patch-operation.ts';
import type { Projection } from '../core/project.ts';
import { type Resource, schemasOf } from '../core/resource.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { SAP_USER_SCHEMA } from '../core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../core/schemas/user.ts';
import { docText, readDoc, type StoredResource } from '../core/stored.ts';
import { laterTime, timeKey } from '../core/time.ts';
import { checkImmutable, checkPrimaryEmail, checkRequired } from '../core/validate.ts';
import type { ReadResource, ResourceWrite, Transaction } from '../storage/storage.ts';
import { type ResourceAnswer, relationQuery, resourceAnswer } from './answers.ts';
import type { RequestContext, Services } from './context.ts';
import { changeMembers } from './members.ts';
import { PRIMARY_STORE } from './user-stores.ts';

const PRIMARY_STORE_KEY = foldText(PRIMARY_STORE);

/** A group with more members is not sent back after a PATCH, whose cost must not grow with the group. */
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
  const { write, members } = newResource(services, context, type, body);
  const { id } = write.stored;
  await services.storage.transaction(context.tenantId, async (tx) => {
    await tx.insertResource(context.tenantId, write);
    if (members.length > 0) await changeMembers(context, tx, id, [{ kind: 'add', members }]);
  });
  if (members.length > 0) return getResource(services, context, type, id, projection);
  return resourceAnswer(context, type, { ...write.stored, relation: undefined }, projection);
}

/**
 * Makes of a body what is to be stored, with an id of its own.
 *
 * @throws ScimError 400
 */
export function newResource(
  services: Pick<Services, 'now' | 'newId'>,
  context: RequestContext,
  type: ResourceType,
  body: JsonValue,
): { write: ResourceWrite; members: MemberReference[] } {
  const resource = decodeResource(type, body, context.tolerance);
  const members = takeMembers(type, resource);
  const nowMs = services.now();
  setUserUuid(type, resource, undefined, () => services.newId(nowMs));
  checkRequired(type, resource);
  if (type.schema.id === USER_SCHEMA && context.settings.requirePrimaryEmail) checkPrimaryEmail(resource);
  const now = timeKey(nowMs);
  const id = services.newId(nowMs);
  const stored = { id, doc: docText(type, id, resource), version: 1, created: now, lastModified: now };
  return { write: writeOf(type, stored, resource), members };
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
  if (found === undefined) throw unknown(type);
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
  if (found === undefined) throw unknown(type);
  if (context.precondition !== undefined)
    checkPrecondition({ ...context.precondition, ifNoneMatch: undefined }, found.version);
  return found.version;
}

/**
 * Replaces a resource (RFC 7644 section 3.5.1): what the body leaves out is gone, but for what the server keeps.
 *
 * @throws ScimError 400, 404, 409 or 412
 */
export async function replaceResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  body: JsonValue,
  projection: Projection | undefined,
): Promise<ResourceAnswer> {
  const resource = decodeResource(type, body, context.tolerance);
  const members = takeMembers(type, resource);
  await services.storage.transaction(context.tenantId, async (tx) => {
    const current = await currentResource(tx, context, type, id);
    const before = readDoc(current.doc);
    setUserUuid(type, resource, before, () => services.newId(services.now()));
    const memberChanges: MemberChange[] =
      type.relationAttribute?.relation === 'members' ? [{ kind: 'clear' }, { kind: 'add', members }] : [];
    await writeChange(services, context, tx, type, current, before, { resource, members: memberChanges });
  });
  return getResource(services, context, type, id, projection);
}

/**
 * Changes a resource by operations (RFC 7644 section 3.5.2): all of them or none.
 *
 * @returns the version it has now, and the answer but for a large group, which is better not sent back
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
  const operations = decodePatch(type, body, context.tolerance);
  const version = await services.storage.transaction(context.tenantId, async (tx) => {
    const current = await currentResource(tx, context, type, id);
    const before = readDoc(current.doc);
    const patched = applyPatch(type, before, operations, context.tolerance);
    return writeChange(services, context, tx, type, current, before, patched);
  });
  if (projection === undefined && type.relationAttribute?.relation === 'members') {
    const most = MEMBERS_IN_PATCH_ANSWER + 1;
    if ((await services.storage.countMembers(context.tenantId, id, most)) === most)
      return { version, answer: undefined };
  }
  return { version, answer: await getResource(services, context, type, id, projection) };
}

/**
 * Deletes a resource (RFC 7644 section 3.6); it leaves every group it was in.
 *
 * @throws ScimError 404 or 412
 */
export async function deleteResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Promise<void> {
  const now = timeKey(services.now());
  await services.storage.transaction(context.tenantId, async (tx) => {
    const current = await currentResource(tx, context, type, id);
    for (const groupId of await tx.groupsOf(context.tenantId, id))
      await tx.touchResource(context.tenantId, 'Group', groupId, now);
    await tx.deleteResource(context.tenantId, writeOf(type, current, readDoc(current.doc)));
  });
}

const unknown = (type: ResourceType) => notFound(`There is no ${type.name} with this id.`);

/** The resource as it is in the transaction, in the state that the request was made for. */
async function currentResource(
  tx: Transaction,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Promise<ReadResource> {
  const current = await tx.getResource(context.tenantId, type.name, id, undefined);
  if (current === undefined) throw unknown(type);
  checkPrecondition(context.precondition, current.version);
  return current;
}

/**
 * Checks and writes what became of a resource; one that is the same keeps its version and lastModified.
 *
 * @returns the version it has now
 */
async function writeChange(
  services: Services,
  context: RequestContext,
  tx: Transaction,
  type: ResourceType,
  current: StoredResource,
  before: Resource,
  after: { resource: Resource; members: readonly MemberChange[] },
): Promise<number> {
  checkRequired(type, after.resource);
  checkImmutable(type, before, after.resource);
  const doc = docText(type, current.id, after.resource);
  const membersChanged = await changeMembers(context, tx, current.id, after.members);
  const now = timeKey(services.now());
  if (doc === current.doc) {
    if (!membersChanged) return current.version;
    await tx.touchResource(context.tenantId, type.name, current.id, now);
    return current.version + 1;
  }
  const stored: StoredResource = {
    ...current,
    doc,
    version: current.version + 1,
    lastModified: laterTime(current.lastModified, now),
  };
  const written = await tx.updateResource(
    context.tenantId,
    writeOf(type, current, before),
    writeOf(type, stored, after.resource),
  );
  if (!written) throw new Unavailable('The resource was changed by another request meanwhile.');
  return stored.version;
}

function writeOf(type: ResourceType, stored: StoredResource, resource: Resource): ResourceWrite {
  resource.schemas = schemasOf(type, resource);
  return { type: type.name, stored, store: PRIMARY_STORE_KEY, values: indexValues(type, resource) };
}

/** Membership goes into rows of its own: it is taken out of what becomes the document. */
function takeMembers(type: ResourceType, resource: Resource): MemberReference[] {
  const attribute = type.relationAttribute;
  if (attribute === undefined) return [];
  const members = memberReferences(resource[attribute.name]);
  delete resource[attribute.name];
  return members;
}

/** SAP's key of a person: what the client says, else what it was, else a new one. */
function setUserUuid(
  type: ResourceType,
  resource: Resource,
  before: Resource | undefined,
  newId: () => string,
): void {
  if (type.schema.id !== USER_SCHEMA) return;
  const [now, old] = [resource[SAP_USER_SCHEMA], before?.[SAP_USER_SCHEMA]];
  const sap = isObject(now) ? now : emptyObject();
  if (isBlank(sap.userUuid)) sap.userUuid = (isObject(old) ? old.userUuid : undefined) ?? newId();
  resource[SAP_USER_SCHEMA] = sap;
}
