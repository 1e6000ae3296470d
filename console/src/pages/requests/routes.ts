/** Below a tenant. */
export const requestTenantRoutes = [] as const;

/** Of the server as a whole. */
export const requestServerRoutes = [] as const;
