/** Below a tenant. */
export const userStoreTenantRoutes = [] as const;
