/** Below a tenant. */
export const integrationTenantRoutes = [] as const;
