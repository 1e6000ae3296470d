/** Who does something, and the way by which it reaches the server. */
export interface Actor {
  /** `cli`: who has a shell on the server; `system`: the server itself. */
  readonly kind: 'operator' | 'integration' | 'user' | 'cli' | 'system';
  /** Of an operator, an integration or a user; of somebody with a shell the account there. */
  readonly id: string;
  readonly name: string;
  readonly via: Via;
  /** The IP address that the request came from; undefined: there was none. */
  readonly address: string | undefined;
  /** Of the HTTP request, as the log has it. */
  readonly requestId: string | undefined;
}

/** `system`: the server itself began it. */
export type Via = 'console' | 'api' | 'cli' | 'scim' | 'system';

/** Whose records those are that belong to no tenant: no tenant has such a short id. */
export const SERVER_AUDIT = 'server';

/** One thing that was done, or refused. It has names of attributes and ids, and no value that anybody has given. */
export interface NewAuditRecord {
  /** A UUID of version 7, whose time is that of the record. */
  readonly id: string;
  readonly actor: Actor;
  /** What was done, as `type.verb`: `user.create`, `credential.revoke`. */
  readonly action: string;
  readonly target: AuditTarget | undefined;
  readonly detail: AuditDetail;
  readonly result: 'success' | 'failure';
}

export interface AuditRecord extends NewAuditRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
}

export interface AuditTarget {
  /** The name of a resource type, or what else there is to administer, such as `Integration`. */
  readonly type: string;
  readonly id: string;
  /** What it was called then; undefined: nobody has looked. */
  readonly name?: string | undefined;
}

export interface AuditDetail {
  /** The names of what was changed. */
  readonly attributes?: readonly string[];
  /** The first ids, where members came or went. */
  readonly membersAdded?: readonly string[];
  readonly membersAddedTotal?: number;
  readonly membersRemoved?: readonly string[];
  readonly membersRemovedTotal?: number;
  /** What else there is to say, in words of the server. */
  readonly text?: string;
}

/** Which records of a tenant; what is absent is not asked for. */
export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly via?: Via | undefined;
  /** What the action begins with. */
  readonly action?: string | undefined;
  readonly targetId?: string | undefined;
  /** Milliseconds since 1970; from then on. */
  readonly since?: number | undefined;
  /** Milliseconds since 1970; before that. */
  readonly until?: number | undefined;
}

/** What was done, kept as it was written: nothing changes a record, and only its age ends it. */
export interface AuditLog {
  /** @param tenantId whose records they are; `SERVER_AUDIT`: no tenant's */
  append(tenantId: string, records: readonly NewAuditRecord[]): Promise<void>;
  /**
   * Records from the newest to the oldest.
   *
   * @param behind the id of the record that the page follows; undefined: the first page
   */
  list(
    tenantId: string,
    filter: AuditFilter,
    behind: string | undefined,
    most: number,
  ): Promise<AuditRecord[]>;
  /** Deletes the oldest records before a time, given in milliseconds since 1970. @returns how many */
  prune(tenantId: string, before: number, most: number): Promise<number>;
}
