import type { Dialect, ToleranceOverrides } from '../core/tolerance.ts';

/** Tenants, user stores, integrations and credentials: what the services administer. */
export interface Directory {
  /**
   * Creates a tenant together with its first user store.
   *
   * @throws ScimError 409 uniqueness when the domain is taken
   */
  createTenant(tenant: Tenant, primary: UserStore): Promise<void>;
  listTenants(): Promise<Tenant[]>;
  findTenant(domain: string): Promise<Tenant | undefined>;
  superTenant(): Promise<Tenant | undefined>;
  setTenantActive(tenantId: string, active: boolean): Promise<void>;
  /** Deletes a tenant and everything in it. */
  deleteTenant(tenantId: string): Promise<void>;
  /** @throws ScimError 409 uniqueness when the tenant has a store of that name, or names that begin as those in it would */
  createUserStore(store: UserStore): Promise<void>;
  listUserStores(tenantId: string): Promise<UserStore[]>;
  /** Keys of the names of the user stores that nothing is in; PRIMARY is not among them. */
  emptyUserStores(tenantId: string): Promise<string[]>;
  /** @returns false when a resource is still in it */
  deleteUserStore(tenantId: string, nameKey: string): Promise<boolean>;
  /** Creates an integration together with its first credential. */
  createIntegration(integration: Integration, first: Credential): Promise<void>;
  listIntegrations(tenantId: string): Promise<Integration[]>;
  getIntegration(tenantId: string, id: string): Promise<Integration | undefined>;
  /**
   * Changes name and settings of an integration in one transaction.
   *
   * @param change gives the integration as it is to be; it may run again after a conflict, and what it throws is thrown
   * @returns undefined when there is no such integration
   */
  updateIntegration(
    tenantId: string,
    id: string,
    change: (current: Integration) => Integration,
  ): Promise<Integration | undefined>;
  /** Deletes an integration with its credentials. @returns false when there is no such integration */
  deleteIntegration(tenantId: string, id: string): Promise<boolean>;
  createCredential(credential: Credential): Promise<void>;
  /** @param integrationId undefined: those of all integrations */
  listCredentials(tenantId: string, integrationId: string | undefined): Promise<Credential[]>;
  /**
   * Puts a credential in the place of a live one of its integration, all of it or nothing.
   *
   * @param old when it ends, and what takes the place of its digest, as `endCredential` has it
   * @param now ISO 8601: what has ended by then is not replaced
   * @returns false when there is no such live credential
   */
  replaceCredential(
    old: { readonly id: string; readonly at: string; readonly digest: Uint8Array | undefined },
    added: Credential,
    now: string,
  ): Promise<boolean>;
  /**
   * Ends a credential at a time; the earlier of two ends holds.
   *
   * @param digest takes the place of that of the secret; undefined: it stays
   * @returns false when there is no such credential
   */
  endCredential(tenantId: string, credentialId: string, at: string, digest?: Uint8Array): Promise<boolean>;
  /**
   * The credential with its integration and tenant: what every request begins with. Every change of them counts at once,
   * but `lastUsed` may be behind.
   */
  findCredential(tenantId: string, credentialId: string): Promise<CredentialGrant | undefined>;
  /** The definitions of a tenant in the order in which they were added. */
  listDefinitions(tenantId: string): Promise<StoredDefinition[]>;
  definitionRevision(tenantId: string): Promise<number>;
  /**
   * Changes the definitions of a tenant, all of it or nothing.
   *
   * @returns `changed` when another change came first, `used` when there is such a resource
   */
  changeDefinitions(tenantId: string, change: DefinitionChange): Promise<'done' | 'changed' | 'used'>;
  /** Number of resources that are such. */
  countUse(tenantId: string, use: ResourceUse): Promise<number>;
  /** Notes that a credential was used, to the minute. */
  noteCredentialUse(tenantId: string, credentialId: string, at: string): Promise<void>;
  /** @returns false when there is no such group */
  grantPermission(tenantId: string, groupId: string, permission: string): Promise<boolean>;
  /** @returns false when the group did not have it */
  revokePermission(tenantId: string, groupId: string, permission: string): Promise<boolean>;
  /** The permissions that groups have themselves, by the id of the group. */
  listPermissions(tenantId: string): Promise<Map<string, string[]>>;
  /** Whether a group that a resource is in, directly or through nested groups, has a permission. */
  permits(tenantId: string, memberId: string, permission: string): Promise<boolean>;
  /** The password of a user, as a hash in PHC string format. */
  getPassword(tenantId: string, userId: string): Promise<string | undefined>;
  /** What a user who has signed in is known by; undefined for one without a password. */
  signInState(tenantId: string, userId: string): Promise<SignInState | undefined>;
  /** A small value kept for the server as a whole. */
  getSetting(name: string): Promise<string | undefined>;
  putSetting(name: string, value: string): Promise<void>;
}

export interface SignInState {
  /** Of the user. */
  readonly version: number;
  /** The password, in PHC string format. */
  readonly hash: string;
  /** Another one after every change of the tenant, its user stores, integrations or credentials. */
  readonly revision: number;
  /** 0: the tenant has defined nothing itself. */
  readonly definitionRevision: number;
}

export interface CredentialGrant {
  readonly credential: Credential;
  readonly integration: Integration;
  readonly tenant: Tenant;
  /** Another number after every change of the tenant's definitions; 0 when there has been none. */
  readonly definitionRevision: number;
  readonly userStores: readonly UserStore[];
}

/** What a tenant has defined: a schema, a resource type, or that a schema extends a resource type. */
export interface StoredDefinition {
  readonly kind: 'schema' | 'resourceType' | 'extension';
  /** What it is known by among those of its kind. */
  readonly name: string;
  /** JSON text. */
  readonly content: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** Resources of a type, or those of them with a value of a certain index path. */
export interface ResourceUse {
  readonly type: string;
  /** One that ends in a colon or a dot is what paths begin with. */
  readonly path: string | undefined;
}

export interface DefinitionChange {
  /** The revision that the change was made for. */
  readonly revision: number;
  readonly added: readonly StoredDefinition[];
  /** These keep their places. */
  readonly replaced?: readonly Pick<StoredDefinition, 'kind' | 'name' | 'content'>[];
  readonly removed: readonly Pick<StoredDefinition, 'kind' | 'name'>[];
  /** What no resource may be for the change to be made. */
  readonly unused: readonly ResourceUse[];
}

/** One organisation. The super tenant's users may leave the domain out of their names. */
export interface Tenant {
  /** 12 characters of lower-case base 32, chosen at random; part of every credential. */
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  readonly isSuper: boolean;
  readonly active: boolean;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** A name space of users inside a tenant. */
export interface UserStore {
  readonly tenantId: string;
  /** The name folded for comparison. */
  readonly nameKey: string;
  readonly name: string;
  readonly created: string;
}

export type AuthorizationType = 'basic' | 'bearer';

/** What a credential of the integration may do. */
type Scope = 'read' | 'write';

export interface IntegrationSettings {
  readonly dialect: Dialect;
  /** Whether POST /Users asks for an e-mail address with `primary: true`. */
  readonly requirePrimaryEmail: boolean;
  readonly scopes: readonly Scope[];
  /** Tolerances that are on or off whatever the dialect says; absent: none. */
  readonly tolerances?: ToleranceOverrides;
  /** Requests per second on average; absent: as the server is set. */
  readonly rateLimit?: number | 'off';
  /** Most requests in one second; absent: in proportion to the average. */
  readonly rateBurst?: number;
}

/** A named SCIM connection of a tenant. */
export interface Integration {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly auth: AuthorizationType;
  readonly settings: IntegrationSettings;
  readonly created: string;
}

/** One secret of an integration; only a keyed digest of it is kept. */
export interface Credential {
  readonly tenantId: string;
  readonly id: string;
  readonly integrationId: string;
  /** HMAC-SHA-256 of the secret. */
  readonly digest: Uint8Array;
  /** The last four characters of the secret, to recognise it by. */
  readonly suffix: string;
  readonly created: string;
  /** undefined: not used yet. To the minute. */
  readonly lastUsed: string | undefined;
  /** When it stops working; undefined: never. */
  readonly expires: string | undefined;
}
