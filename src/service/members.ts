import { setImmediate } from 'node:timers/promises';
import { badRequest, invalidValue, noTarget } from '../core/error.ts';
import type { JsonObject } from '../core/json.ts';
import { matchesElement } from '../core/match.ts';
import type { MemberChange, MemberReference } from '../core/patch-members.ts';
import { shorten } from '../core/path.ts';
import { fitsName, isStore } from '../core/store-name.ts';
import type { Member, Transaction } from '../storage/storage.ts';
import type { RequestContext } from './context.ts';

/** Members read at a time when a change has to look at those that are there. */
const PAGE = 1000;

/** Filters in one request that have to be tried on every member of a group. */
const MAX_SCANS = 10;

/** What a request has done to the members of a group; `added` and `removed` are ids, and what it comes to. */
interface MembersChanged {
  /** Whether any member came or went. */
  readonly changed: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Carries out the steps of a request on the members of a group.
 *
 * @param store the user store of the group
 * @throws ScimError 400 invalidValue for a member that does not exist in the tenant or can't be one, 400 tooMany,
 *   400 noTarget
 */
export async function changeMembers(
  context: RequestContext,
  tx: Transaction,
  groupId: string,
  changes: readonly MemberChange[],
  store: string,
): Promise<MembersChanged> {
  const scans = changes.filter((change) => change.kind === 'removeMatching' && change.among === undefined);
  if (scans.length > MAX_SCANS)
    throw badRequest('tooMany', `A request may have ${MAX_SCANS} member filters that do not name ids.`);
  const lastClear = changes.findLastIndex((change) => change.kind === 'clear');
  // what was done before all members went has no effect, but it may fail
  if (lastClear >= 0 && !changes.slice(0, lastClear).some(mustMatch))
    return setMembers(context, tx, groupId, changes.slice(lastClear + 1), store);
  const net = new Map<string, 'added' | 'removed'>();
  let changed = false;
  for (const change of changes) {
    const ids = await carryOut(context, tx, groupId, change, store);
    if (ids.length === 0 && mustMatch(change)) acceptNoMatch(context);
    changed ||= ids.length > 0;
    const became = change.kind === 'add' ? 'added' : 'removed';
    // one that comes and goes within a request is neither
    for (const id of ids) if (!net.delete(id)) net.set(id, became);
  }
  const those = (became: string): string[] => [...net].flatMap(([id, how]) => (how === became ? id : []));
  return { changed, added: those('added'), removed: those('removed') };
}

const mustMatch = (change: MemberChange): boolean => 'mustMatch' in change;

/** @returns the ids of the members that came or went */
async function carryOut(
  context: RequestContext,
  tx: Transaction,
  groupId: string,
  change: MemberChange,
  store: string,
): Promise<string[]> {
  const { tenantId } = context;
  switch (change.kind) {
    case 'clear':
      return tx.clearMembers(tenantId, groupId);
    case 'add':
      return tx.addMembers(tenantId, groupId, await existingMembers(context, tx, change.members, store));
    case 'remove':
      return tx.removeMembers(tenantId, groupId, change.ids);
    case 'removeMatching':
      return removeMatching(context, tx, groupId, change);
  }
}

/** @throws ScimError 400 noTarget, unless a replacement of what is not there may add it */
function acceptNoMatch({ tolerance }: RequestContext): void {
  if (!tolerance.accept('create-missing-element')) throw noTarget('The path matches no member of the group.');
}

/** Makes the members those that the steps add up to from none; the ones that stay are not touched. */
async function setMembers(
  context: RequestContext,
  tx: Transaction,
  groupId: string,
  changes: readonly MemberChange[],
  store: string,
): Promise<MembersChanged> {
  const asValue = memberValues(context);
  const wanted = new Map<string, Member>();
  for (const change of changes) {
    const before = wanted.size;
    if (change.kind === 'add')
      for (const member of await existingMembers(context, tx, change.members, store))
        wanted.set(member.value, member);
    else if (change.kind === 'remove') for (const id of change.ids) wanted.delete(id);
    else if (change.kind === 'removeMatching')
      for (const member of wanted.values())
        if (matchesElement(change.filter, asValue(member))) wanted.delete(member.value);
    if (wanted.size === before && mustMatch(change)) acceptNoMatch(context);
  }
  if (wanted.size === 0) {
    const removed = await tx.clearMembers(context.tenantId, groupId);
    return { changed: removed.length > 0, added: [], removed };
  }
  const gone: string[] = [];
  await eachMember(context, tx, groupId, (member) => {
    if (!wanted.has(member.value)) gone.push(member.value);
  });
  const removed = await tx.removeMembers(context.tenantId, groupId, gone);
  const added = await tx.addMembers(context.tenantId, groupId, [...wanted.values()]);
  return { changed: removed.length + added.length > 0, added, removed };
}

async function removeMatching(
  context: RequestContext,
  tx: Transaction,
  groupId: string,
  { filter, among }: Extract<MemberChange, { kind: 'removeMatching' }>,
): Promise<string[]> {
  const asValue = memberValues(context);
  const ids: string[] = [];
  const visit = (member: Member): void => {
    if (matchesElement(filter, asValue(member))) ids.push(member.value);
  };
  if (among === undefined) {
    await eachMember(context, tx, groupId, visit);
  } else {
    const types = context.registry.memberTypes.map(({ name }) => name);
    const found = await tx.resourceTypesOf(context.tenantId, types, among);
    for (const [value, type] of found) visit({ value, type });
  }
  return tx.removeMembers(context.tenantId, groupId, ids);
}

/** Members as an answer shows them, for the filters of a request to be tried on. */
function memberValues({ registry, baseUrl }: RequestContext): (member: Member) => JsonObject {
  const bases = new Map(registry.resourceTypes.map(({ name, endpoint }) => [name, `${baseUrl}${endpoint}/`]));
  return ({ value, type }) => ({ value, $ref: `${bases.get(type)}${value}`, type });
}

async function eachMember(
  context: RequestContext,
  tx: Transaction,
  groupId: string,
  visit: (member: Member) => void,
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page = await tx.listMembers(context.tenantId, groupId, after, PAGE);
    page.forEach(visit);
    after = page.at(-1)?.value;
    if (page.length < PAGE) return;
    // other requests are served between the pages of a large group
    await setImmediate();
  }
}

/** The members that references name, with the type of each: a client may leave it out, but not get it wrong. */
async function existingMembers(
  context: RequestContext,
  tx: Transaction,
  references: readonly MemberReference[],
  store: string,
): Promise<Member[]> {
  if (references.length === 0) return [];
  const types = context.registry.memberTypes.map(({ name }) => name);
  const ids = references.map(({ value }) => value);
  const found = context.fixedStores
    ? await fittingMembers(context, tx, types, references, store)
    : await tx.resourceTypesOf(context.tenantId, types, ids);
  return references.map(({ value, type }) => {
    const actual = found.get(value);
    if (actual === undefined || (type !== undefined && type.toLowerCase() !== actual.toLowerCase()))
      throw invalidValue(`members names a resource that does not exist: ${shorten(value)}`);
    return { value, type: actual };
  });
}

/**
 * The types of those members that exist, all of them of the group's user store, unless the group is outside of all stores,
 * and of the name that the client says.
 */
async function fittingMembers(
  { tenantId, registry }: RequestContext,
  tx: Transaction,
  types: readonly string[],
  references: readonly MemberReference[],
  store: string,
): Promise<Map<string, string>> {
  const ids = references.map(({ value }) => value);
  const found = await tx.identitiesOf(tenantId, types, ids);
  const takesAll = registry.resourceTypes.some(
    ({ storeAttribute }) => storeAttribute !== undefined && !isStore(storeAttribute, store),
  );
  for (const { value, display = '' } of references) {
    const member = found.get(value);
    if (member === undefined) continue;
    if (!takesAll && member.store !== store)
      throw invalidValue('members names a resource of another user store.');
    if (display.trim() !== '' && !fitsName(display, member.nameKey, member.store))
      throw invalidValue('members says another name of a resource than it has.');
  }
  return new Map([...found].map(([id, { type }]) => [id, type]));
}
