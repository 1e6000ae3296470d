import type { Tenant } from '../storage/directory.ts';
import type { OperatorRole } from '../storage/operators.ts';
import { ServiceError } from './service-error.ts';

/** A tenant that an operator may know of. */
export type VisibleTenant = Tenant;

/** Of an operator, what decides about access. */
export interface Rights {
  readonly role: OperatorRole;
  /** Id of the one tenant; undefined for owners. */
  readonly tenantId: string | undefined;
}

const isOwner = ({ role }: Rights): boolean => role === 'owner';

/** Whether an operator can know that a tenant is there. */
export const seesTenant = (rights: Rights, { id }: Pick<Tenant, 'id'>): boolean =>
  isOwner(rights) || rights.tenantId === id;

/**
 * @param tenant undefined: there is none of the name
 * @param domain the name, for the message
 * @throws ServiceError notFound for a tenant that the operator can't know of, forbidden where the role is not enough
 */
export function requireTenantAccess(
  rights: Rights,
  tenant: Tenant | undefined,
  domain: string,
  access: 'read' | 'write',
): Tenant {
  if (tenant === undefined || !seesTenant(rights, tenant))
    throw new ServiceError('notFound', `There is no tenant ${domain} that you can see.`);
  if (access === 'write' && rights.role === 'auditor')
    throw new ServiceError('forbidden', 'Auditors may read, but change nothing.');
  return tenant;
}

/** Whether an operator administers another one, of whom everybody else can't know. */
export const administersOperator = (rights: Rights, target: Rights): boolean =>
  isOwner(rights) || (rights.role === 'tenantAdmin' && rights.tenantId === target.tenantId);

/** @throws ServiceError forbidden */
export function requireOwner(rights: Rights): void {
  if (!isOwner(rights)) throw new ServiceError('forbidden', 'Only owners may do this.');
}
