import { domainToASCII } from 'node:url';
import { ScimError } from '../core/error.ts';
import { PRIMARY_STORE } from '../core/store-name.ts';
import type { Actor } from '../storage/audit.ts';
import type { Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import type { RequestLog } from './request-log.ts';
import { randomId } from './secrets.ts';
import { ServiceError } from './service-error.ts';
import { userStore } from './user-stores.ts';

/** The domain of the super tenant, the first one. */
const SUPER_DOMAIN = 'carbon.super';

export interface Tenants {
  /**
   * Creates a tenant with its user store `PRIMARY`.
   *
   * @param name what people call it; the domain when undefined
   * @throws ServiceError when the domain can't be one
   * @throws ScimError 409 uniqueness when the domain is taken
   */
  create(domain: string, name?: string): Promise<Tenant>;
  /** The super tenant, made when there is none yet. */
  ensureSuper(): Promise<Tenant>;
  list(): Promise<Tenant[]>;
  /** @returns undefined when there is no such tenant */
  look(domain: string): Promise<Tenant | undefined>;
  /** @throws ServiceError when there is no such tenant */
  find(domain: string): Promise<Tenant>;
  /**
   * Deactivates a tenant, so that all its credentials are refused from then on, or activates it again.
   *
   * @throws ServiceError when there is no such tenant, or the super tenant would be deactivated
   */
  setActive(domain: string, active: boolean): Promise<Tenant>;
  /**
   * Deletes a tenant and everything in it.
   *
   * @throws ServiceError when there is no such tenant, or it is the super tenant
   */
  remove(domain: string): Promise<Tenant>;
}

export function createTenants({
  storage,
  now,
  requestLog,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'directory' | 'audit'>;
  readonly now: Clock;
  readonly requestLog?: Pick<RequestLog, 'forgetTenant'>;
  readonly actor?: Actor;
}): Tenants {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);
  // the records of a tenant end with it
  const note = (action: string, { id, domain }: Tenant): Promise<void> =>
    append(undefined, { action, target: { type: 'Tenant', id, name: domain } });

  async function store(domain: string, name: string, isSuper: boolean): Promise<Tenant> {
    const created = timestamp(now());
    const tenant: Tenant = { id: randomId(), domain, name, isSuper, active: true, created };
    await directory.createTenant(tenant, userStore(tenant.id, PRIMARY_STORE, created));
    await note('tenant.create', tenant);
    return tenant;
  }

  async function find(domain: string): Promise<Tenant> {
    const tenant = await directory.findTenant(foldDomain(domain));
    if (tenant !== undefined) return tenant;
    throw new ServiceError('notFound', `There is no tenant ${domain}; "roster tenant list" shows them.`);
  }

  async function findOrdinary(domain: string, what: string): Promise<Tenant> {
    const tenant = await find(domain);
    if (tenant.isSuper)
      throw new ServiceError('conflict', `${SUPER_DOMAIN} is the super tenant: it can't be ${what}.`);
    return tenant;
  }

  return {
    find,
    look: (domain) => directory.findTenant(domain.toLowerCase()),
    list: () => directory.listTenants(),

    async create(domain, name) {
      const folded = foldDomain(domain);
      if (folded === SUPER_DOMAIN) {
        throw new ServiceError('conflict', `${SUPER_DOMAIN} is the super tenant, which every server has.`, {
          field: 'domain',
        });
      }
      return store(folded, checkedName(name ?? folded), false);
    },

    async ensureSuper() {
      const known = await directory.superTenant();
      if (known !== undefined) return known;
      try {
        return await store(SUPER_DOMAIN, SUPER_DOMAIN, true);
      } catch (error) {
        // another process has made it in the meantime
        if (error instanceof ScimError && error.status === 409) return find(SUPER_DOMAIN);
        throw error;
      }
    },

    async setActive(domain, active) {
      const tenant = active ? await find(domain) : await findOrdinary(domain, 'deactivated');
      await directory.setTenantActive(tenant.id, active);
      await note(active ? 'tenant.activate' : 'tenant.deactivate', tenant);
      return { ...tenant, active };
    },

    async remove(domain) {
      const tenant = await findOrdinary(domain, 'deleted');
      await directory.deleteTenant(tenant.id);
      await note('tenant.delete', tenant);
      // last, since what comes until then is kept
      await requestLog?.forgetTenant(tenant.id);
      return tenant;
    },
  };
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

/**
 * The one form in which a domain is stored and compared: lower case, other letters than ASCII as `xn--` labels.
 *
 * @throws ServiceError when it is not a domain name
 */
function foldDomain(domain: string): string {
  const isAscii = /^[ -~]*$/.test(domain);
  const folded = isAscii ? domain.toLowerCase() : domainToASCII(domain);
  if (DOMAIN.test(folded) && !/[/\\?#@:%\s]/.test(domain)) return folded;
  throw new ServiceError('invalid', `${JSON.stringify(domain)} is not a domain name such as acme.com.`, {
    field: 'domain',
  });
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (/^\P{Cc}{1,200}$/u.test(trimmed)) return trimmed;
  throw new ServiceError('invalid', 'The name of a tenant has 1 to 200 characters and no line break.', {
    field: 'name',
  });
}
