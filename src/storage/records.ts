import type { StoredResource } from '../core/stored.ts';
import type { Credential, Integration, StoredDefinition, Tenant, UserStore } from './directory.ts';
import type { OperatorAccount, OperatorKey } from './operators.ts';
import type { Member, Transaction } from './storage.ts';

/**
 * What a server keeps, one thing at a time and complete, as it moves to another database. What a database makes of it to
 * find things by, such as index rows and totals, is left out: the other one makes its own.
 */
export interface RecordStore {
  /** Reads of one state of the whole database, whatever is written meanwhile. */
  snapshot<T>(work: (snapshot: RecordSnapshot) => Promise<T>): Promise<T>;
  /** Like the transaction of Storage, for rows with the ids, times and revisions that they had elsewhere. */
  transaction<T>(tenantId: string, work: (tx: RecordTransaction) => Promise<T>): Promise<T>;
}

export interface RecordSnapshot {
  listTenants(): Promise<Tenant[]>;
  getSetting(name: string): Promise<string | undefined>;
  /** Number of resources of a tenant. */
  countResources(tenantId: string): Promise<number>;
  /** Everything of a tenant, a few rows at a time, in an order in which it can be written. */
  recordsOf(tenantId: string): AsyncIterable<TenantRecord>;
  /** The operators who belong to no tenant. @param tenantId of the super tenant, with which they are moved */
  ownersOf(tenantId: string): Promise<OperatorRecord[]>;
}

export interface RecordTransaction extends Pick<Transaction, 'insertResources' | 'addMembers'> {
  insertPasswords(tenantId: string, passwords: readonly UserPassword[]): Promise<void>;
  insertRecord(record: PlainRecord): Promise<void>;
  /** Says whether a tenant is active, as a change that everybody who has read it notices. */
  setTenantActive(tenantId: string, active: boolean): Promise<void>;
  /** @param value undefined: none any more */
  putSetting(name: string, value: string | undefined): Promise<void>;
}

export type TenantRecord = PlainRecord | ResourceRecord | MembersRecord;

/** Records that are one row each. */
export type PlainRecord =
  | ({ readonly kind: 'tenant' } & TenantWithRevisions)
  | ({ readonly kind: 'userStore' } & UserStore)
  | ({ readonly kind: 'definition' } & PlacedDefinition)
  | ({ readonly kind: 'integration' } & Integration)
  | ({ readonly kind: 'credential' } & Credential)
  | ({ readonly kind: 'permission' } & GroupPermission)
  | OperatorRecord;

interface TenantWithRevisions extends Tenant {
  readonly revision: number;
  readonly definitionRevision: number;
}

interface PlacedDefinition extends Omit<StoredDefinition, 'kind'> {
  readonly tenantId: string;
  readonly of: StoredDefinition['kind'];
  /** The revision that it came with. */
  readonly position: number;
}

interface GroupPermission {
  readonly tenantId: string;
  readonly groupId: string;
  readonly permission: string;
}

/** An operator with API keys and codes for when a device is lost; without sessions and links. Bytes are base64url. */
export interface OperatorRecord
  extends Omit<OperatorAccount, 'tenantId' | 'tenantDomain' | 'totp' | 'totpPending' | 'generation'> {
  readonly kind: 'operator';
  /** Of owners the super tenant's, with which they are moved. */
  readonly tenantId: string;
  readonly totp: string | undefined;
  readonly recoveryCodes: readonly string[];
  readonly keys: readonly (Omit<OperatorKey, 'operatorId' | 'digest'> & { readonly digest: string })[];
}

export interface ResourceRecord extends StoredResource {
  readonly kind: 'resource';
  readonly tenantId: string;
  readonly type: string;
  readonly store: string;
  /** What is kept but never returned, as JSON text. */
  readonly hidden: string | undefined;
  readonly password: StoredPassword | undefined;
}

interface StoredPassword {
  /** In PHC string format. */
  readonly hash: string;
  readonly changed: string;
}

export interface UserPassword extends StoredPassword {
  readonly userId: string;
}

/** Some of the members of a group. */
export interface MembersRecord {
  readonly kind: 'members';
  readonly tenantId: string;
  readonly groupId: string;
  readonly members: readonly Member[];
}
