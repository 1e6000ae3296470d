import { ANSWER_FORM_2 } from '../core/answer-form.ts';
import { BUILT_IN, GROUP_TYPE, USER_TYPE } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { GROUP_SCHEMA } from '../core/schemas/group.ts';
import { USER_SCHEMA } from '../core/schemas/user.ts';
import { toleranceOf } from '../core/tolerance.ts';
import type { Actor } from '../storage/audit.ts';
import type { Tenant } from '../storage/directory.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import type { RequestContext, Services } from './context.ts';
import { findByName } from './find-by-name.ts';
import { createResource } from './resources.ts';

/** The users and groups that the server itself makes, by their names. */
export interface Accounts {
  /** @returns the id of the user of that userName */
  findUser(tenant: Tenant, userName: string): Promise<string | undefined>;
  /** @returns its id */
  createUser(tenant: Tenant, userName: string): Promise<string>;
  /** @returns the id of a group of that displayName */
  findGroup(tenant: Tenant, displayName: string): Promise<string | undefined>;
  /** @returns its id */
  createGroup(tenant: Tenant, displayName: string, userIds: readonly string[]): Promise<string>;
}

/**
 * @param baseUrl the SCIM root, without a slash at the end
 * @param actor on whose behalf; the server's own when not given
 */
export function createAccounts(services: Services, baseUrl: string, actor: Actor = SYSTEM_ACTOR): Accounts {
  const tolerance = toleranceOf('strict');
  // people of the house need no e-mail address
  const settings = { dialect: 'strict', requirePrimaryEmail: false, scopes: ['read', 'write'] } as const;
  const contextOf = ({ id }: Tenant): RequestContext => ({
    tenantId: id,
    subject: 'roster',
    actor,
    changes: [],
    isOwn: false,
    settings,
    tolerance,
    precondition: undefined,
    // what the server makes for itself obeys no definition of the tenant
    registry: { ...BUILT_IN, revision: undefined },
    form: ANSWER_FORM_2,
    baseUrl,
  });

  async function find(tenant: Tenant, type: ResourceType, attribute: string, name: string) {
    return (await findByName(services.storage, tenant.id, type, attribute, name))?.id;
  }

  async function create(tenant: Tenant, type: ResourceType, body: Parameters<typeof createResource>[3]) {
    return (await createResource(services, contextOf(tenant), type, body, undefined)).id;
  }

  return {
    findUser: (tenant, userName) => find(tenant, USER_TYPE, 'userName', userName),
    createUser: (tenant, userName) =>
      create(tenant, USER_TYPE, { schemas: [USER_SCHEMA], userName, active: true }),
    findGroup: (tenant, displayName) => find(tenant, GROUP_TYPE, 'displayName', displayName),
    createGroup: (tenant, displayName, userIds) =>
      create(tenant, GROUP_TYPE, {
        schemas: [GROUP_SCHEMA],
        displayName,
        members: userIds.map((value) => ({ value })),
      }),
  };
}
