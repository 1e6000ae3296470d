/** What an operator may do: an owner everything, the others something in one tenant. */
export type OperatorRole = 'owner' | 'tenantAdmin' | 'auditor';

/** A person who signs in to the console, with what proves who they are. */
export interface OperatorAccount {
  readonly id: string;
  readonly email: string;
  /** The e-mail address folded for comparison; no two operators have the same. */
  readonly emailKey: string;
  readonly name: string;
  readonly role: OperatorRole;
  /** undefined for owners, who belong to no tenant. */
  readonly tenantId: string | undefined;
  /** The domain of the tenant. */
  readonly tenantDomain: string | undefined;
  readonly active: boolean;
  /** ISO 8601, UTC, like all times here. */
  readonly created: string;
  readonly lastSignIn: string | undefined;
  /** In PHC string format; undefined: none yet. */
  readonly password: string | undefined;
  /** The secret of one-time codes, encrypted; undefined: none are asked for. */
  readonly totp: Uint8Array | undefined;
  /** The same of a device that has not shown a code yet. */
  readonly totpPending: Uint8Array | undefined;
  /** Who they are to the identity provider; undefined: they have not signed in through it. */
  readonly subject: string | undefined;
  /** Sessions of an earlier generation have ended. */
  readonly generation: number;
}

/** What is to be another way in an account; what is absent stays, undefined is taken away. */
export type OperatorChange = {
  readonly [Name in
    | 'name'
    | 'role'
    | 'tenantId'
    | 'active'
    | 'password'
    | 'totp'
    | 'totpPending'
    | 'subject'
    | 'lastSignIn']?: OperatorAccount[Name] | undefined;
} & {
  /** Ends all sessions. */
  readonly endsSessions?: boolean;
};

/** A time that an operator is signed in, on one device. */
export interface OperatorSession {
  readonly id: string;
  readonly operatorId: string;
  /** HMAC-SHA-256 of what the device keeps. */
  readonly digest: Uint8Array;
  /** The generation of the operator that it was begun in. */
  readonly generation: number;
  readonly created: string;
  /** When the operator last proved who they are. */
  readonly authenticated: string;
  /** To the minute. */
  readonly lastSeen: string;
  /** When it ends whatever happens. */
  readonly expires: string;
  readonly address: string;
  readonly userAgent: string;
}

/** A secret by which a program acts for an operator. */
export interface OperatorKey {
  readonly id: string;
  readonly operatorId: string;
  readonly name: string;
  readonly digest: Uint8Array;
  /** The last four characters of the secret, to recognise it by. */
  readonly suffix: string;
  readonly created: string;
  /** To the minute. */
  readonly lastUsed: string | undefined;
  /** undefined: never. */
  readonly expires: string | undefined;
}

export type OneTimeLinkKind = 'setup' | 'invitation' | 'reset';

/** A link that is good for one use: whoever has it chooses a password. */
export interface OneTimeLink {
  /** HMAC-SHA-256 of the code in it. */
  readonly digest: Uint8Array;
  readonly kind: OneTimeLinkKind;
  /** Whose password it is for; undefined for set-up, which makes the first operator. */
  readonly operatorId: string | undefined;
  readonly created: string;
  readonly expires: string;
}

/**
 * The people who administer the server. They are found before it is known which tenant they are of, so that none of this is
 * a table of tenants.
 */
export interface OperatorStore {
  /** In the order of their e-mail addresses. */
  listOperators(): Promise<OperatorAccount[]>;
  getOperator(id: string): Promise<OperatorAccount | undefined>;
  findOperatorByEmail(emailKey: string): Promise<OperatorAccount | undefined>;
  findOperatorBySubject(subject: string): Promise<OperatorAccount | undefined>;
  hasOperators(): Promise<boolean>;
  /** @throws ScimError 409 uniqueness when the e-mail address is taken */
  createOperator(account: OperatorAccount): Promise<void>;
  /**
   * Creates the first operator and takes all set-up links away.
   *
   * @param digest of a set-up link
   * @returns false when there is no such link any more, or an operator is there already
   */
  createFirstOperator(account: OperatorAccount, digest: Uint8Array, now: string): Promise<boolean>;
  /**
   * Changes an operator, while no other change of operators is made.
   *
   * @param change gets the operator and the number of other owners who are active and can sign in; what it throws is thrown
   * @returns the operator as they are afterwards; undefined: there is no such one
   */
  changeOperator(
    id: string,
    change: (current: OperatorAccount, otherOwners: number) => OperatorChange,
  ): Promise<OperatorAccount | undefined>;
  /** Deletes an operator with everything that is theirs. @param check as in `changeOperator` */
  deleteOperator(
    id: string,
    check: (current: OperatorAccount, otherOwners: number) => void,
  ): Promise<OperatorAccount | undefined>;

  /** Notes that a one-time code of a period was used. @returns false when one of it or of a later one was already */
  takeTotpStep(id: string, step: number): Promise<boolean>;
  /** Puts recovery codes in the place of those before. */
  putRecoveryCodes(id: string, digests: readonly Uint8Array[]): Promise<void>;
  countRecoveryCodes(id: string): Promise<number>;
  /** @returns false when there is none, or it was used already */
  takeRecoveryCode(id: string, digest: Uint8Array): Promise<boolean>;

  /** @param now sessions that have expired by then go */
  createSession(session: OperatorSession, now: string): Promise<void>;
  /** A session of the operator's present generation, with the operator. */
  findSession(
    digest: Uint8Array,
  ): Promise<{ readonly session: OperatorSession; readonly account: OperatorAccount } | undefined>;
  /** Those of the operator's present generation, the newest first. */
  listSessions(operatorId: string): Promise<OperatorSession[]>;
  noteSessionUse(id: string, at: string): Promise<void>;
  noteSessionAuthenticated(id: string, at: string): Promise<void>;
  /** @returns false when there is no such session of the operator */
  endSession(operatorId: string, id: string): Promise<boolean>;
  /** @returns how many have ended */
  endOtherSessions(operatorId: string, keptId: string): Promise<number>;

  createKey(key: OperatorKey): Promise<void>;
  /** The oldest first. */
  listKeys(operatorId: string): Promise<OperatorKey[]>;
  findKey(id: string): Promise<{ readonly key: OperatorKey; readonly account: OperatorAccount } | undefined>;
  noteKeyUse(id: string, at: string): Promise<void>;
  /** @returns false when there is no such key of the operator */
  deleteKey(operatorId: string, id: string): Promise<boolean>;

  /** Keeps a link. Others of the same operator work no more. */
  putLink(link: OneTimeLink): Promise<void>;
  findLink(digest: Uint8Array, now: string): Promise<OneTimeLink | undefined>;
  /**
   * Uses a link of an operator and changes them, or does neither.
   *
   * @returns undefined when there is no such link any more
   */
  useLink(digest: Uint8Array, now: string, change: OperatorChange): Promise<OperatorAccount | undefined>;
}
