/** Below a tenant. */
export const groupTenantRoutes = [] as const;
