/** Of the server as a whole. */
export const tenantServerRoutes = [] as const;
