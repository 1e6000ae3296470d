import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ScimError } from '../core/error.ts';
import { USER_TYPE } from '../core/registry.ts';
import type { Attribute } from '../core/schema.ts';
import { hasPrefix, PRIMARY_STORE_KEY, readStoreName } from '../core/store-name.ts';
import { readDoc } from '../core/stored.ts';
import type { Tenant, UserStore } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { findByName } from './find-by-name.ts';
import type { Passwords } from './passwords.ts';
import type { Peers } from './peers.ts';
import { digestOf, parseUserPass } from './secrets.ts';
import { shareCounts } from './shared-counts.ts';

/** A user who has proved who they are, with what every request needs of their tenant. */
interface SignedIn {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly userName: string;
  readonly definitionRevision: number;
  readonly userStores: readonly UserStore[];
}

/** A user that a name may mean. */
interface NamedUser {
  readonly tenant: Tenant;
  readonly userId: string;
  readonly userName: string;
  /** Of the user, who was active in it. */
  readonly version: number;
}

export interface SignIns {
  /**
   * Finds the active user whose name and password an Authorization header holds: `Basic …` (RFC 7617).
   *
   * The domain behind the last `@` of the name chooses the tenant, as far as there is one of that domain; a plain name is
   * one of the super tenant. A user store before the name (`AMRSNGHE/x`) says where to look; without one every store is
   * tried, PRIMARY first.
   *
   * @param domain the tenant that the URL names; undefined: none
   * @param address the client's, by which wrong passwords are counted
   * @throws ScimError 429 after many wrong passwords, 503 when too many are being checked
   */
  signIn(
    header: string | undefined,
    domain: string | undefined,
    address: string,
  ): Promise<SignedIn | undefined>;
}

const REMEMBERED_MS = 5 * 60_000;
const REMEMBERED_AT_MOST = 10_000;
const FAILURE_WINDOW_S = 300;
/** Wrong passwords within the window, for one name from one address and for any name from it. */
const FAILURES = { name: 10, address: 100 } as const;

/** A password that was right: as long as the user's hash is the same, it need not be hashed again. */
interface Remembered {
  readonly hash: string;
  readonly digest: Buffer;
  readonly until: number;
}

/** A header that was right: as long as neither the user nor the tenant has changed, it still is. */
interface RememberedHeader {
  readonly signedIn: SignedIn;
  readonly version: number;
  readonly hash: string;
  readonly revision: number;
  readonly until: number;
}

/**
 * @param key the server's secret key, with which remembered passwords are digested
 * @param peers the processes that count wrong passwords together with this one
 */
export function createSignIns({
  storage,
  passwords,
  key,
  now,
  peers,
}: {
  readonly storage: Pick<Storage, 'listResources' | 'directory'>;
  readonly passwords: Pick<Passwords, 'verify'>;
  readonly key: KeyObject;
  readonly now: () => number;
  readonly peers: Peers;
}): SignIns {
  const { directory } = storage;
  const remembered = new Map<string, Remembered>();
  const headers = new Map<string, RememberedHeader>();
  const failures = createFailureCounts(peers);

  async function candidatesOf(name: string, domain: string | undefined): Promise<Candidate[]> {
    const at = name.lastIndexOf('@');
    const suffix = at > 0 ? name.slice(at + 1).toLowerCase() : undefined;
    const plain = name.slice(0, at);
    if (domain !== undefined) {
      const tenant = await directory.findTenant(domain.toLowerCase());
      if (tenant === undefined) return [];
      return [{ tenant, userName: name }, ...(suffix === tenant.domain ? [{ tenant, userName: plain }] : [])];
    }
    const tenant = suffix === undefined ? undefined : await directory.findTenant(suffix);
    // userNames are often e-mail addresses under the tenant's own domain
    if (tenant !== undefined) return [plain, name].map((userName) => ({ tenant, userName }));
    const superTenant = await directory.superTenant();
    return superTenant === undefined ? [] : [{ tenant: superTenant, userName: name }];
  }

  /** The active users that a name may mean, those of PRIMARY first; each is read only when it is asked for. */
  async function* usersNamed(name: string, domain: string | undefined): AsyncGenerator<NamedUser> {
    const candidates = (await candidatesOf(name, domain)).filter(({ tenant }) => tenant.active);
    const active = async (tenant: Tenant, userName: string): Promise<NamedUser[]> => {
      const user = await findByName(storage, tenant.id, USER_TYPE, 'userName', userName);
      if (user === undefined) return [];
      const { active, userName: whole } = readDoc(user.doc);
      return active === false
        ? []
        : [{ tenant, userId: user.id, userName: String(whole), version: user.version }];
    };
    const anywhere: Candidate[] = [];
    for (const { tenant, userName } of candidates) {
      const stores = hasPrefix(userName) ? await directory.listUserStores(tenant.id) : [];
      const named = inStore(userName, stores);
      if (named === undefined) continue;
      const { name: whole, isPlain } = named;
      if (isPlain) anywhere.push({ tenant, userName });
      yield* await active(tenant, whole);
    }
    for (const { tenant, userName } of anywhere)
      for (const { name: store, nameKey } of await directory.listUserStores(tenant.id))
        if (nameKey !== PRIMARY_STORE_KEY) yield* await active(tenant, `${store}/${userName}`);
  }

  /** Whose password it is; a name that is nobody's takes the time of one wrong password. */
  async function findUser(given: Given, domain: string | undefined): Promise<NamedUser | undefined> {
    let isKnown = false;
    for await (const user of usersNamed(given.name, domain)) {
      isKnown = true;
      if (await isRight(user, given.password)) return user;
    }
    if (!isKnown) await isRight(undefined, given.password);
    return undefined;
  }

  async function isRight(user: NamedUser | undefined, password: string): Promise<boolean> {
    const hash = user && (await directory.getPassword(user.tenant.id, user.userId));
    const name = `${user?.tenant.id} ${user?.userId}`;
    const digest = digestOf(key, `${name} ${password}`);
    const known = remembered.get(name);
    if (known !== undefined && known.hash === hash && now() < known.until)
      if (timingSafeEqual(known.digest, digest)) return true;
    if (!(await passwords.verify(password, hash)) || hash === undefined) return false;
    if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear();
    remembered.set(name, { hash, digest, until: now() + REMEMBERED_MS });
    return true;
  }

  async function readState(user: NamedUser): Promise<Omit<RememberedHeader, 'until'> | undefined> {
    const { version, ...who } = user;
    const { tenant, userId } = who;
    const state = await directory.signInState(tenant.id, userId);
    if (state === undefined) return undefined;
    // what changes after the state was read has another revision
    const userStores = await directory.listUserStores(tenant.id);
    const { hash, revision, definitionRevision } = state;
    return { signedIn: { ...who, definitionRevision, userStores }, version, hash, revision };
  }

  /** Whom a header meant not long ago, in one read by key. */
  async function known(name: string): Promise<SignedIn | undefined> {
    const header = headers.get(name);
    if (header === undefined || now() >= header.until) return undefined;
    const { tenant, userId } = header.signedIn;
    const state = await directory.signInState(tenant.id, userId);
    const isSame =
      state?.version === header.version && state.hash === header.hash && state.revision === header.revision;
    return isSame ? header.signedIn : undefined;
  }

  return {
    async signIn(header, domain, address) {
      const given = parseBasic(header);
      if (given === undefined) return undefined;
      const name = digestOf(key, JSON.stringify(['sign-in', domain, given])).toString('base64');
      const signedIn = await known(name);
      if (signedIn !== undefined) return signedIn;
      await failures.check(given.name, address);
      const user = await findUser(given, domain);
      const state = user && (await readState(user));
      if (state === undefined) {
        await failures.count(given.name, address);
        return undefined;
      }
      if (headers.size >= REMEMBERED_AT_MOST) headers.clear();
      headers.set(name, { ...state, until: now() + REMEMBERED_MS });
      return state.signedIn;
    },
  };
}

interface Candidate {
  readonly tenant: Tenant;
  readonly userName: string;
}

interface Given {
  readonly name: string;
  readonly password: string;
}

/** A name as it is stored, and whether it names no store; undefined: it can be nobody's. */
function inStore(
  userName: string,
  stores: readonly UserStore[],
): { name: string; isPlain: boolean } | undefined {
  try {
    const { name, unknownPrefix } = readStoreName(USER_TYPE.storeAttribute as Attribute, userName, stores);
    return { name, isPlain: !hasPrefix(userName) || unknownPrefix !== undefined };
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

const BASIC = /^Basic +([^\s]+) *$/i;

/** The password may hold colons; the user name of a credential of an integration is nobody's. */
function parseBasic(header: string | undefined): Given | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0 || parseUserPass(text) !== undefined) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Guessing is made slow by name and address, so that nobody can lock out a user who is elsewhere. */
function createFailureCounts(peers: Peers) {
  const shared = (topic: string, points: number) => {
    const limiter = new RateLimiterMemory({ points, duration: FAILURE_WINDOW_S });
    const note = shareCounts(peers, topic, (key, count) => void limiter.penalty(key, count));
    return { limiter, note };
  };
  const byName = shared('wrong passwords of a name', FAILURES.name);
  const byAddress = shared('wrong passwords from an address', FAILURES.address);
  const keyOf = (name: string, address: string): string => `${address} ${name.slice(0, 200).toLowerCase()}`;

  return {
    async check(name: string, address: string): Promise<void> {
      const counts = await Promise.all([
        byName.limiter.get(keyOf(name, address)),
        byAddress.limiter.get(address),
      ]);
      const spent = counts.find((count) => count !== null && count.remainingPoints <= 0);
      if (spent)
        throw new ScimError(429, 'Too many wrong passwords. Try again later.', undefined, {
          retryAfter: Math.ceil(spent.msBeforeNext / 1000),
        });
    },

    async count(name: string, address: string): Promise<void> {
      for (const [{ limiter, note }, key] of [
        [byName, keyOf(name, address)],
        [byAddress, address],
      ] as const) {
        note(key);
        try {
          await limiter.consume(key);
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error;
        }
      }
    },
  };
}
