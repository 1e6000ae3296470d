/** The present time in milliseconds since 1970, UTC. */
export type Clock = () => number;

/** A time as it is stored: ISO 8601, UTC, with milliseconds, so that text order is time order. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();
