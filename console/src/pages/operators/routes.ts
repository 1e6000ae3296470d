/** Of the server as a whole. */
export const operatorServerRoutes = [] as const;
