import type { Actor } from '../storage/audit.ts';

/** The server, for what it does by itself. */
export const SYSTEM_ACTOR: Actor = {
  ...{ kind: 'system', id: 'roster', name: 'Roster', via: 'server' },
  ...{ address: undefined, requestId: undefined },
};
