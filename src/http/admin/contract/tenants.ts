import { z } from 'zod';
import { domain, tenantParams, time } from './common.ts';
import { declareRoutes } from './route.ts';
import { oneTimeLink } from './session.ts';

const tenant = z
  .object({
    domain,
    name: z.string(),
    isSuper: z.boolean(),
    active: z.boolean().meta({ description: 'False: its credentials get 401.' }),
    created: time,
  })
  .meta({ id: 'Tenant' });

const userStore = z
  .object({
    name: z.string().meta({ examples: ['AMRSNGHE'] }),
    created: time,
    isPrimary: z.boolean(),
    isEmpty: z.boolean().meta({ description: 'Only then it can be deleted.' }),
  })
  .meta({ id: 'UserStore' });

export const TENANT_ROUTES = declareRoutes({
  listTenants: {
    method: 'GET',
    path: '/tenants',
    tag: 'Tenants',
    summary: 'Tenants that you see',
    access: 'operator',
    answer: z.array(tenant),
  },
  createTenant: {
    method: 'POST',
    path: '/tenants',
    tag: 'Tenants',
    summary: 'Add a tenant',
    description:
      'With a password also the user `admin` and the group `PRIMARY/admin`; with an operator also an administrator of the tenant.',
    access: 'owner',
    reauthenticate: true,
    body: z.object({
      domain: z.string().trim().min(1, 'Give a domain, such as acme.com.').max(253),
      name: z.string().trim().max(200).optional(),
      adminPassword: z.string().max(1000).optional(),
      operator: z.object({ email: z.string().max(254), name: z.string().trim().max(100) }).optional(),
    }),
    answer: z.object({ tenant, link: oneTimeLink.optional().meta({ description: 'For the operator.' }) }),
    status: 201,
    errors: { 409: 'The domain is taken.' },
  },
  getTenant: {
    method: 'GET',
    path: '/tenants/{tenant}',
    tag: 'Tenants',
    summary: 'A tenant',
    access: 'auditor',
    params: tenantParams,
    answer: tenant,
  },
  updateTenant: {
    method: 'PATCH',
    path: '/tenants/{tenant}',
    tag: 'Tenants',
    summary: 'Activate or deactivate a tenant',
    description: 'The credentials of a tenant that is not active get 401 at once.',
    access: 'owner',
    params: tenantParams,
    body: z.object({ active: z.boolean() }),
    answer: tenant,
    errors: { 409: 'The super tenant stays active.' },
  },
  deleteTenant: {
    method: 'DELETE',
    path: '/tenants/{tenant}',
    tag: 'Tenants',
    summary: 'Delete a tenant with everything in it',
    access: 'owner',
    reauthenticate: true,
    params: tenantParams,
    errors: { 409: 'The super tenant stays.' },
  },
  getTenantSize: {
    method: 'GET',
    path: '/tenants/{tenant}/size',
    tag: 'Tenants',
    summary: 'What is in a tenant',
    description: 'What a deletion would take away.',
    access: 'auditor',
    params: tenantParams,
    answer: z.object({
      resources: z.array(z.object({ type: z.string(), total: z.int() })),
      integrations: z.int(),
      userStores: z.int(),
      operators: z.int(),
    }),
  },
  listUserStores: {
    method: 'GET',
    path: '/tenants/{tenant}/user-stores',
    tag: 'User stores',
    summary: 'User stores of a tenant',
    access: 'auditor',
    params: tenantParams,
    answer: z.array(userStore),
  },
  createUserStore: {
    method: 'POST',
    path: '/tenants/{tenant}/user-stores',
    tag: 'User stores',
    summary: 'Add a user store',
    access: 'tenantAdmin',
    params: tenantParams,
    body: z.object({ name: z.string().trim().min(1, 'Give a name, such as AMRSNGHE.').max(100) }),
    answer: userStore,
    status: 201,
    errors: { 409: 'There is a store of that name, or names begin with it.' },
  },
  deleteUserStore: {
    method: 'DELETE',
    path: '/tenants/{tenant}/user-stores/{store}',
    tag: 'User stores',
    summary: 'Delete an empty user store',
    access: 'tenantAdmin',
    params: tenantParams.extend({ store: z.string().max(100) }),
    errors: { 404: 'There is no such store.', 409: 'It is not empty, or it is PRIMARY.' },
  },
});
