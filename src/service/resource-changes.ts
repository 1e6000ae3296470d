import { decodeResource, isBlank } from '../core/decode.ts';
import { notFound, type ScimError, Unavailable } from '../core/error.ts';
import { checkPrecondition } from '../core/etag.ts';
import { addHidden, hiddenText, keepHidden } from '../core/hidden.ts';
import { indexValues } from '../core/index-values.ts';
import { copyJson, emptyObject, isObject, type JsonValue } from '../core/json.ts';
import { checkOwnChange, keepAdministered } from '../core/own-change.ts';
import { applyPatch } from '../core/patch.ts';
import { type MemberChange, type MemberReference, memberReferences } from '../core/patch-members.ts';
import { decodePatch } from '../core/patch-operation.ts';
import { type Resource, schemasOf } from '../core/resource.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { SAP_USER_SCHEMA } from '../core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../core/schemas/user.ts';
import { docText, readDoc, type StoredResource } from '../core/stored.ts';
import { laterTime, timeKey } from '../core/time.ts';
import { uniqueValues } from '../core/unique-values.ts';
import { checkImmutable, checkPrimaryEmail, checkRequired } from '../core/validate.ts';
import type { ReadResource, ResourceState, ResourceWrite, Transaction } from '../storage/storage.ts';
import { type ChangeNote, noteCreation, noteDeletion, noteLeaving, noteUpdate } from './change-notes.ts';
import type { RequestContext, Services } from './context.ts';
import { changeMembers } from './members.ts';
import {
  hashPassword,
  type PasswordChange,
  passwordChange,
  patchedPassword,
  takePassword,
  writePassword,
} from './password-changes.ts';
import {
  type AssumedStore,
  assumedStore,
  placeInStore,
  requireOwnName,
  requireSameStores,
} from './store-names.ts';

// Changes are made in two steps: what needs no database (reading the body, hashing a password) comes before the
// transaction, which writers wait for; Bulk runs many of the second steps in one transaction.

/** The second step of a change, which adds to `notes` what it does. @returns the version that the resource has then */
export type Change = (tx: Transaction, notes: ChangeNote[]) => Promise<number>;

/** A resource that is ready to be stored. */
export interface Creation {
  readonly write: ResourceWrite;
  readonly members: readonly MemberReference[];
  readonly password: PasswordChange | undefined;
  readonly type: ResourceType;
  /** What the name was taken to say about its user store; undefined: nothing. */
  readonly assumed: AssumedStore | undefined;
  readonly note: ChangeNote;
}

/**
 * Prepares a new resource (RFC 7644 section 3.3).
 *
 * @param id the id that it gets; undefined: one of its own
 * @throws ScimError 400
 */
export async function prepareCreation(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  body: JsonValue,
  id?: string,
): Promise<Creation> {
  const { password, ...prepared } = await newResource(services, context, type, body, id);
  return {
    ...prepared,
    password: password === undefined ? undefined : await hashPassword(services, password),
  };
}

/** Stores new resources without their members. @throws ScimError 409 uniqueness */
export async function insertCreations(
  services: Services,
  context: RequestContext,
  tx: Transaction,
  notes: ChangeNote[],
  creations: readonly Creation[],
): Promise<void> {
  await requireSameDefinitions(tx, context);
  const assumed = creations.flatMap((creation) => creation.assumed ?? []);
  await requireSameStores(tx, context.tenantId, assumed);
  const [only, ...more] = creations;
  if (only !== undefined && more.length === 0) await tx.insertResource(context.tenantId, only.write);
  else
    await tx.insertResources(
      context.tenantId,
      creations.map(({ write }) => write),
    );
  for (const { write, password, type, note } of creations) {
    notes.push(note);
    await requireOwnName(context, tx, type, write.stored.id, write.values, []);
    await writePassword(services, tx, context, write.stored.id, password);
  }
}

/**
 * Adds the members of a new resource, which all have to be there by now.
 *
 * @throws ScimError 400 invalidValue
 */
export async function linkCreation(
  context: RequestContext,
  tx: Transaction,
  { write, members }: Creation,
): Promise<void> {
  if (members.length > 0)
    await changeMembers(context, tx, write.stored.id, [{ kind: 'add', members }], write.store);
}

async function newResource(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  body: JsonValue,
  givenId: string | undefined,
): Promise<Omit<Creation, 'password'> & { password: string | undefined }> {
  const resource = decodeResource(type, body, context.tolerance);
  const members = takeMembers(type, resource);
  const password = takePassword(type, resource);
  const nowMs = services.now();
  setUserUuid(type, resource, undefined, () => services.newId(nowMs));
  checkRequired(type, resource);
  if (type.schema.id === USER_SCHEMA && context.settings.requirePrimaryEmail) checkPrimaryEmail(resource);
  const { directory } = services.storage;
  const store = await placeInStore(context, type, resource, undefined, directory.listUserStores);
  const now = timeKey(nowMs);
  const id = givenId ?? services.newId(nowMs);
  const stored = { id, doc: docText(type, id, resource), version: 1, created: now, lastModified: now };
  const write = writeOf(type, stored, resource, store);
  const memberIds = members.map(({ value }) => value);
  const note = noteCreation(type, stored, resource, memberIds, password !== undefined);
  return { type, write, members, password, assumed: assumedStore(type, resource, store), note };
}

/**
 * Prepares the replacement of a resource (RFC 7644 section 3.5.1): what the body leaves out is gone, but for what the server
 * keeps.
 *
 * @param keepsMembers whether the members of a group stay as they are, whatever the body says
 * @throws ScimError 400; the change throws 400, 404, 409 or 412
 */
export async function prepareReplacement(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  body: JsonValue,
  keepsMembers = false,
): Promise<Change> {
  const resource = decodeResource(type, body, context.tolerance);
  const members = takeMembers(type, resource);
  const password = await passwordChange(services, context, id, takePassword(type, resource));
  return async (tx, notes) => {
    const current = await currentResource(tx, context, type, id);
    const before = await wholeResource(tx, context, type, current);
    const after = copyJson(resource);
    if (context.isOwn) keepAdministered(type, before, after);
    keepHidden(type, before, after);
    setUserUuid(type, after, before, () => services.newId(services.now()));
    const memberChanges: MemberChange[] =
      type.relationAttribute?.relation === 'members' && !keepsMembers
        ? [{ kind: 'clear' }, { kind: 'add', members }]
        : [];
    const changed = { resource: after, members: memberChanges, password };
    return writeChange(services, context, tx, notes, type, current, before, changed);
  };
}

/**
 * Prepares a change by operations (RFC 7644 section 3.5.2): all of them or none.
 *
 * @throws ScimError 400; the change throws 400, 404, 409 or 412
 */
export async function preparePatch(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
  body: JsonValue,
): Promise<Change> {
  const operations = decodePatch(type, body, context.tolerance);
  const given = patchedPassword(type, operations, context.tolerance);
  const password = await passwordChange(services, context, id, given);
  return async (tx, notes) => {
    const current = await currentResource(tx, context, type, id);
    const before = await wholeResource(tx, context, type, current);
    const patched = applyPatch(type, before, operations, context.tolerance);
    takePassword(type, patched.resource);
    return writeChange(services, context, tx, notes, type, current, before, { ...patched, password });
  };
}

/**
 * Prepares a deletion (RFC 7644 section 3.6); the resource leaves every group it is in.
 *
 * @returns a change that throws ScimError 404 or 412, and gives the last version
 */
export function prepareDeletion(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Change {
  const now = timeKey(services.now());
  return async (tx, notes) => {
    const current = await currentResource(tx, context, type, id);
    for (const groupId of await tx.groupsOf(context.tenantId, type.name, id)) {
      await tx.touchResource(context.tenantId, 'Group', groupId, now);
      notes.push(noteLeaving('Group', groupId, id));
    }
    const resource = await wholeResource(tx, context, type, current);
    await tx.deleteResource(context.tenantId, stateOf(type, current, resource));
    notes.push(noteDeletion(type, current, resource));
    return current.version;
  };
}

/** The error that every id without a resource of the type gets. */
export const unknownResource = (type: ResourceType): ScimError =>
  notFound(`There is no ${type.name} with this id.`);

/** What was made ready by other definitions than those of now might not fit them. @throws Unavailable */
async function requireSameDefinitions(
  tx: Transaction,
  { tenantId, registry }: RequestContext,
): Promise<void> {
  if (registry.revision === undefined) return;
  if ((await tx.definitionRevision(tenantId)) !== registry.revision)
    throw new Unavailable('The definitions of the tenant have changed meanwhile.');
}

/** The resource as it is in the transaction, in the state that the request was made for. */
async function currentResource(
  tx: Transaction,
  context: RequestContext,
  type: ResourceType,
  id: string,
): Promise<ReadResource> {
  await requireSameDefinitions(tx, context);
  const current = await tx.getResource(context.tenantId, type.name, id, undefined);
  if (current === undefined) throw unknownResource(type);
  checkPrecondition(context.precondition, current.version);
  return current;
}

/** A stored resource with what no answer shows of it. */
async function wholeResource(
  tx: Transaction,
  context: RequestContext,
  type: ResourceType,
  { id, doc }: StoredResource,
): Promise<Resource> {
  const resource = readDoc(doc);
  if (type.hasHidden) addHidden(type, resource, await tx.getHidden(context.tenantId, type.name, id));
  return resource;
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
  notes: ChangeNote[],
  type: ResourceType,
  current: StoredResource,
  before: Resource,
  after: {
    resource: Resource;
    members: readonly MemberChange[];
    password: PasswordChange | undefined;
  },
): Promise<number> {
  checkRequired(type, after.resource);
  const store = await placeInStore(context, type, after.resource, before, tx.listUserStores);
  checkImmutable(type, before, after.resource);
  if (context.isOwn) checkOwnChange(type, before, after.resource);
  const doc = docText(type, current.id, after.resource);
  const members = await changeMembers(context, tx, current.id, after.members, store);
  const now = timeKey(services.now());
  const note = (docNow: string): void => {
    const docs = { before: current.doc, after: docNow };
    const states = { before, after: after.resource };
    notes.push(noteUpdate(type, current.id, docs, states, members, after.password !== undefined));
  };
  await writePassword(services, tx, context, current.id, after.password);
  if (doc === current.doc && hiddenText(type, after.resource) === hiddenText(type, before)) {
    if (!members.changed && after.password === undefined) return current.version;
    note(current.doc);
    await tx.touchResource(context.tenantId, type.name, current.id, now);
    return current.version + 1;
  }
  const stored: StoredResource = {
    ...current,
    doc,
    version: current.version + 1,
    lastModified: laterTime(current.lastModified, now),
  };
  const state = stateOf(type, current, before);
  const write = writeOf(type, stored, after.resource, store);
  const written = await tx.updateResource(context.tenantId, state, write);
  if (!written) throw new Unavailable('The resource was changed by another request meanwhile.');
  await requireOwnName(context, tx, type, current.id, write.values, state.values);
  note(doc);
  return stored.version;
}

const writeOf = (
  type: ResourceType,
  stored: StoredResource,
  resource: Resource,
  store: string,
): ResourceWrite => ({ ...stateOf(type, stored, resource), store });

/** What is to be written of a resource that another database has, hidden attributes included. */
export function movedWrite(
  type: ResourceType,
  stored: StoredResource,
  hidden: string | undefined,
  store: string,
): ResourceWrite {
  const resource = readDoc(stored.doc);
  addHidden(type, resource, hidden);
  return { ...writeOf(type, stored, resource, store), hidden };
}

function stateOf(type: ResourceType, stored: StoredResource, resource: Resource): ResourceState {
  resource.schemas = schemasOf(type, resource);
  return {
    type: type.name,
    stored,
    values: indexValues(type, resource),
    unique: uniqueValues(type, resource),
    hidden: hiddenText(type, resource),
  };
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
