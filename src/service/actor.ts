import type { Actor } from '../storage/audit.ts';

/** The server, for what it does by itself. */
export const SYSTEM_ACTOR: Actor = {
  ...{ kind: 'system', id: 'roster', name: 'Roster', via: 'system' },
  ...{ address: undefined, requestId: undefined },
};
