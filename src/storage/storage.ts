import type { Filter } from '../core/filter.ts';
import type { IndexValue } from '../core/index-values.ts';
import type { AttributePath } from '../core/path.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { Relation } from '../core/schema.ts';
import type { Sort } from '../core/sort.ts';
import type { StoredResource } from '../core/stored.ts';
import type { UniqueValue } from '../core/unique-values.ts';
import type { AuditLog, NewAuditRecord } from './audit.ts';
import type { Directory, UserStore } from './directory.ts';
import type { OperatorStore } from './operators.ts';

/**
 * The one interface between the services and a database. Every function that touches a tenant's data takes the tenant
 * first: there is no statement without it. Errors that a client caused arrive as ScimError (a taken userName is 409);
 * a database that cannot answer now throws Unavailable, a 503.
 */
export interface Storage extends Reader {
  /**
   * Runs `work` in one transaction and resolves after its commit is durable. Writes that arrive together may share the
   * commit; one that throws undoes its own changes only. `work` may run again after a conflict between transactions, so
   * it does nothing but read and write through `tx`. Where all that it changes is one resource, `changed` is its id.
   */
  transaction<T>(tenantId: string, work: (tx: Transaction) => Promise<T>, changed?: string): Promise<T>;
  readonly directory: Directory;
  readonly operators: OperatorStore;
  readonly audit: AuditLog;
  /**
   * Runs `work` on a storage that does what this one does, but not for good: what is written there for the tenant is seen
   * there alone, and all of it is undone at the end. Other writers wait for it no longer than for any transaction.
   *
   * @throws Unavailable when it takes longer than some seconds
   */
  dryRun<T>(tenantId: string, work: (storage: Storage) => Promise<T>): Promise<T>;
  /**
   * Does work that one process at a time may do, such as making what there is once; the others wait. When the process that
   * does it is killed, another one begins after a few seconds.
   *
   * @param name what it is
   * @param now milliseconds since 1970
   * @param isNeeded asked before it begins, also by those that have waited
   * @returns undefined when it was not needed
   */
  exclusively<T>(
    name: string,
    now: () => number,
    isNeeded: () => Promise<boolean>,
    work: () => Promise<T>,
  ): Promise<T | undefined>;
  close(): Promise<void>;
}

/** A page of a list that takes in the resources of one type or of several. */
export interface ListQuery {
  readonly parts: readonly ListPart[];
  readonly page: PageByIndex | PageByPosition;
}

/** What a list takes in of one resource type. Without a sort the list goes by part and id, which is the order of creation. */
export interface ListPart {
  readonly type: ResourceType;
  readonly filter: Filter<AttributePath> | undefined;
  /** undefined in a sorted list: no resource of this type has a value to be sorted by. */
  readonly sort: Sort | undefined;
  readonly relation: RelationQuery | undefined;
}

export interface PageByIndex {
  /** 1-based. */
  readonly startIndex: number;
  readonly count: number;
}

/** A page that begins or ends at a place in the list, found by an index whatever its distance from the beginning. */
export interface PageByPosition {
  /** undefined: the first page. */
  readonly position: Position | undefined;
  readonly direction: 'after' | 'before';
  readonly count: number;
  /** The number of resources in the list when it is known already. */
  readonly totalResults: number | undefined;
}

/** A place in a list: that of a resource, which may have been deleted since. */
export interface Position {
  /** Lists come in segments, such as the resources that have no value to be sorted by. */
  readonly segment: number;
  /** The comparison key that the list is sorted by. */
  readonly key: string;
  readonly id: string;
}

/** Membership values as JSON text, made by the database. */
export interface RelationQuery {
  readonly kind: Relation;
  /** The sub-attributes of each value; of a member also `display`, its userName or else its displayName. */
  readonly parts: readonly string[];
  /** What `$ref` begins with, by resource type: `https://.../Users/`. */
  readonly references: readonly { readonly type: string; readonly base: string }[];
}

/**
 * A resource read together with its membership values, comma-separated JSON objects: those of a large group come piece by
 * piece, as they are sent.
 */
export interface ReadResource extends StoredResource {
  readonly relation: string | AsyncIterable<Uint8Array> | undefined;
}

export interface ListedResource extends ReadResource {
  /** The part of the list that it belongs to, by its number. */
  readonly part: number;
}

export interface ResourcePage {
  readonly totalResults: number;
  readonly resources: readonly ListedResource[];
  /** Where the pages around this one end and begin, for a page by position; undefined where there is none. */
  readonly previous: Position | undefined;
  readonly next: Position | undefined;
}

export interface Reader {
  getResource(
    tenantId: string,
    type: string,
    id: string,
    relation: RelationQuery | undefined,
  ): Promise<ReadResource | undefined>;
  listResources(tenantId: string, query: ListQuery): Promise<ResourcePage>;
  /** Number of members of a group, counted no further than `most`. */
  countMembers(tenantId: string, groupId: string, most: number): Promise<number>;
  /** Members of a group in the order of their ids, behind `after`. */
  listMembers(tenantId: string, groupId: string, after: string | undefined, most: number): Promise<Member[]>;
  /** Members of a group in the order of their ids, with their names. */
  listNamedMembers(tenantId: string, groupId: string, query: NamedMemberQuery): Promise<NamedMember[]>;
  /** Number of members of a group, whatever it takes. */
  countAllMembers(tenantId: string, groupId: string): Promise<number>;
}

export interface NamedMemberQuery {
  /** Id of the member that the page follows; undefined: the first page. */
  readonly after: string | undefined;
  readonly most: number;
  /** Which members of each type; undefined: all members there are. */
  readonly matching: readonly Required<Pick<ListPart, 'type' | 'filter'>>[] | undefined;
}

/** One membership edge; `type` is the member's resource type. */
export interface Member {
  readonly value: string;
  readonly type: string;
}

/** A member with its userName or else its displayName; undefined: it has neither. */
export interface NamedMember extends Member {
  readonly name: string | undefined;
}

/** A resource with the values it is found by. */
export interface ResourceState {
  readonly type: string;
  readonly stored: StoredResource;
  readonly values: readonly IndexValue[];
  /** Values that no other resource of the type may have. */
  readonly unique?: readonly UniqueValue[];
  /** What is kept but never returned, as JSON text. */
  readonly hidden?: string | undefined;
}

/** A resource to write, and the user store it is in. */
export interface ResourceWrite extends ResourceState {
  readonly store: string;
}

/** What a resource is known by. */
export interface Identity {
  readonly type: string;
  readonly store: string;
  /** The userName or else the displayName, folded for comparison. */
  readonly nameKey: string;
}

export interface Transaction extends Reader {
  /** @throws ScimError 409 uniqueness when another resource has the userName or another unique value */
  insertResource(tenantId: string, write: ResourceWrite): Promise<void>;
  /** Inserts many at once, in the order that suits the indexes. @throws ScimError 409 uniqueness */
  insertResources(tenantId: string, writes: readonly ResourceWrite[]): Promise<void>;
  /**
   * Replaces a resource whose version is still `before.stored.version`.
   *
   * @returns false when it has changed since or is gone
   * @throws ScimError 409 uniqueness
   */
  updateResource(tenantId: string, before: ResourceState, after: ResourceWrite): Promise<boolean>;
  /** The revision of the tenant's definitions, which stays while the transaction runs. */
  definitionRevision(tenantId: string): Promise<number>;
  /** What is kept of a resource but never returned, as JSON text. */
  getHidden(tenantId: string, type: string, id: string): Promise<string | undefined>;
  /** Gives a resource a new version without new content, as when its members change. */
  touchResource(tenantId: string, type: string, id: string, now: string): Promise<void>;
  /** Deletes a resource with its index values, its members and its memberships. */
  deleteResource(tenantId: string, resource: ResourceState): Promise<void>;
  /** The resource type of each id that exists, of the types asked for. */
  resourceTypesOf(
    tenantId: string,
    types: readonly string[],
    ids: readonly string[],
  ): Promise<Map<string, string>>;
  /** What the resource of each id that exists is known by, of the types asked for. */
  identitiesOf(
    tenantId: string,
    types: readonly string[],
    ids: readonly string[],
  ): Promise<Map<string, Identity>>;
  /**
   * Whether another resource of a type has a displayName. Transactions that ask for the same name go one after the other, so
   * that of two that write it only the first finds it free.
   *
   * @param nameKey the name folded for comparison
   */
  isNameTaken(tenantId: string, type: string, id: string, nameKey: string): Promise<boolean>;
  /** The user stores of the tenant, which stay while the transaction runs. */
  listUserStores(tenantId: string): Promise<UserStore[]>;
  /** @returns the ids of those that were not members before */
  addMembers(tenantId: string, groupId: string, members: readonly Member[]): Promise<string[]>;
  /** @returns the ids of those that were members */
  removeMembers(tenantId: string, groupId: string, ids: readonly string[]): Promise<string[]>;
  /** @returns the ids of all there were */
  clearMembers(tenantId: string, groupId: string): Promise<string[]>;
  /** Keeps the password of a user, as a hash in PHC string format, in place of an earlier one; undefined: none any more. */
  setPassword(tenantId: string, userId: string, hash: string | undefined, changed: string): Promise<void>;
  /** Notes what the transaction does, as one with it. */
  appendAudit(tenantId: string, records: readonly NewAuditRecord[]): Promise<void>;
  /** Runs a part of the transaction that can fail by itself: when it throws, what it has done is undone. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** The groups that a resource is a direct member of; while the transaction runs no other one adds it to any. */
  groupsOf(tenantId: string, type: string, memberId: string): Promise<string[]>;
}
