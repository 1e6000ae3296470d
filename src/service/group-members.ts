import type { JsonObject } from '../core/json.ts';
import { PATCH_SCHEMA } from '../core/patch-operation.ts';
import { GROUP_TYPE } from '../core/registry.ts';
import type { NamedMember } from '../storage/storage.ts';
import type { RequestContext, Services } from './context.ts';
import { unknownResource } from './resource-changes.ts';
import { plainSearch } from './resource-search.ts';
import { patchResource } from './resources.ts';

/** A page of the members of a group. */
export interface MemberPage {
  readonly members: readonly NamedMember[];
  /** Id of the last one, to go on behind; undefined: nothing comes behind it. */
  readonly next: string | undefined;
  /** Of the group, whatever is searched for. */
  readonly total: number;
}

/**
 * Members of a group with their names, in the order of their ids.
 *
 * @param search words that names and addresses begin with; undefined: all members
 * @throws ScimError 404
 */
export async function listGroupMembers(
  { storage }: Services,
  context: RequestContext,
  groupId: string,
  { search, after, limit }: { search?: string | undefined; after?: string | undefined; limit: number },
): Promise<MemberPage> {
  const { tenantId, registry } = context;
  await requireGroup({ storage }, context, groupId);
  const isSearch = search !== undefined && search.trim() !== '';
  const matching = isSearch
    ? await Promise.all(
        registry.memberTypes.map(async (type) => ({
          type,
          filter: await plainSearch({ storage }, context, type, search),
        })),
      )
    : undefined;
  const [found, total] = await Promise.all([
    // one more tells whether there is a next page
    storage.listNamedMembers(tenantId, groupId, { after, most: limit + 1, matching }),
    storage.countAllMembers(tenantId, groupId),
  ]);
  const members = found.slice(0, limit);
  return { members, total, next: found.length > limit ? members.at(-1)?.value : undefined };
}

/**
 * Adds members to a group and removes others, all of it or nothing.
 *
 * @returns the number of members it has then
 * @throws ScimError 404, 400 invalidValue for an id that is none of a resource which can be a member
 */
export async function changeGroupMembers(
  services: Services,
  context: RequestContext,
  groupId: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<number> {
  const operation = (op: 'add' | 'remove', ids: readonly string[]): JsonObject[] =>
    ids.length === 0 ? [] : [{ op, path: 'members', value: ids.map((value) => ({ value })) }];
  const Operations = [...operation('remove', remove), ...operation('add', add)];
  const body = { schemas: [PATCH_SCHEMA], Operations };
  await patchResource(services, context, groupType(context), groupId, body, undefined);
  return services.storage.countAllMembers(context.tenantId, groupId);
}

/** @throws ScimError 404 */
export async function requireGroup(
  { storage }: Pick<Services, 'storage'>,
  context: RequestContext,
  groupId: string,
): Promise<void> {
  const type = groupType(context);
  if ((await storage.getResource(context.tenantId, type.name, groupId, undefined)) === undefined)
    throw unknownResource(type);
}

/** The tenant may have extended it. */
const groupType = ({ registry }: RequestContext) => registry.typeByName.get(GROUP_TYPE.name) ?? GROUP_TYPE;
