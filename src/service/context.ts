import type { AnswerForm } from '../core/answer-form.ts';
import type { Precondition } from '../core/etag.ts';
import type { Registry } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { Tolerance } from '../core/tolerance.ts';
import type { Actor } from '../storage/audit.ts';
import type { IntegrationSettings } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import type { ChangeNote } from './change-notes.ts';
import type { Cursors } from './cursors.ts';
import type { Passwords } from './passwords.ts';

/** What the services work with. */
export interface Services {
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: (nowMs: number) => string;
  readonly cursors: Cursors;
  readonly passwords: Passwords;
}

/** On whose behalf, and in which dialect, a request is carried out. */
export interface RequestContext {
  readonly tenantId: string;
  /** Who makes the request: the id of a credential, or of the user who has signed in. */
  readonly subject: string;
  /** Who the changes of the request are put down to. */
  readonly actor: Actor;
  /** What the request has changed so far and committed, in the order in which it was done. */
  readonly changes: ChangeNote[];
  /** Whether users change themselves, which gives them no right to all that integrations may change. */
  readonly isOwn: boolean;
  readonly settings: IntegrationSettings;
  readonly tolerance: Tolerance;
  /**
   * Whether user stores are what they are in SCIM 1.1: a prefix must name one, members are of their group's store and have
   * the names that are said of them, no two groups of a store have one name, and users keep theirs. Absent: no.
   */
  readonly fixedStores?: boolean;
  /** Checked in the transaction that writes; undefined: none. */
  readonly precondition: Precondition | undefined;
  readonly registry: Registry;
  /** How answers are written. */
  readonly form: AnswerForm;
  /** The SCIM root as clients address it, without a slash at the end: locations begin with it. */
  readonly baseUrl: string;
}

export const locationOf = (context: RequestContext, type: ResourceType, id: string): string =>
  `${context.baseUrl}${type.endpoint}/${id}`;
