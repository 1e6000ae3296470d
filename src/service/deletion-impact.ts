import { readFilter } from '../core/filter-binding.ts';
import { GROUP_TYPE } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { readDoc } from '../core/stored.ts';
import { toleranceOf } from '../core/tolerance.ts';
import type { RequestContext, Services } from './context.ts';
import { unknownResource } from './resource-changes.ts';

/** What a deletion would touch. */
export interface DeletionImpact {
  /** The first groups that the resource is a direct member of. */
  readonly groups: readonly { readonly id: string; readonly display: string }[];
  readonly groupsTotal: number;
  readonly membersTotal: number;
  /** What the group permits its members. */
  readonly permissions: readonly string[];
}

/** Groups that are named. */
const NAMED_GROUPS = 20;

/** @throws ScimError 404 */
export async function deletionImpact(
  { storage }: Pick<Services, 'storage'>,
  { tenantId, registry }: RequestContext,
  type: ResourceType,
  id: string,
): Promise<DeletionImpact> {
  if ((await storage.getResource(tenantId, type.name, id, undefined)) === undefined)
    throw unknownResource(type);
  const isGroup = type.relationAttribute?.relation === 'members';
  const canBeMember = registry.memberTypes.some(({ name }) => name === type.name);
  const [groups, membersTotal, permissions] = await Promise.all([
    canBeMember ? groupsWith({ storage }, tenantId, id) : { totalResults: 0, resources: [] },
    isGroup ? storage.countAllMembers(tenantId, id) : 0,
    isGroup ? storage.directory.listPermissions(tenantId) : undefined,
  ]);
  return {
    groups: groups.resources.map((group) => ({
      id: group.id,
      display: String(readDoc(group.doc).displayName ?? group.id),
    })),
    groupsTotal: groups.totalResults,
    membersTotal,
    permissions: permissions?.get(id) ?? [],
  };
}

function groupsWith({ storage }: Pick<Services, 'storage'>, tenantId: string, memberId: string) {
  const text = `members.value eq ${JSON.stringify(memberId)}`;
  const part = {
    type: GROUP_TYPE,
    filter: readFilter(GROUP_TYPE, text, toleranceOf('strict')),
    sort: undefined,
    relation: undefined,
  };
  return storage.listResources(tenantId, { parts: [part], page: { startIndex: 1, count: NAMED_GROUPS } });
}
