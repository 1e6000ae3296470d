/** Of the server as a whole. */
export const serverServerRoutes = [] as const;
