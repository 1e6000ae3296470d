/** Below a tenant. */
export const schemaTenantRoutes = [] as const;
