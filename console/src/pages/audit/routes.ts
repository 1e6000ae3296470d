/** Below a tenant. */
export const auditTenantRoutes = [] as const;

/** Of the server as a whole. */
export const auditServerRoutes = [] as const;
