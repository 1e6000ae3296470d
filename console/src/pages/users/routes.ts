/** Below a tenant. */
export const userTenantRoutes = [] as const;
