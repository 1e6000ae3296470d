import { PRIMARY_STORE_KEY } from '../../core/store-name.ts';
import { seesTenant, type VisibleTenant } from '../../service/access.ts';
import { requirePassword } from '../../service/passwords.ts';
import { ServiceError } from '../../service/service-error.ts';
import { countResources } from '../../service/sizes.ts';
import { actingOf } from './calling.ts';
import type { TENANT_ROUTES } from './contract/tenants.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

const shownTenant = ({ domain, name, isSuper, active, created }: VisibleTenant) => ({
  domain,
  name,
  isSuper,
  active,
  created,
});

/** Refuses the administrator of a tenant before the tenant is made. @throws ServiceError */
async function requireFree(
  operators: AdminServices['operatorServices']['operators'],
  given: { readonly email: string; readonly name: string },
): Promise<void> {
  try {
    await operators.requireFree(given);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.field === undefined) throw error;
    throw new ServiceError(error.problem, error.message, { field: `operator.${error.field}` });
  }
}

/** Tenants and their user stores. */
export function tenantHandlers({
  services: { storage },
  registries,
  operatorServices: { operators, audit },
}: AdminServices): HandlersOf<typeof TENANT_ROUTES> {
  return {
    async listTenants({ caller: { operator }, by }) {
      return (await by.tenants.list()).filter((tenant) => seesTenant(operator, tenant)).map(shownTenant);
    },

    async createTenant({ by: { tenants, administrators }, body, caller, request }) {
      const { domain, name, adminPassword, operator } = body;
      if (adminPassword !== undefined) requirePassword(adminPassword, 'adminPassword');
      if (operator !== undefined) await requireFree(operators, operator);
      const tenant = await tenants.create(domain, name);
      if (adminPassword !== undefined) await administrators.create(tenant, adminPassword);
      if (operator === undefined) return { tenant: shownTenant(tenant) };
      const given = { ...operator, role: 'tenantAdmin', tenant: tenant.domain } as const;
      const { link } = await operators.invite(actingOf(request, caller, audit), given);
      return { tenant: shownTenant(tenant), link };
    },

    getTenant: async ({ tenant }) => shownTenant(tenant),

    async updateTenant({ by: { tenants }, tenant, body: { active } }) {
      return shownTenant(await tenants.setActive(tenant.domain, active));
    },

    async deleteTenant({ by: { tenants }, tenant }) {
      await tenants.remove(tenant.domain);
      return undefined;
    },

    async getTenantSize({ by: { integrations, userStores }, tenant }) {
      const [resources, { length: integrationsTotal }, { length: storesTotal }, operatorsTotal] =
        await Promise.all([
          countResources(storage, registries, tenant),
          integrations.list(tenant),
          userStores.list(tenant),
          operators.count(tenant.id),
        ]);
      return {
        ...{ resources, integrations: integrationsTotal, userStores: storesTotal, operators: operatorsTotal },
      };
    },

    async listUserStores({ by: { userStores }, tenant }) {
      const [stores, empty] = await Promise.all([userStores.list(tenant), userStores.listEmpty(tenant)]);
      return stores.map(({ name, nameKey, created }) => ({
        name,
        created,
        isPrimary: nameKey === PRIMARY_STORE_KEY,
        isEmpty: empty.includes(nameKey),
      }));
    },

    async createUserStore({ by: { userStores }, tenant, body }) {
      const { name, created } = await userStores.create(tenant, body.name);
      return { name, created, isPrimary: false, isEmpty: true };
    },

    async deleteUserStore({ by: { userStores }, tenant, params: { store } }) {
      await userStores.remove(tenant, store);
      return undefined;
    },
  };
}
